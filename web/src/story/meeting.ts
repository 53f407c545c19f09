// Which entries of a gate's arguments and of its value meet: found by running the gate's own rules on single entries.
import { Machine, type Program } from "./machine.js";
import type { NumberArray } from "./prepared.js";
import { asArray } from "./quantities.js";
import type { Session } from "./session.js";
import { type ForwardSweep, forwardSweep } from "./tangents.js";

const NUDGE = 1e-7;

const nonZeroAt = (data: Float64Array | null, place: number) => data !== null && data[place] !== 0;

function differing(one: Float64Array, other: Float64Array): number[] {
  return [...one.keys()].filter((place) => !Object.is(one[place], other[place]));
}

/** How far an entry moves that is moved: every one by another amount, so that no two changes cancel. */
const nudge = (value: number, place: number) => NUDGE * (1 + Math.abs(value)) * (1 + ((place * 0.618) % 1));

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

  private standAt(moved: (value: number, place: number) => number): void {
    this.given.forEach(({ data }, slot) => this.machine.values[slot].data.set(data.map(moved)));
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
    this.standAt((value, place) => value + nudge(value, place));
    const nearby = ask();
    const isBroken = here.some((data) => data?.some(Number.isNaN));
    if (isBroken) this.standAt((_, place) => 1 + ((place * 0.618) % 1));
    const plain = isBroken ? ask() : [];
    this.standAt((value) => value);
    return here.map((data, slot) => {
      const other = plain[slot] ?? nearby[slot];
      const holds = (place: number) =>
        Number.isNaN(data![place]) ? other![place] !== 0 : data![place] !== 0 || nonZeroAt(nearby[slot], place);
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
    const upstream = (each: number) => 1 + ((each * 0.618) % 1);
    const before = this.pulled(upstream);
    const own = this.machine.values[slot].data;
    const value = own[place];
    own[place] = value + nudge(value, place);
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
