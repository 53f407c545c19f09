// The loss of one example with every number a node, for the network as it stands: backpropviz/learn/scalar_form.py.
import { GraphBuilder, type TypedGraph, type TypedNode } from "../typing/graph_builder.js";
import type { Basis } from "../types/specification.js";
import type { Learner } from "./learner.js";
import { type Form, layerPlaces } from "./perceptron.js";

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

/** Weights and biases by their names in the graph, in the order of the row. */
export function parameterNames(form: Pick<Form, "sizes" | "isBiasFirst">): string[] {
  const between = Math.max(...form.sizes) > 9 ? "_" : "";
  const names: string[] = [];
  layerPlaces(form).forEach(({ before, after, weights, biases }, index, { length }) => {
    const stem = length <= 2 ? "wa"[index] : `w${index + 1}_`;
    for (let to = 0; to < after; to += 1) {
      names[biases + to] = `b${index + 1}${between}${to + 1}`;
      for (let from = 0; from < before; from += 1)
        names[weights + from * after + to] = `${stem}${from + 1}${between}${to + 1}`;
    }
  });
  return names;
}

/** The graph of a learner's step on one example. */
export function stepGraph(learner: Learner, example: number): StepGraph {
  const { form, l2, parameters } = learner;
  const { features, targets } = learner.exampleAt(example);
  const places = layerPlaces(form);
  const last = places.length;
  const names = parameterNames(form);
  const builder = new GraphBuilder();
  const inputs: Record<string, number> = {};
  const input = (name: string, value: number) => {
    inputs[name] = value;
    return builder.input(name);
  };
  const parameter = (place: number) => input(names[place], parameters[place]);
  const named = (place: number, name: string) => {
    builder.name(place, name);
    return place;
  };
  const sum = (terms: number[]) => (terms.length > 1 ? builder.apply("add", terms) : terms[0]);
  const scaled = (value: number, factor: number) =>
    factor === 1 ? value : builder.apply("multiply", [builder.constant(factor), value]);

  let values = Array.from(features, (value, place) => input(`x${place + 1}`, value));
  const squared: number[] = [];
  places.forEach(({ before, after, weights, biases }, index) => {
    const layer = index + 1;
    const unit = (letter: string, target: number) => {
      if (layer === last) return `o${target}`;
      return last === 2 ? `${letter}${target}` : `${letter}${layer}_${target}`;
    };
    const sums = Array.from({ length: after }, (_, to) => {
      const incoming = Array.from({ length: before }, (__, from) => parameter(weights + from * after + to));
      squared.push(...incoming);
      const products = incoming.map((weight, from) => builder.apply("multiply", [weight, values[from]]));
      const bias = parameter(biases + to);
      return named(builder.apply("add", [...products, bias]), unit("t", to + 1));
    });
    const activation = layer < last ? form.activations[index] : "identity";
    values =
      activation === "identity"
        ? sums
        : sums.map((value, to) => named(builder.apply(activation, [value]), unit("h", to + 1)));
  });

  const labels = Array.from(targets, (value, place) => input(targets.length > 1 ? `y${place + 1}` : "y", value));
  const products = () => values.map((score, place) => builder.apply("multiply", [labels[place], score]));
  const powers = () => values.map((score) => builder.apply("exp", [score]));
  let loss: number;
  if (form.loss === "cross_entropy") {
    const right = sum(products());
    loss = builder.apply("subtract", [builder.apply("ln", [sum(powers())]), right]);
  } else if (form.loss === "binary_cross_entropy") {
    const terms = values.map((score, place) =>
      builder.apply("subtract", [
        builder.apply("softplus", [score]),
        builder.apply("multiply", [labels[place], score]),
      ]),
    );
    loss = scaled(sum(terms), 1 / terms.length);
  } else {
    if (form.output === "sigmoid") {
      values = values.map((score, place) => named(builder.apply("sigmoid", [score]), `p${place + 1}`));
    } else if (form.output === "softmax") {
      const raised = powers();
      const total = sum(raised);
      values = raised.map((power, place) => named(builder.apply("divide", [power, total]), `p${place + 1}`));
    }
    const differences = values.map((value, place) => builder.apply("subtract", [value, labels[place]]));
    const total = sum(differences.map((difference) => builder.apply("square", [difference])));
    loss = scaled(total, form.loss === "half_squared_error" ? 0.5 : 1);
  }
  if (l2) {
    const total = sum(squared.map((weight) => builder.apply("square", [weight])));
    const penalty = named(scaled(total, l2 / 2), "penalty");
    loss = builder.apply("add", [named(loss, "misfit"), penalty]);
  }
  const basis = builder.build(named(loss, "loss"));
  const { view, standing } = closed(basis, l2 ? ["penalty", "misfit"] : ["loss"]);
  const isParameter = (place: number) => !/^[xy]/.test(view.nodes[place].name);
  return { view, basis, standing, inputs, parameters: view.inputs.filter(isParameter) };
}

/** Which gates stand inside a closed one: those that lead to its way out from the units, their scores and labels. */
function membersOf({ nodes }: TypedGraph, output: number): number[] {
  const isUnit = ({ name, op, arguments: places }: TypedNode) =>
    places.length === 0 || /^[toh]\d/.test(name) || (op === "sigmoid" && /^p\d/.test(name));
  const found = new Set([output]);
  for (const place of found) for (const each of nodes[place].arguments) if (!isUnit(nodes[each])) found.add(each);
  return [...found].sort((left, right) => left - right);
}

/** Close what leads to some nodes into a gate each: the view that backpropviz/graph/closing makes. */
function closed(basis: TypedGraph, names: string[]): Pick<StepGraph, "view" | "standing"> {
  const { nodes } = basis;
  const members = new Map(
    names.map((name) => {
      const output = nodes.findIndex((node) => node.name === name);
      return [output, membersOf(basis, output)];
    }),
  );
  const within = new Set([...members.values()].flat());
  const isConstant = (place: number) => nodes[place].op === "constant";
  const argumentsOf = (place: number) => {
    const inside = members.get(place);
    if (!inside) return nodes[place].arguments;
    return [...new Set(inside.flatMap((each) => nodes[each].arguments))].filter(
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
    view: { nodes: made, output: at.get(basis.output)!, inputs: basis.inputs.map((place) => at.get(place)!) },
    standing: {
      standing,
      carried,
      inside: Object.fromEntries([...members].map(([output, inside]) => [at.get(output)!, inside])),
    },
  };
}
