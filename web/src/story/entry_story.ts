// What is told about one entry of an array: which entries it meets, and its sum term by term.
import type { Program } from "./machine.js";
import { Meeting } from "./meeting.js";
import type { NumberArray } from "./prepared.js";
import { ArrayNumber } from "./quantities.js";
import type { Session } from "./session.js";

/** An entry of a node's value or gradient, by its place in C order. */
export interface ChosenEntry {
  node: number;
  kind: "value" | "slope";
  place: number;
}

/** local · other = product: of a gradient, other is the upstream gradient; of a value, an entry of the argument. */
export interface EntryTerm {
  node: number;
  place: number;
  local: number;
  other: number;
}

/** Entries by node. */
export type MetEntries = Map<number, { value: Set<number>; slope: Set<number> }>;

export interface EntryStory {
  met: MetEntries;
  terms: EntryTerm[];
}

function asArray(number: unknown): NumberArray | null {
  if (typeof number === "number") return { shape: [], data: Float64Array.of(number) };
  return number instanceof ArrayNumber ? number : null;
}

function meetingAt(session: Session, node: number): Meeting | null {
  const { graph } = session.spec;
  const program = graph.programs?.[graph.nodes[node].program ?? -1] as Program | undefined;
  const given = (graph.nodes[node].arguments ?? []).map((source) => asArray(session.number("value", source)));
  if (!program || given.includes(null)) return null;
  return new Meeting(program, given as NumberArray[]);
}

function add(met: MetEntries, node: number, kind: "value" | "slope", places: Iterable<number>): void {
  const found = met.get(node) ?? { value: new Set<number>(), slope: new Set<number>() };
  for (const place of places) found[kind].add(place);
  met.set(node, found);
}

// A value that is a sum of local · argument over one argument, as in a product or a sum, is told as one.
function valueTerms(
  meeting: Meeting,
  session: Session,
  { node, place }: ChosenEntry,
  makers: Set<number>[],
): EntryTerm[] {
  const source = session.nodes[node].arguments![0];
  const argument = asArray(session.number("value", source))!;
  const value = asArray(session.number("value", node))!.data[place];
  const local = meeting.row(place)[0];
  if (!local) return [];
  const terms = [...makers[0]].map((at) => ({ node: source, place: at, local: local[at], other: argument.data[at] }));
  const sum = terms.reduce((total, term) => total + term.local * term.other, 0);
  const size = terms.reduce((total, term) => total + Math.abs(term.local * term.other), 0);
  return terms.length > 1 && Math.abs(sum - value) <= 1e-12 * size ? terms : [];
}

/** Tell of an entry; nothing where the page has no rules for it. */
export function storyOf(session: Session, chosen: ChosenEntry): EntryStory {
  const met: MetEntries = new Map();
  const { node, kind, place } = chosen;
  if (kind === "value") {
    const meeting = meetingAt(session, node);
    const makers = meeting?.makers(place) ?? [];
    makers.forEach((places, slot) => add(met, session.nodes[node].arguments![slot], "value", places));
    return { met, terms: meeting && makers.length > 0 ? valueTerms(meeting, session, chosen, makers) : [] };
  }
  const terms: EntryTerm[] = [];
  for (const edge of session.consumersOf[node]) {
    const consumer = session.structure.consumers[edge];
    const slot = edge - session.structure.offsets[consumer];
    const upstream = asArray(session.number("gradient", consumer));
    const meeting = session.structure.contributes[consumer] ? meetingAt(session, consumer) : null;
    if (!meeting || !upstream) continue;
    const uses = [...meeting.uses(slot, place)].sort((one, other) => one - other);
    add(met, consumer, "slope", uses);
    const weights = meeting.weights(slot, place);
    weights.forEach((places, other) => add(met, session.nodes[consumer].arguments![other], "value", places));
    const local = meeting.column(slot, place)!;
    terms.push(...uses.map((at) => ({ node: consumer, place: at, local: local[at], other: upstream.data[at] })));
  }
  return { met, terms };
}
