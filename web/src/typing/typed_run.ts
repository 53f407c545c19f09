// The steps of a typed graph's run, as backpropviz/steps/recording.py tells them: values node by node, gradients edge by edge.
import type { PlainStep, StepRecord } from "../types/specification.js";
import type { TypedGraph } from "./graph_builder.js";

/** An edge, by consumer and slot. */
export type Term = [consumer: number, slot: number];

/** What happens, in order. */
export interface TypedRun {
  steps: PlainStep[];
  /** Edges through which each node receives, in order of arrival. */
  terms: Map<number, Term[]>;
}

/** Tell both sweeps. */
export function runOf({ nodes, output }: TypedGraph): TypedRun {
  const terms = new Map<number, Term[]>();
  const needed = new Set([output]);
  const arrivals: Term[] = [];
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    if (!needed.has(place)) continue;
    nodes[place].arguments.forEach((argument, slot) => {
      needed.add(argument);
      if (nodes[argument].op === "constant") return;
      arrivals.push([place, slot]);
      terms.set(argument, [...(terms.get(argument) ?? []), [place, slot]]);
    });
  }
  const step = (phase: string, ...records: [string, ...number[]][]): PlainStep => ({
    phase,
    records: records as StepRecord[],
  });
  const steps = nodes.flatMap(({ op }, place) => (op === "constant" ? [] : [step("forward", ["evaluate", place])]));
  steps.push(step("backward", ["seed", output], ["settle", output]));
  for (const term of arrivals) {
    const [consumer, slot] = term;
    const node = nodes[consumer].arguments[slot];
    const [last, by] = terms.get(node)!.at(-1)!;
    const isSettled = last === consumer && by === slot;
    const records: [string, ...number[]][] = [
      ["propagate", ...term],
      ["accumulate", ...term],
    ];
    steps.push(step("backward", ...records, ...(isSettled ? [["settle", node] as [string, number]] : [])));
  }
  return { steps, terms };
}
