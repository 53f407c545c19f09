// What stands below a picture: the graph as text, and study aids that come after it.
import { makeElement } from "../page/dom.js";
import { furnish } from "../page/parts.js";
import type { View } from "../page/view.js";
import { type NarrationPiece, resolveNarration } from "../story/narration.js";
import { shortText } from "../story/number_sources.js";
import type { Session } from "../story/session.js";
import { importText, reasonAgainst, takeDrawing, unpackProgram } from "../story/specification.js";

/** What stands below the picture: study aids, or the graph as text. */
export interface Aids {
  element: HTMLElement;
  /** Kept until parts that come later are there. */
  arriving?: Promise<unknown>;
  accepts(name: string, value: unknown): boolean;
  prepare(session: Session): void;
  build(): void;
  show(): void;
}

/** Study aids hide numbers; a panel that computes its own asks before it tells them. */
export interface Hiding {
  hides(kind: string, node: number): boolean;
}

/** May a setting be changed so? If not, the strip says why. */
export function acceptsSetting(view: View, name: string, value: string) {
  const reason = name === "drawing" ? reasonAgainst(view.spec, value) : "";
  if (!reason) return true;
  view.strip.show({ text: reason });
  view.showHeader();
  return false;
}

const wordsOf = (pieces: NarrationPiece[]) => pieces.map((piece) => piece.text).join("");

/** The lines of the text: what is computed, the step, then one for each node; as timeline.describe(k) in Python. */
function linesOf(session: Session) {
  const { spec, replay, step, steps } = session;
  const { opening, nodes, value, slope, waiting } = spec.outline;
  const { sentence, notes } = resolveNarration(spec.narration[step] ?? {}, session.context);
  const lines = nodes.map((line, node) => {
    const isConstant = session.nodes[node].op === "constant";
    const said = (words: string, kind: string) => {
      const number = session.number(kind, node);
      const told =
        number !== null && typeof number === "object" && "words" in number ? String(number.words) : shortText(number);
      return ` ${words} ${told}.`;
    };
    if (replay.known[node] && !isConstant) line += said(value, "value");
    if (replay.tangentKnown[node]) return isConstant ? line : line + said(slope, "tangent");
    if (replay.settled[node]) return line + said(slope, "gradient");
    return replay.gradientBegun(node) ? `${line} ${waiting}` : line;
  });
  return [opening, `Step ${step} of ${steps}: ${[sentence, ...notes].map(wordsOf).join(" ")}`, ...lines];
}

/** The panel; it is written only while it is open. */
export class TextPanel {
  opening: HTMLParagraphElement;
  step: HTMLParagraphElement;
  nodes: HTMLOListElement;
  element: HTMLDivElement;

  constructor(readonly view: View) {
    this.opening = makeElement("p");
    this.step = makeElement("p");
    this.nodes = makeElement("ol", { class: "bpv-text-nodes" });
    const text = { class: "bpv-text-box", tabindex: 0, role: "region", "aria-label": "Graph as text" };
    this.element = makeElement("div", text, this.opening, this.step, this.nodes);
  }

  /** Write what is known now. */
  show() {
    const { session } = this.view;
    const [opening, step, ...nodes] = linesOf(session);
    this.opening.textContent = opening;
    this.step.textContent = step;
    while (this.nodes.children.length > nodes.length) this.nodes.lastChild?.remove();
    while (this.nodes.children.length < nodes.length) this.nodes.append(makeElement("li"));
    nodes.forEach((text, index) => {
      const line = this.nodes.children[index];
      if (line.textContent !== text) line.textContent = text;
    });
  }
}

/** Takes the place of StudyAids where a page has to be small. */
export class PlainAids {
  text: TextPanel;
  element: HTMLDetailsElement;

  constructor(readonly view: View) {
    this.text = new TextPanel(view);
    const panel = makeElement("div", { class: "bpv-aid" }, this.text.element);
    this.element = makeElement(
      "details",
      { class: "bpv-text-form" },
      makeElement("summary", { text: "Graph as text" }),
      panel,
    );
    view.lifetime.listen(this.element, "toggle", () => this.show());
    view.lifetime.follow(view.model, "change:drawing", () => {
      if (view.session && takeDrawing(view.session.spec, view.model.get("drawing"))) view.showScene();
    });
  }

  accepts(name: string, value: string) {
    return acceptsSetting(this.view, name, value);
  }

  prepare(session: Session) {
    takeDrawing(session.spec, this.view.model.get("drawing"));
  }

  build() {
    this.show();
  }

  show() {
    if (this.element.open && this.view.session) this.text.show();
  }
}

// Study aids that come after the picture: the first show does not wait for panels that nobody has opened yet.

type StudyAidsClass = new (view: View) => Aids;

/** Stands in for StudyAids, asks the kernel for them once the picture is there, and hands over to them. */
export class LaterAids {
  current: Aids;
  element: HTMLDivElement;
  isAsked: boolean;
  arriving?: Promise<unknown>;

  /** shared: where the modules stand that the study aids share with the view. */
  constructor(
    readonly view: View,
    readonly shared: string,
  ) {
    this.current = new PlainAids(view);
    this.element = makeElement("div", {}, this.current.element);
    this.isAsked = false;
    view.lifetime.follow(view.model, "change:aids", () => this.take());
    if (this.packed) this.take(); // the graph may need what comes with them
  }

  accepts(name: string, value: string) {
    return this.current.accepts(name, value);
  }

  prepare(session: Session) {
    this.current.prepare(session);
  }

  build() {
    this.current.build();
    if (!this.isAsked) requestAnimationFrame(() => this.ask());
  }

  show() {
    this.current.show();
  }

  ask() {
    if (this.isAsked || this.view.lifetime.ended) return;
    this.isAsked = true;
    if (this.model.get("editable")) this.model.send({ kind: "aids" });
  }

  get model() {
    return this.view.model;
  }

  /** What has come, or nothing yet. */
  get packed() {
    const packed = this.model.get("aids");
    return packed && packed.byteLength > 0 ? packed : null;
  }

  take() {
    const { packed } = this;
    if (!packed) return;
    this.isAsked = true;
    this.arriving = unpackProgram(packed)
      .then(([style, script]) => {
        this.view.root.append(makeElement("style", { text: style }));
        return importText<{ StudyAids: StudyAidsClass }>(script, this.shared);
      })
      .then(({ StudyAids: Arrived }) => this.view.lifetime.guard(() => this.handOver(Arrived))())
      .catch((problem) => this.view.strip.complain(problem));
  }

  handOver(Arrived: StudyAidsClass) {
    const { view } = this;
    if (view.lifetime.ended || this.current instanceof Arrived) return;
    this.isAsked = true;
    this.current = new Arrived(view);
    this.element.replaceChildren(this.current.element);
    if (!view.session) return;
    furnish(view);
    this.current.prepare(view.session);
    this.current.build();
    view.showNumbers();
  }
}
