// What helps to study a graph, below the picture: paths, the trace table, a nudge, hidden numbers, exercises; and the panel that
// opens and closes gates: the kernel makes the new graph, so it needs one.
import { makeElement } from "../page/dom.js";
import { parts } from "../page/parts.js";
import type { View } from "../page/view.js";
import { Veil, veiledContext } from "../story/number_sources.js";
import type { Session } from "../story/session.js";
import { takeDrawing } from "../story/specification.js";
import type { Hidden } from "../types/specification.js";
import { acceptsSetting, TextPanel } from "./aids.js";
import type { AnswerSheet } from "./answer_sheet.js";
import { NudgePanel } from "./nudge_panel.js";
import { PathPanel } from "./path_panel.js";
import { TracePanel } from "./trace_panel.js";

const OPENS = new Set(["composite", "array_composite", "sigmoid", "softplus", "tanh", "divide", "subtract"]);

/** The panel: nodes are collected by clicking them while it is open. */
class GatePanel {
  chosen: string[];
  open: HTMLButtonElement;
  close: HTMLButtonElement;
  clear: HTMLButtonElement;
  name: HTMLInputElement;
  said: HTMLSpanElement;
  element: HTMLElement;

  constructor(readonly view: View) {
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

/** The panel; what is hidden is the model's trait, so that every view of it hides the same. */
class HidePanel {
  all: HTMLButtonElement;
  one: HTMLButtonElement;
  next: HTMLButtonElement;
  none: HTMLButtonElement;
  said: HTMLSpanElement;
  element: HTMLElement;

  constructor(
    readonly view: View,
    readonly aids: StudyAids,
  ) {
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

/** A panel of the study aids; what it does not need to hear of it leaves out. */
interface Panel {
  element: HTMLElement;
  show(): void;
  build?(): void;
  enter?(): void;
  leave?(): void;
  isOffered?(): boolean;
}

/** In the order of their buttons; what only models or a kernel need is added where it is wanted. */
export const PANELS: [name: string, Panel: new (view: View, aids: StudyAids) => Panel][] = [
  ["Paths", PathPanel],
  ["Trace table", TracePanel],
  ["Graph as text", TextPanel],
  ["What if", NudgePanel],
  ["Hide and reveal", HidePanel],
];

/** Gates can be opened and closed. */
export function withGates(): void {
  PANELS.push(["Open and close gates", GatePanel]);
}

/** The study aids of one view: a row of buttons, each opening its panel. */
export class StudyAids {
  veil: Veil;
  open: string | null;
  bar: HTMLDivElement;
  place: HTMLDivElement;
  element: HTMLDivElement;
  sheet: AnswerSheet | null;
  panels: Map<string, Panel>;
  buttons: Map<string, HTMLButtonElement>;

  constructor(readonly view: View) {
    this.veil = new Veil(view.model);
    this.open = null;
    this.bar = makeElement("div", { class: "bpv-aids-bar", role: "group", "aria-label": "Study aids" });
    this.place = makeElement("div", { class: "bpv-aid", hidden: "" });
    this.element = makeElement("div", { class: "bpv-aids" }, this.bar, this.place);
    this.sheet = view.model.get("sheet") ? parts.makeSheet!(view, this) : null;
    this.panels = new Map(this.sheet ? [] : PANELS.map(([name, Panel]) => [name, new Panel(view, this)]));
    this.buttons = new Map();
    for (const name of this.panels.keys()) this.addButton(name);
    this.element.hidden = this.sheet !== null;
    const { lifetime, model } = view;
    lifetime.follow(model, "change:drawing", () => {
      if (view.session && takeDrawing(view.session.spec, model.get("drawing"))) view.showScene();
    });
    lifetime.follow(model, "change:hidden", () => {
      this.refreshNumbers();
      view.live.say(() => ""); // the step was told with its numbers
    });
    lifetime.follow(model, "change:editable", () => this.showButtons());
  }

  get openPanel() {
    return this.open === null ? undefined : this.panels.get(this.open);
  }

  addButton(name: string) {
    const button = makeElement("button", {
      type: "button",
      class: "bpv-aid-button",
      "aria-expanded": "false",
      text: name,
    });
    this.view.lifetime.listen(button, "click", () => this.toggle(name));
    this.buttons.set(name, button);
    this.bar.append(button);
  }

  toggle(name: string) {
    this.openPanel?.leave?.();
    this.open = this.open === name ? null : name;
    for (const [each, button] of this.buttons) button.setAttribute("aria-expanded", String(each === this.open));
    this.place.hidden = this.open === null;
    const panel = this.openPanel;
    this.place.replaceChildren(...(panel ? [panel.element] : []));
    panel?.enter?.();
    if (this.view.session) panel?.show();
  }

  showButtons() {
    for (const [name, button] of this.buttons) button.hidden = this.panels.get(name)?.isOffered?.() === false;
  }

  accepts(name: string, value: string) {
    return acceptsSetting(this.view, name, value);
  }

  /** Before a scene is drawn: the wished drawing, and the veil over the numbers. */
  prepare(session: Session) {
    takeDrawing(session.spec, this.view.model.get("drawing"));
    this.openPanel?.leave?.();
    session.veil = (context) => veiledContext(context, session.structure, (kind, node) => this.hides(kind, node));
    session.compute();
    this.sheet?.prepare(session);
  }

  /** After a scene was drawn. */
  build() {
    for (const panel of this.panels.values()) panel.build?.();
    this.showButtons();
    this.sheet?.build();
  }

  hides(kind: string, node: number) {
    if (this.sheet) return this.sheet.hides(kind, node);
    return this.veil.isDrawn && this.veil.hides(kind, this.view.session.nodes[node].name);
  }

  /** Numbers or the step have changed. */
  show() {
    this.openPanel?.show();
  }

  refreshNumbers() {
    if (!this.view.session) return;
    this.view.session.compute();
    this.view.showNumbers();
    this.show();
  }
}
