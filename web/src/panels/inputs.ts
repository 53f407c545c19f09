// A slider and a number field for every input.
import { bounded, makeElement } from "../page/dom.js";
import { type Guard, Lifetime } from "../page/lifetime.js";
import type { Specification } from "../types/specification.js";

const SHOWN_DIGITS = 7;
const LONGEST_BESIDE = 6; // characters; longer names stand above their sliders

function fieldText(value: number) {
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(SHOWN_DIGITS)))
        .replace("e+", "e")
        .replaceAll("-", "−")
    : "";
}

type Reading = { number: number; problem?: undefined } | { number?: undefined; problem: string };

// Numbers alone, until there is what reads formulas.
let read = (text: string): Reading => {
  const number = text.trim() === "" ? NaN : Number(text.replace("−", "-"));
  return Number.isFinite(number) ? { number } : { problem: "Formulas are not there yet." };
};

/** Let fields read what is typed so. */
export function useReader(reader: typeof read) {
  read = reader;
}

/** The controls of one input. */
export class InputRow {
  problem: HTMLDivElement;
  name: string;
  step: number;
  lowest: number;
  highest: number;
  slider: HTMLInputElement;
  field: HTMLInputElement;
  element: HTMLDivElement;
  value!: number;

  constructor({
    lifetime,
    name,
    range,
    onChange,
  }: {
    lifetime: Lifetime;
    name: string;
    range: [low: number, high: number, step: number];
    onChange: (name: string, value: number) => void;
  }) {
    const [lowest, highest, step] = range;
    this.name = name;
    this.step = step;
    this.lowest = lowest;
    this.highest = highest;
    const bounds = { min: lowest, max: highest, step };
    this.slider = makeElement("input", { type: "range", class: "bpv-slider", "aria-label": name, ...bounds });
    this.field = makeElement("input", {
      type: "text",
      class: "bpv-field",
      inputmode: "decimal",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": `${name} value`,
    });
    const label = makeElement("span", {
      class: "bpv-variable bpv-input-name",
      "aria-hidden": "true",
      title: name,
      text: name,
    });
    this.problem = makeElement("div", { class: "bpv-field-problem", role: "alert", hidden: "" });
    this.element = makeElement(
      "div",
      { class: "bpv-input", "data-input": name },
      label,
      this.slider,
      this.field,
      this.problem,
    );
    lifetime.listen(this.slider, "input", () => onChange(name, Number(this.slider.value)));
    lifetime.listen(this.field, "input", () => this.read(onChange));
    lifetime.listen(this.field, "change", () => this.settle());
    lifetime.listen(this.field, "blur", () => this.settle());
    lifetime.listen(this.field, "keydown", (event) => this.nudge(event, onChange));
  }

  /** Go into the field; with what was typed already, else with all of it chosen. */
  edit(typed: string) {
    this.field.focus();
    if (!typed) this.field.select();
    else this.field.value = typed;
  }

  read(onChange: (name: string, value: number) => void) {
    const { number } = read(this.field.value);
    if (number === undefined) return;
    this.complain("");
    onChange(this.name, number);
  }

  // What was typed becomes a number, or stays and is explained: to put the old number back would hide that it was lost.
  settle() {
    const problem = this.field.value.trim() === "" ? undefined : read(this.field.value).problem;
    if (problem) this.complain(problem);
    else this.show(this.value, true);
  }

  complain(problem: string) {
    this.field.setAttribute("aria-invalid", String(problem !== ""));
    this.field.classList.toggle("bpv-invalid", problem !== "");
    this.problem.hidden = problem === "";
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
  }

  // Arrow keys in the field count as in any number field; a text field is used because it takes "−" and every locale.
  nudge(event: KeyboardEvent, onChange: (name: string, value: number) => void) {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter") this.settle();
    if (event.key === "Escape") this.show(this.value, true);
    if (direction === undefined) return;
    event.preventDefault();
    const next = this.value + direction * this.step * (event.shiftKey ? 10 : 1);
    onChange(this.name, Number(next.toPrecision(12)));
    this.show(Number(next.toPrecision(12)), true);
  }

  show(value: number, evenWhileTyping = false) {
    const isTyped = document.activeElement === this.field && !evenWhileTyping;
    if (value === this.value && !evenWhileTyping) return;
    this.value = value;
    if (Number(this.slider.value) !== value) this.slider.value = String(value);
    const share = (value - this.lowest) / (this.highest - this.lowest || 1);
    this.slider.style.setProperty("--bpv-share", bounded(share, 0, 1).toFixed(4));
    if (isTyped) return;
    this.field.value = fieldText(value);
    this.complain("");
  }
}

/** The controls of all inputs; onChange(name, value) as they move. */
export class InputPanel {
  guard: Guard;
  rowsLifetime: Lifetime;
  onChange: (name: string, value: number) => void;
  rows: InputRow[];
  element: HTMLDivElement;
  signature?: string;

  constructor({ lifetime, onChange }: { lifetime: Lifetime; onChange: (name: string, value: number) => void }) {
    this.guard = lifetime.guard;
    this.rowsLifetime = new Lifetime(this.guard);
    lifetime.onEnd(() => this.rowsLifetime.end());
    this.onChange = onChange;
    this.rows = [];
    this.element = makeElement("div", { class: "bpv-inputs", role: "group", "aria-label": "Inputs" });
  }

  /** Make the controls of a spec; the same inputs with the same ranges keep theirs, and with them the focus. */
  build(ranges: Specification["ranges"], inputs: Record<string, unknown>) {
    const wanted = Object.entries(ranges ?? {}).filter(([name]) => typeof inputs[name] === "number");
    const signature = JSON.stringify(wanted);
    if (signature === this.signature) return;
    this.signature = signature;
    this.rowsLifetime.end();
    this.rowsLifetime = new Lifetime(this.guard);
    this.rows = wanted.map(([name, range]) => {
      return new InputRow({ lifetime: this.rowsLifetime, name, range, onChange: this.onChange });
    });
    this.element.replaceChildren(...this.rows.map((row) => row.element));
    this.element.hidden = this.rows.length === 0;
    const longest = this.rows.reduce((length, row) => Math.max(length, row.name.length), 1);
    this.element.classList.toggle("bpv-long-names", longest > LONGEST_BESIDE);
    this.element.style.setProperty("--bpv-name-width", `${longest * 0.7 + 0.6}em`);
  }

  show(inputs: Record<string, unknown>) {
    for (const row of this.rows) row.show(Number(inputs[row.name]));
  }
}
