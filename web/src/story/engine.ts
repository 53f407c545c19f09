// Both sweeps over a graph, in the page: values forward, adjoints backward, tangents forward.
import { entryCount, type NumberArray } from "./primitives.js";
import { type ForwardSweep, forwardSweep, type Gate, Machine, type Program, readNumber } from "./machine.js";
import { ArrayNumber, type Quantity, type QuantityRow } from "./numerals.js";

/** An array as a trait or a specification has it. */
interface PlainArray {
  shape: number[];
  data: (number | string)[];
}

interface GraphNode {
  name: string;
  op: string;
  arguments?: number[];
  /** Of a gate: which of the graph's programs it runs. */
  program?: number;
  /** Of a constant. */
  value?: number | string | PlainArray;
  /** Of an input that is an array. */
  shape?: number[];
}

export interface PlainGraph {
  nodes: GraphNode[];
  output: number;
  programs?: Program[];
}

/** A graph as flat arrays. Edge e = offsets[consumer] + slot runs from sources[e] to its consumer. */
export interface Structure {
  size: number;
  edges: number;
  output: number;
  names: string[];
  offsets: Int32Array;
  sources: Int32Array;
  consumers: Int32Array;
  constant: Uint8Array;
  /** Marks the nodes on which the output depends. */
  contributes: Uint8Array;
  edgeOf: (consumer: number, slot: number) => number;
}

export interface Run {
  primals: QuantityRow;
  partials: QuantityRow;
  adjoints: QuantityRow;
  contributions: QuantityRow;
  /** The first node whose value is not finite; -1 for none. */
  nonFinite: number;
  /** The first edge whose local partial is not finite although its consumer's value is; -1 for none. */
  nonFinitePartial: number;
  tangents?: QuantityRow;
  pushes?: QuantityRow;
}

export type Inputs = Readonly<Record<string, unknown>>;

export interface CompiledGraph extends Structure {
  /** Whether no node is an array. */
  isScalar: boolean;
  run: (inputs: Inputs) => Run;
  /** Where this page has forward mode. */
  runForward?: (inputs: Inputs, direction: Inputs) => Run;
}

/** @throws where an argument does not stand before its gate */
export function graphStructure(graph: PlainGraph): Structure {
  const { nodes, output } = graph;
  const size = nodes.length;
  const offsets = new Int32Array(size + 1);
  nodes.forEach((node, index) => {
    offsets[index + 1] = offsets[index] + (node.arguments?.length ?? 0);
  });
  const edges = offsets[size];
  const sources = new Int32Array(edges);
  const consumers = new Int32Array(edges);
  nodes.forEach((node, index) => {
    (node.arguments ?? []).forEach((argument, slot) => {
      if (!(argument >= 0 && argument < index)) {
        throw new Error(`node "${node.name}": slot ${slot} refers to node ${argument}; arguments must stand before it`);
      }
      sources[offsets[index] + slot] = argument;
      consumers[offsets[index] + slot] = index;
    });
  });
  const contributes = new Uint8Array(size);
  contributes[output] = 1;
  for (let edge = edges - 1; edge >= 0; edge -= 1) {
    if (contributes[consumers[edge]]) contributes[sources[edge]] = 1;
  }
  return {
    size,
    edges,
    output,
    names: nodes.map((node) => node.name),
    offsets,
    sources,
    consumers,
    constant: Uint8Array.from(nodes, (node) => (node.op === "constant" ? 1 : 0)),
    contributes,
    edgeOf: (consumer, slot) => offsets[consumer] + slot,
  };
}

function isArray(value: unknown): value is PlainArray | NumberArray {
  return typeof value === "object" && value !== null && "shape" in value && "data" in value;
}

/** The gates of a graph as the machine takes them. */
function gatesOf(graph: PlainGraph): Gate[] {
  return graph.nodes.map((node) => {
    const isLeaf = node.op === "input" || node.op === "constant";
    const shape = node.shape ?? (isArray(node.value) ? node.value.shape : []);
    if (isLeaf) return { arguments: [], program: null, shape };
    const program = graph.programs?.[node.program ?? -1];
    if (!program)
      throw new Error(`node "${node.name}": no program came with "${node.op}"; its numbers come from the kernel`);
    return { arguments: node.arguments ?? [], program, shape: [] };
  });
}

/** Write a number, or the numbers of an array, into a leaf. A leaf without any is NaN: graph and inputs may arrive apart. */
export function fill(leaf: NumberArray, given: unknown): void {
  // A typed array reads "Infinity" as readNumber does.
  if (isArray(given) && given.data.length === leaf.data.length) leaf.data.set(given.data as ArrayLike<number>);
  else
    leaf.data.fill(
      given === undefined || given === null || isArray(given) ? NaN : readNumber(given as number | string),
    );
}

function isFiniteThroughout({ data }: NumberArray): boolean {
  let rest = 0; // x − x is 0 where x is finite, and NaN elsewhere
  for (const each of data) rest += each - each;
  return rest === 0;
}

