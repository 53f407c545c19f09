// Arrays in the page: shapes, indices, broadcasting, and what undoes it.
import { expect, test } from "vitest";
import { ARRAY_PRIMITIVES } from "./array_primitives.js";
import { erf, erfc } from "./learning_primitives.js";
import { broadcastShape, prepare, usePrimitives } from "./primitives.js";
import { permutedPlaces, readIndex, repeatedPlaces } from "./entry_loops.js";
import { choleskyFactor, invertMatrix, logDeterminant } from "./matrices.js";

usePrimitives(ARRAY_PRIMITIVES);

const array = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });

function computed(name: string, args: Parameters<typeof prepare>[1], settings = {}) {
  const { out, run } = prepare(name, args, settings);
  run?.();
  return { shape: [...out.shape], data: Array.from(out.data) };
}

test("shapes broadcast as NumPy's do", () => {
  expect(broadcastShape([2, 1], [3])).toEqual([2, 3]);
  expect(() => broadcastShape([2], [3])).toThrow("do not broadcast");
  expect([...repeatedPlaces([2, 1], [2, 3])]).toEqual([0, 0, 0, 1, 1, 1]);
  expect([...permutedPlaces([2, 3], [1, 0])]).toEqual([0, 3, 1, 4, 2, 5]);
});

test.each([
  ["0", [3], [0, 1, 2]],
  [":, -1", [2], [2, 5]],
  ["..., ::-1", [2, 3], [2, 1, 0, 5, 4, 3]],
  [":, None, 0", [2, 1], [0, 3]],
  ["[0, 0, 1], [2, 1, 0]", [3], [2, 1, 3]],
])("[%s] names the entries that NumPy's names", (text, shape, places) => {
  const found = readIndex(text, [2, 3]);
  expect([found.shape, [...found.places]]).toEqual([shape, places]);
});

test("entry by entry, and back to the shape that was repeated", () => {
  const [column, row] = [array([2, 1], 1, 2), array([3], 10, 20, 30)];
  const sum = computed("add", [column, row]);
  expect(sum).toEqual({ shape: [2, 3], data: [11, 21, 31, 12, 22, 32] });
  expect(computed("sum_to", [array([2, 3], ...sum.data)], { shape: [2, 1] })).toEqual({
    shape: [2, 1],
    data: [63, 66],
  });
  expect(computed("sum_to", [array([2, 3], ...sum.data)], { shape: [] })).toEqual({ shape: [], data: [129] });
  expect(computed("sum_to", [array([], 4)], { shape: [2] })).toEqual({ shape: [2], data: [4, 4] });
});

test("a scalar stays one, and one entry may have a shape", () => {
  expect(computed("multiply", [array([], 3), array([], 4)])).toEqual({ shape: [], data: [12] });
  expect(computed("multiply", [array([1], 3), array([], 4)])).toEqual({ shape: [1], data: [12] });
});

test("products, reductions, orders and joins", () => {
  const [left, right] = [array([2, 2], 1, 2, 3, 4), array([2, 1], 5, 6)];
  expect(computed("matmul", [left, right])).toEqual({ shape: [2, 1], data: [17, 39] });
  expect(computed("sum", [left], { axes: [0] })).toEqual({ shape: [2], data: [4, 6] });
  expect(computed("max", [left], { axes: [1], keepdims: true })).toEqual({ shape: [2, 1], data: [2, 4] });
  expect(computed("argsort", [array([3], 2, NaN, 1)]).data).toEqual([2, 0, 1]);
  expect(computed("concatenate", [left, right], { axis: 1 }).data).toEqual([1, 2, 5, 3, 4, 6]);
  expect(computed("scatter", [array([2], 1, 1)], { index: "[0, 0]", shape: [2] }).data).toEqual([2, 0]);
});

test("matrices: inverse, determinant and Cholesky factor", () => {
  const matrix = Float64Array.of(4, 2, 2, 3);
  const [inverse, factor] = [new Float64Array(4), new Float64Array(4)];
  invertMatrix(inverse, matrix, 2);
  Array.from(inverse).forEach((entry, place) => expect(entry).toBeCloseTo([3, -2, -2, 4][place] / 8, 15));
  expect(logDeterminant(matrix, 2)).toBeCloseTo(Math.log(8), 15);
  choleskyFactor(factor, matrix, 2);
  expect(Array.from(factor)).toEqual([2, 0, 1, Math.sqrt(2)]);
});

test.each([
  [0.25, 0.2763263901682369],
  [1, 0.8427007929497149],
  [-2, -0.9953222650189527],
])("erf(%f)", (x, exact) => expect(Math.abs(erf(x) / exact - 1)).toBeLessThan(4e-16));

test("the tail keeps its digits where a subtraction would lose them all", () => {
  expect(Math.abs(erfc(6) / 2.1519736712498913e-17 - 1)).toBeLessThan(1e-14);
  expect([erfc(Infinity), erfc(-30), erf(NaN)]).toEqual([0, 2, NaN]);
});
