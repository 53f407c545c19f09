// The loss of one example with every number a node, for the network as it stands: backpropviz/learn/scalar_form.py.
import type { TypedGraph, TypedNode } from "../typing/graph_builder.js";
import type { Basis } from "../types/specification.js";
import type { Learner } from "./learner.js";
import { Sketch } from "./step_sketch.js";
import { otherSquares, unitScores } from "./unit_graph.js";

export const CLOSED = "composite";

/** A step's graph with loss and penalty closed, what they are closed over, and the numbers to begin with. */
export interface StepGraph {
  view: TypedGraph;
  basis: TypedGraph;
  standing: Pick<Basis, "standing" | "carried" | "inside">;
  inputs: Record<string, number>;
  /** Places of the weights and biases in the view, in the order of making. */
  parameters: number[];
}

/** The scores as all weights make them. */
function allScores(sketch: Sketch, features: Float64Array): number[] {
  let values = Array.from(features, (value, place) => sketch.input(sketch.unit("x", 0, place), value));
  sketch.places.forEach(({ before, after, weights, biases }, index) => {
    const layer = index + 1;
    const sums = Array.from({ length: after }, (_, to) => {
      const incoming = Array.from({ length: before }, (__, from) => sketch.weight(weights + from * after + to));
      const products = incoming.map((weight, from) => sketch.gate("multiply", weight, values[from]));
      return sketch.named(sketch.gate("add", ...products, sketch.parameter(biases + to)), sketch.unit("t", layer, to));
    });
    values = sums.map((total, to) => sketch.named(sketch.activated(total, layer), sketch.unit("h", layer, to)));
  });
  return values;
}

/** The graph of a learner's step on one example; of one unit only where one is given, as [layer, unit]. */
export function stepGraph(learner: Learner, example: number, unit?: readonly number[]): StepGraph {
  const { form, l2 } = learner;
  const { features, targets } = learner.exampleAt(example);
  const sketch = new Sketch(learner);
  const { builder, inputs, weights } = sketch;
  const scaled = (value: number, factor: number) =>
    factor === 1 ? value : sketch.gate("multiply", builder.constant(factor), value);
  let values = unit ? unitScores(sketch, features, unit) : allScores(sketch, features);
  const labels = Array.from(targets, (value, place) => sketch.input(targets.length > 1 ? `y${place + 1}` : "y", value));
  const products = () => values.map((score, place) => sketch.gate("multiply", labels[place], score));
  const powers = () => values.map((score) => sketch.gate("exp", score));
  let loss: number;
  if (form.loss === "cross_entropy") {
    const right = sketch.sum(products());
    loss = sketch.gate("subtract", sketch.gate("ln", sketch.sum(powers())), right);
  } else if (form.loss === "binary_cross_entropy") {
    const terms = values.map((score, place) =>
      sketch.gate("subtract", sketch.gate("softplus", score), sketch.gate("multiply", labels[place], score)),
    );
    loss = scaled(sketch.sum(terms), 1 / terms.length);
  } else {
    if (form.output === "sigmoid") {
      values = values.map((score, place) => sketch.named(sketch.gate("sigmoid", score), `p${place + 1}`));
    } else if (form.output === "softmax") {
      const raised = powers();
      const total = sketch.sum(raised);
      values = raised.map((power, place) => sketch.named(sketch.gate("divide", power, total), `p${place + 1}`));
    }
    const differences = values.map((value, place) => sketch.gate("subtract", value, labels[place]));
    const total = sketch.sum(differences.map((difference) => sketch.gate("square", difference)));
    loss = scaled(total, form.loss === "half_squared_error" ? 0.5 : 1);
  }
  if (l2) {
    const squares = weights.map((weight) => sketch.gate("square", weight));
    if (unit) squares.push(builder.constant(otherSquares(sketch)));
    const total = sketch.sum(squares);
    const penalty = sketch.named(scaled(total, l2 / 2), "penalty");
    loss = sketch.gate("add", sketch.named(loss, "misfit"), penalty);
  }
  const basis = builder.build(sketch.named(loss, "loss"));
  // Of one unit only its own gates stand open, and the products that its value goes into.
  const isOpen = ({ name, op, arguments: [first] }: TypedNode) =>
    /^[toh]\d/.test(name) ||
    (unit ? op === "multiply" && isParameter(basis.nodes[first]) : op === "sigmoid" && /^p\d/.test(name));
  const isParameter = ({ name }: TypedNode) => sketch.parameters.has(name);
  const { view, standing } = closed(basis, l2 ? ["penalty", "misfit"] : ["loss"], isOpen);
  return { view, basis, standing, inputs, parameters: view.inputs.filter((place) => isParameter(view.nodes[place])) };
}

