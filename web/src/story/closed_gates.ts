// Runs of a graph in which gates were closed or opened: numbers of its basis, and beside them what only the view has.
import { entryCount } from "./primitives.js";
import { compileGraph, graphStructure } from "./engine.js";
import type { CompiledGraph, Inputs, PlainGraph, Run, Structure } from "./engine.js";
import { type Gate, Machine, readNumber, scalar } from "./machine.js";
import { ArrayNumber, combined, type Quantity, type QuantityRow } from "./numerals.js";

type Edges = [consumer: number, slot: number][];

interface Basis extends PlainGraph {
  standing: number[];
  carried: (Edges | null)[];
  inside: Record<string, number[]>;
}

/** A graph that came with its programs, and with its basis where gates are closed. */
export type CompilableGraph = PlainGraph & { basis?: Basis };
type ClosedGraph = PlainGraph & { basis: Basis };

interface ScalarRun extends Run {
  primals: Float64Array;
  partials: Float64Array;
  adjoints: Float64Array;
  contributions: Float64Array;
  tangents?: Float64Array;
}

// Gates that are opened further, and local partials of closed ones, are told of scalars only: rows of plain numbers.
function scalarRun(run: Run) {
  return run as ScalarRun;
}

/**
 * Edges of a view that share an edge of the basis with another: they lead to gates that give several values of one
 * block, and only part of what the shared edge carries is theirs.
 */
function sharedEdges(carried: (Edges | null)[]): boolean[] {
  const key = ([consumer, slot]: [number, number]) => `${consumer},${slot}`;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const each of carried.flatMap((edges) => (edges ?? []).map(key))) (seen.has(each) ? twice : seen).add(each);
  return carried.map((edges) => (edges ?? []).some((each) => twice.has(key(each))));
}

/**
 * What a seed at the way out of a closed gate sends back to each of its arguments: of 1, the local partials.
 * @param below the compiled basis
 * @param run a run of it
 * @param inside basis nodes in the gate, the way out last
 * @param carried per slot, the edges [consumer, slot] of the basis that lead to that argument
 * @param seed at the way out
 */
function sentThrough(below: CompiledGraph, run: ScalarRun, inside: number[], carried: (Edges | null)[], seed: number) {
  const { offsets, sources, constant } = below;
  const members = new Set(inside);
  const sums = new Map([[inside[inside.length - 1], seed]]);
  const sent = new Map<number, number>();
  for (const node of [...inside].reverse()) {
    const sum = sums.get(node);
    if (sum === undefined) continue;
    for (let edge = offsets[node]; edge < offsets[node + 1]; edge += 1) {
      if (constant[sources[edge]]) continue;
      const amount = sum * run.partials[edge];
      sent.set(edge, amount);
      if (members.has(sources[edge])) sums.set(sources[edge], (sums.get(sources[edge]) ?? 0) + amount);
    }
  }
  return carried.map((edges) =>
    (edges ?? []).reduce((sum, [node, slot]) => sum + (sent.get(below.edgeOf(node, slot)) ?? 0), 0),
  );
}

/** Values of the view, and the local partials of its edges: the view's own where nothing of the basis stands for them. */
function viewValues(graph: ClosedGraph, structure: Structure, below: CompiledGraph, run: ScalarRun, own?: ScalarRun) {
  const { standing, carried, inside } = graph.basis;
  const { size, edges, offsets } = structure;
  const primals = own?.primals ?? new Float64Array(size);
  // Where no gate is opened, an edge that leads into no closed gate is one of the basis.
  const partials =
    own?.partials ??
    Float64Array.from({ length: edges }, (_, edge) => {
      const [[node, slot] = [-1, -1]] = carried[edge] ?? [];
      return node < 0 ? 0 : run.partials[below.edgeOf(node, slot)];
    });
  for (let index = 0; index < size; index += 1) {
    if (standing[index] >= 0) primals[index] = run.primals[standing[index]];
    if (!Object.hasOwn(inside, index)) continue;
    const [start, end] = [offsets[index], offsets[index + 1]];
    sentThrough(below, run, inside[index], carried.slice(start, end), 1).forEach((partial, slot) => {
      partials[start + slot] = partial;
    });
  }
  return { primals, partials };
}

