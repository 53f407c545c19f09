// Which example is meant, and the button that opens its step.
import { makeElement } from "../dom.js";

/** The controls of the chosen example. */
export class ExampleChooser {
  /** onChoose(index), onOpen(). */
  constructor({ lifetime, onChoose, onOpen }) {
    const naming = { type: "number", min: 0, step: 1, "aria-label": "Example" };
    this.field = makeElement("input", { class: "bpv-field", ...naming });
    lifetime.listen(this.field, "change", () => onChoose(Math.max(0, Math.trunc(Number(this.field.value)))));
    const open = makeElement("button", { type: "button", class: "bpv-button bpv-button-worded", text: "Open one step" });
    lifetime.listen(open, "click", onOpen);
    this.note = makeElement("span", { class: "bpv-card-note" });
    const name = makeElement("span", { class: "bpv-setting-name", text: "example" });
    const label = makeElement("label", { class: "bpv-setting" }, name, this.field);
    this.elements = [makeElement("div", { class: "bpv-setting" }, label, open), this.note];
  }

  show(chosen, plan) {
    this.field.value = chosen;
    this.field.max = plan.examples - 1;
    this.note.textContent = plan.exampleNote;
  }
}
