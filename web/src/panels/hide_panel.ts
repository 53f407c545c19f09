// Hide and reveal, for lecturing: first the question, then the number.
import { makeElement } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import type { Hidden } from "../types/specification.js";
import type { StudyAids } from "./study_aids.js";

/** The panel; what is hidden is the model's trait, so that every view of it hides the same. */
export class HidePanel {
  view: ExplorerView;
  aids: StudyAids;
  all: HTMLButtonElement;
  one: HTMLButtonElement;
  next: HTMLButtonElement;
  none: HTMLButtonElement;
  said: HTMLSpanElement;
  element: HTMLElement;

  constructor(view: ExplorerView, aids: StudyAids) {
    this.view = view;
    this.aids = aids;
    this.all = this.button("Hide all gradients", () => this.write({ ...aids.veil.state, gradients: true, shown: [] }));
    this.one = this.button("Hide the selected node", () => this.hideOne());
    this.next = this.button("Next reveals one", () => this.revealNext());
    this.none = this.button("Reveal all", () => this.write({ gradients: false, nodes: [], shown: [] }));
    this.said = makeElement("span", { class: "bpv-copied", role: "status" });
    const head = makeElement("div", { class: "bpv-aid-head" }, this.all, this.one, this.next, this.none, this.said);
    this.element = makeElement("section", { "aria-label": "Hide and reveal" }, head);
    view.lifetime.follow(view.model, "change:selected", () => this.show());
    view.lifetime.follow(view.model, "change:hidden", () => this.show());
  }

  button(text: string, action: () => void) {
    const button = makeElement("button", { type: "button", class: "bpv-text-button", text });
    this.view.lifetime.listen(button, "click", action);
    return button;
  }

  write(state: Hidden) {
    this.said.textContent = "";
    this.view.write("hidden", state);
  }

  hideOne() {
    const { state } = this.aids.veil;
    const name = this.view.model.get("selected");
    if (!name) return;
    const shown = state.shown.filter((each) => !each.endsWith(` ${name}`));
    this.write({ ...state, nodes: [...new Set([...state.nodes, name])], shown });
  }

  revealNext() {
    const next = this.aids.veil.next(this.view.session);
    if (next === null) return;
    const { state } = this.aids.veil;
    this.write({ ...state, shown: [...state.shown, next] });
    this.said.textContent = `Revealed: ${next.replace(" ", " of ")}`;
  }

  show() {
    const { veil } = this.aids;
    this.one.disabled = !this.view.model.get("selected");
    this.next.disabled = !this.view.session || !veil.isDrawn || veil.next(this.view.session) === null;
    this.none.disabled = !veil.isDrawn;
  }
}
