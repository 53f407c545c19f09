// Primitives of whole arrays that training calls: products, sums, largest entries, moves; and functions that few graphs have.
import {
  entryCount,
  freshArray,
  gathered,
  type MorePrimitives,
  type NumberArray,
  type Prepare,
  type Prepared,
  type Settings,
} from "./primitives.js";
import { permutedPlaces, prepareElementwise, repeatedPlaces } from "./entry_loops.js";
import { prepareMatmul, turnMatrix } from "./matrices.js";

/* eslint no-loss-of-precision: "off" -- coefficients stand here as they were published */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

// Chebyshev coefficients of (1 + 2x) exp(x²) erfc(x) in t = (x - 3.75) / (x + 3.75) for x >= 0. The mapping is that of
// Schonfelder (1978), "Chebyshev expansions for the error and related functions", Math. Comp. 32; the coefficients were
// computed with 40 digits by projection on 80 Chebyshev nodes. The first is already halved.
const SCALED_ERFC_COEFFICIENTS = [
  1.177578934567401754, -0.004590054580646477331, -0.08424913336651791558, 0.0592099399981918905,
  -0.02665866843530575228, 0.009074997670705265094, -0.002413163540417608191, 0.0004907758365258086323,
  -0.00006916973302501206367, 4.139027986073010168e-6, 7.740383066198490669e-7, -2.188640104923439566e-7,
  1.076499946567091038e-8, 4.521959811218286898e-9, -7.754400208831351106e-10, -6.318088340886684494e-11,
  2.868795010930669898e-11, 1.945586854577734723e-13, -9.654696748433438906e-13, 3.252548148148739842e-14,
  3.347811948286805388e-14, -1.864562880419313102e-15, -1.250795053068864709e-15, 7.418235256624043463e-17,
  5.068148904796111317e-17, -2.237056659435599997e-18,
];

/** exp(-x²) without the rounding error of x², which exp would magnify: x is split so that one square is exact. */
function gaussian(x: number): number {
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp((head - x) * (head + x));
}

/** erf(x) by its Maclaurin series, for |x| <= 0.5 where a dozen terms reach the last bit. */
function erfSeries(x: number): number {
  const square = x * x;
  let power = 1;
  let sum = 1;
  for (let n = 1; n < 30; n += 1) {
    power *= -square / n;
    const next = sum + power / (2 * n + 1);
    if (next === sum) break;
    sum = next;
  }
  return TWO_OVER_ROOT_PI * x * sum;
}

/** erfc(x) for x > 0 by Clenshaw's recurrence; the tail keeps its relative accuracy. */
function erfcTail(x: number): number {
  if (x > 28) return 0;
  const t = (x - 3.75) / (x + 3.75);
  let current = 0;
  let previous = 0;
  for (let index = SCALED_ERFC_COEFFICIENTS.length - 1; index > 0; index -= 1) {
    [current, previous] = [2 * t * current - previous + SCALED_ERFC_COEFFICIENTS[index], current];
  }
  const scaled = t * current - previous + SCALED_ERFC_COEFFICIENTS[0];
  return (scaled * gaussian(x)) / (1 + 2 * x);
}

/** The error function 2/√π ∫₀ˣ exp(-t²) dt. */
export function erf(x: number): number {
  if (Math.abs(x) <= 0.5) return erfSeries(x);
  return x > 0 ? 1 - erfcTail(x) : x < 0 ? erfcTail(-x) - 1 : NaN;
}

/** The complement 1 - erf(x), accurate in the far tail where the subtraction would lose every digit. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.5) return 1 - erfSeries(x);
  return x > 0 ? erfcTail(x) : x < 0 ? 2 - erfcTail(-x) : NaN;
}

/** Reduces lanes of `width` entries: the first entries of lanes are `apart` from each other, those of one are `step`. */
type Reduce = (out: Float64Array, x: Float64Array, width: number, apart: number, step: number) => void;

