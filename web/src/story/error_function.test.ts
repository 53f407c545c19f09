// The error function, to figures of Abramowitz and Stegun and of mpmath.
import { expect, test } from "vitest";
import { erf, erfc } from "./error_function.js";

test.each([
  [0.25, 0.2763263901682369],
  [1, 0.8427007929497149],
  [-2, -0.9953222650189527],
])("erf(%f)", (x, exact) => expect(Math.abs(erf(x) / exact - 1)).toBeLessThan(4e-16));

test("the tail keeps its digits where a subtraction would lose them all", () => {
  expect(Math.abs(erfc(6) / 2.1519736712498913e-17 - 1)).toBeLessThan(1e-14);
  expect([erfc(Infinity), erfc(-30), erf(NaN)]).toEqual([0, 2, NaN]);
});
