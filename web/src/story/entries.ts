// One entry of an array: which entries it meets, and its sum term by term.
import type { NumberArray } from "./arrays.js";
import { type ForwardSweep, forwardSweep, Machine, type Program } from "./machine.js";
import { isVeiled, type NumberSource } from "./number_sources.js";
import { asArray } from "./quantities.js";
import type { Session } from "./session.js";

const NUDGE = 1e-7;
const NOISE = 1e-14; // of the largest: what a solver leaves where exact arithmetic gives 0
const IRRATIONAL = 0.618; // multiples of it never fall together, whatever the sizes of arrays

/** The places of what is not zero, or not a number. */
function telling(data: Float64Array | null): (place: number) => boolean {
  const largest = data?.reduce((most, each) => Math.max(most, Number.isFinite(each) ? Math.abs(each) : 0), 0) ?? 0;
  return (place) => data !== null && !(Math.abs(data[place]) <= NOISE * largest);
}

function differing(one: Float64Array, other: Float64Array): number[] {
  return [...one.keys()].filter((place) => !Object.is(one[place], other[place]));
}

/** How far an entry moves that is moved: every one of every argument by another amount, so that no changes cancel. */
const nudge = (value: number, place: number, slot: number) =>
  NUDGE * (1 + Math.abs(value)) * (1 + (((place + 0.7 * slot) * IRRATIONAL) % 1));

/** One gate at a point; made once, and moved to the newest point. */
export class Meeting {
  private readonly machine: Machine;
  private readonly output: number;
  private readonly sweeps = new Map<number, { moving: Float64Array; sweep: ForwardSweep }>();
  private given: readonly NumberArray[];

  constructor(program: Program, given: readonly NumberArray[]) {
    this.given = given;
    this.output = given.length;
    const leaves = given.map(({ shape }) => ({ arguments: [], program: null, shape }));
    const gate = { arguments: given.map((_, slot) => slot), program, shape: [] };
    const literals = [...leaves, gate].map(() => false);
    this.machine = new Machine([...leaves, gate], this.output, literals);
    this.moveTo(given);
  }

  /** Stand at another point, of the same shapes. */
  moveTo(given: readonly NumberArray[]): void {
    this.given = given;
    this.standAt((value) => value);
  }

  private standAt(moved: (value: number, place: number, slot: number) => number): void {
    this.given.forEach(({ data }, slot) => {
      this.machine.values[slot].data.set(data.map((value, place) => moved(value, place, slot)));
    });
    this.machine.evaluate();
  }

  private pulled(seed: (place: number) => number): (Float64Array | null)[] {
    const own = this.machine.adjoints[this.output]!.data;
    own.forEach((_, place) => (own[place] = seed(place)));
    this.machine.reverse();
    return this.given.map((_, slot) => this.machine.contributions[slot]?.data.slice() ?? null);
  }

  /** The derivatives of one entry of the value by every entry of each argument. */
  row(place: number): (Float64Array | null)[] {
    return this.pulled((each) => (each === place ? 1 : 0));
  }

  /** What comes of the value where an argument moves so. */
  push(slot: number, tangent: Float64Array): Float64Array | null {
    let known = this.sweeps.get(slot);
    if (!known) {
      const { shape, data } = this.given[slot];
      const moving = { shape, data: new Float64Array(data.length) };
      known = { moving: moving.data, sweep: forwardSweep(this.machine, new Map([[slot, moving]])) };
      this.sweeps.set(slot, known);
    }
    known.moving.set(tangent);
    known.sweep.run();
    return known.sweep.tangents[this.output]?.data.slice() ?? null;
  }

  /** The derivatives of every entry of the value by one entry of an argument. */
  column(slot: number, place: number): Float64Array | null {
    const tangent = new Float64Array(this.given[slot].data.length);
    tangent[place] = 1;
    return this.push(slot, tangent);
  }

  /**
   * Which places are not zero in what `ask` finds: here, or close by, since a product with a zero meets it too.
   *
   * Where something is not a number everything that meets a zero is none either; what such places have to do with each
   * other is seen at a plain point.
   */
  private places(ask: () => (Float64Array | null)[]): Set<number>[] {
    const here = ask();
    this.standAt((value, place, slot) => value + nudge(value, place, slot));
    const nearby = ask();
    const isBroken = here.some((data) => data?.some(Number.isNaN));
    if (isBroken) this.standAt((_, place) => 1 + ((place * IRRATIONAL) % 1));
    const plain = isBroken ? ask() : [];
    this.standAt((value) => value);
    return here.map((data, slot) => {
      const [isHere, isNearby, isElsewhere] = [data, nearby[slot], plain[slot] ?? nearby[slot]].map(telling);
      const holds = (place: number) =>
        Number.isNaN(data![place]) ? isElsewhere(place) : isHere(place) || isNearby(place);
      return new Set(data ? [...data.keys()].filter(holds) : []);
    });
  }

  /** Per argument, the entries that made an entry of the value. */
  makers(place: number): Set<number>[] {
    return this.places(() => this.row(place));
  }

  /** The entries of the value in which an entry of an argument was used. */
  uses(slot: number, place: number): Set<number> {
    return this.places(() => [this.column(slot, place)])[0];
  }

  /**
   * Per argument, the entries on which it depends what comes back to an entry of another one.
   *
   * Second derivatives are the same in either order: these are the entries to which something else comes back once
   * that entry has moved. The upstream gradient is one without a pattern.
   */
  weights(slot: number, place: number): Set<number>[] {
    const upstream = (each: number) => 1 + ((each * IRRATIONAL) % 1);
    const before = this.pulled(upstream);
    const own = this.machine.values[slot].data;
    const value = own[place];
    own[place] = value + nudge(value, place, slot);
    this.machine.evaluate();
    const after = this.pulled(upstream);
    own[place] = value;
    this.machine.evaluate();
    return before.map((data, other) => new Set(other !== slot && data ? differing(data, after[other]!) : []));
  }
}

/** A gate of a session with its newest numbers; `known` is moved there. Null where there is no rule, or a number is hidden. */
export function meetingAt(session: Session, node: number, known?: Meeting): Meeting | null {
  const { graph } = session.spec;
  const program = graph.programs?.[graph.nodes[node].program ?? -1] as Program | undefined;
  const given = (graph.nodes[node].arguments ?? []).map((source) => asArray(session.number("value", source)));
  if (!program || given.includes(null)) return null;
  known?.moveTo(given as NumberArray[]);
  return known ?? new Meeting(program, given as NumberArray[]);
}

// What is told about one entry of an array: which entries it meets, and its sum term by term.

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
}

/** Entries by node. */
export type MetEntries = Map<number, { value: Set<number>; slope: Set<number> }>;

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
    const first =
      makers.length > 0
        ? termsOf(
            0,
            makers.map((places, slot) => (slot === 0 ? [] : places)),
          )
        : [];
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