/** Adjoints of the view; the edges at which a form's arguments enter carry the whole form's contribution. */
function viewAdjoints(
  graph: ClosedGraph,
  structure: Structure,
  below: CompiledGraph,
  run: ScalarRun,
  partials: Float64Array,
) {
  const { standing, carried, inside } = graph.basis;
  const shared = sharedEdges(carried);
  const { size, edges, offsets, sources, constant, contributes } = structure;
  const adjoints = Float64Array.from(standing, (node) => (node >= 0 ? run.adjoints[node] : 0));
  const contributions = new Float64Array(edges);
  for (let index = size - 1; index >= 0; index -= 1) {
    if (!contributes[index]) continue;
    const [start, end] = [offsets[index], offsets[index + 1]];
    const own = shared.slice(start, end).includes(true)
      ? sentThrough(below, run, inside[index], carried.slice(start, end), adjoints[index])
      : [];
    for (let edge = offsets[index]; edge < offsets[index + 1]; edge += 1) {
      const source = sources[edge];
      if (constant[source]) continue;
      const entering = carried[edge];
      contributions[edge] = shared[edge]
        ? own[edge - start]
        : entering
          ? entering.reduce((sum, [node, slot]) => sum + run.contributions[below.edgeOf(node, slot)], 0)
          : adjoints[index] * partials[edge];
      if (standing[source] < 0) adjoints[source] += contributions[edge];
    }
  }
  return { adjoints, contributions };
}

function viewTangents(graph: ClosedGraph, structure: Structure, run: ScalarRun, partials: Float64Array) {
  const { standing } = graph.basis;
  const { size, edges, offsets, sources } = structure;
  const tangents = new Float64Array(size);
  const pushes = new Float64Array(edges);
  for (let index = 0; index < size; index += 1) {
    for (let edge = offsets[index]; edge < offsets[index + 1]; edge += 1) {
      const moving = tangents[sources[edge]];
      pushes[edge] = moving === 0 ? 0 : partials[edge] * moving;
      tangents[index] += pushes[edge];
    }
    if (standing[index] >= 0) tangents[index] = run.tangents?.[standing[index]] ?? 0;
  }
  return { tangents, pushes };
}

function compileView(graph: ClosedGraph, below: CompiledGraph): CompiledGraph {
  // Closed gates come without programs: the basis has them all. A view in which a gate is opened has some of its own.
  const isOwn = graph.nodes.every(({ op, program }) => op === "input" || op === "constant" || program !== undefined);
  const view = isOwn ? compileGraph(graph) : undefined;
  const structure = graphStructure(graph);

  function completed(inputs: Inputs, run: ScalarRun) {
    const { primals, partials } = viewValues(graph, structure, below, run, view && scalarRun(view.run(inputs)));
    const nonFinite = primals.findIndex((each) => !Number.isFinite(each));
    const nonFinitePartial = partials.findIndex(
      (each, edge) => !Number.isFinite(each) && Number.isFinite(primals[structure.consumers[edge]]),
    );
    return { primals, partials, ...viewAdjoints(graph, structure, below, run, partials), nonFinite, nonFinitePartial };
  }

  function runForward(inputs: Inputs, direction: Inputs) {
    const run = scalarRun(below.runForward!(inputs, direction));
    const result = completed(inputs, run);
    return { ...result, ...viewTangents(graph, structure, run, result.partials) };
  }

  return { ...structure, isScalar: true, run: (inputs) => completed(inputs, scalarRun(below.run(inputs))), runForward };
}

function zeros(like: Quantity | undefined): Quantity {
  return typeof like === "object" ? new ArrayNumber(like.shape, new Float64Array(entryCount(like.shape))) : 0;
}

function plain(each: Quantity) {
  return typeof each === "object" ? each : scalar(each);
}

/** Runs of closed gates by themselves: they tell what one of a block's values alone sends back to each argument. */
function gatesAlone(graph: ClosedGraph, { sources, offsets }: Structure) {
  const machines = new Map<number, Machine>();

  /** The gates inside as a graph of their own, whose leaves are the arguments. */
  function machineOf(gate: number, given: Quantity[]): Machine {
    const leaves = given.map((each) => ({ arguments: [], program: null, shape: plain(each).shape }));
    const gates = [...leaves, ...gatesInside(graph, gate)!];
    const literals = gates.map(({ program }, place) => program === null && place >= leaves.length);
    return new Machine(gates, gates.length - 1, literals);
  }

  return function sentBack(gate: number, primals: QuantityRow, adjoint: Quantity): Quantity[] {
    const given = Array.from(sources.subarray(offsets[gate], offsets[gate + 1]), (source) => primals[source]);
    const machine = machines.get(gate) ?? machineOf(gate, given);
    machines.set(gate, machine);
    given.forEach((each, place) => machine.values[place].data.set(plain(each).data));
    machine.adjoints[machine.gates.length - 1]!.data.set(plain(adjoint).data);
    machine.evaluate();
    machine.reverse();
    return given.map((each, place) => {
      const sum = machine.adjoints[place];
      if (sum === null) return zeros(each);
      return typeof each === "object" ? new ArrayNumber(each.shape, sum.data.slice()) : sum.data[0];
    });
  };
}

