// Opening and closing gates: the kernel makes the new graph, so this needs one.
import { makeElement } from "../page/dom.js";
import type { View } from "../page/view.js";

const OPENS = new Set(["composite", "array_composite", "sigmoid", "softplus", "tanh", "divide", "subtract"]);

/** The panel: nodes are collected by clicking them while it is open. */
export class GatePanel {
  view: View;
  chosen: string[];
  open: HTMLButtonElement;
  close: HTMLButtonElement;
  clear: HTMLButtonElement;
  name: HTMLInputElement;
  said: HTMLSpanElement;
  element: HTMLElement;

  constructor(view: View) {
    this.view = view;
    this.chosen = [];
    this.open = this.button("Open the selected gate", () =>
      this.send({ kind: "expand", node: view.model.get("selected") }),
    );
    this.close = this.button("Close into one gate", () =>
      this.send({ kind: "collapse", nodes: this.chosen, name: this.name.value }),
    );
    this.clear = this.button("Choose none", () => this.choose([]));
    this.name = makeElement("input", {
      type: "text",
      class: "bpv-field bpv-gate-name",
      "aria-label": "Name of the gate",
    });
    this.name.setAttribute("placeholder", "name");
    this.said = makeElement("span", { class: "bpv-copied", role: "status" });
    const naming = makeElement("label", { class: "bpv-gate-naming" }, "named ", this.name);
    const head = makeElement("div", { class: "bpv-aid-head" }, this.open, this.close, naming, this.clear, this.said);
    const hint =
      "Click nodes to choose them, then close them into one gate. A closed gate, a sigmoid and its like can be opened.";
    this.element = makeElement(
      "section",
      { "aria-label": "Gates" },
      head,
      makeElement("p", { class: "bpv-aid-hint", text: hint }),
    );
    view.lifetime.follow(view.model, "change:selected", () => this.take(view.model.get("selected") ?? ""));
  }

  button(text: string, action: () => void) {
    const button = makeElement("button", { type: "button", class: "bpv-text-button", text });
    this.view.lifetime.listen(button, "click", action);
    return button;
  }

  isOffered() {
    return Boolean(this.view.model.get("editable"));
  }

  // The chosen stay chosen until the kernel has closed them: where it refuses, a person changes the choice or the name.
  send(content: object) {
    this.view.model.send(content);
  }

  // A node that is selected while the panel is open joins the choice; selected again, it leaves.
  take(name: string) {
    if (!this.element.isConnected || !name || !this.view.session) return;
    const node = this.view.session.nodes[this.view.session.placeOf(name)];
    if (node && node.op !== "input" && node.op !== "constant") {
      this.choose(this.chosen.includes(name) ? this.chosen.filter((each) => each !== name) : [...this.chosen, name]);
    }
    this.show();
  }

  choose(names: string[]) {
    this.chosen = names;
    this.show();
  }

  build() {
    this.chosen = this.chosen.filter((name) => this.view.session.indexOf.has(name));
    this.show();
  }

  leave() {
    this.choose([]);
  }

  show() {
    const { session, stage, model } = this.view;
    if (!session || !stage) return;
    const selected = session.nodes[session.placeOf(model.get("selected"))];
    this.open.disabled = !selected || !OPENS.has(selected.op);
    this.close.disabled = this.chosen.length === 0;
    this.clear.disabled = this.chosen.length === 0;
    this.said.textContent = this.chosen.length > 0 ? `Chosen: ${this.chosen.join(", ")}` : "";
    for (const mark of stage.marks.values())
      mark.element.classList.toggle("bpv-chosen", this.chosen.includes(mark.name));
  }
}
