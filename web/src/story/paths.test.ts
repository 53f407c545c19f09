// The chain rule by paths.
import { expect, test } from "vitest";
import { countPaths, largestPaths } from "./paths.js";
import { compiledExample, INPUTS } from "./worked_example.js";

test("every way to the output is counted, and their products add up to the gradient", () => {
  const compiled = compiledExample();
  const run = compiled.run(INPUTS);
  expect(countPaths(compiled)).toEqual([2n, 2n, 2n, 1n, 1n]);
  const paths = largestPaths(compiled, run.partials as Float64Array, 0, 9);
  expect(paths.map((path) => path.edges)).toEqual([
    [0, 3],
    [0, 2, 4],
  ]);
  expect(paths.reduce((sum, path) => sum + path.product, 0)).toBeCloseTo(run.adjoints[0] as number, 15);
  expect(largestPaths(compiled, run.partials as Float64Array, 0, 1)).toHaveLength(1);
});
