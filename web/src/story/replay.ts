// A run told in steps: what is known after k entries of the timeline. Seeking goes both ways and is exact.
import { combined, type QuantityRow, zerosLike } from "./numerals.js";
import type { PlainStep, StepRecord } from "../types/specification.js";
import type { Run, Structure } from "./engine.js";

/** A stretch of the timeline, in steps. */
export interface Stretch {
  phase: string;
  from: number;
  to: number;
}

/** Nodes and edges that may look different. */
export interface Changed {
  nodes: Set<number>;
  edges: Set<number>;
}

const EDGE_IDLE = 0;
const EDGE_FORWARD = 1;
const EDGE_BACKWARD = 2;
const EDGE_STATES = ["idle", "forward", "backward"];

/**
 * The running sums of every `accumulate` record, in timeline order.
 * @param structure from graphStructure
 * @param contributions one per edge
 * @returns per edge, the adjoint of its source around its contribution
 */
function runningSums(timeline: PlainStep[], structure: Structure, contributions: QuantityRow) {
  const before = zerosLike(contributions, structure.edges);
  const after = zerosLike(contributions, structure.edges);
  const sums = zerosLike(contributions, structure.size);
  for (const { records } of timeline) {
    for (const [kind, node, slot] of records) {
      if (kind === "seed") sums[node] = 1;
      if (kind !== "accumulate") continue;
      const edge = structure.edgeOf(node, slot);
      const argument = structure.sources[edge];
      before[edge] = sums[argument];
      sums[argument] = combined(sums[argument], 1, contributions[edge]);
      after[edge] = sums[argument];
    }
  }
  return { before, after };
}

/**
 * Player of a timeline. Step k, from 0 to `length`, is the state after k entries.
 *
 * Per node: `known` (the value is there), `tangentKnown`, `received` (terms of the adjoint that arrived, the seed
 * counting as one), `settled` (the adjoint is complete), `updated`, `sums` (running adjoint; NaN without a run). Per edge:
 * `before`, `after`, and {@link Replay#edgeState}.
 */
export class Replay {
  before!: QuantityRow;
  after!: QuantityRow;
  length: number;
  step: number;
  known: Uint8Array<ArrayBuffer>;
  tangentKnown: Uint8Array<ArrayBuffer>;
  received: Int32Array<ArrayBuffer>;
  settled: Uint8Array<ArrayBuffer>;
  updated: Uint8Array<ArrayBuffer>;
  sums: QuantityRow;
  edgeCodes: Uint8Array<ArrayBuffer>;
  run!: Run | null;

  /**
   * @param timeline entries {phase, records}
   * @param structure from graphStructure or compileGraph
   * @param run from compileGraph(...).run; without it the flags work and the sums are NaN
   */
  constructor(
    readonly timeline: PlainStep[],
    readonly structure: Structure,
    run = null,
  ) {
    this.length = timeline.length;
    this.step = 0;
    this.known = Uint8Array.from(structure.constant);
    this.tangentKnown = new Uint8Array(structure.size);
    this.received = new Int32Array(structure.size);
    this.settled = new Uint8Array(structure.size);
    this.updated = new Uint8Array(structure.size);
    this.sums = new Float64Array(structure.size);
    this.edgeCodes = new Uint8Array(structure.edges);
    this.setRun(run);
  }

  /** Takes the numbers of a new run and keeps the step. */
  setRun(run: Run | null) {
    this.run = run;
    const contributions = run?.contributions ?? new Float64Array(this.structure.edges).fill(NaN);
    Object.assign(this, runningSums(this.timeline, this.structure, contributions));
    this.sums = zerosLike(contributions, this.structure.size);
    for (let index = 0; index < this.step; index += 1) {
      for (const record of this.timeline[index].records) this.addUp(record);
    }
  }

  /** "idle", "forward" (its value was used) or "backward" (its contribution was sent). */
  edgeState(edge: number) {
    return EDGE_STATES[this.edgeCodes[edge]];
  }

  /** Whether some part of the node's adjoint is there. */
  gradientBegun(node: number) {
    return this.received[node] > 0;
  }

  /**
   * Goes to step k (clamped), forward or back.
   * @returns what may look different now: all that was touched on the way,
   *   with what was current before and is current now
   */
  seek(step: number) {
    const target = Math.min(Math.max(Math.trunc(step) || 0, 0), this.length);
    const changed = this.touchedBy(this.step - 1);
    while (this.step < target) {
      for (const record of this.timeline[this.step].records) this.apply(record);
      this.step += 1;
      this.touchedBy(this.step - 1, changed);
    }
    while (this.step > target) {
      this.step -= 1;
      const { records } = this.timeline[this.step];
      for (let index = records.length - 1; index >= 0; index -= 1) this.undo(records[index]);
      this.touchedBy(this.step, changed);
    }
    return this.touchedBy(this.step - 1, changed);
  }

  /** Adds what one entry touches to a pair of sets. */
  touchedBy(index: number, touched: Changed = { nodes: new Set(), edges: new Set() }) {
    for (const [kind, node, slot] of this.timeline[index]?.records ?? []) {
      if (kind === "propagate" || kind === "accumulate") {
        const edge = this.structure.edgeOf(node, slot);
        touched.edges.add(edge);
        touched.nodes.add(this.structure.sources[edge]);
        continue;
      }
      touched.nodes.add(node);
      if (kind === "evaluate" || kind === "push") {
        for (const edge of this.incoming(node)) touched.edges.add(edge);
      }
    }
    return touched;
  }

  /** Flat indices of the edges that arrive at a node. */
  incoming(node: number) {
    const { offsets } = this.structure;
    return Array.from({ length: offsets[node + 1] - offsets[node] }, (_, slot) => offsets[node] + slot);
  }

  /** The part of a record that is a number: the running sum. */
  addUp([kind, node, slot]: StepRecord) {
    if (kind === "seed") this.sums[node] = 1;
    if (kind !== "accumulate") return;
    const edge = this.structure.edgeOf(node, slot);
    this.sums[this.structure.sources[edge]] = this.after[edge];
  }

  apply(record: StepRecord) {
    this.addUp(record);
    this.mark(record, 1);
  }

  /** Puts back what was there, from the recorded `before`: subtracting the contribution would leave rounding behind. */
  undo(record: StepRecord) {
    const [kind, node, slot] = record;
    if (kind === "seed") this.sums[node] = 0;
    if (kind === "accumulate") {
      const edge = this.structure.edgeOf(node, slot);
      this.sums[this.structure.sources[edge]] = this.before[edge];
    }
    this.mark(record, 0);
  }

  /** Sets (1) or clears (0) the flags of a record. */
  mark([kind, node, slot]: StepRecord, done: number) {
    const count = done ? 1 : -1;
    if (kind === "evaluate") {
      this.known[node] = done;
      for (const edge of this.incoming(node)) this.edgeCodes[edge] = done ? EDGE_FORWARD : EDGE_IDLE;
    } else if (kind === "push") {
      this.tangentKnown[node] = done;
    } else if (kind === "seed") {
      this.received[node] += count;
    } else if (kind === "propagate") {
      this.edgeCodes[this.structure.edgeOf(node, slot)] = done ? EDGE_BACKWARD : EDGE_FORWARD;
    } else if (kind === "accumulate") {
      this.received[this.structure.sources[this.structure.edgeOf(node, slot)]] += count;
    } else if (kind === "settle") {
      this.settled[node] = done;
    } else if (kind === "update") {
      this.updated[node] = done;
    }
  }
}
