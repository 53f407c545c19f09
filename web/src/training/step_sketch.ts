// A step's graph under construction, with a node for each number that is seen.
import { GraphBuilder } from "../typing/graph_builder.js";
import type { Learner } from "./learner.js";
import { type Form, layerPlaces } from "./perceptron.js";

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

/** Gates under construction, and the numbers to begin with. */
export class Sketch {
  readonly builder = new GraphBuilder();
  readonly inputs: Record<string, number> = {};
  /** Names of the weights and biases that are nodes, and places of such weights in the builder. */
  readonly parameters = new Set<string>();
  readonly weights: number[] = [];
  readonly places;
  readonly names;

  constructor(readonly learner: Learner) {
    this.places = layerPlaces(learner.form);
    this.names = parameterNames(learner.form);
  }

  input(name: string, value: number): number {
    this.inputs[name] = value;
    return this.builder.input(name);
  }

  parameter(place: number): number {
    this.parameters.add(this.names[place]);
    return this.input(this.names[place], this.learner.parameters[place]);
  }

  weight(place: number): number {
    const weight = this.parameter(place);
    this.weights.push(weight);
    return weight;
  }

  gate(op: string, ...given: number[]): number {
    return this.builder.apply(op, given);
  }

  sum(terms: number[]): number {
    return terms.length > 1 ? this.gate("add", ...terms) : terms[0];
  }

  named(place: number, name: string): number {
    this.builder.name(place, name);
    return place;
  }

  /** A unit's name; layers are counted from 1, units from 0. */
  unit(letter: string, layer: number, unit: number): string {
    const { length } = this.places;
    if (layer === length) return `o${unit + 1}`;
    return letter + (length === 2 || layer === 0 ? "" : `${layer}_`) + (unit + 1);
  }

  /** What a layer makes of a sum. */
  activated(total: number, layer: number): number {
    const activation = this.learner.form.activations[layer - 1] ?? "identity";
    return activation === "identity" ? total : this.gate(activation, total);
  }
}
