// Gives a view whose graph has closed gates, weights or singular values what these need.
import { makeFrames } from "../picture/block_frames.js";
import { showWeights } from "../picture/edge_labels.js";
import { compileAnyGraph, gatesInside } from "../story/closed_gates.js";
import { useCompiler } from "../story/engine.js";
import { useGatesInside } from "../story/meeting.js";
import { usePrimitives } from "../story/primitives.js";
import { SINGULAR_VALUES } from "../story/singular_values.js";
import { TIGHT_PRIMITIVES } from "../story/tight_loops.js";
import { parts } from "./parts.js";

/** Closed and opened gates, networks, and singular values. */
export function withClosedGates(): void {
  usePrimitives({ ...TIGHT_PRIMITIVES, structural: { ...TIGHT_PRIMITIVES.structural, ...SINGULAR_VALUES } });
  useCompiler(compileAnyGraph);
  useGatesInside(gatesInside);
  parts.showWeights = showWeights;
  parts.makeFrames = makeFrames;
}
