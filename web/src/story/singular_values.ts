// The parts of rank one that a matrix is the sum of, each a singular value times what it gives.
import { stacked, turnMatrix } from "./matrices.js";
import { entryCount, type MorePrimitives, type NumberArray, type Prepared } from "./primitives.js";

/**
 * Rotates pairs of rows until all are perpendicular, as Jacobi did: then each row is a singular value times its right
 * vector. The same rotations of the identity are its left vectors. A matrix that is not finite is left alone.
 */
function rotateRows(rows: Float64Array, left: Float64Array, count: number, length: number): void {
  for (let sweep = 0, moves = 1; moves && sweep < 60; sweep += 1) {
    moves = 0;
    for (let one = 0; one < count; one += 1) {
      for (let other = one + 1; other < count; other += 1) {
        let [first, second, both] = [0, 0, 0];
        for (let k = 0; k < length; k += 1) {
          const [x, y] = [rows[one * length + k], rows[other * length + k]];
          first += x * x;
          second += y * y;
          both += x * y;
        }
        if (!(Math.abs(both) > 1e-16 * Math.sqrt(first * second))) continue;
        moves += 1;
        const ratio = (second - first) / (2 * both);
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
        const cosine = 1 / Math.hypot(1, tangent);
        for (const [data, width] of [
          [rows, length],
          [left, count],
        ] as const) {
          for (let k = 0; k < width; k += 1) {
            const [x, y] = [data[one * width + k], data[other * width + k]];
            data[one * width + k] = cosine * (x - tangent * y);
            data[other * width + k] = cosine * (tangent * x + y);
          }
        }
      }
    }
  }
}

/** Left vector times right vector of each singular value, the largest first; zeros where the value is 0. */
function prepareSingularParts([matrix]: readonly NumberArray[]): Prepared {
  const [height, width] = matrix.shape.slice(-2);
  const [count, length] = [Math.min(height, width), Math.max(height, width)];
  const area = height * width;
  const shape = [...matrix.shape.slice(0, -1), width];
  shape.splice(-2, 0, count);
  return stacked(shape, entryCount(matrix.shape.slice(0, -2)), count * area, (out, place) => {
    const rows = matrix.data.slice(place * area, (place + 1) * area);
    if (height > width) turnMatrix(rows, rows.slice(), width);
    const left = Float64Array.from({ length: count * count }, (_, k) => +(k % (count + 1) === 0));
    rotateRows(rows, left, count, length);
    const sizes = Array.from({ length: count }, (_, k) => Math.hypot(...rows.subarray(k * length, (k + 1) * length)));
    const order = sizes.map((_, k) => k).sort((one, other) => sizes[other] - sizes[one]);
    order.forEach((from, k) => {
      const share = sizes[from] <= Number.EPSILON * length * sizes[order[0]] ? 0 : 1 / sizes[from];
      for (let at = 0; at < area; at += 1) {
        const [row, column] = [Math.floor(at / width), at % width];
        const [short, long] = height > width ? [column, row] : [row, column];
        out[k * area + at] = share * left[from * count + short] * rows[from * length + long];
      }
    });
  });
}

/** All that the pages of few graphs need of it. */
export const SINGULAR_VALUES: MorePrimitives["structural"] = { singular_parts: prepareSingularParts };
