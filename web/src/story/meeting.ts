// Which entries of a gate's arguments and of its value meet: found by running the gate's own rules on single entries.
import { Machine, type Program } from "./machine.js";
import type { NumberArray } from "./prepared.js";

const NUDGE = 1e-7;
const MOST_TRIED = 600; // entries of other arguments that are tried one by one

function nonZero(data: Float64Array | null | undefined): number[] {
  return data ? [...data.keys()].filter((place) => data[place] !== 0) : [];
}

/** One gate at a point. */
export class Meeting {
  private readonly machine: Machine;
  private readonly output: number;

  constructor(
    program: Program,
    private readonly given: readonly NumberArray[],
  ) {
    this.output = given.length;
    const leaves = given.map(({ shape }) => ({ arguments: [], program: null, shape }));
    const gate = { arguments: given.map((_, slot) => slot), program, shape: [] };
    const literals = [...leaves, gate].map(() => false);
    this.machine = new Machine([...leaves, gate], this.output, literals);
    this.standAt((value) => value);
  }

  private standAt(moved: (value: number, place: number) => number): void {
    this.given.forEach(({ data }, slot) => this.machine.values[slot].data.set(data.map(moved)));
    this.machine.evaluate();
  }

  /** The derivatives of one entry of the value by every entry of each argument. */
  row(place: number): (Float64Array | null)[] {
    const seed = this.machine.adjoints[this.output]!.data;
    seed.fill(0)[place] = 1;
    this.machine.reverse();
    return this.given.map((_, slot) => this.machine.contributions[slot]?.data.slice() ?? null);
  }

  /** The derivatives of every entry of the value by one entry of an argument. */
  column(slot: number, place: number): Float64Array | null {
    const { shape, data } = this.given[slot];
    const moving = { shape, data: new Float64Array(data.length) };
    moving.data[place] = 1;
    const sweep = this.machine.forwardSweep(new Map([[slot, moving]]));
    sweep.run();
    return sweep.tangents[this.output]?.data.slice() ?? null;
  }

  // A product with a zero meets it too: beside the point itself a point close by is asked.
  private nearby(ask: () => Set<number>[]): Set<number>[] {
    const found = ask();
    this.standAt((value, place) => value + NUDGE * (1 + Math.abs(value)) * (1 + ((place * 0.618) % 1)));
    ask().forEach((more, slot) => more.forEach((place) => found[slot].add(place)));
    this.standAt((value) => value);
    return found;
  }

  /** Per argument, the entries that made an entry of the value. */
  makers(place: number): Set<number>[] {
    return this.nearby(() => this.row(place).map((data) => new Set(nonZero(data))));
  }

  /** The entries of the value in which an entry of an argument was used. */
  uses(slot: number, place: number): Set<number> {
    return this.nearby(() => [new Set(nonZero(this.column(slot, place)))])[0];
  }

  /** Per argument, the entries on which it depends what comes back to an entry of another one. */
  weights(slot: number, place: number): Set<number>[] {
    const before = this.column(slot, place);
    return this.given.map(({ data }, other) => {
      const found = new Set<number>();
      if (other === slot || before === null || data.length > MOST_TRIED) return found;
      const own = this.machine.values[other].data;
      data.forEach((value, tried) => {
        own[tried] = value + NUDGE * (1 + Math.abs(value));
        this.machine.evaluate();
        const after = this.column(slot, place)!;
        if (after.some((each, index) => each !== before[index])) found.add(tried);
        own[tried] = value;
      });
      this.machine.evaluate();
      return found;
    });
  }
}
