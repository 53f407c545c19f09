// What a node of a typed graph has to say for itself, at any step: backpropviz/steps/explanation.py for scalars.
import type { LedgerLine, PlainTemplate, Segment } from "../types/specification.js";
import { adjointAt, onEdge, valueAt } from "./formulas.js";
import type { Term, TypedRun } from "./typed_run.js";
import { inWords, LONGEST_LEDGER, template, type TypedWords } from "./typed_words.js";

/** What each node has to say for itself, by position. */
export function explanationsOf(words: TypedWords, { terms }: TypedRun): Record<string, PlainTemplate> {
  const told = words.graph.nodes.map((_, place) => [String(place), explained(words, place, terms.get(place) ?? [])]);
  return Object.fromEntries(told) as Record<string, PlainTemplate>;
}

function explained(words: TypedWords, place: number, terms: Term[]): PlainTemplate {
  const { op, name, arguments: places } = words.graph.nodes[place];
  if (op === "constant")
    return template({
      title: [name],
      role: ["constant"],
      sentence: ["A constant: it has a value and no gradient."],
    });
  const here = valueAt(place);
  const isGate = places.length > 0;
  const isReached = terms.length > 0 || place === words.graph.output;
  const partials = places.map((_, slot) => partialLine(words, place, slot)).slice(0, LONGEST_LEDGER);
  const sentence: Segment[] = isGate
    ? [words.operation(place).sentence]
    : [["v", name], " is an input; its value is ", here, "."];
  return template({
    title: words.heading(place),
    role: [isGate ? words.operation(place).role : "input: you choose its value"],
    sentence: [...sentence, ...usesOf(words, place, terms)],
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

function usesOf(words: TypedWords, place: number, terms: Term[]): Segment[] {
  if (place === words.graph.output) return [" It is the output: the backward sweep starts here."];
  const uses = words.graph.nodes[place].consumers.length;
  if (uses === 0) return [" The output does not depend on it: its gradient is 0."];
  if (terms.length < 2) return [];
  const times = uses === 2 ? "twice" : `${inWords(uses)} times`;
  return [` It is used ${times}, so its gradient is the sum of ${inWords(terms.length)} contributions.`];
}
