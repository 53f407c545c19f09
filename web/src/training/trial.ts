// Examples on which any parameters can be tried: loss, accuracy, and gradient.
import type { NumberArray } from "../story/prepared.js";
import type { PlainRun } from "../types/specification.js";
import { Penalty } from "./penalty.js";
import { type Form, MisfitMachine, parameterCount } from "./perceptron.js";

/** Features and coded targets, a row each. */
export interface ExampleRows {
  features: NumberArray;
  targets: NumberArray;
}

/** How a network does on a set of examples. */
export interface Measured {
  /** Mean over the examples, without the penalty. */
  loss: number;
  penalty: number;
  /** Share classified rightly; null where values are fitted. */
  accuracy: number | null;
}

/** A set of examples on which any parameters can be tried. */
export class Trial {
  readonly machine: MisfitMachine;
  private readonly penalty: Penalty;
  private readonly row: Float64Array;

  constructor(
    plain: PlainRun,
    readonly form: Form,
    readonly examples: ExampleRows,
  ) {
    this.row = new Float64Array(parameterCount(form.sizes));
    this.machine = new MisfitMachine(form, plain.programs, this.row, examples.features.shape[0]);
    this.machine.features.data.set(examples.features.data);
    this.machine.targets.data.set(examples.targets.data);
    this.penalty = new Penalty(plain.penalty, form, this.row);
  }

  measure(parameters: Float64Array, l2: number): Measured {
    this.row.set(parameters);
    const loss = this.machine.evaluate();
    this.penalty.setStrength(l2);
    return { loss, penalty: l2 ? this.penalty.evaluate() : 0, accuracy: this.accuracy() };
  }

  /** The gradient at what was measured last, penalty included. */
  pullInto(gradient: Float64Array, l2: number): void {
    this.machine.pullInto(gradient);
    if (l2) this.penalty.slopes.forEach((slope, place) => (gradient[place] += slope));
  }

  private accuracy(): number | null {
    const { output, loss } = this.form;
    if (output === "identity" && loss.endsWith("squared_error")) return null;
    const isOneOfMany = loss === "cross_entropy" || output === "softmax";
    const [scores, targets] = [this.machine.scores.data, this.examples.targets.data];
    const [count, width] = this.examples.targets.shape;
    let right = 0;
    for (let row = 0; row < count; row += 1) {
      const [own, wanted] = [scores, targets].map((each) => each.subarray(row * width, (row + 1) * width));
      if (isOneOfMany) right += Number(largestAt(own) === largestAt(wanted));
      else right += Number(own.every((score, place) => score > 0 === wanted[place] > 0.5));
    }
    return right / count;
  }
}

export function largestAt(numbers: ArrayLike<number>): number {
  let best = 0;
  for (let place = 1; place < numbers.length; place += 1) if (numbers[place] > numbers[best]) best = place;
  return best;
}
