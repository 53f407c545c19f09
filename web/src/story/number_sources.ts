// Where a narration finds its numbers: in the page's own run, in the kernel's, after an update, behind a veil.
import { combined } from "./quantities.js";

/**
 * Where narration finds its numbers when the page computes them.
 * @param {{structure: object, notation: string, run: object, replay: object}} source  `run` from compileGraph, with
 *   tangents in forward mode; `replay` for the running sums
 * @returns {{notation: string, output: string, number: function(string, number, number=): number | undefined}}
 *   undefined where the run has no such number: a literal has no gradient, a node beside the path sends nothing
 */
export function narrationContext({ structure, notation, run, replay }) {
  const { constant, contributes, sources, edgeOf } = structure;
  const perNode = { value: run.primals, gradient: run.adjoints, tangent: run.tangents };
  const perEdge = {
    partial: run.partials,
    contribution: run.contributions,
    push: run.pushes,
    before: replay.before,
    after: replay.after,
  };
  return {
    notation,
    output: structure.names[structure.output],
    number(kind, node, slot) {
      if (kind === "gradient" && constant[node]) return undefined;
      if (Object.hasOwn(perNode, kind)) return perNode[kind]?.[node];
      const edge = edgeOf(node, slot);
      const isTold = kind === "partial" || (contributes[node] && !constant[sources[edge]]);
      return isTold ? perEdge[kind]?.[edge] : undefined;
    },
  };
}

/**
 * Where narration finds its numbers when the kernel computes them: numbers or {text, full, finite} of arrays, by name.
 * @param {{structure: object, notation: string, numbers: object, timeline: object[]}} source  `numbers` as the model's trait
 * @returns {object} as {@link narrationContext}
 */
export function kernelContext({ structure, notation, numbers, timeline }) {
  const perNode = { value: numbers.primals, gradient: numbers.adjoints, tangent: numbers.tangents };
  const perEdge = {
    partial: numbers.partials,
    contribution: numbers.contributions,
    push: numbers.pushes,
    before: numbers.before,
    after: sumsAfter(structure, numbers, timeline),
  };
  return {
    notation,
    output: structure.names[structure.output],
    number: (kind, node, slot) => perNode[kind]?.[node] ?? perEdge[kind]?.[`${node},${slot}`],
  };
}

/** The sum after a contribution is the sum before the next one to the same node, and after the last its adjoint. */
function sumsAfter(structure, numbers, timeline) {
  const after = {};
  const latest = new Map();
  for (const { records } of timeline) {
    for (const [kind, node, slot] of records) {
      if (kind !== "accumulate") continue;
      const key = `${node},${slot}`;
      const argument = structure.sources[structure.edgeOf(node, slot)];
      if (latest.has(argument)) after[latest.get(argument)] = numbers.before?.[key];
      latest.set(argument, key);
    }
  }
  for (const [argument, key] of latest) after[key] = numbers.adjoints?.[argument];
  return after;
}

/** Learning rates by node of a timeline that ends in updates; null for any other. */
export function readRates(timeline) {
  const updates = timeline.flatMap(({ records }) => records).filter(([kind]) => kind === "update");
  return updates.length > 0 ? Object.fromEntries(updates.map(([, node, rate]) => [node, rate])) : null;
}

/**
 * A narration context that also knows where parameters move.
 * @param {object} context  as narrationContext gives it
 * @param {object | null} rates  learning rate by node; without any the context stays as it is
 * @param {object} told  the kernel's numbers, for arrays: `updated` and `moves` by node
 * @returns {object}
 */
export function withUpdates(context, rates, told = {}) {
  if (!rates) return context;
  return {
    ...context,
    number(kind, node, slot) {
      if (kind === "updated") {
        return told.updated?.[node] ?? combined(context.number("value", node), -rates[node], context.number("gradient", node));
      }
      if (kind === "move") return told.moves?.[node] ?? combined(0, -rates[node], context.number("gradient", node));
      return context.number(kind, node, slot);
    },
  };
}

export const VEILED = { text: "?", full: "?", hidden: true };
const OF_SOURCE = new Set(["contribution", "before", "after", "push"]);

/** A narration context in which hidden numbers are question marks; isHidden(kind, node) decides. */
export function veiledContext(context, structure, isHidden) {
  const number = (kind, node, slot) => {
    const found = context.number(kind, node, slot);
    if (found === undefined || found === null) return found;
    if (OF_SOURCE.has(kind)) return isHidden("gradient", structure.sources[structure.edgeOf(node, slot)]) ? VEILED : found;
    return (kind === "value" || kind === "gradient" || kind === "tangent") && isHidden(kind, node) ? VEILED : found;
  };
  return { ...context, number };
}

/**
 * What a lecturer hides, as the model's trait `hidden`: {gradients, nodes, shown}: all gradients or none, both numbers
 * of single nodes, and what has been revealed since, as "kind name".
 */
export class Veil {
  constructor(model) {
    this.model = model;
  }

  get state() {
    const { gradients = false, nodes = [], shown = [] } = this.model.get("hidden") ?? {};
    return { gradients, nodes, shown };
  }

  get isDrawn() {
    const { gradients, nodes } = this.state;
    return gradients || nodes.length > 0;
  }

  hides(kind, name) {
    const { gradients, nodes, shown } = this.state;
    const wanted = nodes.includes(name) || (gradients && kind !== "value");
    return wanted && !shown.includes(`${kind === "value" ? "value" : "gradient"} ${name}`);
  }

  /** The next hidden number in the order of the story, as "kind name"; null when nothing is hidden. */
  next(session) {
    const { nodes, spec } = session;
    for (const { records } of spec.timeline) {
      for (const [record, node] of records) {
        const kind = { evaluate: "value", seed: "gradient", settle: "gradient", push: "gradient" }[record];
        if (kind && this.hides(kind, nodes[node].name)) return `${kind} ${nodes[node].name}`;
      }
    }
    return null;
  }
}
