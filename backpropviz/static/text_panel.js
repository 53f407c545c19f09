// The graph in sentences, with what is known at this step: for those who hear it, and for those who would rather read.
import { makeElement } from "./dom.js";
import { resolveNarration } from "./narration.js";
import { shortText } from "./session.js";

const wordsOf = (pieces) => pieces.map((piece) => piece.text).join("");

/** The lines of the text: what is computed, the step, then one for each node; as timeline.describe(k) in Python. */
export function linesOf(session) {
  const { spec, replay, step, steps } = session;
  const { opening, nodes, value, slope, waiting } = spec.outline;
  const { sentence, notes } = resolveNarration(spec.narration[step], session.context);
  const lines = nodes.map((line, node) => {
    const isConstant = session.nodes[node].op === "constant";
    const said = (words, kind) => ` ${words} ${shortText(session.number(kind, node))}.`;
    if (replay.known[node] && !isConstant) line += said(value, "value");
    if (replay.tangentKnown[node]) return isConstant ? line : line + said(slope, "tangent");
    if (replay.settled[node]) return line + said(slope, "gradient");
    return replay.gradientBegun(node) ? `${line} ${waiting}` : line;
  });
  return [opening, `Step ${step} of ${steps}: ${[sentence, ...notes].map(wordsOf).join(" ")}`, ...lines];
}

/** The panel; it is written only while it is open. */
export class TextPanel {
  constructor(view) {
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
    while (this.nodes.children.length > nodes.length) this.nodes.lastChild.remove();
    while (this.nodes.children.length < nodes.length) this.nodes.append(makeElement("li"));
    nodes.forEach((text, index) => {
      const line = this.nodes.children[index];
      if (line.textContent !== text) line.textContent = text;
    });
  }
}
