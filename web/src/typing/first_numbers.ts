// Numbers to begin with, for inputs that have none: the search of backpropviz/autodiff/first_point.py; and their sliders.
import { Shuffler } from "../layout/shuffle.js";
import { compiled } from "../story/engine.js";
import { roundHalfEven } from "../story/primitives.js";
import type { ComputedGraph } from "./typed_programs.js";

const LEAST_REACH = 4;
const FURTHER_NUMBERS = [2, 3, 0.5, 1.5, 4, 5, 0.25, 0.75, 10, 20, 0.1, -0.5, -1, -2, -3, -10, 100, 1, 0];
const TRIES = 300;

/** Numbers to begin with, where values and gradients are finite; see backpropviz/autodiff/first_point.py. */
export function firstNumbers(
  graph: ComputedGraph,
  names: string[],
  known: Record<string, number>,
): Record<string, number> {
  const kept = Object.fromEntries(
    names.filter((name) => Object.hasOwn(known, name)).map((name) => [name, known[name]]),
  );
  const missing = names.filter((name) => !Object.hasOwn(known, name));
  const inOrder = (point: Record<string, number>) => Object.fromEntries(names.map((name) => [name, point[name]]));
  if (missing.length === 0) return inOrder(kept);
  const machine = compiled(graph);
  const taken = new Set(Object.values(kept));
  let best: { point: Record<string, number>; faults: number } | null = null;
  let tries = 0;
  for (const numbers of candidates(missing.length, taken)) {
    const point = { ...kept, ...Object.fromEntries(missing.map((name, index) => [name, numbers[index]])) };
    const { primals, adjoints } = machine.run(point);
    const faults = [...primals, ...adjoints].filter((each) => !Number.isFinite(each)).length;
    if (!best || faults < best.faults) best = { point, faults };
    tries += 1;
    if (best.faults === 0 || tries >= TRIES) break;
  }
  return inOrder(best!.point);
}

/** Points, the most usual first: all different, and different from what is taken. */
function* candidates(size: number, taken: Set<number>): Generator<number[]> {
  const first = (number: (step: number) => number) => {
    const found: number[] = [];
    for (let step = 0; found.length < size; step += 1) if (!taken.has(number(step))) found.push(number(step));
    return found;
  };
  // 2, 3, -1, 4, -2, 5, -3
  yield first((step) => (step === 0 ? 2 : step % 2 === 1 ? (step + 1) / 2 + 2 : -step / 2));
  yield first((step) => step + 2);
  yield first((step) => 1 / (step + 2));
  const free = FURTHER_NUMBERS.filter((each) => !taken.has(each));
  if (size > free.length) return;
  for (let attempt = 0; ; attempt += 1) yield new Shuffler(attempt).sample(free, size);
}

/** The reach and the step of a slider: round numbers around a value, a hundred or more steps apart. */
export function rangeAround(value: number): [low: number, high: number, step: number] {
  if (!Number.isFinite(value)) return [-LEAST_REACH, LEAST_REACH, 0.01];
  const most = Math.max(LEAST_REACH, 2 * Math.abs(value));
  const unit = 10 ** Math.floor(Math.log10(most));
  const reach = unit * Math.ceil(most / unit);
  const middle = unit * roundHalfEven(value / unit);
  return [middle - reach, middle + reach, unit / 100];
}
