// A network that learns here: the steps of backpropviz.Training, with the same numbers, from rules that came as programs.
import type { NumberArray } from "../story/primitives.js";
import type { PlainExamples, PlainRun, WrittenArray } from "../types/specification.js";
import { LossWatch } from "./loss_watch.js";
import { type ExampleRows, type Form, type Measured, type Misfit, misfitOf, Penalty, Trial } from "./perceptron.js";
import { Shuffles } from "./random_draws.js";
import { Update } from "./update.js";

/** Training has left all bounds; the update that would follow was not made. */
export class Divergence extends Error {
  constructor(
    readonly step: number,
    readonly epoch: number,
    readonly rate: number,
    readonly losses: readonly number[],
  ) {
    super(`Training diverged at step ${step}.`);
  }
}

function readExamples(plain: PlainExamples): ExampleRows {
  return { features: readArray(plain.features), targets: readArray(plain.targets) };
}

/** A step before it is made. */
export interface NextStep {
  terms: { example: number; loss: number; gradient: Float64Array }[];
  mean: Float64Array;
  penalty: { loss: number; gradient: Float64Array } | null;
  after: Float64Array;
}

/** Copies rows of `from` into `into`, in the order of the places that stand from `first` on. */
function gatherRows(from: NumberArray, order: Uint32Array, first: number, into: NumberArray): void {
  const width = from.shape[1];
  const [source, target] = [from.data, into.data];
  for (let place = 0, row = first; place < target.length; row += 1) {
    for (let at = order[row] * width, end = at + width; at < end; at += 1, place += 1) target[place] = source[at];
  }
}

/** The rate of an epoch, counted from 0, from where it changes. */
function rateAt(rates: PlainRun["update"]["rates"], epoch: number): number {
  return rates[rates.findLastIndex(([from]) => from <= epoch)][1];
}

/** A run: it owns the parameters, and moves them. */
export class Learner {
  readonly form: Form;
  readonly train: ExampleRows;
  readonly validation: ExampleRows | null;
  /** All weights and biases in one row; see `layerPlaces`. */
  readonly parameters: Float64Array;
  /** Of the last step's batch, penalty included, in the same order. */
  readonly gradient: Float64Array;
  readonly watch = new LossWatch();
  readonly stepsPerEpoch: () => number;
  epoch = 0;
  steps = 0;
  examplesSeen = 0;
  /** Of the last step's batch, before its update. */
  batchLoss = NaN;
  /** Replaces the rates that came with the optimiser, where it is not null. */
  ownRate: number | null = null;
  private readonly update: Update;
  private readonly penalty: Penalty;
  private readonly batches = new Map<number, Misfit>();
  private readonly trials = new Map<ExampleRows, Trial>();
  private readonly shuffles: Shuffles;
  private order: Uint32Array;
  /** Was the order of the epoch that begins asked for before its first step? */
  private isDrawn = false;
  private position = 0;
  private size: number;
  private strength: number;

  /** first: the parameters to begin with; those of the run by default. */
  constructor(
    readonly plain: PlainRun,
    { form, first, examples }: { form?: Form; first?: Float64Array; examples?: [ExampleRows, ExampleRows | null] } = {},
  ) {
    this.form = form ?? plain.network;
    [this.train, this.validation] = examples ?? [
      readExamples(plain.train!),
      plain.validation && readExamples(plain.validation),
    ];
    this.parameters = first?.slice() ?? readArray(plain.network.parameters).data;
    this.gradient = new Float64Array(this.parameters.length);
    this.update = new Update(plain.update.routine, plain.update.kept, this.parameters, this.gradient);
    this.penalty = new Penalty(plain.penalty, this.form, this.parameters);
    this.strength = this.form.l2;
    this.size = Math.min(plain.batchSize, this.examples);
    this.shuffles = Shuffles.ofSeed(plain.seed);
    this.order = Uint32Array.from({ length: this.examples }, (_, place) => place);
    this.stepsPerEpoch = () => Math.ceil(this.examples / this.size);
  }

  /** How many there are to train on. */
  get examples(): number {
    return this.train.features.shape[0];
  }

  /** Features and coded targets of one example, those to train on first. */
  exampleAt(place: number): { features: Float64Array; targets: Float64Array } {
    const isTrained = place < this.examples;
    const { features, targets } = isTrained ? this.train : this.validation!;
    const row = isTrained ? place : place - this.examples;
    const rowOf = ({ data, shape }: NumberArray) => data.subarray(row * shape[1], (row + 1) * shape[1]);
    return { features: rowOf(features), targets: rowOf(targets) };
  }

  get learningRate(): number {
    return this.ownRate ?? rateAt(this.plain.update.rates, this.epoch);
  }

  get batchSize(): number {
    return this.size;
  }

  set batchSize(size: number) {
    this.size = size;
    this.batches.clear();
  }

  get l2(): number {
    return this.strength;
  }

  set l2(strength: number) {
    this.strength = strength;
    this.penalty.setStrength(strength);
    this.watch.forget();
  }

