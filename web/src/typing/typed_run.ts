// What a typed graph computes: its programs, numbers to begin with, and the steps of its run.
import { Shuffler } from "../layout/shuffle.js";
import { compiled } from "../story/engine.js";
import type { Program, Routine } from "../story/machine.js";
import { roundHalfEven } from "../story/primitives.js";
import type { GraphNode, PlainStep, Specification, StepRecord, Vocabulary } from "../types/specification.js";
import type { TypedGraph } from "./graph_builder.js";

// The programs that compute a typed graph, taken from the vocabulary.

/** A graph with its programs. */
type ComputedGraph = Specification["graph"] & { programs: Program[] };

/** The graph with the programs that compute it, each once. */
export function plainGraph({ nodes, output }: TypedGraph, vocabulary: Vocabulary): ComputedGraph {
  const programs: Program[] = [];
  const known = new Map<string, number>();
  const guarded = branches(nodes);
  const plain = nodes.map((node, place): GraphNode => {
    const { name, op, arguments: places, parameters, value } = node;
    if (op === "input") return { name, op };
    if (op === "constant") return { name, op, value: Number.isFinite(value) ? value : String(value) };
    const isGuarded = guarded.has(place);
    const key = [op, places.length, ...Object.values(parameters), isGuarded].join();
    let program = known.get(key);
    if (program === undefined) {
      program = programs.length;
      known.set(key, program);
      const { parameters: words = [], defaults = [], forms } = vocabulary.operations[op];
      const settings = words.map((word, index) => String(parameters[word] ?? defaults[index]));
      const found = settled(forms[places.length].program as Program, places.length, settings);
      programs.push(isGuarded && !found.pull ? withGuard(found, places.length) : found);
    }
    return { name, op, arguments: places, program };
  });
  return { nodes: plain, output, programs };
}

/** The nodes that a `where` chooses between, and all below them: 0 times infinity is 0 there. */
function branches(nodes: TypedGraph["nodes"]): Set<number> {
  const below = new Set<number>();
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    const { op, arguments: places } = nodes[place];
    if (op === "where") places.slice(1).forEach((each) => below.add(each));
    if (below.has(place)) places.forEach((each) => below.add(each));
  }
  return below;
}

/** A program with its settings put in: in the vocabulary they are arguments behind the others. */
function settled(program: Program, count: number, settings: string[]): Program {
  if (settings.length === 0) return program;
  const at = <Place>(place: Place): Place | string | number => {
    if (typeof place !== "number" || place < count) return place;
    return place < count + settings.length ? settings[place - count] : place - settings.length;
  };
  const put = ({ lines, results }: Routine): Routine => ({
    lines: lines.map(([primitive, places, ...rest]) => [primitive, places.map(at), ...rest]),
    results: results.map((place) => (place === null ? null : at(place))),
  });
  const routines = Object.entries(program) as [keyof Program, Routine][];
  return Object.fromEntries(routines.map(([name, routine]) => [name, put(routine)])) as unknown as Program;
}

/** A program whose contributions are 0 where the upstream gradient or the local one is, even times infinity. */
function withGuard(program: Program, count: number): Program {
  const { lines, results } = program.partials!;
  const upstream = count + 1;
  const moved = (place: unknown) => (typeof place === "number" && place >= upstream ? place + 1 : place);
  const pull = lines.map(([primitive, places, ...rest]) => [primitive, places.map(moved), ...rest]) as Routine["lines"];
  const call = (primitive: string, places: Routine["lines"][number][1]) => {
    pull.push([primitive, places]);
    return upstream + pull.length;
  };
  const contributions = results.map((result) => {
    if (result === null) return null;
    const partial = moved(result) as number;
    const isNothing = call("equal", [upstream, "0.0"]);
    const passes = call("where", [isNothing, "0.0", call("not_equal", [partial, "0.0"])]);
    return call("where", [passes, call("multiply", [upstream, partial]), "0.0"]);
  });
  return { ...program, pull: { lines: pull, results: contributions } };
}

// Numbers to begin with, for inputs that have none: the search of backpropviz/autodiff/first_point.py; and their sliders.

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

// The steps of a typed graph's run, as backpropviz/steps/timeline.py tells them: values node by node, gradients edge by edge.

/** An edge, by consumer and slot. */
export type Term = [consumer: number, slot: number];

/** Whether gradients come back, or tangents travel along. */
export type Mode = "reverse" | "forward";

/** What happens, in order. */
export interface TypedRun {
  mode: Mode;
  steps: PlainStep[];
  /** Edges through which each node receives, in order of arrival. */
  terms: Map<number, Term[]>;
}

/** Tell both sweeps; in forward mode the one. */
export function runOf({ nodes, output }: TypedGraph, mode: Mode): TypedRun {
  const step = (phase: string, ...records: [string, ...number[]][]): PlainStep => ({
    phase,
    records: records as StepRecord[],
  });
  const pushed = (place: number): [string, number][] => (mode === "forward" ? [["push", place]] : []);
  const steps = nodes.flatMap(({ op }, place) =>
    op === "constant" ? [] : [step("forward", ["evaluate", place], ...pushed(place))],
  );
  const terms = new Map<number, Term[]>();
  if (mode === "forward") return { mode, steps, terms };
  const needed = new Set([output]);
  const arrivals: Term[] = [];
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    if (!needed.has(place)) continue;
    nodes[place].arguments.forEach((argument, slot) => {
      needed.add(argument);
      if (nodes[argument].op === "constant") return;
      arrivals.push([place, slot]);
      terms.set(argument, [...(terms.get(argument) ?? []), [place, slot]]);
    });
  }
  steps.push(step("backward", ["seed", output], ["settle", output]));
  for (const term of arrivals) {
    const [consumer, slot] = term;
    const node = nodes[consumer].arguments[slot];
    const [last, by] = terms.get(node)!.at(-1)!;
    const isSettled = last === consumer && by === slot;
    const records: [string, ...number[]][] = [
      ["propagate", ...term],
      ["accumulate", ...term],
    ];
    steps.push(step("backward", ...records, ...(isSettled ? [["settle", node] as [string, number]] : [])));
  }
  return { mode, steps, terms };
}
