// A perceptron of any sizes as gates: t = x·W + b and h = σ(t), layer by layer, on parameters that lie in one row.
import { type Gate, layValues, Machine, type Program, type Routine, type Run, unfold } from "../story/machine.js";
import type { NumberArray } from "../story/primitives.js";
import type { PlainNetwork, PlainRun } from "../types/specification.js";

/** What a network is, beside the numbers of its weights. */
export type Form = Omit<PlainNetwork, "parameters">;

/** Where the weights and biases of a layer lie in the row of parameters. */
interface LayerPlace {
  before: number;
  after: number;
  /** Of the weights, row by row. */
  weights: number;
  biases: number;
}

/** Where everything lies; the last entry of `starts` is the length of the row. */
export function layerPlaces({ sizes, isBiasFirst }: Pick<Form, "sizes" | "isBiasFirst">): LayerPlace[] {
  let start = 0;
  return sizes.slice(1).map((after, layer) => {
    const before = sizes[layer];
    const [weights, biases] = isBiasFirst ? [start + after, start] : [start, start + before * after];
    start += (before + 1) * after;
    return { before, after, weights, biases };
  });
}

/** How many numbers a network has. */
export function parameterCount(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, after, layer) => sum + (sizes[layer] + 1) * after, 0);
}

/** Gates as they are laid down, one after another. */
class Layout {
  readonly gates: Gate[] = [];

  leaf(shape: number[], data?: Float64Array): number {
    return this.gates.push({ arguments: [], program: null, shape, data }) - 1;
  }

  gate(program: Program, ...places: number[]): number {
    return this.gates.push({ arguments: places, program, shape: [] }) - 1;
  }
}

type Programs = Readonly<Record<string, Program>>;

interface Scored {
  layout: Layout;
  features: number;
  scores: number;
  /** By layer, counted from 0. */
  units: number[];
  parameters: { node: number; start: number }[];
}

function layScores(form: Form, programs: Programs, row: Float64Array, count: number): Scored {
  const layout = new Layout();
  const features = layout.leaf([count, form.sizes[0]]);
  const parameters: Scored["parameters"] = [];
  const parameter = (shape: number[], start: number) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const node = layout.leaf(shape, row.subarray(start, start + size));
    parameters.push({ node, start });
    return node;
  };
  let values = features;
  const units = layerPlaces(form).map(({ before, after, weights, biases }, layer) => {
    const product = layout.gate(programs.matmul, values, parameter([before, after], weights));
    values = layout.gate(programs.add, product, parameter([after], biases));
    const activation = form.activations[layer] ?? "identity";
    if (activation !== "identity") values = layout.gate(programs[activation], values);
    return values;
  });
  return { layout, features, scores: values, units, parameters };
}

function layPrediction({ layout, scores }: Scored, form: Form, programs: Programs): number {
  return form.output === "identity" ? scores : layout.gate(programs[form.output], scores);
}

/** The forward sweep to the predictions, for a fixed number of examples. */
export class Predictor {
  readonly features: NumberArray;
  readonly scores: NumberArray;
  readonly predictions: NumberArray;
  /** Values of all units by layer, the outputs' scores last. */
  readonly units: NumberArray[];
  private readonly runs: Run[] = [];

  constructor(form: Form, programs: Programs, row: Float64Array, count: number) {
    const scored = layScores(form, programs, row, count);
    const predictions = layPrediction(scored, form, programs);
    const values = layValues(scored.layout.gates, this.runs);
    this.features = values[scored.features];
    this.scores = values[scored.scores];
    this.predictions = values[predictions];
    this.units = scored.units.map((node) => values[node]);
  }

  run(): void {
    for (const run of this.runs) run();
  }
}

/** Misfit and its gradient for a fixed number of examples; the penalty is not in it. */
export interface Misfit {
  readonly features: NumberArray;
  readonly targets: NumberArray;
  readonly scores: NumberArray;
  readonly units: NumberArray[];
  /** The mean over the examples, after the forward sweep. */
  evaluate(): number;
  /** Write the gradient into a row, after `evaluate`. */
  pullInto(gradient: Float64Array): void;
}

/** Makes what stands in a perceptron's place where a network came as graphs. */
type MakeOther = new (graphs: NonNullable<Form["graphs"]>, row: Float64Array, count: number) => Misfit;
let OtherMisfit: MakeOther;

/** Let this page train networks that came as graphs. */
export function useOtherMisfit(given: MakeOther): void {
  OtherMisfit = given;
}

export function misfitOf(form: Form, programs: Programs, row: Float64Array, count: number): Misfit {
  return form.graphs ? new OtherMisfit(form.graphs, row, count) : new MisfitMachine(form, programs, row, count);
}

class MisfitMachine implements Misfit {
  readonly features: NumberArray;
  readonly targets: NumberArray;
  readonly scores: NumberArray;
  readonly units: NumberArray[];
  private readonly machine: Machine;
  private readonly misfit: NumberArray;
  private readonly found: { start: number; data: Float64Array }[];

  constructor(form: Form, programs: Programs, row: Float64Array, count: number) {
    const scored = layScores(form, programs, row, count);
    const { layout, features, scores, parameters } = scored;
    const outputs = form.sizes.at(-1)!;
    const targets = layout.leaf([count, outputs]);
    const compared = form.isFused ? scores : layPrediction(scored, form, programs);
    const misfit = layout.gate(programs.misfit, compared, targets);
    const isFixed = layout.gates.map((_, node) => node === features || node === targets);
    this.machine = new Machine(layout.gates, misfit, isFixed);
    const { values, adjoints } = this.machine;
    // The sum over all examples is the root of the sweep; its mean is what is minimised.
    this.share = form.factor / count;
    adjoints[misfit]!.data[0] = this.share;
    [this.features, this.targets, this.scores, this.misfit] = [features, targets, scores, misfit].map(
      (node) => values[node],
    );
    this.units = scored.units.map((node) => values[node]);
    this.found = parameters.flatMap(({ node, start }) => {
      const data = adjoints[node]?.data;
      return data ? [{ start, data }] : [];
    });
  }

  private readonly share: number;

  evaluate(): number {
    this.machine.evaluate();
    return this.share * this.misfit.data[0];
  }

  pullInto(gradient: Float64Array): void {
    this.machine.reverse();
    for (const { start, data } of this.found) gradient.set(data, start);
  }
}

// What weights cost beside the misfit, by a rule that came as a program.

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

// Examples on which any parameters can be tried: loss, accuracy, and gradient.

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
  readonly machine: Misfit;
  private readonly penalty: Penalty;
  private readonly row: Float64Array;

  constructor(
    plain: PlainRun,
    readonly form: Form,
    readonly examples: ExampleRows,
  ) {
    this.row = new Float64Array(form.graphs?.count ?? parameterCount(form.sizes));
    this.machine = misfitOf(form, plain.programs, this.row, examples.features.shape[0]);
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

/** Where the numbers of largest size stand, in their order. */
export function largestPlaces(numbers: Float64Array, most: number): number[] {
  return Array.from(numbers.keys())
    .sort((one, other) => Math.abs(numbers[other]) - Math.abs(numbers[one]))
    .slice(0, most)
    .sort((one, other) => one - other);
}
