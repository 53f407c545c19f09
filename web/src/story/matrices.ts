// Products, systems and factors of matrices, stored row by row, and of stacks of them.
import {
  broadcastShape,
  entryCount,
  freshArray,
  type NumberArray,
  type Prepare,
  type Prepared,
  type Shape,
} from "./primitives.js";
import { repeatedPlaces } from "./entry_loops.js";

/**
 * out = left · right, for left of shape [rows, inner] and right of shape [inner, columns]; out must not overlap them.
 * Eight sums, of two rows and four columns, stay in registers, and four columns of the right factor in the cache.
 */
export function multiplyMatrices(
  out: Float64Array,
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  let column = 0;
  for (; column + 3 < columns; column += 4) {
    let row = 0;
    for (; row + 1 < rows; row += 2) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let e = 0;
      let f = 0;
      let g = 0;
      let h = 0;
      const end = (row + 1) * inner;
      for (let k = row * inner, at = column; k < end; k += 1, at += columns) {
        const above = left[k];
        const below = left[k + inner];
        const first = right[at];
        const second = right[at + 1];
        const third = right[at + 2];
        const fourth = right[at + 3];
        a += above * first;
        b += above * second;
        c += above * third;
        d += above * fourth;
        e += below * first;
        f += below * second;
        g += below * third;
        h += below * fourth;
      }
      const place = row * columns + column;
      out[place] = a;
      out[place + 1] = b;
      out[place + 2] = c;
      out[place + 3] = d;
      out[place + columns] = e;
      out[place + columns + 1] = f;
      out[place + columns + 2] = g;
      out[place + columns + 3] = h;
    }
    if (row < rows) multiplyColumns(out, left, right, inner, columns, row, rows, column, column + 4);
  }
  multiplyColumns(out, left, right, inner, columns, 0, rows, column, columns);
}

/** Entries of a product from a row and a column on, one at a time. */
function multiplyColumns(
  out: Float64Array,
  left: Float64Array,
  right: Float64Array,
  inner: number,
  columns: number,
  fromRow: number,
  toRow: number,
  fromColumn: number,
  toColumn: number,
): void {
  for (let row = fromRow; row < toRow; row += 1) {
    const end = (row + 1) * inner;
    for (let column = fromColumn; column < toColumn; column += 1) {
      let sum = 0;
      for (let k = row * inner, at = column; k < end; k += 1, at += columns) sum += left[k] * right[at];
      out[row * columns + column] = sum;
    }
  }
}

/** out, of so many rows, becomes the transpose of a matrix. */
export function turnMatrix(out: Float64Array, matrix: Float64Array, rows: number): void {
  for (let row = 0, place = 0; row < rows; row += 1) {
    for (let at = row; at < matrix.length; at += rows, place += 1) out[place] = matrix[at];
  }
}

/** Rows of a square matrix exchanged and reduced in place: L and U of Doolittle, with partial pivoting. */
function factorise(matrix: Float64Array, size: number): { order: Int32Array; odd: boolean } {
  const order = Int32Array.from({ length: size }, (_, row) => row);
  let odd = false;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) {
      if (Math.abs(matrix[row * size + column]) > Math.abs(matrix[pivot * size + column])) pivot = row;
    }
    if (pivot !== column) {
      odd = !odd;
      [order[pivot], order[column]] = [order[column], order[pivot]];
      for (let k = 0; k < size; k += 1) {
        const kept = matrix[pivot * size + k];
        matrix[pivot * size + k] = matrix[column * size + k]!;
        matrix[column * size + k] = kept;
      }
    }
    for (let row = column + 1; row < size; row += 1) {
      const factor = matrix[row * size + column] / matrix[column * size + column];
      matrix[row * size + column] = factor;
      for (let k = column + 1; k < size; k += 1) {
        matrix[row * size + k] = matrix[row * size + k] - factor * matrix[column * size + k];
      }
    }
  }
  return { order, odd };
}

/** out = matrix⁻¹ · right, for right of shape [size, columns]. A singular matrix gives what is not finite. */
function solveSystem(
  out: Float64Array,
  matrix: Float64Array,
  right: Float64Array,
  size: number,
  columns: number,
): void {
  const factors = matrix.slice(0, size * size);
  const { order } = factorise(factors, size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let rest = right[order[row] * columns + column];
      for (let k = 0; k < row; k += 1) rest -= factors[row * size + k] * out[k * columns + column];
      out[row * columns + column] = rest;
    }
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let column = 0; column < columns; column += 1) {
      let rest = out[row * columns + column];
      for (let k = row + 1; k < size; k += 1) rest -= factors[row * size + k] * out[k * columns + column];
      out[row * columns + column] = rest / factors[row * size + row];
    }
  }
}

/** out = matrix⁻¹. */
export function invertMatrix(out: Float64Array, matrix: Float64Array, size: number): void {
  const identity = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) identity[row * size + row] = 1;
  solveSystem(out, matrix, identity, size, size);
}

/** ln |det matrix|. */
export function logDeterminant(matrix: Float64Array, size: number): number {
  const factors = matrix.slice(0, size * size);
  factorise(factors, size);
  let sum = 0;
  for (let row = 0; row < size; row += 1) sum += Math.log(Math.abs(factors[row * size + row]));
  return sum;
}

/** out = the lower triangle L with L · Lᵀ = matrix; NaN where the matrix is not positive definite. */
export function choleskyFactor(out: Float64Array, matrix: Float64Array, size: number): void {
  out.fill(0);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let rest = matrix[row * size + column];
      for (let k = 0; k < column; k += 1) rest -= out[row * size + k] * out[column * size + k];
      out[row * size + column] = row === column ? Math.sqrt(rest) : rest / out[column * size + column];
    }
  }
}

// Products, systems and factors of stacks of matrices, made ready.

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
export function stacked(
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