  /** Share of the present epoch that is done. */
  get epochProgress(): number {
    return this.position / this.examples;
  }

  /** To the end of the present epoch; of a whole one at its start. */
  stepsLeft(): number {
    return Math.round(this.stepsPerEpoch() * (1 - this.epochProgress)) || 1;
  }

  get epochsDone(): number {
    return this.epoch + this.epochProgress;
  }

  /** Overwrite one number of the row. */
  setParameter(place: number, value: number): void {
    this.parameters[place] = value;
    this.watch.forget();
  }

  /**
   * Take steps, across the ends of epochs where they fall.
   * @throws Divergence
   */
  step(count = 1): void {
    for (let taken = 0; taken < count; taken += 1) this.takeStep();
  }

  /** The batch of the next step. */
  nextExamples(): Uint32Array {
    if (this.position === 0 && this.size < this.examples && !this.isDrawn) {
      this.order = this.shuffles.order(this.examples);
      this.isDrawn = true;
    }
    return this.order.subarray(this.position, this.position + this.size);
  }

  /** What the next step is made of: loss and gradient of each example of its batch, the penalty's, and the new row. */
  nextStep(): NextStep {
    const examples = [...this.nextExamples()];
    const gradient = new Float64Array(this.parameters.length);
    const one = this.batchOf(1);
    const terms = examples.map((example) => {
      const { features, targets } = this.exampleAt(example);
      one.features.data.set(features);
      one.targets.data.set(targets);
      const loss = one.evaluate();
      const own = new Float64Array(gradient.length);
      one.pullInto(own);
      own.forEach((slope, place) => (gradient[place] += slope / examples.length));
      return { example, loss, gradient: own };
    });
    const mean = gradient.slice();
    const penalty = this.l2 ? { loss: this.penalty.evaluate(), gradient: this.penalty.slopes.slice() } : null;
    penalty?.gradient.forEach((slope, place) => (gradient[place] += slope));
    return { terms, mean, penalty, after: this.update.foresee(this.learningRate, this.parameters, gradient) };
  }

  /** Loss on all training examples, and what weights cost, at any parameters. */
  lossAt(parameters: Float64Array): Measured {
    return this.trialOf(this.train).measure(parameters, this.l2);
  }

  /** The same with its gradient, penalty included, written into a row. */
  gradientAt(parameters: Float64Array, gradient: Float64Array): Measured {
    const trial = this.trialOf(this.train);
    const found = trial.measure(parameters, this.l2);
    trial.pullInto(gradient, this.l2);
    return found;
  }

  /** The same on the held-out examples; null where there are none. */
  heldOutAt(parameters: Float64Array): Measured | null {
    return this.validation && this.trialOf(this.validation).measure(parameters, this.l2);
  }

  /** Values of all units by layer, a row per training example, at the parameters that were measured last. */
  get measuredUnits(): readonly NumberArray[] {
    return this.trialOf(this.train).machine.units;
  }

  private trialOf(examples: ExampleRows): Trial {
    const known = this.trials.get(examples) ?? new Trial(this.plain, this.form, examples);
    this.trials.set(examples, known);
    return known;
  }

  private takeStep(): void {
    const count = this.nextExamples().length;
    if (this.size < this.examples) this.isDrawn = false;
    const batch = this.batchOf(count);
    gatherRows(this.train.features, this.order, this.position, batch.features);
    gatherRows(this.train.targets, this.order, this.position, batch.targets);
    this.batchLoss = batch.evaluate() + (this.l2 ? this.penalty.evaluate() : 0);
    const rate = this.learningRate;
    if (this.watch.diverges(this.batchLoss)) {
      throw new Divergence(this.steps + 1, this.epoch + 1, rate, this.watch.recent);
    }
    batch.pullInto(this.gradient);
    if (this.l2) this.addPenalty();
    this.update.run(rate);
    this.steps += 1;
    this.examplesSeen += count;
    this.position += count;
    if (this.position < this.examples) return;
    this.position = 0;
    this.epoch += 1;
  }

  private addPenalty(): void {
    const [gradient, slopes] = [this.gradient, this.penalty.slopes];
    for (let place = 0; place < gradient.length; place += 1) gradient[place] += slopes[place];
  }

  private batchOf(count: number): Misfit {
    const known = this.batches.get(count) ?? misfitOf(this.form, this.plain.programs, this.parameters, count);
    this.batches.set(count, known);
    return known;
  }
}

// Arrays of examples and parameters as a page carries them; see backpropviz/learn/carried_run.py.

const LEVEL_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/** Read an array; every bit is as it was written. */
export function readArray({ shape, levels, text }: WrittenArray): NumberArray {
  if (levels) return { shape, data: Float64Array.from(text, (sign) => levels[LEVEL_SIGNS.indexOf(sign)]) };
  const bytes = new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
  const data = Float64Array.from({ length: bytes.byteLength / 8 }, (_, place) => bytes.getFloat64(8 * place, true));
  return { shape, data };
}
