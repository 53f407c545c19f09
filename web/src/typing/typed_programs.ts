// The programs that compute a typed graph, taken from the vocabulary.
import type { Program, Routine } from "../story/machine.js";
import type { GraphNode, Specification, Vocabulary } from "../types/specification.js";
import type { TypedGraph } from "./graph_builder.js";

/** A graph with its programs. */
export type ComputedGraph = Specification["graph"] & { programs: Program[] };

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
