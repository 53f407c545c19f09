// The words of a typed graph that its steps share, and what each node has to say: backpropviz/steps/wording.py and explanation.py for scalars.
import type {
  LedgerLine,
  Note,
  Outline,
  PlainTemplate,
  Segment,
  TypedOperation,
  Vocabulary,
} from "../types/specification.js";
import { adjointAt, definition, Formulas, onEdge, valueAt } from "./formulas.js";
import type { TypedGraph, TypedNode } from "./graph_builder.js";
import type { Mode, Term, TypedRun } from "./typed_run.js";

export const LONGEST_LEDGER = 8;
export const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
const COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Join templates as words are joined, with another word before the last. */
export function joined(parts: Segment[][], separator: string, last = separator): Segment[] {
  return parts.flatMap((part, index) => {
    if (index === 0) return part;
    return [index === parts.length - 1 ? last : separator, ...part];
  });
}

export const inWords = (count: number) => COUNTS[count] ?? String(count);

/** A template without what is empty. */
export function template(parts: PlainTemplate): PlainTemplate {
  const isThere = (part: unknown) => part !== null && (!Array.isArray(part) || part.length > 0);
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => isThere(part)));
}

/** Words and formulas of one graph. */
export class TypedWords extends Formulas {
  /** What is to be said of a gate where a convention bites, or where a value first stops being finite. */
  notes(place: number): Note[] {
    const { name, op, arguments: places } = this.graph.nodes[place];
    if (places.length === 0) return [];
    const out = valueAt(place);
    const given = places.map(valueAt);
    // In the vocabulary a number is named by its slot, and the gate's own by −1.
    const filled = (condition: unknown): unknown => {
      if (!Array.isArray(condition)) return condition;
      if (condition[0] === "q" && condition[1] === "value")
        return condition[2] === -1 ? out : given[Number(condition[2])];
      return condition.map(filled);
    };
    const kinks = this.vocabulary.operations[op].forms[places.length].kinks.map(({ when, text, sign }): Note => ({
      when: filled(when) as Note["when"],
      text: [["v", name], ": ", text],
      sign,
    }));
    const broke = ["all", ["not", ["finite", out]], ...given.map((each) => ["finite", each])];
    const left: Segment[] = ["The values first leave the finite numbers at ", ["v", name], " = ", out, "."];
    return [...kinks, { when: broke as Note["when"], text: left, sign: "not finite" }];
  }

  /** One contribution as a line of the ledger. */
  ledgerLine(consumer: number, slot: number): LedgerLine {
    const { name, arguments: places } = this.graph.nodes[consumer];
    const label: Segment[] = ["from ", ["v", name], ` (${this.operation(consumer).symbol}`];
    if (places.length > 1) label.push(`, ${this.slotWords(consumer, slot)}`);
    const number = onEdge("contribution", consumer, slot);
    return { label: [...label, ")"], formula: this.contribution(consumer, slot), number, kind: "gradient" };
  }

  /** A node and its definition, b = ln x. */
  heading(place: number): Segment[] {
    const { name, arguments: places } = this.graph.nodes[place];
    return places.length === 0 ? [["v", name]] : [["v", name], " = ", ...this.definition(place)];
  }

  /** Name a slot: "second input". */
  slotWords(place: number, slot: number): string {
    if (this.graph.nodes[place].arguments.length === 1) return "its input";
    return slot < ORDINALS.length ? `${ORDINALS[slot]} input` : `input ${slot + 1}`;
  }

  name(place: number): string {
    return this.graph.nodes[place].name;
  }

  operation(place: number): TypedOperation {
    return this.vocabulary.operations[this.graph.nodes[place].op];
  }
}

/** What each node has to say for itself, by position. */
export function explanationsOf(words: TypedWords, { mode, terms }: TypedRun): Record<string, PlainTemplate> {
  const told = words.graph.nodes.map((_, place) => [
    String(place),
    explained(words, place, terms.get(place) ?? [], mode),
  ]);
  return Object.fromEntries(told) as Record<string, PlainTemplate>;
}

function explained(words: TypedWords, place: number, terms: Term[], mode: Mode): PlainTemplate {
  const { op, name, arguments: places } = words.graph.nodes[place];
  if (op === "constant")
    return template({
      title: [name],
      role: ["constant"],
      sentence: ["A constant: it has a value and no gradient."],
    });
  const here = valueAt(place);
  const isGate = places.length > 0;
  const isReached = mode === "reverse" && (terms.length > 0 || place === words.graph.output);
  const partials = places.map((_, slot) => partialLine(words, place, slot)).slice(0, LONGEST_LEDGER);
  const sentence: Segment[] = isGate
    ? [words.operation(place).sentence]
    : [["v", name], " is an input; its value is ", here, "."];
  return template({
    title: words.heading(place),
    role: [isGate ? words.operation(place).role : "input: you choose its value"],
    sentence: [...sentence, ...usesOf(words, place, terms, mode)],
    equation: words.heading(place),
    numeric: ["= ", here],
    ledger: [...partials, ...terms.slice(-LONGEST_LEDGER).map((term) => words.ledgerLine(...term))],
    total: isReached ? { label: [["g", name]], number: adjointAt(place), kind: "gradient" } : null,
    notes: words.notes(place),
  });
}

function partialLine(words: TypedWords, place: number, slot: number): LedgerLine {
  const { name, arguments: places } = words.graph.nodes[place];
  const argument = words.graph.nodes[places[slot]];
  const symbol: Segment = argument.op === "constant" ? argument.name : ["v", argument.name];
  return {
    label: ["local gradient ∂", ["v", name], "/∂", symbol],
    formula: words.partial(place, slot),
    number: onEdge("partial", place, slot),
    kind: "value",
  };
}

function usesOf(words: TypedWords, place: number, terms: Term[], mode: Mode): Segment[] {
  const inReverse = (said: string) => (mode === "reverse" ? said : "");
  if (place === words.graph.output) return [` It is the output${inReverse(": the backward sweep starts here")}.`];
  const uses = words.graph.nodes[place].consumers.length;
  if (uses === 0) return [` The output does not depend on it${inReverse(": its gradient is 0")}.`];
  if (terms.length < 2) return [];
  const times = uses === 2 ? "twice" : `${inWords(uses)} times`;
  return [` It is used ${times}, so its gradient is the sum of ${inWords(terms.length)} contributions.`];
}

// A typed graph in sentences, as backpropviz/graph/notation/describing.py tells it.

const MOST_LISTED_USES = 8;
const TIMES: Record<number, string> = { 1: "", 2: "twice ", 3: "three times " };

/** The sentences of which a run is told at any step. */
export function outlineOf(graph: TypedGraph, vocabulary: Vocabulary, mode: Mode): Outline {
  const { nodes, inputs, output } = graph;
  const gates = nodes.filter((node) => node.arguments.length > 0).length;
  const from = inputs.length > 0 ? listed(inputs.map((place) => nodes[place].name)) : "constants";
  const operations = gates === 1 ? "1 operation" : `${gates} operations`;
  return {
    opening: `${nodes[output].name} is computed from ${from} in ${operations}.`,
    nodes: nodes.map((node, place) => `${kind(graph, node, vocabulary)}${use(graph, node, place === output)}.`),
    value: "Its value is",
    slope: mode === "forward" ? "Its tangent is" : "Its gradient is",
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
