// What a page can compute: each primitive's shape rule, and how a call of it is made ready for arrays that stay.
import { ELEMENTWISE, loop } from "./elementwise.js";
import { choleskyFactor, invertMatrix, logDeterminant, multiplyMatrices, solveSystem } from "./linear_algebra.js";
import { broadcastShape, permutedPlaces, readIndex, repeatedPlaces, sameShape, sizeOf } from "./shapes.js";
import type { Shape } from "./shapes.js";

/** An array in C order; a scalar has shape [] and one entry. */
export interface NumberArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** What a call is given beside its arguments. */
export interface Settings {
  readonly shape?: readonly number[];
  readonly axes?: readonly number[];
  readonly axis?: number;
  readonly keepdims?: boolean;
  readonly index?: string;
  readonly size?: number;
}

/** A call made ready: the array that it fills, and what fills it; null where the array shares its argument's entries. */
export interface Prepared {
  readonly out: NumberArray;
  readonly run: (() => void) | null;
}

type Prepare = (args: readonly NumberArray[], settings: Settings) => Prepared;

function fresh(shape: Shape): NumberArray {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

function filled(shape: Shape, fill: (out: Float64Array) => void): Prepared {
  const out = fresh(shape);
  return { out, run: () => fill(out.data) };
}

/** Entries of the argument in another order, or repeated. */
function gathered(shape: Shape, x: Float64Array, places: Int32Array): Prepared {
  return filled(shape, (out) => {
    for (let i = 0; i < places.length; i += 1) out[i] = x[places[i]!]!;
  });
}

function prepareElementwise(name: string, args: readonly NumberArray[]): Prepared {
  const shape = broadcastShape(...args.map((each) => each.shape));
  const size = sizeOf(shape);
  if (size === 1) {
    const compute = ELEMENTWISE[name]!;
    const [x, y, z] = args.map((each) => each.data) as [Float64Array, Float64Array?, Float64Array?];
    if (y === undefined) return filled(shape, (out) => void (out[0] = compute(x[0]!, 0, 0)));
    if (z === undefined) return filled(shape, (out) => void (out[0] = compute(x[0]!, y[0]!, 0)));
    return filled(shape, (out) => void (out[0] = compute(x[0]!, y[0]!, z[0]!)));
  }
  const repeats: (() => void)[] = [];
  const operands = args.map((each) => {
    if (each.data.length === 1) return { data: each.data, step: 0 as const };
    if (each.data.length === size) return { data: each.data, step: 1 as const };
    const repeated = gathered(shape, each.data, repeatedPlaces(each.shape, shape));
    repeats.push(repeated.run!);
    return { data: repeated.out.data, step: 1 as const };
  });
  return filled(shape, (out) => {
    for (const repeat of repeats) repeat();
    loop(name, out, operands);
  });
}

/** [before, along, behind] for a reduction over axes that have been moved to the middle. */
function prepareReduction(
  x: NumberArray,
  { axes = [], keepdims = false }: Settings,
  reduce: (out: Float64Array, lanes: Float64Array, width: number) => void,
): Prepared {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const shape = keepdims
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : kept.map((axis) => x.shape[axis]!);
  const width = sizeOf(axes.map((axis) => x.shape[axis]!));
  const order = [...kept, ...axes];
  const isInOrder = order.every((axis, place) => axis === place);
  if (isInOrder) return filled(shape, (out) => reduce(out, x.data, width));
  const lanes = gathered([x.data.length], x.data, permutedPlaces(x.shape, order));
  return filled(shape, (out) => {
    lanes.run!();
    reduce(out, lanes.out.data, width);
  });
}

function fold(start: number, join: (one: number, other: number) => number) {
  return (out: Float64Array, lanes: Float64Array, width: number): void => {
    for (let lane = 0; lane < out.length; lane += 1) {
      let total = start;
      for (let i = lane * width; i < (lane + 1) * width; i += 1) total = join(total, lanes[i]!);
      out[lane] = total;
    }
  };
}

/** Sums in two halves, recursively, so that rounding grows with the logarithm of the number of terms. */
function pairwiseSum(x: Float64Array, from: number, to: number): number {
  if (to - from <= 32) {
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += x[i]!;
    return sum;
  }
  const middle = (from + to) >> 1;
  return pairwiseSum(x, from, middle) + pairwiseSum(x, middle, to);
}

function sumLanes(out: Float64Array, lanes: Float64Array, width: number): void {
  for (let lane = 0; lane < out.length; lane += 1) out[lane] = pairwiseSum(lanes, lane * width, (lane + 1) * width);
}

/** Arguments of a matrix product as stacks of matrices of one shape, batches repeated where they are broadcast. */
function prepareMatmul(left: NumberArray, right: NumberArray): Prepared {
  const leftShape = left.shape.length === 1 ? [1, ...left.shape] : left.shape;
  const rightShape = right.shape.length === 1 ? [...right.shape, 1] : right.shape;
  const rows = leftShape.at(-2)!;
  const inner = leftShape.at(-1)!;
  const columns = rightShape.at(-1)!;
  if (rightShape.at(-2) !== inner) throw new Error(`shapes ${left.shape} and ${right.shape} have no matrix product`);
  const batch = broadcastShape(leftShape.slice(0, -2), rightShape.slice(0, -2));
  const count = sizeOf(batch);
  const leftAt = repeatedPlaces(leftShape.slice(0, -2), batch);
  const rightAt = repeatedPlaces(rightShape.slice(0, -2), batch);
  const shape = [
    ...batch,
    ...(left.shape.length > 1 ? [rows] : []),
    ...(right.shape.length > 1 ? [columns] : []),
  ];
  return stacked(shape, count, rows * columns, (out, place) => {
    const from = leftAt[place]! * rows * inner;
    const other = rightAt[place]! * inner * columns;
    const one = left.data.subarray(from, from + rows * inner);
    const two = right.data.subarray(other, other + inner * columns);
    multiplyMatrices(out, one, two, rows, inner, columns);
  });
}

/** One matrix after another. */
function stacked(shape: Shape, count: number, size: number, fill: (out: Float64Array, place: number) => void): Prepared {
  return filled(shape, (out) => {
    if (count === 1) fill(out, 0);
    else for (let place = 0; place < count; place += 1) fill(out.subarray(place * size, (place + 1) * size), place);
  });
}

function prepareSolve(matrix: NumberArray, right: NumberArray): Prepared {
  const size = matrix.shape.at(-1)!;
  const isVector = right.shape.length === 1;
  const columnsShape = isVector ? [size, 1] : right.shape;
  const columns = columnsShape.at(-1)!;
  const batch = broadcastShape(matrix.shape.slice(0, -2), columnsShape.slice(0, -2));
  const matrixAt = repeatedPlaces(matrix.shape.slice(0, -2), batch);
  const rightAt = repeatedPlaces(columnsShape.slice(0, -2), batch);
  const shape = isVector ? [...batch, size] : [...batch, size, columns];
  return stacked(shape, sizeOf(batch), size * columns, (out, place) => {
    const from = matrixAt[place]! * size * size;
    const other = rightAt[place]! * size * columns;
    solveSystem(
      out,
      matrix.data.subarray(from, from + size * size),
      right.data.subarray(other, other + size * columns),
      size,
      columns,
    );
  });
}

function ofEachMatrix(fill: (out: Float64Array, matrix: Float64Array, size: number) => void): Prepare {
  return ([matrix]) => {
    const size = matrix!.shape.at(-1)!;
    const count = sizeOf(matrix!.shape.slice(0, -2));
    const area = size * size;
    return stacked(matrix!.shape, count, area, (out, place) => {
      fill(out, matrix!.data.subarray(place * area, (place + 1) * area), size);
    });
  };
}

/** Runs along one axis, kept in order. */
function alongAxis(x: NumberArray, axis: number, walkLane: (first: number, step: number, length: number) => void): void {
  const length = x.shape[axis]!;
  const step = sizeOf(x.shape.slice(axis + 1));
  for (let outer = 0; outer < sizeOf(x.shape.slice(0, axis)); outer += 1) {
    for (let inner = 0; inner < step; inner += 1) walkLane(outer * length * step + inner, step, length);
  }
}

function running(join: (total: number, next: number) => number, start: number): Prepare {
  return ([x], { axis = 0 }) =>
    filled(x!.shape, (out) => {
      alongAxis(x!, axis, (first, step, length) => {
        let total = start;
        for (let k = 0; k < length; k += 1) out[first + k * step] = total = join(total, x!.data[first + k * step]!);
      });
    });
}

/** NaN stands last, equal numbers keep their order. */
function compare(one: number, other: number): number {
  if (Number.isNaN(one)) return Number.isNaN(other) ? 0 : 1;
  return Number.isNaN(other) ? -1 : one - other || 0;
}

function prepareArgsort([x]: readonly NumberArray[], { axis = 0 }: Settings): Prepared {
  return filled(x!.shape, (out) => {
    alongAxis(x!, axis, (first, step, length) => {
      const order = Array.from({ length }, (_, k) => k);
      order.sort((one, other) => compare(x!.data[first + one * step]!, x!.data[first + other * step]!));
      order.forEach((from, k) => (out[first + k * step] = from));
    });
  });
}

/** Calls `visit(place, other)` with each entry of `order` and the entry of an array of `shape` that it names. */
function visitAlong(order: NumberArray, axis: number, shape: Shape, visit: (place: number, other: number) => void): void {
  const size = shape[axis]!;
  const step = sizeOf(shape.slice(axis + 1));
  const length = order.shape[axis]!;
  alongAxis(order, axis, (first, stride, count) => {
    const inner = first % stride;
    const outer = (first - inner) / (length * stride);
    for (let k = 0; k < count; k += 1) {
      const named = order.data[first + k * stride]!;
      visit(first + k * stride, (outer * size + (named < 0 ? named + size : named)) * step + inner);
    }
  });
}

const STRUCTURAL: Readonly<Record<string, Prepare>> = {
  matmul: ([left, right]) => prepareMatmul(left!, right!),
  sum: ([x], settings) => prepareReduction(x!, settings, sumLanes),
  prod: ([x], settings) => prepareReduction(x!, settings, fold(1, (one, other) => one * other)),
  max: ([x], settings) => prepareReduction(x!, settings, fold(-Infinity, Math.max)),
  min: ([x], settings) => prepareReduction(x!, settings, fold(Infinity, Math.min)),
  cumsum: running((total, next) => total + next, 0),
  cumprod: running((total, next) => total * next, 1),
  reshape: ([x], { shape = [] }) => ({ out: { shape, data: x!.data }, run: null }),
  transpose: ([x], { axes = [] }) =>
    gathered(
      axes.map((axis) => x!.shape[axis]!),
      x!.data,
      permutedPlaces(x!.shape, axes),
    ),
  broadcast_to: ([x], { shape = [] }) => gathered(shape, x!.data, repeatedPlaces(x!.shape, shape)),
  getitem: ([x], { index = "..." }) => {
    const { shape, places } = readIndex(index, x!.shape);
    return gathered(shape, x!.data, places);
  },
  scatter: ([x], { index = "...", shape = [] }) => {
    const { places } = readIndex(index, shape);
    const spread = repeatedPlaces(x!.shape, readIndex(index, shape).shape);
    return filled(shape, (out) => {
      out.fill(0);
      for (let i = 0; i < places.length; i += 1) out[places[i]!] = out[places[i]!]! + x!.data[spread[i]!]!;
    });
  },
  concatenate: (parts, { axis = 0 }) => {
    const first = parts[0]!.shape;
    const along = parts.map((part) => part.shape[axis]!);
    const total = along.reduce((sum, each) => sum + each, 0);
    const behind = sizeOf(first.slice(axis + 1));
    const before = sizeOf(first.slice(0, axis));
    return filled(
      first.map((size, place) => (place === axis ? total : size)),
      (out) => {
        let start = 0;
        parts.forEach((part, order) => {
          const width = along[order]! * behind;
          for (let row = 0; row < before; row += 1) {
            out.set(part.data.subarray(row * width, (row + 1) * width), row * total * behind + start);
          }
          start += width;
        });
      },
    );
  },
  argsort: prepareArgsort,
  take_along_axis: ([x, order], { axis = 0 }) =>
    filled(order!.shape, (out) => {
      visitAlong(order!, axis, x!.shape, (place, other) => (out[place] = x!.data[other]!));
    }),
  put_along_axis: ([x, order], { axis = 0, size = 1 }) => {
    const shape = x!.shape.map((each, place) => (place === axis ? size : each));
    return filled(shape, (out) => {
      out.fill(0);
      visitAlong(order!, axis, shape, (place, other) => (out[other] = out[other]! + x!.data[place]!));
    });
  },
  solve: ([matrix, right]) => prepareSolve(matrix!, right!),
  inverse: ofEachMatrix(invertMatrix),
  cholesky: ofEachMatrix(choleskyFactor),
  logdet: ([matrix]) => {
    const size = matrix!.shape.at(-1)!;
    return filled(matrix!.shape.slice(0, -2), (out) => {
      for (let place = 0; place < out.length; place += 1) {
        out[place] = logDeterminant(matrix!.data.subarray(place * size * size, (place + 1) * size * size), size);
      }
    });
  },
};

/** Sum an array over the axes along which an array of `shape` was repeated to it. */
export function prepareSumTo(x: NumberArray, shape: Shape): Prepared {
  if (sameShape(x.shape, shape)) return { out: x, run: null };
  const lead = x.shape.length - shape.length;
  if (lead <= 0 && x.shape.every((size, axis) => size === 1 || size === shape[axis - lead])) {
    return STRUCTURAL.broadcast_to!([x], { shape });
  }
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis < lead || shape[axis - lead] !== x.shape[axis]);
  const { out, run } = STRUCTURAL.sum!([x], { axes });
  return { out: { shape, data: out.data }, run };
}

/**
 * Make a call ready.
 * @throws where the page has no such primitive
 */
export function prepare(name: string, args: readonly NumberArray[], settings: Settings): Prepared {
  if (Object.hasOwn(ELEMENTWISE, name)) return prepareElementwise(name, args);
  if (Object.hasOwn(STRUCTURAL, name)) return STRUCTURAL[name]!(args, settings);
  throw new Error(`the page has no primitive "${name}"`);
}

/** Names of all primitives. */
export const PRIMITIVE_NAMES: readonly string[] = [...Object.keys(ELEMENTWISE), ...Object.keys(STRUCTURAL)];
