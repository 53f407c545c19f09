// How an optimiser moves the parameters, by a rule that came as a program.
import { type Routine, type Run, scalar, unfold } from "../story/machine.js";
import type { NumberArray } from "../story/primitives.js";

/** An optimiser's rule on rows of numbers: overwrites the parameters and what it keeps. */
export class Update {
  readonly kept: Float64Array[];
  count = 0;
  private readonly rate = scalar(0);
  private readonly step = scalar(0);
  private readonly runs: Run[] = [];
  private readonly moves: [to: Float64Array, from: Float64Array][];

  constructor(
    private readonly routine: Routine,
    kept: number,
    parameters: Float64Array,
    gradient: Float64Array,
  ) {
    const row = (data: Float64Array): NumberArray => ({ shape: [data.length], data });
    this.kept = Array.from({ length: kept }, () => new Float64Array(parameters.length));
    const rows = [parameters, gradient, ...this.kept].map(row);
    const found = unfold(routine, [...rows, this.rate, this.step], this.runs);
    this.moves = [parameters, ...this.kept].map((to, place) => [to, found[place]!.data]);
  }

  /** The parameters after a step that is not made. */
  foresee(rate: number, parameters: Float64Array, gradient: Float64Array): Float64Array {
    const after = parameters.slice();
    const copy = new Update(this.routine, this.kept.length, after, gradient);
    copy.kept.forEach((row, place) => row.set(this.kept[place]));
    copy.count = this.count;
    copy.run(rate);
    return after;
  }

  run(rate: number): void {
    this.count += 1;
    this.rate.data[0] = rate;
    this.step.data[0] = this.count;
    for (const run of this.runs) run();
    for (const [to, from] of this.moves) if (to !== from) to.set(from);
  }
}
