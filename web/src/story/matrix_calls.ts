// Products, systems and factors of stacks of matrices, made ready.
import { logDeterminant, multiplyMatrices, solveSystem } from "./linear_algebra.js";
import { freshArray, type NumberArray, type Prepare, type Prepared } from "./prepared.js";
import { repeatedPlaces } from "./indices.js";
import { broadcastShape, entryCount, type Shape } from "./shapes.js";

/** Arguments of a matrix product as stacks of matrices of one shape, batches repeated where they are broadcast. */
export function prepareMatmul(left: NumberArray, right: NumberArray): Prepared {
  const leftShape = left.shape.length === 1 ? [1, ...left.shape] : left.shape;
  const rightShape = right.shape.length === 1 ? [...right.shape, 1] : right.shape;
  const rows = leftShape.at(-2)!;
  const inner = leftShape.at(-1)!;
  const columns = rightShape.at(-1)!;
  if (rightShape.at(-2) !== inner)
    throw new Error(`shapes ${String(left.shape)} and ${String(right.shape)} have no matrix product`);
  const batch = broadcastShape(leftShape.slice(0, -2), rightShape.slice(0, -2));
  const count = entryCount(batch);
  const leftAt = repeatedPlaces(leftShape.slice(0, -2), batch);
  const rightAt = repeatedPlaces(rightShape.slice(0, -2), batch);
  const shape = [...batch, ...(left.shape.length > 1 ? [rows] : []), ...(right.shape.length > 1 ? [columns] : [])];
  if (count === 1) {
    return freshArray(shape, (out) => multiplyMatrices(out, left.data, right.data, rows, inner, columns));
  }
  return stacked(shape, count, rows * columns, (out, place) => {
    const from = leftAt[place] * rows * inner;
    const other = rightAt[place] * inner * columns;
    const one = left.data.subarray(from, from + rows * inner);
    const two = right.data.subarray(other, other + inner * columns);
    multiplyMatrices(out, one, two, rows, inner, columns);
  });
}

/** One matrix after another. */
function stacked(
  shape: Shape,
  count: number,
  size: number,
  fill: (out: Float64Array, place: number) => void,
): Prepared {
  return freshArray(shape, (out) => {
    if (count === 1) fill(out, 0);
    else for (let place = 0; place < count; place += 1) fill(out.subarray(place * size, (place + 1) * size), place);
  });
}

export function prepareSolve(matrix: NumberArray, right: NumberArray): Prepared {
  const size = matrix.shape.at(-1)!;
  const isVector = right.shape.length === 1;
  const columnsShape = isVector ? [size, 1] : right.shape;
  const columns = columnsShape.at(-1)!;
  const batch = broadcastShape(matrix.shape.slice(0, -2), columnsShape.slice(0, -2));
  const matrixAt = repeatedPlaces(matrix.shape.slice(0, -2), batch);
  const rightAt = repeatedPlaces(columnsShape.slice(0, -2), batch);
  const shape = isVector ? [...batch, size] : [...batch, size, columns];
  return stacked(shape, entryCount(batch), size * columns, (out, place) => {
    const from = matrixAt[place] * size * size;
    const other = rightAt[place] * size * columns;
    solveSystem(
      out,
      matrix.data.subarray(from, from + size * size),
      right.data.subarray(other, other + size * columns),
      size,
      columns,
    );
  });
}

export function ofEachMatrix(fill: (out: Float64Array, matrix: Float64Array, size: number) => void): Prepare {
  return ([matrix]) => {
    const size = matrix.shape.at(-1)!;
    const count = entryCount(matrix.shape.slice(0, -2));
    const area = size * size;
    return stacked(matrix.shape, count, area, (out, place) => {
      fill(out, matrix.data.subarray(place * area, (place + 1) * area), size);
    });
  };
}

export function prepareLogDeterminant(matrix: NumberArray): Prepared {
  const size = matrix.shape.at(-1)!;
  return freshArray(matrix.shape.slice(0, -2), (out) => {
    for (let place = 0; place < out.length; place += 1) {
      out[place] = logDeterminant(matrix.data.subarray(place * size * size, (place + 1) * size * size), size);
    }
  });
}
