// One weight or bias under the hand, where the page itself trains; see backpropviz/runs/weight_edit.py.
import type { PlainChosenWeight } from "../types/specification.js";
import type { Learner } from "./learner.js";
import type { WeightPlace } from "./network.js";
import { layerPlaces } from "./perceptron.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

export function subscript(number: number): string {
  return Array.from(String(number), (digit) => SUBSCRIPTS[Number(digit)]).join("");
}

function unitName(layers: number, layer: number, unit: number): string {
  const hidden = layers > 2 ? `h${layer},` : "h";
  const letter = layer === 0 ? "x" : layer === layers ? "o" : hidden;
  return letter + subscript(unit + 1);
}

/** The weight, where it lies in the row, and the loss before it was changed. */
export class WeightUnderHand {
  /** Training loss before the change; null while nothing was changed since the last training step. */
  before: number | null = null;
  private readonly row: number;
  private readonly title: string;

  constructor(
    readonly learner: Learner,
    readonly place: WeightPlace,
  ) {
    const { layer, source, target } = place;
    const { after, weights, biases } = layerPlaces(learner.form)[layer - 1];
    const layers = learner.form.sizes.length - 1;
    this.row = source < 0 ? biases + target : weights + source * after + target;
    const name = unitName(layers, layer, target);
    this.title = source < 0 ? `bias of ${name}` : `${unitName(layers, layer - 1, source)} → ${name}`;
  }

  isAt({ layer, source, target }: WeightPlace): boolean {
    return this.place.layer === layer && this.place.source === source && this.place.target === target;
  }

  write(value: number): void {
    this.learner.setParameter(this.row, value);
  }

  /** What the page tells of it; the gradient of the whole training loss only while nothing moves. */
  toPlain(loss: number, running: boolean): PlainChosenWeight {
    const { learner } = this;
    let gradient: number | null = null;
    if (!running) {
      const row = new Float64Array(learner.parameters.length);
      learner.gradientAt(learner.parameters, row);
      gradient = row[this.row];
    }
    return { title: this.title, value: learner.parameters[this.row], gradient, loss, before: this.before };
  }
}
