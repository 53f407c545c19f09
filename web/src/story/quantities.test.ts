// Numbers of a run, scalars or arrays.
import { expect, test } from "vitest";
import { ArrayNumber, combined, zerosLike } from "./numerals.js";

const numbers = (shape: number[], ...data: number[]) => new ArrayNumber(shape, Float64Array.from(data));

test("a short vector is read in full, a larger array by its shape", () => {
  expect(numbers([2], 1, -0.5).text).toBe("[1, −0.5]");
  expect(numbers([2, 2], 1, 2, 3, 4).text).toBe("[2×2]");
  expect(numbers([2, 2], 1, 2, 3, 4).full).toBe("[[1, 2], [3, 4]]");
  expect(numbers([70], ...Array.from({ length: 70 }, (_, k) => k)).full).toBe("[70], from 0 to 69");
  expect([numbers([2], 1, NaN).finite, numbers([1], 1).finite]).toEqual([false, true]);
});

test("sums meet entry by entry, and a scalar meets every entry", () => {
  expect(combined(1, -2, 3)).toBe(-5);
  expect(combined(1, 2, numbers([2], 3, 4))).toEqual(numbers([2], 7, 9));
  expect(combined(numbers([2], 3, 4), 0.5, 2)).toEqual(numbers([2], 4, 5));
  expect(zerosLike(Float64Array.of(1, 2), 3)).toEqual(new Float64Array(3));
});
