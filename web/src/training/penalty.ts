// What weights cost beside the misfit, by a rule that came as a program.
import { type Routine, type Run, unfold } from "../story/machine.js";
import { type Form, layerPlaces } from "./perceptron.js";

/** What weights cost, whatever the examples are: a value and a slope for each number of the row. */
export class Penalty {
  readonly slopes: Float64Array;
  private readonly strengths: Float64Array;
  private readonly values: Float64Array;
  private readonly runs: Run[] = [];

  constructor(
    routine: Routine,
    readonly form: Form,
    parameters: Float64Array,
  ) {
    const shape = [parameters.length];
    this.strengths = new Float64Array(parameters.length);
    const given = [parameters, this.strengths].map((data) => ({ shape, data }));
    [this.values, this.slopes] = unfold(routine, given, this.runs).map((each) => each!.data);
    this.setStrength(form.l2);
  }

  setStrength(strength: number): void {
    for (const { before, after, weights } of layerPlaces(this.form)) {
      this.strengths.fill(strength, weights, weights + before * after);
    }
  }

  evaluate(): number {
    for (const run of this.runs) run();
    return this.values.reduce((sum, each) => sum + each, 0);
  }
}
