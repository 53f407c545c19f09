// The graph in sentences, with what is known at this step: for those who hear it, and for those who would rather read.
import { makeElement } from "./dom.js";
import { plainText, resolveNarration } from "./narration.js";

function wordsOf(pieces) {
  return pieces.map((piece) => piece.text).join("");
}

/** The lines of the text: what is computed, the step, then one for each node; as timeline.describe(k) in Python. */
export function linesOf(session) {
  const { spec, replay, context, step, steps } = session;
  const { opening, waiting, nodes } = spec.outline;
  const { sentence, notes } = resolveNarration(spec.narration[step], context);
  const told = [wordsOf(sentence), ...notes.map(wordsOf)].join(" ");
  const lines = nodes.map(([what, value, slope], node) => {
    const said = [plainText(what, context)];
    if (replay.known[node]) said.push(plainText(value, context));
    if (replay.settled[node] || replay.tangentKnown[node]) said.push(plainText(slope, context));
    else if (replay.gradientBegun(node)) said.push(waiting);
    return said.filter(Boolean).join(" ");
  });
  return [opening, `Step ${step} of ${steps}: ${told}`, ...lines];
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
