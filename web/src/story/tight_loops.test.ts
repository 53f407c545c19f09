import { describe, expect, it } from "vitest";
import { ARRAY_PRIMITIVES } from "./array_primitives";
import type { NumberArray } from "./primitives.js";
import { TIGHT_PRIMITIVES } from "./tight_loops";

const waves = (...shape: number[]): NumberArray => {
  const size = shape.reduce((product, each) => product * each, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, place) => 2.5 * Math.sin(3 * place + size) || 0) };
};
const ONE = ["negative", "exp", "log", "tanh", "cosh", "sqrt"];
const TWO = ["add", "subtract", "multiply", "divide", "maximum", "greater", "equal", "power"];
const SHAPES_OF_TWO = [
  [
    [4, 3],
    [4, 3],
  ],
  [[], [4, 3]],
  [[4, 3], []],
  [[4, 3], [3]],
  [[3], [4, 3]],
  [
    [4, 3],
    [4, 1],
  ],
  [
    [2, 4, 3],
    [4, 1],
  ],
  [
    [2, 4, 3],
    [4, 3],
  ],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [
    [5, 1],
    [5, 1],
  ],
  [[4, 1], [1]],
];

function expectSame(name: string, args: NumberArray[]) {
  const [one, other] = [TIGHT_PRIMITIVES, ARRAY_PRIMITIVES].map(({ elementwise }) => elementwise(name, args));
  for (const { run } of [one, other]) run!();
  expect(one.out.shape).toEqual(other.out.shape);
  other.out.data.forEach((value, place) => {
    if (!Object.is(one.out.data[place], value)) expect(Math.abs(one.out.data[place] / value - 1)).toBeLessThan(2e-15);
  });
}

describe("a tight loop", () => {
  it.each(ONE)("gives what one loop for all gives: %s", (name) => expectSame(name, [waves(4, 3)]));
  it.each(TWO)("repeats what is smaller as that does: %s", (name) => {
    for (const [left, right] of SHAPES_OF_TWO) expectSame(name, [waves(...left), waves(...right)]);
  });
  it("chooses entries", () => {
    expectSame("where", [waves(4, 3), waves(), waves(4, 3)]);
    expectSame("where", [waves(4, 3), waves(3), waves()]);
  });
  it("reads single numbers anew at every run", () => {
    const [factor, x] = [{ shape: [], data: Float64Array.of(2) }, waves(5)];
    const { out, run } = TIGHT_PRIMITIVES.elementwise("multiply", [factor, x]);
    factor.data[0] = 3;
    run!();
    expect(out.data[4]).toBe(3 * x.data[4]);
  });
});
