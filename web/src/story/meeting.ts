// Which entries of its arguments and of its value meet in a gate, or in a closed one.
import type { NumberArray } from "./primitives.js";
import type { CompilableGraph } from "./closed_gates.js";
import { type ForwardSweep, forwardSweep, type Gate, Machine, type Program } from "./machine.js";
import { asArray } from "./numerals.js";
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

  /** @param rule  its program; of a closed gate what stands inside, with places that count the arguments first */
  constructor(
    rule: Program | readonly Gate[],
    private given: readonly NumberArray[],
  ) {
    const leaves = given.map(({ shape }): Gate => ({ arguments: [], program: null, shape }));
    const alone = "value" in rule ? [{ arguments: given.map((_, slot) => slot), program: rule, shape: [] }] : rule;
    const gates = [...leaves, ...alone];
    this.output = gates.length - 1;
    const literals = gates.map(({ program }, place) => program === null && place >= given.length);
    this.machine = new Machine(gates, this.output, literals);
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

/** Gives what stands inside a closed gate, in a page that knows such gates. */
let findInside: (graph: CompilableGraph, node: number) => Gate[] | null = () => null;

export function useGatesInside(find: typeof findInside): void {
  findInside = find;
}

/** A gate of a session with its newest numbers; `known` is moved there. Null where there is no rule, or a number is hidden. */
export function meetingAt(session: Session, node: number, known?: Meeting): Meeting | null {
  const { graph } = session.spec;
  // Beside closed gates, a gate is one of the basis.
  const { basis } = graph as CompilableGraph;
  const { nodes, programs } = basis ?? graph;
  const own = programs?.[nodes[basis ? basis.standing[node] : node]?.program ?? -1] as Program | undefined;
  const rule = findInside(graph as CompilableGraph, node) ?? own;
  const given = (graph.nodes[node].arguments ?? []).map((source) => asArray(session.number("value", source)));
  if (!rule || given.includes(null)) return null;
  known?.moveTo(given as NumberArray[]);
  return known ?? new Meeting(rule, given as NumberArray[]);
}