/** Which gates stand inside a closed one: those that lead to its way out from the units, their scores and labels. */
function membersOf({ nodes }: TypedGraph, output: number, isOpen: (node: TypedNode) => boolean): number[] {
  const found = new Set([output]);
  const isInside = (node: TypedNode) => node.arguments.length > 0 && !isOpen(node);
  for (const place of found) for (const each of nodes[place].arguments) if (isInside(nodes[each])) found.add(each);
  return [...found].sort((left, right) => left - right);
}

/** Close what leads to some nodes into a gate each: the view that backpropviz/graph/closing makes. */
function closed(
  basis: TypedGraph,
  names: string[],
  isOpen: (node: TypedNode) => boolean,
): Pick<StepGraph, "view" | "standing"> {
  const { nodes } = basis;
  const members = new Map(
    names.map((name) => {
      const output = nodes.findIndex((node) => node.name === name);
      return [output, membersOf(basis, output, isOpen)];
    }),
  );
  const within = new Set([...members.values()].flat());
  const isConstant = (place: number) => nodes[place].op === "constant";
  const argumentsOf = (place: number) => {
    const inside = members.get(place);
    if (!inside) return nodes[place].arguments;
    const own = new Set(inside);
    const used = basis.making.filter((each) => own.has(each));
    return [...new Set(used.flatMap((each) => nodes[each].arguments))].filter(
      (each) => !within.has(each) && !isConstant(each),
    );
  };
  // All constants stand inside.
  const shown = nodes.flatMap((_, place) =>
    (within.has(place) && !members.has(place)) || isConstant(place) ? [] : [place],
  );
  const depth: number[] = [];
  for (const place of shown)
    depth[place] = argumentsOf(place).reduce((deepest, each) => Math.max(deepest, depth[each] + 1), 0);
  const standing = [...shown].sort((left, right) => depth[left] - depth[right]); // stable
  const at = new Map(standing.map((place, index) => [place, index]));
  const made = standing.map((place): TypedNode => ({
    ...nodes[place],
    op: members.has(place) ? CLOSED : nodes[place].op,
    arguments: argumentsOf(place).map((each) => at.get(each)!),
    consumers: [],
  }));
  // Closed gates were made last.
  for (const place of [...shown].sort((left, right) => Number(members.has(left)) - Number(members.has(right))))
    argumentsOf(place).forEach((each, slot) => made[at.get(each)!].consumers.push({ consumer: at.get(place)!, slot }));
  const carried = standing.flatMap((place) =>
    argumentsOf(place).map((argument, slot): [number, number][] => {
      const inside = members.get(place);
      if (!inside) return [[place, slot]];
      return inside
        .toReversed()
        .flatMap((each) =>
          nodes[each].arguments.flatMap((from, by): [number, number][] => (from === argument ? [[each, by]] : [])),
        );
    }),
  );
  return {
    view: {
      nodes: made,
      making: [...made.keys()],
      output: at.get(basis.output)!,
      inputs: basis.inputs.map((place) => at.get(place)!),
    },
    standing: {
      standing,
      carried,
      inside: Object.fromEntries([...members].map(([output, inside]) => [at.get(output)!, inside])),
    },
  };
}