/**
 * A view of arrays in which gates are closed and none is opened further: each of its numbers is one of the basis, or a
 * sum of some. A closed gate of arrays has no local partial, and a contribution is told of it alone.
 */
function compileArrayView(graph: ClosedGraph, below: CompiledGraph): CompiledGraph {
  const structure = graphStructure(graph);
  const { standing, carried, inside } = graph.basis;
  const shared = sharedEdges(carried);
  const sharing = new Set(structure.consumers.filter((each, edge) => shared[edge] && structure.contributes[each]));
  const sentBack = gatesAlone(graph, structure);

  const isFinite = (each: Quantity) => (typeof each === "number" ? Number.isFinite(each) : each.finite);
  const perNode = (row: QuantityRow) => Array.from(standing, (node) => row[node]);

  function viewPartials(row: QuantityRow): Quantity[] {
    return Array.from(carried, (edges, edge) => {
      const isOfBasis = !Object.hasOwn(inside, structure.consumers[edge]) && edges?.length === 1;
      return isOfBasis ? row[below.edgeOf(...edges[0])] : NaN;
    });
  }

  function viewContributions(run: Run, primals: QuantityRow, adjoints: QuantityRow): Quantity[] {
    const row = Array.from(carried, (edges, edge) =>
      (edges ?? [])
        .map(([node, slot]) => run.contributions[below.edgeOf(node, slot)])
        .reduce((sum, each) => combined(sum, 1, each), zeros(primals[structure.sources[edge]])),
    );
    for (const gate of sharing) {
      sentBack(gate, primals, adjoints[gate]).forEach((each, slot) => {
        const edge = structure.edgeOf(gate, slot);
        if (shared[edge]) row[edge] = each;
      });
    }
    return row;
  }

  function read(run: Run): Run {
    const primals = perNode(run.primals);
    const adjoints = perNode(run.adjoints);
    return {
      primals,
      partials: viewPartials(run.partials),
      adjoints,
      contributions: viewContributions(run, primals, adjoints),
      nonFinite: primals.findIndex((each) => !isFinite(each)),
      nonFinitePartial: -1,
      ...(run.tangents && { tangents: perNode(run.tangents) }),
    };
  }

  return {
    ...structure,
    isScalar: false,
    run: (inputs) => read(below.run(inputs)),
    runForward: (inputs, direction) => read(below.runForward!(inputs, direction)),
  };
}

/** What stands inside a closed gate, in the order of the basis; places count the gate's arguments first. */
export function gatesInside({ basis, nodes }: CompilableGraph, node: number): Gate[] | null {
  const inside = basis?.inside[node];
  if (!basis || !inside) return null;
  const sources = nodes[node].arguments ?? [];
  const places = new Map(sources.map((source, slot) => [basis.standing[source], slot]));
  const gates: Gate[] = [];
  const add = (each: number, gate: Gate) => {
    places.set(each, sources.length + gates.length);
    gates.push(gate);
  };
  const placed = (each: number): number => {
    const { value } = basis.nodes[each];
    if (!places.has(each) && value !== undefined) {
      const { shape, data } = typeof value === "object" ? value : { shape: [], data: [value] };
      add(each, { arguments: [], program: null, shape, data: Float64Array.from(data, readNumber) });
    }
    return places.get(each)!;
  };
  for (const each of inside) {
    const gate = basis.nodes[each];
    const given = (gate.arguments ?? []).map(placed);
    add(each, { arguments: given, program: basis.programs![gate.program!], shape: [] });
  }
  return gates;
}

/** Prepares a graph, plain or with gates closed and opened, for any number of runs; see compileGraph. */
export function compileAnyGraph(graph: CompilableGraph): CompiledGraph {
  const { basis } = graph;
  if (!basis) return compileGraph(graph);
  const below = compileGraph(basis);
  return (below.isScalar ? compileView : compileArrayView)({ ...graph, basis }, below);
}
