// Where a narration finds its numbers: in the page's own run, in the kernel's, after an update, behind a veil.
import type { Model } from "../types/model.js";
import type {
  ExplorerTraits,
  GraphNode,
  KernelNumbers,
  PlainStep,
  Specification,
  WrittenNumber,
} from "../types/specification.js";
import type { Run, Structure } from "./engine.js";
import { combined, formatNumber, type Quantity, type QuantityRow } from "./numerals.js";
import type { Replay } from "./replay.js";

type KernelParts = Record<string, Record<string, number | WrittenNumber> | undefined>;

/** A number as narration finds it: of arrays and hidden ones their text; undefined where a run has none. */
export type FoundNumber = number | WrittenNumber | null | undefined;

/** Is a number hidden? By what it says of itself: the veil may come from another bundle. */
export function isVeiled(found: FoundNumber) {
  return typeof found === "object" && found?.hidden === true;
}

/** A number for reading; arrays bring their own text. */
export function shortText(number: FoundNumber) {
  return typeof number === "number" ? formatNumber(number) : (number?.text ?? "");
}

/** A number with every digit, as data. */
export function exactText(number: FoundNumber) {
  return typeof number === "number" ? String(number) : (number?.full ?? "");
}

/** Where narration finds its numbers, and how it writes gradients. */
export interface NumberSource {
  notation: string;
  output: string;
  number(kind: string, node: number, slot?: number): FoundNumber;
}

/**
 * Where narration finds its numbers when the page computes them.
 * @param source `run` from compileGraph, with
 *   tangents in forward mode; `replay` for the running sums
 * @returns undefined where the run has no such number: a literal has no gradient, a node beside the path sends nothing
 */
export function narrationContext({
  structure,
  notation,
  run,
  replay,
}: {
  structure: Structure;
  notation: string;
  run: Run;
  replay: Replay;
}) {
  const { constant, contributes, sources } = structure;
  const perNode: Record<string, QuantityRow | undefined> = {
    value: run.primals,
    gradient: run.adjoints,
    tangent: run.tangents,
  };
  const perEdge: Record<string, QuantityRow | undefined> = {
    partial: run.partials,
    contribution: run.contributions,
    push: run.pushes,
    before: replay.before,
    after: replay.after,
  };
  return {
    notation,
    output: structure.names[structure.output],
    number(kind: string, node: number, slot?: number) {
      if (kind === "gradient" && constant[node]) return undefined;
      if (Object.hasOwn(perNode, kind)) return perNode[kind]?.[node];
      const edge = structure.edgeOf(node, slot ?? 0);
      const isTold = kind === "partial" || (contributes[node] && !constant[sources[edge]]);
      return isTold ? perEdge[kind]?.[edge] : undefined;
    },
  };
}

/**
 * Where narration finds its numbers when the kernel computes them: numbers or {text, full, finite} of arrays, by name.
 * @param source `numbers` as the model's trait
 * @returns as {@link narrationContext}
 */
export function kernelContext({
  structure,
  notation,
  numbers,
  timeline,
}: {
  structure: Structure;
  notation: string;
  numbers: KernelNumbers;
  timeline: PlainStep[];
}) {
  const perNode: KernelParts = { value: numbers.primals, gradient: numbers.adjoints, tangent: numbers.tangents };
  const perEdge: KernelParts = {
    partial: numbers.partials,
    contribution: numbers.contributions,
    push: numbers.pushes,
    before: numbers.before,
    after: sumsAfter(structure, numbers, timeline),
  };
  return {
    notation,
    output: structure.names[structure.output],
    number: (kind: string, node: number, slot?: number) => perNode[kind]?.[node] ?? perEdge[kind]?.[`${node},${slot}`],
  };
}

/** The sum after a contribution is the sum before the next one to the same node, and after the last its adjoint. */
function sumsAfter(structure: Structure, numbers: KernelNumbers, timeline: PlainStep[]) {
  const after: Record<string, number | WrittenNumber> = {};
  const latest = new Map<number, string>();
  const keep = (key: string, found: number | WrittenNumber | undefined) => {
    if (found !== undefined) after[key] = found;
  };
  for (const { records } of timeline) {
    for (const [kind, node, slot] of records) {
      if (kind !== "accumulate") continue;
      const key = `${node},${slot}`;
      const argument = structure.sources[structure.edgeOf(node, slot)];
      const former = latest.get(argument);
      if (former !== undefined) keep(former, numbers.before?.[key]);
      latest.set(argument, key);
    }
  }
  for (const [argument, key] of latest) keep(key, numbers.adjoints?.[argument]);
  return after;
}

