// Steps of training as a page takes them, beside a network of one object per neuron and a loop written for one shape.
import { ARRAY_PRIMITIVES } from "../web/src/story/array_primitives";
import { usePrimitives } from "../web/src/story/primitives";
import { Learner } from "../web/src/training/learner";
import type { PlainRun } from "../web/src/types/specification";

interface Link {
  from: Unit;
  to: Unit;
  weight: number;
  slope: number;
}

/** A unit as an object that knows its links, as in TensorFlow's Playground. */
class Unit {
  incoming: Link[] = [];
  outgoing: Link[] = [];
  bias = 0;
  biasSlope = 0;
  total = 0;
  value = 0;
  upstream = 0;
  constructor(readonly isLast: boolean) {}

  evaluate() {
    this.total = this.bias;
    for (const link of this.incoming) this.total += link.weight * link.from.value;
    this.value = this.isLast ? this.total : Math.tanh(this.total);
  }
}

/** With half the squared error, so that both networks take the same products. */
class UnitNetwork {
  readonly layers: Unit[][];
  constructor(sizes: number[], row: Float64Array) {
    this.layers = sizes.map((size, layer) => Array.from({ length: size }, () => new Unit(layer === sizes.length - 1)));
    let start = 0;
    this.layers.slice(1).forEach((units, layer) => {
      const before = this.layers[layer];
      before.forEach((from, row_) =>
        units.forEach((to, column) => {
          const link = { from, to, weight: row[start + row_ * units.length + column], slope: 0 };
          from.outgoing.push(link);
          to.incoming.push(link);
        }),
      );
      start += before.length * units.length;
      units.forEach((unit, column) => (unit.bias = row[start + column]));
      start += units.length;
    });
  }

  step(features: Float64Array, targets: Float64Array, order: number[], rate: number) {
    const width = this.layers[0].length;
    for (const example of order) {
      this.layers[0].forEach((unit, place) => (unit.value = features[example * width + place]));
      for (const units of this.layers.slice(1)) for (const unit of units) unit.evaluate();
      const last = this.layers.at(-1)![0];
      last.upstream = last.value - targets[example];
      for (let layer = this.layers.length - 1; layer > 0; layer -= 1) {
        for (const unit of this.layers[layer]) {
          if (!unit.isLast) {
            unit.upstream = 0;
            for (const link of unit.outgoing) unit.upstream += link.weight * link.to.upstream;
            unit.upstream *= 1 - unit.value * unit.value;
          }
          unit.biasSlope += unit.upstream;
          for (const link of unit.incoming) link.slope += unit.upstream * link.from.value;
        }
      }
    }
    for (const units of this.layers.slice(1)) {
      for (const unit of units) {
        unit.bias -= (rate / order.length) * unit.biasSlope;
        unit.biasSlope = 0;
        for (const link of unit.incoming) {
          link.weight -= (rate / order.length) * link.slope;
          link.slope = 0;
        }
      }
    }
  }

  get row(): number[] {
    return this.layers
      .slice(1)
      .flatMap((units, layer) => [
        ...this.layers[layer].flatMap((unit) => unit.outgoing.map(({ weight }) => weight)),
        ...units.map(({ bias }) => bias),
      ]);
  }
}

/** out += left · right, or with one of them turned, for matrices in rows: loops for these products and nothing else. */
function product(out: Float64Array, left: Float64Array, right: Float64Array, n: number, m: number, k: number) {
  out.fill(0);
  const whole = m - (m % 4);
  for (let i = 0; i < n; i += 1) {
    let p = 0;
    for (; p < whole; p += 4) {
      const [a, b, c, d] = [left[i * m + p], left[i * m + p + 1], left[i * m + p + 2], left[i * m + p + 3]];
      let [r, s, t, u] = [p * k, (p + 1) * k, (p + 2) * k, (p + 3) * k];
      for (let j = i * k; j < (i + 1) * k; j += 1)
        out[j] += a * right[r++] + b * right[s++] + (c * right[t++] + d * right[u++]);
    }
    for (; p < m; p += 1) {
      const a = left[i * m + p];
      let r = p * k;
      for (let j = i * k; j < (i + 1) * k; j += 1) out[j] += a * right[r++];
    }
  }
}

function turned(out: Float64Array, from: Float64Array, rows: number, columns: number) {
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) out[column * rows + row] = from[row * columns + column];
  }
}

function tanh(x: number) {
  return x > -0.3 && x < 0.3 ? Math.tanh(x) : 1 - 2 / (Math.exp(2 * x) + 1);
}

