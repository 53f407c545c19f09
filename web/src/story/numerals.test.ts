// Numbers as text, and text as numbers.
import { expect, test } from "vitest";
import { formatNumber, fullPrecision, parseNumber } from "./numerals.js";

test.each([
  [0, "0"],
  [-0, "0"],
  [3, "3"],
  [-2.5, "−2.5"],
  [1 / 3, "0.3333"],
  [999_999, "999999"],
  [1e6, "1·10⁶"],
  [9999.6, "1·10⁴"],
  [12_345.6, "1.235·10⁴"],
  [0.00012, "0.00012"],
  [0.000012, "1.2·10⁻⁵"],
  [1e-17, "≈0 (1e-17)"],
  [-Infinity, "−∞"],
  [NaN, "NaN"],
])("%f is read as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("every digit is there for those who ask", () => {
  for (const value of [0.1 + 0.2, -1 / 3, 1e300, 5e-324]) expect(parseNumber(fullPrecision(value))).toBe(value);
  expect(fullPrecision(-Infinity)).toBe("−∞");
});

test.each(["", "1,5", "1.2.3", "e5", "1e", "Infinity", "1e999", "0x10", "1 2"])("“%s” is no number", (text) => {
  expect(parseNumber(text)).toBeNull();
});
