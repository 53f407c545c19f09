// Both sweeps over a scalar graph, in the page: values forward, adjoints backward, tangents forward.
import { OPERATIONS } from "./ops.js";

/**
 * The shape of a graph as flat arrays. Edge e = offsets[consumer] + slot runs from sources[e] to its consumer.
 * @param {{nodes: object[], output: number}} graph  nodes in topological order, arguments as indices
 * @returns {{size: number, edges: number, output: number, names: string[], offsets: Int32Array, sources: Int32Array,
 *   consumers: Int32Array, constant: Uint8Array, contributes: Uint8Array, edgeOf: function(number, number): number}}
 *   `contributes` marks the nodes on which the output depends.
 */
export function graphStructure(graph) {
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

/** The rule of every gate; null for inputs and constants. */
function rulesOf(nodes) {
  return nodes.map((node) => {
    if (node.op === "input" || node.op === "constant") return null;
    if (!Object.hasOwn(OPERATIONS, node.op)) {
      throw new Error(`node "${node.name}": the page has no rule for "${node.op}"; its numbers come from the kernel`);
    }
    return OPERATIONS[node.op];
  });
}

/** The value of a leaf. An input without a number is NaN: inputs and graph may arrive one after the other. */
function leafValue(node, inputs) {
  const given = node.op === "constant" ? node.value : inputs[node.name];
  return given === undefined || given === null ? NaN : Number(given);
}

/** Values and local partials, in topological order. */
function sweepValues(graph, structure, rules, isLiteral, inputs) {
  const { size, edges, offsets, sources } = structure;
  const primals = new Float64Array(size);
  const partials = new Float64Array(edges);
  for (let index = 0; index < size; index += 1) {
    const node = graph.nodes[index];
    const rule = rules[index];
    if (rule === null) {
      primals[index] = leafValue(node, inputs);
      continue;
    }
    const start = offsets[index];
    const args = [];
    for (let edge = start; edge < offsets[index + 1]; edge += 1) args.push(primals[sources[edge]]);
    const out = rule.value(args, node.parameters);
    primals[index] = out;
    partials.set(rule.partials(out, args, node.parameters, isLiteral[index]), start);
  }
  return { primals, partials };
}

/**
 * Adjoints, in reverse topological order, slots ascending: the order in which the timeline tells them, so that the last
 * running sum of a replay has the very bits of the adjoint. Nodes on which the output does not depend keep 0 and send
 * nothing, as do edges from literal numbers; everything else multiplies plainly, also 0 by infinity.
 */
function sweepAdjoints(structure, partials) {
  const { size, edges, offsets, sources, constant, contributes, output } = structure;
  const adjoints = new Float64Array(size);
  const contributions = new Float64Array(edges);
  adjoints[output] = 1;
  for (let index = size - 1; index >= 0; index -= 1) {
    if (!contributes[index]) continue;
    for (let edge = offsets[index]; edge < offsets[index + 1]; edge += 1) {
      if (constant[sources[edge]]) continue;
      contributions[edge] = adjoints[index] * partials[edge];
      adjoints[sources[edge]] += contributions[edge];
    }
  }
  return { adjoints, contributions };
}

/**
 * Tangents, in topological order, and what each edge pushes: local partial times the tangent of its source. Only nodes
 * that an input named in `direction` reaches move; the others have tangent 0 and push nothing, so that an infinite slope
 * beside the path cannot spoil a zero.
 */
function sweepTangents(graph, structure, partials, direction) {
  const { size, edges, offsets, sources } = structure;
  const tangents = new Float64Array(size);
  const pushes = new Float64Array(edges);
  const moves = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) {
    const node = graph.nodes[index];
    if (node.op === "input" && Object.hasOwn(direction, node.name)) {
      moves[index] = 1;
      tangents[index] = Number(direction[node.name]);
    }
    for (let edge = offsets[index]; edge < offsets[index + 1]; edge += 1) {
      if (!moves[sources[edge]]) continue;
      moves[index] = 1;
      pushes[edge] = partials[edge] * tangents[sources[edge]];
      tangents[index] += pushes[edge];
    }
  }
  return { tangents, pushes };
}

function firstNonFinite(numbers) {
  return numbers.findIndex((each) => !Number.isFinite(each));
}

/**
 * Prepares a scalar graph for any number of runs.
 * @param {{nodes: object[], output: number}} graph
 * @returns {object} the fields of {@link graphStructure}, and
 *   `run(inputs)` -> {primals, partials, adjoints, contributions, nonFinite, nonFinitePartial}; arrays per node and per
 *   edge, `nonFinite` the first node whose value is not finite, `nonFinitePartial` the first edge whose partial is not
 *   although its consumer's value is, each -1 if there is none;
 *   `runForward(inputs, direction)` -> the same with `tangents` per node and `pushes` per edge.
 */
export function compileGraph(graph) {
  const structure = graphStructure(graph);
  const rules = rulesOf(graph.nodes);
  const isLiteral = graph.nodes.map((node) => (node.arguments ?? []).map((each) => structure.constant[each] === 1));

  function run(inputs) {
    const { primals, partials } = sweepValues(graph, structure, rules, isLiteral, inputs);
    const { adjoints, contributions } = sweepAdjoints(structure, partials);
    const nonFinitePartial = partials.findIndex(
      (each, edge) => !Number.isFinite(each) && Number.isFinite(primals[structure.consumers[edge]]),
    );
    return { primals, partials, adjoints, contributions, nonFinite: firstNonFinite(primals), nonFinitePartial };
  }

  function runForward(inputs, direction) {
    const result = run(inputs);
    return { ...result, ...sweepTangents(graph, structure, result.partials, direction) };
  }

  return { ...structure, run, runForward };
}