/** One hidden layer, softmax and cross-entropy, batch after batch in the given order: written for this alone. */
class TunedLoop {
  private readonly buffers: Record<string, Float64Array>;
  constructor(
    readonly sizes: number[],
    readonly row: Float64Array,
    readonly count: number,
  ) {
    const [a, b, c] = sizes;
    const made = { x: count * a, y: count * c, xt: a * count, h: count * b, ht: b * count, o: count * c, wt: c * b };
    const more = { gh: count * b, g1: a * b, g2: b * c };
    this.buffers = Object.fromEntries(
      Object.entries({ ...made, ...more }).map(([name, size]) => [name, new Float64Array(size)]),
    );
  }

  step(features: Float64Array, targets: Float64Array, order: ArrayLike<number>, rate: number) {
    const { row, count } = this;
    const [a, b, c] = this.sizes;
    const { x, y, xt, h, ht, o, wt, gh, g1, g2 } = this.buffers;
    const [b1, w2, b2] = [a * b, a * b + b, a * b + b + b * c];
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < a; j += 1) x[i * a + j] = features[order[i] * a + j];
      for (let j = 0; j < c; j += 1) y[i * c + j] = targets[order[i] * c + j];
    }
    product(h, x, row.subarray(0, b1), count, a, b);
    for (let i = 0; i < count; i += 1) for (let j = 0; j < b; j += 1) h[i * b + j] = tanh(h[i * b + j] + row[b1 + j]);
    product(o, h, row.subarray(w2, b2), count, b, c);
    for (let i = 0; i < count; i += 1) {
      let largest = -Infinity;
      for (let j = i * c; j < (i + 1) * c; j += 1) largest = Math.max(largest, (o[j] += row[b2 + j - i * c]));
      let total = 0;
      for (let j = i * c; j < (i + 1) * c; j += 1) total += o[j] = Math.exp(o[j] - largest);
      for (let j = i * c; j < (i + 1) * c; j += 1) o[j] = (o[j] / total - y[j]) / count;
    }
    turned(wt, row.subarray(w2, b2), b, c);
    product(gh, o, wt, count, c, b);
    for (let j = 0; j < gh.length; j += 1) gh[j] *= 1 - h[j] * h[j];
    turned(ht, h, count, b);
    product(g2, ht, o, b, count, c);
    turned(xt, x, count, a);
    product(g1, xt, gh, a, count, b);
    for (let j = 0; j < g1.length; j += 1) row[j] -= rate * g1[j];
    for (let j = 0; j < g2.length; j += 1) row[w2 + j] -= rate * g2[j];
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < b; j += 1) row[b1 + j] -= rate * gh[i * b + j];
      for (let j = 0; j < c; j += 1) row[b2 + j] -= rate * o[i * c + j];
    }
  }
}

const ROUNDS = 25;

/** Microseconds of one step of each, in turn: medians over the rounds. */
function timed(steps: Record<string, () => void>, calls: number): Record<string, number> {
  const found: Record<string, number[]> = Object.fromEntries(Object.keys(steps).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    for (const [name, step] of Object.entries(steps)) {
      const began = performance.now();
      for (let call = 0; call < calls; call += 1) step();
      if (round >= 3) found[name].push((1000 * (performance.now() - began)) / calls);
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, each]) => [name, each.sort((p, q) => p - q)[ROUNDS >> 1]]),
  );
}

function furthest(one: ArrayLike<number>, other: ArrayLike<number>) {
  return Array.from(one).reduce((most, each, place) => Math.max(most, Math.abs(each - other[place])), 0);
}

/** The two comparisons; runs are those of whole batches, so that all take the same examples. */
export function compareSteps(small: PlainRun, large: PlainRun) {
  usePrimitives(ARRAY_PRIMITIVES);
  const [first, second] = [small, large].map((plain) => new Learner(plain));
  const all = Array.from({ length: small.batchSize }, (_, place) => place);
  const units = new UnitNetwork(first.form.sizes, first.parameters);
  const onUnits = () => units.step(first.train.features.data, first.train.targets.data, all, first.learningRate);
  const order = Array.from({ length: large.batchSize }, (_, place) => place);
  const tuned = new TunedLoop(second.form.sizes, second.parameters.slice(), large.batchSize);
  const onTuned = () => tuned.step(second.train.features.data, second.train.targets.data, order, second.learningRate);
  for (let step = 0; step < 20; step += 1)
    [() => first.step(), onUnits, () => second.step(), onTuned].forEach((each) => each());
  return {
    apart: [furthest(first.parameters, units.row), furthest(second.parameters, tuned.row)],
    small: timed({ "one object per neuron": onUnits, page: () => first.step() }, 100),
    large: timed({ "loop for this shape": onTuned, page: () => second.step() }, 10),
  };
}
