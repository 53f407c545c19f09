// The box in which a formula is typed, where a kernel reads it.
import { makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";

const MOST_LINES = 8;
const LONG = 130; // characters

/** The expression box. */
export class ExpressionBox {
  asSteps: HTMLButtonElement;
  typed = "";
  program = "";
  showsSteps = false;
  draft: string | null = null; // what was being typed when the steps were looked at
  box: HTMLTextAreaElement;
  element: HTMLFormElement;
  submit: HTMLButtonElement;
  shown: string;

  /** onSubmit(text): the text is to become the graph. */
  constructor({ lifetime, onSubmit }: { lifetime: Lifetime; onSubmit: (text: string) => void }) {
    this.box = makeElement("textarea", {
      class: "bpv-expression-box",
      rows: 1,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      "aria-label": "Expression",
      title: "Enter draws the graph, Shift + Enter starts a new line",
    });
    const submit = makeElement("button", { type: "submit", class: "bpv-button bpv-draw", text: "Draw" });
    const title = "The formula as a program: each step by its name";
    const naming = { type: "button", class: "bpv-button bpv-draw bpv-as-steps", title };
    this.asSteps = makeElement("button", { ...naming, text: "As steps" });
    lifetime.listen(this.asSteps, "click", () => this.turn());
    this.element = makeElement("form", { class: "bpv-expression" }, this.box, this.asSteps, submit);
    this.submit = submit;
    this.shown = "";
    const send = () => onSubmit(this.box.value);
    lifetime.listen(this.element, "submit", (event) => {
      event.preventDefault();
      send();
    });
    lifetime.listen(this.box, "input", () => this.fit());
    lifetime.listen(this.box, "keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      } else if (event.key === "Escape") {
        this.box.value = this.shown;
        this.fit();
      }
    });
  }

  fit() {
    this.box.rows = Math.min(MOST_LINES, this.box.value.split("\n").length);
    this.element.classList.toggle("bpv-long", this.box.value.length > LONG);
    this.submit.classList.toggle("bpv-ready", this.box.value !== this.shown);
  }

  /** Show what was typed, or the program where the person wants to see the steps. */
  show(typed: string, program = typed) {
    if (typed !== this.typed) this.draft = null;
    this.typed = typed;
    this.program = program;
    this.asSteps.hidden = program === typed || program === "";
    const isProgram = this.showsSteps && !this.asSteps.hidden;
    this.asSteps.setAttribute("aria-pressed", String(isProgram));
    const text = isProgram ? program : typed;
    if (text !== this.shown) this.box.value = text;
    this.shown = text;
    this.fit();
  }

  turn() {
    if (!this.showsSteps) this.draft = this.box.value;
    this.showsSteps = !this.showsSteps;
    this.show(this.typed, this.program);
    if (!this.showsSteps && this.draft !== null) this.box.value = this.draft;
    this.fit();
  }
}