/** Learning rates by node of a timeline that ends in updates; null for any other. */
export function readRates(timeline: PlainStep[]) {
  const updates = timeline.flatMap(({ records }) => records).filter(([kind]) => kind === "update");
  return updates.length > 0 ? Object.fromEntries(updates.map(([, node, rate]) => [node, rate])) : null;
}

/**
 * A narration context that also knows where parameters move.
 * @param context as narrationContext gives it
 * @param rates learning rate by node; without any the context stays as it is
 * @param told the kernel's numbers, for arrays: `updated` and `moves` by node
 */
export function withUpdates(
  context: NumberSource,
  rates: Record<number, number> | null,
  told: KernelNumbers = {},
): NumberSource {
  if (!rates) return context;
  return {
    ...context,
    number(kind: string, node: number, slot?: number) {
      // Where the kernel's numbers are told as text, it tells the new ones too.
      const moved = (from: FoundNumber) =>
        combined(from as Quantity, -rates[node], context.number("gradient", node) as Quantity);
      if (kind === "updated") return told.updated?.[node] ?? moved(context.number("value", node));
      if (kind === "move") return told.moves?.[node] ?? moved(0);
      return context.number(kind, node, slot);
    },
  };
}

export const VEILED = { text: "?", full: "?", hidden: true };
const HIDEABLE: Record<string, string | undefined> = {
  evaluate: "value",
  seed: "gradient",
  settle: "gradient",
  push: "gradient",
};
// Numbers of an edge that lead to the gradient of the node it comes from, and of a node to its own.
const OF_SOURCE = new Set(["partial", "contribution", "before", "after", "push"]);
const OF_NODE: Record<string, string[] | undefined> = {
  value: ["value"],
  gradient: ["gradient"],
  tangent: ["tangent"],
  move: ["gradient"],
  updated: ["value", "gradient"],
};

/** A narration context in which hidden numbers are question marks; isHidden(kind, node) decides. */
export function veiledContext(
  context: NumberSource,
  structure: Structure,
  isHidden: (kind: string, node: number) => boolean,
): NumberSource {
  const number = (kind: string, node: number, slot: number) => {
    const found = context.number(kind, node, slot);
    if (found === undefined || found === null) return found;
    if (OF_SOURCE.has(kind))
      return isHidden("gradient", structure.sources[structure.edgeOf(node, slot)]) ? VEILED : found;
    return OF_NODE[kind]?.some((each) => isHidden(each, node)) ? VEILED : found;
  };
  return { ...context, number };
}

/**
 * What a lecturer hides, as the model's trait `hidden`: {gradients, nodes, shown}: all gradients or none, both numbers
 * of single nodes, and what has been revealed since, as "kind name".
 */
export class Veil {
  constructor(readonly model: Model<ExplorerTraits>) {}

  get state() {
    const { gradients = false, nodes = [], shown = [] } = this.model.get("hidden") ?? {};
    return { gradients, nodes, shown };
  }

  get isDrawn() {
    const { gradients, nodes } = this.state;
    return gradients || nodes.length > 0;
  }

  hides(kind: string, name: string) {
    const { gradients, nodes, shown } = this.state;
    const wanted = nodes.includes(name) || (gradients && kind !== "value");
    return wanted && !shown.includes(`${kind === "value" ? "value" : "gradient"} ${name}`);
  }

  /** The next hidden number in the order of the story, as "kind name"; null when nothing is hidden. */
  next({ nodes, spec }: { nodes: GraphNode[]; spec: Specification }) {
    for (const { records } of spec.timeline) {
      for (const [record, node] of records) {
        const kind = HIDEABLE[record];
        if (kind && this.hides(kind, nodes[node].name)) return `${kind} ${nodes[node].name}`;
      }
    }
    return null;
  }
}
