// Learning rate, batch size, penalty, activation, hidden layers: what may change while the training runs.
import { bounded, type Child, makeElement, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { readAnswer } from "../story/answers.js";
import { formatNumber } from "../story/numerals.js";
import type { PicturePlan, PlainDataset, PlainPlayground, TrainerTraits } from "../types/specification.js";
import type { Learner } from "./learner.js";
import { parameterCount } from "./perceptron.js";

/** What may change while a training runs. */
type SettingTrait = "learning_rate" | "batch_size" | "l2" | "activation" | "hidden";

/** The controls of the chosen example. */
export class ExampleChooser {
  field: HTMLInputElement;
  open: HTMLButtonElement;
  note: HTMLSpanElement;
  elements: HTMLElement[];

  /** onChoose(index), onOpen(). */
  constructor({
    lifetime,
    onChoose,
    onOpen,
  }: {
    lifetime: Lifetime;
    onChoose: (index: number) => void;
    onOpen: () => void;
  }) {
    const naming = { type: "number", min: 0, step: 1, "aria-label": "Example" };
    this.field = makeElement("input", { class: "bpv-field", ...naming });
    lifetime.listen(this.field, "change", () => onChoose(Math.max(0, Math.trunc(Number(this.field.value)))));
    this.open = makeElement("button", {
      type: "button",
      class: "bpv-button bpv-button-worded",
      text: "Open one step",
    });
    lifetime.listen(this.open, "click", onOpen);
    this.note = makeElement("span", { class: "bpv-card-note" });
    const name = makeElement("span", { class: "bpv-setting-name", text: "example" });
    const label = makeElement("label", { class: "bpv-setting" }, name, this.field);
    this.elements = [makeElement("div", { class: "bpv-setting" }, label, this.open), this.note];
  }

  show(chosen: number, plan: PicturePlan) {
    this.field.value = String(chosen);
    this.field.max = String(plan.examples - 1);
    this.note.textContent = plan.exampleNote;
  }
}

const SLOWEST = -4; // powers of ten at the ends of the slider
const FASTEST = 1;

export function makeField(label: string, width: string) {
  const naming = { "aria-label": label, title: label, autocomplete: "off", spellcheck: "false" };
  return makeElement("input", { type: "text", class: `bpv-field ${width}`, ...naming });
}

export function labelled(text: string, ...parts: Child[]) {
  return makeElement(
    "label",
    { class: "bpv-setting" },
    makeElement("span", { class: "bpv-setting-name", text }),
    ...parts,
  );
}

/** Whole numbers separated by commas or spaces; null where the text is something else. */
function readSizes(text: string) {
  const parts = text.trim() === "" ? [] : text.trim().split(/[\s,]+/);
  return parts.every((part) => /^\d+$/.test(part) && Number(part) > 0) ? parts.map(Number) : null;
}

/** Reads what was typed, or says what is wrong with it. */
type Reader<Value> = (text: string) => { number?: Value; problem?: string };

/** The settings of a run. */
export class RunSettings {
  slider: HTMLInputElement;
  rate: HTMLInputElement;
  batch: HTMLInputElement;
  l2: HTMLInputElement;
  activation: HTMLSelectElement;
  hidden: HTMLInputElement;
  element: HTMLDivElement;

  /** onChange(name, value): a trait of the trainer; onProblem(text): what was typed cannot be read. */
  constructor({
    lifetime,
    activations,
    onChange,
    onProblem,
  }: {
    lifetime: Lifetime;
    activations: string[];
    onChange: (name: SettingTrait, value: unknown) => void;
    onProblem: (text: string) => void;
  }) {
    this.slider = makeElement("input", {
      type: "range",
      class: "bpv-slider",
      min: SLOWEST,
      max: FASTEST,
      step: 0.02,
      "aria-label": "Learning rate slider",
    });
    this.rate = makeField("Learning rate", "bpv-field-number");
    this.batch = makeField("Batch size", "bpv-field-short");
    this.l2 = makeField("L2 penalty", "bpv-field-number");
    const choices = activations.map((name) => [name, name.replace("_", " ")] as const);
    this.activation = makeSelect("Activation", choices, "bpv-select-activation");
    this.hidden = makeField("Hidden layers", "bpv-field-sizes");
    this.hidden.placeholder = "none";
    this.element = makeElement(
      "div",
      { class: "bpv-run-settings" },
      makeElement(
        "div",
        { class: "bpv-setting bpv-setting-rate" },
        makeElement("span", { class: "bpv-setting-name", text: "learning rate" }),
        this.slider,
        this.rate,
      ),
      labelled("batch size", this.batch),
      labelled("L2", this.l2),
      labelled("activation", this.activation),
      labelled("hidden layers", this.hidden),
    );
    lifetime.listen(this.slider, "input", () => {
      const rate = Number((10 ** Number(this.slider.value)).toPrecision(2));
      this.rate.value = formatNumber(rate);
      this.fillSlider();
      onChange("learning_rate", rate);
    });
    lifetime.listen(this.activation, "change", () => onChange("activation", this.activation.value));
    const onTyped = <Name extends SettingTrait>(
      field: HTMLInputElement,
      name: Name,
      read: Reader<TrainerTraits[Name]>,
    ) => {
      lifetime.listen(field, "change", () => {
        const { number, problem } = read(field.value);
        field.classList.toggle("bpv-invalid", Boolean(problem));
        if (problem) onProblem(problem);
        else onChange(name, number); // whether it fits the run, the kernel says
      });
    };
    onTyped(this.rate, "learning_rate", readAnswer);
    onTyped(this.batch, "batch_size", (text) => {
      const read = readAnswer(text);
      const isWhole = read.number === undefined || Number.isInteger(read.number);
      return isWhole ? read : { problem: "The batch size is a whole number, such as 32." };
    });
    onTyped(this.l2, "l2", readAnswer);
    onTyped(this.hidden, "hidden", (text) => {
      const sizes = readSizes(text);
      return sizes ? { number: sizes } : { problem: "Sizes of hidden layers are whole numbers, such as 8, 4." };
    });
  }

  fillSlider() {
    const share = bounded((Number(this.slider.value) - SLOWEST) / (FASTEST - SLOWEST), 0, 1);
    this.slider.style.setProperty("--bpv-share", String(share));
  }

  show(read: <Name extends SettingTrait>(name: Name) => TrainerTraits[Name]) {
    const rate = read("learning_rate");
    this.slider.value = String(Math.log10(Math.max(1e-12, rate)));
    this.fillSlider();
    const texts: [field: HTMLInputElement, text: string][] = [
      [this.rate, formatNumber(rate)],
      [this.batch, formatNumber(read("batch_size"))],
      [this.l2, formatNumber(read("l2"))],
      [this.hidden, (read("hidden") ?? []).join(", ")],
    ];
    for (const [field, text] of texts) {
      field.value = text;
      field.classList.remove("bpv-invalid");
    }
    const activation = read("activation");
    if (![...this.activation.options].some(({ value }) => value === activation)) {
      this.activation.append(makeElement("option", { value: activation, text: activation }));
    }
    this.activation.value = activation;
  }
}

// Whether what was set fits a run, as the kernel's traits say; see backpropviz/widgets/trainer_state.py.

const STRENGTHS = new Set<keyof TrainerTraits>(["learning_rate", "l2", "epochs_per_second", "steps_per_second"]);

const KEPT_OF_GRAPHS = new Set<keyof TrainerTraits>(["batch_size", "l2", "hidden", "activation"]);

const MOST_MADE = 10_000;
const MOST_WEIGHTS = 1_000_000;
const MOST_HIDDEN = 2000; // a boundary asks each of them at 2,500 points

/** What is wrong with a setting; null for nothing. */
export function problemWith(name: keyof TrainerTraits, value: unknown, learner: Learner): string | null {
  if (STRENGTHS.has(name) && !(Number(value) >= 0 && Number.isFinite(Number(value)))) {
    return `The ${name.replaceAll("_", " ")} is a number, 0 or more; not ${String(value)}.`;
  }
  const total = learner.examples;
  if (learner.form.graphs && KEPT_OF_GRAPHS.has(name)) {
    const what = name === "hidden" ? "hidden layers" : name.replaceAll("_", " ");
    return `This network came as a graph; its ${what} cannot be set here.`;
  }
  if (name === "batch_size" && !(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= total)) {
    return (
      `The batch size is ${String(value)}; there are ${total} training examples, ` +
      `so it is a whole number from 1 to ${total}.`
    );
  }
  if (name === "hidden") {
    const { sizes } = learner.form;
    const hidden = value as number[];
    const units = hidden.reduce((sum, each) => sum + each, 0);
    if (units > MOST_HIDDEN) return `Those are ${units} hidden units; a page draws up to ${MOST_HIDDEN}.`;
    const count = parameterCount([sizes[0], ...hidden, sizes.at(-1)!]);
    if (count > MOST_WEIGHTS) return `That network has ${count} weights; a page trains up to ${MOST_WEIGHTS}.`;
  }
  if (name === "dataset") return problemWithData(value as PlainDataset);
  return null;
}

function problemWithData({ noise, heldOut, seed, count }: PlainDataset): string | null {
  if (!(noise >= 0 && noise < Infinity)) return `The noise is a number, 0 or more; not ${noise}.`;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) return `A seed is a whole number, 0 or more; not ${seed}.`;
  if (!(Number.isInteger(count) && count > 0 && count <= MOST_MADE)) return `A set has 1 to ${MOST_MADE} examples.`;
  const held = heldOut * count;
  const isShare = heldOut === 0 || (held > 0.5 && held < count - 0.5);
  return isShare
    ? null
    : `The share held out is a number from 0 to 1 that leaves examples on both sides; not ${heldOut}.`;
}

const MOST_GATES = 120; // weights whose products are drawn one by one

/** Why a step of a run cannot be opened as a whole; null where it can. */
export function reasonAgainstWhole(plain: PlainPlayground, learner: Learner): string | null {
  const count = learner.parameters.length;
  if (count <= MOST_GATES || isAsItCame(plain, learner)) return null;
  return `Up to ${MOST_GATES} weights are drawn at once, and this network has ${count}: here is one unit of it.`;
}

/** Is this the network whose step came with the page, as a graph of arrays? */
export function isAsItCame({ step, run }: PlainPlayground, { form, l2 }: Learner): boolean {
  const [mine, first] = [form, run.network].map(({ sizes, activations }) => String([sizes, activations]));
  return step?.arrays !== undefined && mine === first && l2 === run.network.l2;
}
