// A small run that tests tell: a = x·z; b = exp(a); y = a + b, so that a branches, with its steps written out.
import type { PlainStep } from "../types/specification.js";
import { compileGraph, type PlainGraph } from "./engine.js";

const program = (line: [string, number[]], partials: (number | string)[]) => ({
  value: { lines: [line], results: [line[1].length] },
  partials: { lines: [], results: partials },
});

export const GRAPH: PlainGraph = {
  nodes: [
    { name: "x", op: "input" },
    { name: "z", op: "input" },
    { name: "a", op: "multiply", arguments: [0, 1], program: 0 },
    { name: "b", op: "exp", arguments: [2], program: 1 },
    { name: "y", op: "add", arguments: [2, 3], program: 2 },
  ],
  output: 4,
  programs: [
    program(["multiply", [0, 1]], [1, 0]),
    program(["exp", [0]], [1]),
    program(["add", [0, 1]], ["1.0", "1.0"]),
  ],
};

export const INPUTS = { x: 2, z: -0.5 };

const forward = [0, 1, 2, 3, 4].map(
  (node) => ({ phase: "forward", records: [["evaluate", node]] }) as unknown as PlainStep,
);
const backward = (...records: unknown[]) => ({ phase: "backward", records }) as PlainStep;

export const TIMELINE: PlainStep[] = [
  ...forward,
  backward(["seed", 4], ["settle", 4]),
  backward(["propagate", 4, 0], ["accumulate", 4, 0]),
  backward(["propagate", 4, 1], ["accumulate", 4, 1], ["settle", 3]),
  backward(["propagate", 3, 0], ["accumulate", 3, 0], ["settle", 2]),
  backward(["propagate", 2, 0], ["accumulate", 2, 0], ["settle", 0]),
  backward(["propagate", 2, 1], ["accumulate", 2, 1], ["settle", 1]),
];

export const compiledExample = () => compileGraph(GRAPH);
