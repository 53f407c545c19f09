// The box in which a formula is typed, sent to the kernel on Enter.
import { makeElement } from "./dom.js";

const MOST_LINES = 8;
const LONG = 130; // characters

/** The expression box. */
export class ExpressionBox {
  /** onSubmit(text): the text is to become the graph. */
  constructor({ lifetime, onSubmit }) {
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
    this.element = makeElement("form", { class: "bpv-expression" }, this.box, submit);
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

  show(text) {
    if (text !== this.shown) this.box.value = text;
    this.shown = text;
    this.fit();
  }
}
