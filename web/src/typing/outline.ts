// A typed graph in sentences, as backpropviz/graph/notation/describing.py tells it.
import type { Outline, Vocabulary } from "../types/specification.js";
import { definition } from "./gate_text.js";
import type { TypedGraph, TypedNode } from "./graph_builder.js";

const MOST_LISTED_USES = 8;
const TIMES: Record<number, string> = { 1: "", 2: "twice ", 3: "three times " };

/** The sentences of which a run is told at any step. */
export function outlineOf(graph: TypedGraph, vocabulary: Vocabulary): Outline {
  const { nodes, inputs, output } = graph;
  const gates = nodes.filter((node) => node.arguments.length > 0).length;
  const from = inputs.length > 0 ? listed(inputs.map((place) => nodes[place].name)) : "constants";
  const operations = gates === 1 ? "1 operation" : `${gates} operations`;
  return {
    opening: `${nodes[output].name} is computed from ${from} in ${operations}.`,
    nodes: nodes.map((node, place) => `${kind(graph, node, vocabulary)}${use(graph, node, place === output)}.`),
    value: "Its value is",
    slope: "Its gradient is",
    waiting: "Its gradient is not complete yet.",
  };
}

function kind(graph: TypedGraph, node: TypedNode, vocabulary: Vocabulary): string {
  const { name, op } = node;
  if (op === "input") return `${name} is an input`;
  if (op === "constant") return `${name} is a constant`;
  const written = definition(graph, node, "unicode", vocabulary);
  if (written.startsWith(`${op}(`)) return `${name} = ${written}`; // its name is said already
  return `${name} = ${written} (${op.replaceAll("_", " ")})`;
}

function use({ nodes }: TypedGraph, { consumers }: TypedNode, isOutput: boolean): string {
  const times = new Map<string, number>();
  for (const { consumer } of consumers) {
    const { name } = nodes[consumer];
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const isRepeated = Math.max(0, ...times.values()) > 1;
  const told = [...times].map(([name, count]) => `${TIMES[count] ?? `${count} times `}by ${name}`);
  const used = isRepeated ? listed(told) : `by ${listed([...times.keys()])}`;
  if (isOutput) return `; it is the output${times.size > 0 ? `, also used ${used}` : ""}`;
  return times.size > 0 ? `; it is used ${used}` : "; nothing uses it";
}

/** Join words as people do; many are counted, not listed. */
function listed(parts: string[]): string {
  const shown = parts.slice(0, MOST_LISTED_USES);
  if (parts.length > MOST_LISTED_USES) shown.push(`${parts.length - MOST_LISTED_USES} more`);
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : shown.join("");
}
