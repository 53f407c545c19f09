// Primitives of whole arrays beyond those of training: extremes and running sums, joins, orders, indices, systems.
import {
  entryCount,
  freshArray,
  gathered,
  type MorePrimitives,
  type NumberArray,
  type Prepare,
  type Prepared,
  type Settings,
  type Shape,
} from "./primitives.js";
import { readIndex, repeatedPlaces } from "./entry_loops.js";
import { LEARNING_PRIMITIVES, prepareFold } from "./learning_primitives.js";
import { choleskyFactor, invertMatrix, ofEachMatrix, prepareLogDeterminant, prepareSolve } from "./matrices.js";

/** Runs along one axis, kept in order. */
function alongAxis(
  x: NumberArray,
  axis: number,
  walkLane: (first: number, step: number, length: number) => void,
): void {
  const length = x.shape[axis];
  const step = entryCount(x.shape.slice(axis + 1));
  for (let outer = 0; outer < entryCount(x.shape.slice(0, axis)); outer += 1) {
    for (let inner = 0; inner < step; inner += 1) walkLane(outer * length * step + inner, step, length);
  }
}

function running(join: (total: number, next: number) => number, start: number): Prepare {
  return ([x], { axis = 0 }) =>
    freshArray(x.shape, (out) => {
      alongAxis(x, axis, (first, step, length) => {
        let total = start;
        for (let k = 0; k < length; k += 1) out[first + k * step] = total = join(total, x.data[first + k * step]);
      });
    });
}

/** NaN stands last, equal numbers keep their order. */
function compare(one: number, other: number): number {
  if (Number.isNaN(one)) return Number.isNaN(other) ? 0 : 1;
  return Number.isNaN(other) ? -1 : one - other || 0;
}

function prepareArgsort([x]: readonly NumberArray[], { axis = 0 }: Settings): Prepared {
  return freshArray(x.shape, (out) => {
    alongAxis(x, axis, (first, step, length) => {
      const order = Array.from({ length }, (_, k) => k);
      order.sort((one, other) => compare(x.data[first + one * step], x.data[first + other * step]));
      order.forEach((from, k) => (out[first + k * step] = from));
    });
  });
}

/** Calls `visit(place, other)` with each entry of `order` and the entry of an array of `shape` that it names. */
function visitAlong(
  order: NumberArray,
  axis: number,
  shape: Shape,
  visit: (place: number, other: number) => void,
): void {
  const size = shape[axis];
  const step = entryCount(shape.slice(axis + 1));
  const length = order.shape[axis];
  alongAxis(order, axis, (first, stride, count) => {
    const inner = first % stride;
    const outer = (first - inner) / (length * stride);
    for (let k = 0; k < count; k += 1) {
      const named = order.data[first + k * stride];
      visit(first + k * stride, (outer * size + (named < 0 ? named + size : named)) * step + inner);
    }
  });
}

/** By NumPy's name. */
const WHOLE_ARRAYS: Readonly<Record<string, Prepare>> = {
  ...LEARNING_PRIMITIVES.structural,
  prod: ([x], settings) => prepareFold(x, settings, 1, (one, other) => one * other),
  min: ([x], settings) => prepareFold(x, settings, Infinity, Math.min),
  cumsum: running((total, next) => total + next, 0),
  cumprod: running((total, next) => total * next, 1),
  getitem: ([x], { index = "..." }) => {
    const { shape, places } = readIndex(index, x.shape);
    return gathered(shape, x.data, places);
  },
  scatter: ([x], { index = "...", shape = [] }) => {
    const { places } = readIndex(index, shape);
    const spread = repeatedPlaces(x.shape, readIndex(index, shape).shape);
    return freshArray(shape, (out) => {
      out.fill(0);
      for (let i = 0; i < places.length; i += 1) out[places[i]] = out[places[i]] + x.data[spread[i]];
    });
  },
  concatenate: (parts, { axis = 0 }) => {
    const first = parts[0].shape;
    const along = parts.map((part) => part.shape[axis]);
    const total = along.reduce((sum, each) => sum + each, 0);
    const behind = entryCount(first.slice(axis + 1));
    const before = entryCount(first.slice(0, axis));
    return freshArray(
      first.map((size, place) => (place === axis ? total : size)),
      (out) => {
        let start = 0;
        parts.forEach((part, order) => {
          const width = along[order] * behind;
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
    freshArray(order.shape, (out) => {
      visitAlong(order, axis, x.shape, (place, other) => (out[place] = x.data[other]!));
    }),
  put_along_axis: ([x, order], { axis = 0, size = 1 }) => {
    const shape = x.shape.map((each, place) => (place === axis ? size : each));
    return freshArray(shape, (out) => {
      out.fill(0);
      visitAlong(order, axis, shape, (place, other) => (out[other] = out[other] + x.data[place]));
    });
  },
  solve: ([matrix, right]) => prepareSolve(matrix, right),
  inverse: ofEachMatrix(invertMatrix),
  cholesky: ofEachMatrix(choleskyFactor),
  logdet: ([matrix]) => prepareLogDeterminant(matrix),
};

/** All that goes beyond plain numbers. */
export const ARRAY_PRIMITIVES: MorePrimitives = {
  ...LEARNING_PRIMITIVES,
  structural: WHOLE_ARRAYS,
};
