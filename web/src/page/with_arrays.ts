// Gives a notebook's view, or a page whose graph has arrays, what these need.
import { Tile, tileDrawing } from "../picture/tiles.js";
import { ARRAY_PRIMITIVES } from "../story/array_primitives.js";
import { usePrimitives } from "../story/primitives.js";
import { parts } from "./parts.js";

/** Arrays, computed and drawn. */
export function withArrays(): void {
  usePrimitives(ARRAY_PRIMITIVES);
  parts.makeTile = (node, tile, name, slopeSign) => new Tile(node, tile, name, slopeSign);
  parts.tileDrawing = tileDrawing;
}
