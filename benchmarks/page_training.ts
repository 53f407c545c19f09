// Steps of training as a page takes them, beside a network of one object per neuron and a loop written for one shape.

import { multiplyMatrices } from "../web/src/story/matrices";
import { usePrimitives } from "../web/src/story/primitives";
import { TIGHT_PRIMITIVES } from "../web/src/story/tight_loops";
import { Learner } from "../web/src/training/learner";
import type { PlainRun } from "../web/src/types/specification";
import { UnitNetwork } from "./unit_objects";

function turned(
  out: Float64Array,
  from: Float64Array,
  rows: number,
  columns: number,
) {
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      out[column * rows + row] = from[row * columns + column];
  }
}

function tanh(x: number) {
  return x > -0.3 && x < 0.3 ? Math.tanh(x) : 1 - 2 / (Math.exp(2 * x) + 1);
}

/**
 * One hidden layer, softmax and cross-entropy, batch after batch in the given order: written for this alone, around the
 * page's own product of matrices.
 */
class TunedLoop {
  private readonly buffers: Record<string, Float64Array>;
  constructor(
    readonly sizes: number[],
    readonly row: Float64Array,
    readonly count: number,
  ) {
    const [a, b, c] = sizes;
    const made = {
      x: count * a,
      y: count * c,
      xt: a * count,
      h: count * b,
      ht: b * count,
      o: count * c,
      wt: c * b,
    };
    const more = { gh: count * b, g1: a * b, g2: b * c };
    this.buffers = Object.fromEntries(
      Object.entries({ ...made, ...more }).map(([name, size]) => [
        name,
        new Float64Array(size),
      ]),
    );
  }

  step(
    features: Float64Array,
    targets: Float64Array,
    order: ArrayLike<number>,
    rate: number,
  ) {
    const { row, count } = this;
    const [a, b, c] = this.sizes;
    const { x, y, xt, h, ht, o, wt, gh, g1, g2 } = this.buffers;
    const [b1, w2, b2] = [a * b, a * b + b, a * b + b + b * c];
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < a; j += 1) x[i * a + j] = features[order[i] * a + j];
      for (let j = 0; j < c; j += 1) y[i * c + j] = targets[order[i] * c + j];
    }
    multiplyMatrices(h, x, row.subarray(0, b1), count, a, b);
    for (let i = 0; i < count; i += 1)
      for (let j = 0; j < b; j += 1)
        h[i * b + j] = tanh(h[i * b + j] + row[b1 + j]);
    multiplyMatrices(o, h, row.subarray(w2, b2), count, b, c);
    for (let i = 0; i < count; i += 1) {
      let largest = -Infinity;
      for (let j = i * c; j < (i + 1) * c; j += 1)
        largest = Math.max(largest, (o[j] += row[b2 + j - i * c]));
      let total = 0;
      for (let j = i * c; j < (i + 1) * c; j += 1)
        total += o[j] = Math.exp(o[j] - largest);
      for (let j = i * c; j < (i + 1) * c; j += 1)
        o[j] = (o[j] / total - y[j]) / count;
    }
    turned(wt, row.subarray(w2, b2), b, c);
    multiplyMatrices(gh, o, wt, count, c, b);
    for (let j = 0; j < gh.length; j += 1) gh[j] *= 1 - h[j] * h[j];
    turned(ht, h, count, b);
    multiplyMatrices(g2, ht, o, b, count, c);
    turned(xt, x, count, a);
    multiplyMatrices(g1, xt, gh, a, count, b);
    for (let j = 0; j < g1.length; j += 1) row[j] -= rate * g1[j];
    for (let j = 0; j < g2.length; j += 1) row[w2 + j] -= rate * g2[j];
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < b; j += 1) row[b1 + j] -= rate * gh[i * b + j];
      for (let j = 0; j < c; j += 1) row[b2 + j] -= rate * o[i * c + j];
    }
  }
}

const ROUNDS = 25;

declare const process: { cpuUsage(): { user: number; system: number } };

/** In microseconds, of this process: what others do on a busy machine is not in it. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of processor time of one step of each, in turn: medians over the rounds. */
function timed(
  steps: Record<string, () => void>,
  calls: number,
): Record<string, number> {
  const found: Record<string, number[]> = Object.fromEntries(
    Object.keys(steps).map((name) => [name, []]),
  );
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    for (const [name, step] of Object.entries(steps)) {
      const began = processorTime();
      for (let call = 0; call < calls; call += 1) step();
      if (round >= 3) found[name].push((processorTime() - began) / calls);
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, each]) => [
      name,
      each.sort((p, q) => p - q)[ROUNDS >> 1],
    ]),
  );
}

function furthest(one: ArrayLike<number>, other: ArrayLike<number>) {
  return Array.from(one).reduce(
    (most, each, place) => Math.max(most, Math.abs(each - other[place])),
    0,
  );
}

/** The two comparisons; runs are those of whole batches, so that all take the same examples. */
export function compareSteps(small: PlainRun, large: PlainRun) {
  usePrimitives(TIGHT_PRIMITIVES);
  const [first, second] = [small, large].map((plain) => new Learner(plain));
  const all = Array.from({ length: small.batchSize }, (_, place) => place);
  const units = new UnitNetwork(first.form.sizes, first.parameters);
  const onUnits = () =>
    units.step(
      first.train.features.data,
      first.train.targets.data,
      all,
      first.learningRate,
    );
  const order = Array.from({ length: large.batchSize }, (_, place) => place);
  const tuned = new TunedLoop(
    second.form.sizes,
    second.parameters.slice(),
    large.batchSize,
  );
  const onTuned = () =>
    tuned.step(
      second.train.features.data,
      second.train.targets.data,
      order,
      second.learningRate,
    );
  for (let step = 0; step < 20; step += 1)
    [() => first.step(), onUnits, () => second.step(), onTuned].forEach(
      (each) => each(),
    );
  return {
    apart: [
      furthest(first.parameters, units.row),
      furthest(second.parameters, tuned.row),
    ],
    small: timed(
      { "one object per neuron": onUnits, page: () => first.step() },
      100,
    ),
    large: timed(
      { "loop for this shape": onTuned, page: () => second.step() },
      10,
    ),
  };
}
