// Runs of a graph in which gates were closed or opened: numbers of its basis, and beside them what only the view has.
import { compileGraph, graphStructure } from "./engine.js";

/**
 * Local partials of a closed gate: what a seed of 1 at its way out sends back to each of its arguments.
 * @param {object} below  the compiled basis
 * @param {object} run  a run of it
 * @param {number[]} inside  basis nodes in the gate, the way out last
 * @param {number[][][]} carried  per slot, the edges [consumer, slot] of the basis that lead to that argument
 */
function compositePartials(below, run, inside, carried) {
  const { offsets, sources, constant, edgeOf } = below;
  const members = new Set(inside);
  const sums = new Map([[inside.at(-1), 1]]);
  const sent = new Map();
  for (const node of [...inside].reverse()) {
    if (!sums.has(node)) continue;
    for (let edge = offsets[node]; edge < offsets[node + 1]; edge += 1) {
      if (constant[sources[edge]]) continue;
      const amount = sums.get(node) * run.partials[edge];
      sent.set(edge, amount);
      if (members.has(sources[edge])) sums.set(sources[edge], (sums.get(sources[edge]) ?? 0) + amount);
    }
  }
  return carried.map((edges) => edges.reduce((sum, [node, slot]) => sum + (sent.get(edgeOf(node, slot)) ?? 0), 0));
}

/** Values of the view, and the local partials of its edges: the view's own where nothing of the basis stands for them. */
function viewValues(graph, structure, below, run, own) {
  const { standing, carried, inside } = graph.basis;
  const { size, offsets } = structure;
  const { primals, partials } = own;
  for (let index = 0; index < size; index += 1) {
    if (standing[index] >= 0) primals[index] = run.primals[standing[index]];
    if (!Object.hasOwn(inside, index)) continue;
    const [start, end] = [offsets[index], offsets[index + 1]];
    compositePartials(below, run, inside[index], carried.slice(start, end)).forEach((partial, slot) => {
      partials[start + slot] = partial;
    });
  }
  return { primals, partials };
}

/** Adjoints of the view; the edges at which a form's arguments enter carry the whole form's contribution. */
function viewAdjoints(graph, structure, below, run, partials) {
  const { standing, carried } = graph.basis;
  const { size, edges, offsets, sources, constant, contributes } = structure;
  const adjoints = Float64Array.from(standing, (node) => (node >= 0 ? run.adjoints[node] : 0));
  const contributions = new Float64Array(edges);
  for (let index = size - 1; index >= 0; index -= 1) {
    if (!contributes[index]) continue;
    for (let edge = offsets[index]; edge < offsets[index + 1]; edge += 1) {
      const source = sources[edge];
      if (constant[source]) continue;
      contributions[edge] = carried[edge]
        ? carried[edge].reduce((sum, [node, slot]) => sum + run.contributions[below.edgeOf(node, slot)], 0)
        : adjoints[index] * partials[edge];
      if (standing[source] < 0) adjoints[source] += contributions[edge];
    }
  }
  return { adjoints, contributions };
}

function viewTangents(graph, structure, run, partials) {
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
    if (standing[index] >= 0) tangents[index] = run.tangents[standing[index]];
  }
  return { tangents, pushes };
}

function compileView(graph) {
  const view = compileGraph(graph);
  const structure = graphStructure(graph);
  const below = compileGraph(graph.basis);

  function completed(inputs, run) {
    const { primals, partials } = viewValues(graph, structure, below, run, view.run(inputs));
    const nonFinite = primals.findIndex((each) => !Number.isFinite(each));
    const nonFinitePartial = partials.findIndex(
      (each, edge) => !Number.isFinite(each) && Number.isFinite(primals[structure.consumers[edge]]),
    );
    return { primals, partials, ...viewAdjoints(graph, structure, below, run, partials), nonFinite, nonFinitePartial };
  }

  function runForward(inputs, direction) {
    const run = below.runForward(inputs, direction);
    const result = completed(inputs, run);
    return { ...result, ...viewTangents(graph, structure, run, result.partials) };
  }

  return { ...structure, isScalar: true, run: (inputs) => completed(inputs, below.run(inputs)), runForward };
}

/** Prepares a scalar graph, plain or with gates closed and opened, for any number of runs; see compileGraph. */
export function compileAnyGraph(graph) {
  return graph.basis ? compileView(graph) : compileGraph(graph);
}