/** A reduction over some axes; where they neither lead nor end the shape, lanes are moved together first. */
function prepareReduction(x: NumberArray, { axes = [], keepdims = false }: Settings, reduce: Reduce): Prepared {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const shape = keepdims
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : kept.map((axis) => x.shape[axis]);
  const width = entryCount(axes.map((axis) => x.shape[axis]));
  const isInOrder = (order: readonly number[]) => order.every((axis, place) => axis === place);
  if (isInOrder([...kept, ...axes])) return freshArray(shape, (out) => reduce(out, x.data, width, width, 1));
  if (isInOrder([...axes, ...kept])) return freshArray(shape, (out) => reduce(out, x.data, width, 1, out.length));
  const lanes = gathered([x.data.length], x.data, permutedPlaces(x.shape, [...kept, ...axes]));
  return freshArray(shape, (out) => {
    lanes.run!();
    reduce(out, lanes.out.data, width, width, 1);
  });
}

export function prepareFold(
  array: NumberArray,
  settings: Settings,
  start: number,
  join: (one: number, other: number) => number,
): Prepared {
  return prepareReduction(array, settings, (out, x, width, apart, step) => {
    for (let lane = 0; lane < out.length; lane += 1) {
      let total = start;
      for (let k = 0, i = lane * apart; k < width; k += 1, i += step) total = join(total, x[i]);
      out[lane] = total;
    }
  });
}

/** Sums in two halves, recursively, so that rounding grows with the logarithm of the number of terms. */
function pairwiseSum(x: Float64Array, from: number, count: number, step: number): number {
  if (count <= 32) {
    let sum = 0;
    for (let k = 0, i = from; k < count; k += 1, i += step) sum += x[i];
    return sum;
  }
  const half = count >> 1;
  return pairwiseSum(x, from, half, step) + pairwiseSum(x, from + half * step, count - half, step);
}

const sumLanes: Reduce = (out, x, width, apart, step) => {
  for (let lane = 0; lane < out.length; lane += 1) out[lane] = pairwiseSum(x, lane * apart, width, step);
};

/** Sum an array over the axes along which an array of `shape` was repeated to it. */
function prepareSumTo([x]: readonly NumberArray[], { shape = [] }: Settings): Prepared {
  const lead = x.shape.length - shape.length;
  if (lead <= 0 && x.shape.every((size, axis) => size === 1 || size === shape[axis - lead])) {
    return gathered(shape, x.data, repeatedPlaces(x.shape, shape));
  }
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis < lead || shape[axis - lead] !== x.shape[axis]);
  const { out, run } = prepareReduction(x, { axes }, sumLanes);
  return { out: { shape, data: out.data }, run };
}

/** By NumPy's name; `sum_to` undoes broadcasting. */
const STRUCTURAL: Readonly<Record<string, Prepare>> = {
  sum_to: prepareSumTo,
  matmul: ([left, right]) => prepareMatmul(left, right),
  sum: ([x], settings) => prepareReduction(x, settings, sumLanes),
  max: ([x], settings) => prepareFold(x, settings, -Infinity, Math.max),
  reshape: ([x], { shape = [] }) => ({ out: { shape, data: x.data }, run: null }),
  transpose: ([x], { axes = [] }) => {
    const shape = axes.map((axis) => x.shape[axis]);
    if (axes.join() === "1,0") return freshArray(shape, (out) => turnMatrix(out, x.data, shape[0]));
    return gathered(shape, x.data, permutedPlaces(x.shape, axes));
  },
  broadcast_to: ([x], { shape = [] }) => gathered(shape, x.data, repeatedPlaces(x.shape, shape)),
};

/** What perceptrons, losses, penalties and optimisers are made of: a page that trains these alone is lighter for it. */
export const LEARNING_PRIMITIVES: MorePrimitives = {
  functions: { erf, erfc },
  elementwise: prepareElementwise,
  structural: STRUCTURAL,
};