/** What stands in a row of numbers: a scalar's number, a copy of an array, zeros where there is nothing. */
function told(found: NumberArray | null, shape: readonly number[]): Quantity {
  if (found === null) return shape.length === 0 ? 0 : new ArrayNumber(shape, new Float64Array(entryCount(shape)));
  return shape.length === 0 ? found.data[0] : new ArrayNumber(found.shape, found.data.slice());
}

interface ReversibleGraph extends CompiledGraph {
  machine: Machine;
  perNode: (found: readonly (NumberArray | null)[]) => QuantityRow;
  perEdge: (found: readonly (NumberArray | null)[], shapeOf: (edge: number) => readonly number[]) => QuantityRow;
}

/**
 * Prepares a graph for any number of runs in reverse mode.
 * @throws where an operation came without a program
 */
export function compileReverse(graph: PlainGraph): ReversibleGraph {
  const structure = graphStructure(graph);
  const { size, sources, constant, consumers } = structure;
  const literals = graph.nodes.map((node) => node.op === "constant");
  const machine = new Machine(gatesOf(graph), graph.output, literals);
  const shapes = machine.values.map((value) => value.shape);
  const isScalar = shapes.every((shape) => shape.length === 0);
  graph.nodes.forEach((node, index) => {
    if (literals[index]) fill(machine.values[index], node.value);
  });

  const row = (length: number, tell: (place: number) => Quantity): QuantityRow =>
    isScalar
      ? Float64Array.from({ length }, (_, place) => tell(place) as number)
      : Array.from({ length }, (_, place) => tell(place));
  const perNode = (found: readonly (NumberArray | null)[]) => row(size, (node) => told(found[node], shapes[node]));
  const perEdge = (found: readonly (NumberArray | null)[], shapeOf: (edge: number) => readonly number[]) =>
    row(structure.edges, (edge) => told(found[edge] ?? null, found[edge]?.shape ?? shapeOf(edge)));

  function evaluate(inputs: Inputs): void {
    graph.nodes.forEach((node, index) => {
      if (node.op === "input") fill(machine.values[index], inputs[node.name]);
    });
    machine.evaluate();
  }

  function run(inputs: Inputs): Run {
    evaluate(inputs);
    machine.reverse();
    const { values, partials } = machine;
    return {
      primals: perNode(values),
      partials: perEdge(partials, (edge) => shapes[consumers[edge]]),
      adjoints: perNode(machine.adjoints),
      contributions: perEdge(machine.contributions, (edge) => shapes[sources[edge]]),
      nonFinite: values.findIndex((each) => !isFiniteThroughout(each)),
      nonFinitePartial: partials.findIndex(
        (each, edge) =>
          each !== null &&
          !constant[sources[edge]] &&
          !isFiniteThroughout(each) &&
          isFiniteThroughout(values[consumers[edge]]),
      ),
    };
  }

  return { ...structure, isScalar, run, machine, perNode, perEdge };
}

/** Prepares a graph for runs in both modes; as {@link compileReverse}. */
export function compileGraph(graph: PlainGraph): CompiledGraph {
  const { machine, perNode, perEdge, ...compiledGraph } = compileReverse(graph);
  const { run, consumers } = compiledGraph;
  const shapes = machine.values.map((value) => value.shape);
  const sweeps = new Map<string, { leaves: Map<number, NumberArray>; sweep: ForwardSweep }>();

  /** The sweep for a choice of inputs that move, made ready once. */
  function sweepFor(moving: readonly number[]) {
    const key = moving.join();
    let known = sweeps.get(key);
    if (!known) {
      const leaves = new Map(
        moving.map(
          (node) => [node, { shape: shapes[node], data: new Float64Array(entryCount(shapes[node])) }] as const,
        ),
      );
      known = { leaves, sweep: forwardSweep(machine, leaves) };
      sweeps.set(key, known);
    }
    return known;
  }

  function runForward(inputs: Inputs, direction: Inputs): Run {
    const result = run(inputs);
    const moving = graph.nodes.flatMap((node, index) =>
      node.op === "input" && Object.hasOwn(direction, node.name) ? [index] : [],
    );
    const { leaves, sweep } = sweepFor(moving);
    for (const [node, leaf] of leaves) fill(leaf, direction[graph.nodes[node].name]);
    sweep.run();
    const shapeOf = (edge: number) => shapes[consumers[edge]];
    return { ...result, tangents: perNode(sweep.tangents), pushes: perEdge(sweep.pushes, shapeOf) };
  }

  return { ...compiledGraph, runForward };
}

let compiler: (graph: PlainGraph) => CompiledGraph = compileReverse;

/** Let this page compile graphs for both modes, and those in which gates were closed or opened. */
export function useCompiler(given: (graph: PlainGraph) => CompiledGraph): void {
  compiler = given;
}

/** As {@link compileGraph}, by whatever compiler this page has. */
export function compiled(graph: PlainGraph): CompiledGraph {
  return compiler(graph);
}
