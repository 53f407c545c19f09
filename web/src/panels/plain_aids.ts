// What stands below a picture without study aids: the graph as text, out of sight until the keyboard reaches it.
import { makeElement } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import { type NarrationPiece, resolveNarration } from "../story/narration.js";
import { shortText } from "../story/number_sources.js";
import type { Session } from "../story/session.js";
import { reasonAgainst, takeDrawing } from "../story/specification.js";

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

const wordsOf = (pieces: NarrationPiece[]) => pieces.map((piece) => piece.text).join("");

/** The lines of the text: what is computed, the step, then one for each node; as timeline.describe(k) in Python. */
export function linesOf(session: Session) {
  const { spec, replay, step, steps } = session;
  const { opening, nodes, value, slope, waiting } = spec.outline;
  const { sentence, notes } = resolveNarration(spec.narration[step], session.context);
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
  view: ExplorerView;
  opening: HTMLParagraphElement;
  step: HTMLParagraphElement;
  nodes: HTMLOListElement;
  element: HTMLDivElement;

  constructor(view: ExplorerView) {
    this.view = view;
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
  view: ExplorerView;
  text: TextPanel;
  element: HTMLDetailsElement;

  constructor(view: ExplorerView) {
    this.view = view;
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
    const reason = name === "drawing" ? reasonAgainst(this.view.spec, value) : "";
    if (!reason) return true;
    this.view.strip.show({ text: reason });
    this.view.showHeader();
    return false;
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
