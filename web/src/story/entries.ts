// One entry of an array: which entries it meets, and its sum term by term.
import { type Meeting, meetingAt } from "./meeting.js";
import { isVeiled, type NumberSource } from "./number_sources.js";
import { asArray } from "./numerals.js";
import type { Session } from "./session.js";

/** An entry by its node and its place in C order. */
export interface EntryPlace {
  node: number;
  place: number;
}

/** An entry of a node's value or gradient. */
export interface ChosenEntry extends EntryPlace {
  kind: "value" | "slope";
}

/** local · other: of a gradient, other is the upstream gradient; of a value, an entry of the argument. */
export interface EntryTerm extends EntryPlace {
  local: number;
  other: number;
  /** The entry whose value the local gradient is, as in a product. */
  by?: EntryPlace;
}

/** The terms that one edge brings, or of a value all of them. */
export interface EntrySum {
  /** Of a gradient. */
  edge?: number;
  terms: EntryTerm[];
  /** Whether the terms only stand beside each other, and add up to nothing. */
  isList?: boolean;
}

/** Entries by node. */
type MetEntries = Map<number, { value: Set<number>; slope: Set<number> }>;

export interface EntryStory {
  met: MetEntries;
  sums: EntrySum[];
}

function add(met: MetEntries, node: number, kind: "value" | "slope", places: Iterable<number>): void {
  const found = met.get(node) ?? { value: new Set<number>(), slope: new Set<number>() };
  for (const place of places) found[kind].add(place);
  met.set(node, found);
}

const inOrder = (places: Iterable<number>) => [...places].sort((one, other) => one - other);

/** Stories of the entries of one graph; what is told is kept until the numbers change. */
export class EntryStories {
  private meetings = new Map<number, Meeting>();
  private of: Session["compiled"] = null;
  private told: { chosen: ChosenEntry; context: NumberSource; story: EntryStory } | null = null;

  constructor(private readonly session: Session) {}

  /** Tell of an entry; the same story for the same entry and numbers. */
  tell(chosen: ChosenEntry): EntryStory {
    const { context } = this.session;
    if (this.told?.chosen !== chosen || this.told.context !== context) {
      const story = chosen.kind === "value" ? this.ofValue(chosen) : this.ofGradient(chosen);
      this.told = { chosen, context, story };
    }
    return this.told.story;
  }

  private meetingAt(node: number): Meeting | null {
    const { session } = this;
    if (this.of !== session.compiled) this.meetings = new Map();
    this.of = session.compiled;
    const meeting = meetingAt(session, node, this.meetings.get(node));
    if (meeting) this.meetings.set(node, meeting);
    return meeting;
  }

  // A local gradient that is the value of an entry met in another argument, as in a product.
  private sources(locals: readonly number[], others: readonly (readonly number[])[], gate: number) {
    for (const [slot, places] of others.entries()) {
      const node = this.session.nodes[gate].arguments![slot];
      const data = asArray(this.session.number("value", node))!.data;
      if (places.length === locals.length && places.every((place, at) => data[place] === locals[at])) {
        return places.map((place) => ({ node, place }));
      }
    }
    return null;
  }

  private ofValue({ node, place }: ChosenEntry): EntryStory {
    const met: MetEntries = new Map();
    const meeting = this.meetingAt(node);
    if (!meeting) return { met, sums: [] };
    const sources = this.session.nodes[node].arguments!;
    const makers = meeting.makers(place).map(inOrder);
    makers.forEach((places, slot) => add(met, sources[slot], "value", places));
    const value = asArray(this.session.number("value", node))!.data[place];
    const rows = meeting.row(place);
    const termsOf = (slot: number, others: number[][]) => {
      const row = rows[slot];
      const { data } = asArray(this.session.number("value", sources[slot]))!;
      const by =
        row &&
        this.sources(
          makers[slot].map((at) => row[at]),
          others,
          node,
        );
      return makers[slot].map((at, count): EntryTerm => {
        return { node: sources[slot], place: at, local: row?.[at] ?? NaN, other: data[at], by: by?.[count] };
      });
    };
    const adds = (terms: EntryTerm[]) => {
      const sum = terms.reduce((total, { local, other }) => total + local * other, 0);
      const size = terms.reduce((total, { local, other }) => total + Math.abs(local * other), 0);
      return Math.abs(sum - value) <= 1e-12 * size;
    };
    // A product is a sum over its first factor; other sums go over all arguments; else nothing adds up.
    const first = makers.slice(0, 1).flatMap(() => termsOf(0, [[], ...makers.slice(1)]));
    const all = makers.flatMap((_, slot) => termsOf(slot, []));
    const terms = [first, all].find((each) => each.length > 0 && adds(each)) ?? [];
    return { met, sums: terms.length > 0 ? [{ terms }] : [] };
  }

  private ofGradient({ node, place }: ChosenEntry): EntryStory {
    const { session } = this;
    const met: MetEntries = new Map();
    const sums: EntrySum[] = [];
    for (const edge of session.consumersOf[node]) {
      const consumer = session.structure.consumers[edge];
      const slot = edge - session.structure.offsets[consumer];
      const upstream = asArray(session.number("gradient", consumer));
      const meeting = session.structure.contributes[consumer] ? this.meetingAt(consumer) : null;
      if (!meeting || !upstream || isVeiled(session.number("contribution", consumer, slot))) continue;
      const uses = inOrder(meeting.uses(slot, place));
      add(met, consumer, "slope", uses);
      const weights = meeting.weights(slot, place).map(inOrder);
      weights.forEach((places, other) => add(met, session.nodes[consumer].arguments![other], "value", places));
      const column = meeting.column(slot, place)!;
      const locals = uses.map((at) => column[at]);
      const by = this.sources(locals, weights, consumer);
      const terms = uses.map((at, count) => {
        return { node: consumer, place: at, local: locals[count], other: upstream.data[at], by: by?.[count] };
      });
      sums.push({ edge, terms });
    }
    return { met, sums };
  }
}
