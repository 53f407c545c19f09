// Both sweeps over a graph that came with its rules as programs.
import { expect, test } from "vitest";
import { compileGraph, compileReverse, graphStructure } from "./engine.js";
import { compiledExample, GRAPH, INPUTS } from "./worked_example.js";

const [x, z] = [INPUTS.x, INPUTS.z];
const slope = 1 + Math.exp(x * z);

test("values, partials, contributions and adjoints are those of the chain rule", () => {
  const run = compiledExample().run(INPUTS);
  expect(Array.from(run.primals)).toEqual([x, z, x * z, Math.exp(x * z), x * z + Math.exp(x * z)]);
  expect(Array.from(run.partials)).toEqual([z, x, Math.exp(x * z), 1, 1]);
  expect(Array.from(run.adjoints)).toEqual([slope * z, slope * x, slope, 1, 1]);
  expect(Array.from(run.contributions)).toEqual([slope * z, slope * x, Math.exp(x * z), 1, 1]);
  expect([run.nonFinite, run.nonFinitePartial]).toEqual([-1, -1]);
});

test("tangents along a direction agree with the adjoints", () => {
  const run = compiledExample().runForward!(INPUTS, { x: 1, z: -2 });
  expect(run.tangents![4]).toBeCloseTo(slope * z - 2 * slope * x, 14);
  expect(run.pushes![0]).toBe(z);
});

test("a page without forward mode computes the same run backward", () => {
  const light = compileReverse(GRAPH);
  expect(light.runForward).toBeUndefined();
  expect(light.run(INPUTS)).toEqual(compiledExample().run(INPUTS));
});

test("an overflow is found where it begins", () => {
  const run = compiledExample().run({ x: 1000, z: 1 });
  expect(run.nonFinite).toBe(3);
});

test("one graph computes again and again, each run by itself", () => {
  const compiled = compiledExample();
  const first = compiled.run(INPUTS);
  compiled.run({ x: 7, z: 7 });
  expect(compiled.run(INPUTS)).toEqual(first);
});

test("what cannot be computed is told", () => {
  const nodes = [...GRAPH.nodes.slice(0, 2), { name: "a", op: "fft", arguments: [0, 1] }];
  expect(() => compileGraph({ nodes, output: 2 })).toThrow('no program came with "fft"');
  const late = [
    { name: "a", op: "negative", arguments: [1] },
    { name: "x", op: "input" },
  ];
  expect(() => graphStructure({ nodes: late, output: 0 })).toThrow("arguments must stand before it");
  const odd = { value: { lines: [["gamma", [0]]], results: [1] } } as never;
  const graph = { nodes: [GRAPH.nodes[0], { name: "a", op: "gamma", arguments: [0], program: 0 }], output: 1 };
  expect(() => compileGraph({ ...graph, programs: [odd] })).toThrow('the page has no primitive "gamma"');
});
