// One weight under the hand: its value, what the loss is, and what it was before the change.
import { bounded, makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { readAnswer } from "../story/answers.js";
import { formatNumber, roundedText } from "../story/numerals.js";
import type { PlainChosenWeight } from "../types/specification.js";
import type { Learner } from "./learner.js";
import type { WeightPlace } from "./network.js";
import { type Form, layerPlaces } from "./perceptron.js";

const SLIDER_STEPS = 400;

/** The row beneath the network; empty while no weight is chosen. */
export class WeightEditor {
  name: HTMLSpanElement;
  slider: HTMLInputElement;
  field: HTMLInputElement;
  effect: HTMLDivElement;
  hint: HTMLDivElement;
  body: HTMLDivElement;
  element: HTMLDivElement;
  held = false;
  title!: string | null;

  /** onEdit(value), onClose(); onProblem(text): what was typed cannot be read. */
  constructor({
    lifetime,
    onEdit,
    onClose,
    onProblem,
  }: {
    lifetime: Lifetime;
    onEdit: (value: number) => void;
    onClose: () => void;
    onProblem: (text: string) => void;
  }) {
    this.name = makeElement("span", { class: "bpv-weight-name" });
    this.slider = makeElement("input", { type: "range", class: "bpv-slider", "aria-label": "Weight", step: "any" });
    this.field = makeElement("input", {
      type: "text",
      inputmode: "decimal",
      class: "bpv-field",
      "aria-label": "Weight value",
    });
    this.effect = makeElement("div", { class: "bpv-weight-effect", role: "status" });
    this.hint = makeElement("div", {
      class: "bpv-card-note",
      text: "Click a line to change its weight, or a unit to change its bias.",
    });
    const row = makeElement("div", { class: "bpv-weight-row" }, this.name, this.slider, this.field);
    this.body = makeElement("div", { class: "bpv-weight-body", hidden: "" }, row, this.effect);
    this.element = makeElement("div", { class: "bpv-weight" }, this.hint, this.body);
    lifetime.listen(this.slider, "pointerdown", () => (this.held = true));
    lifetime.listen(this.slider, "change", () => (this.held = false));
    lifetime.listen(this.slider, "input", () => {
      this.field.value = formatNumber(Number(this.slider.value));
      this.fill();
      onEdit(Number(this.slider.value));
    });
    lifetime.listen(this.field, "change", () => {
      const { number, problem } = readAnswer(this.field.value);
      this.field.classList.toggle("bpv-invalid", problem !== undefined);
      if (problem !== undefined) onProblem(problem);
      else onEdit(number);
    });
    lifetime.listen(this.field, "keydown", (event) => {
      if (event.key === "Escape") onClose();
    });
  }

  fill() {
    const [low, high, value] = [this.slider.min, this.slider.max, this.slider.value].map(Number);
    this.slider.style.setProperty("--bpv-share", String(bounded((value - low) / (high - low), 0, 1)));
  }

  /** Show {title, value, gradient, loss, before}; null hides the row. */
  show(weight: PlainChosenWeight | null) {
    this.body.hidden = !weight;
    this.hint.hidden = Boolean(weight);
    if (!weight) {
      this.title = null;
      return;
    }
    const { title, gradient, loss, before } = weight;
    const value = weight.value ?? NaN; // JSON holds no infinity
    if (this.title !== title) {
      this.title = title;
      this.held = false;
      const reach = Math.max(2, 2 * Math.abs(value));
      Object.assign(this.slider, { min: String(-reach), max: String(reach), step: String(reach / SLIDER_STEPS) });
      this.name.textContent = title;
    }
    if (!this.held) this.slider.value = String(value);
    if (document.activeElement !== this.field) this.field.value = formatNumber(value);
    this.fill();
    this.tell(gradient, loss, before);
  }

  tell(gradient: number | null, loss: number | null, before: number | null) {
    const change = before === null || loss === null ? null : loss - before;
    const parts: (string | HTMLElement)[] = ["training loss "];
    if (before !== null) parts.push(formatNumber(before), " → ");
    parts.push(makeElement("b", { text: loss === null ? "not finite" : formatNumber(loss) }));
    if (change !== null) parts.push(` (${change > 0 ? "+" : ""}${roundedText(change)})`);
    if (gradient !== null) {
      parts.push(
        " · its gradient ",
        makeElement("span", { class: "bpv-is-slope", text: `▽ ${formatNumber(gradient)}` }),
      );
    }
    this.effect.replaceChildren(...parts);
  }
}

/** Sends edits one at a time; of those that come while one is on its way only the newest is sent. */
export class EditsInTurn {
  isUnderWay = false;
  next: number | null = null;

  /** send(value): give an edit to the kernel. */
  constructor(readonly send: (value: number) => void) {}

  offer(value: number) {
    if (this.isUnderWay) this.next = value;
    else {
      this.isUnderWay = true;
      this.send(value);
    }
  }

  /** The kernel has taken the last edit; the next one is sent if it is still wanted. */
  arrived(isWanted: boolean) {
    const { next } = this;
    this.isUnderWay = false;
    this.next = null;
    if (next !== null && isWanted) this.offer(next);
  }
}

// One weight or bias under the hand, where the page itself trains; see backpropviz/runs/weight_edit.py.

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

export function subscript(number: number): string {
  return Array.from(String(number), (digit) => SUBSCRIPTS[Number(digit)]).join("");
}

function unitName(layers: number, layer: number, unit: number): string {
  const hidden = layers > 2 ? `h${layer},` : "h";
  const letter = layer === 0 ? "x" : layer === layers ? "o" : hidden;
  return letter + subscript(unit + 1);
}

/** What a number of the row is called, as in "x₁ → h₂". */
export function parameterName(form: Form, row: number): string {
  const places = layerPlaces(form);
  const layer = places.findIndex(({ before, after, weights, biases }) => {
    return row < Math.max(weights + before * after, biases + after);
  });
  const { after, weights, biases } = places[layer];
  const isBias = row >= biases && row < biases + after;
  const name = unitName(places.length, layer + 1, isBias ? row - biases : (row - weights) % after);
  return isBias
    ? `bias of ${name}`
    : `${unitName(places.length, layer, Math.floor((row - weights) / after))} → ${name}`;
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
    this.row = source < 0 ? biases + target : weights + source * after + target;
    this.title = parameterName(learner.form, this.row);
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
