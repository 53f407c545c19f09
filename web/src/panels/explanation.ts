// The ledger of a step or of a node: what adds up to what, then in words; and typed pieces of words as elements.
import { makeElement, makeIcon } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { GradientSymbol, NarrationPiece, ResolvedLine } from "../story/narration.js";
import type { Told } from "../story/session.js";

const NUMBER_COLOURS: Record<string, string> = {
  value: "value",
  gradient: "slope",
  contribution: "slope",
  before: "slope",
  after: "slope",
  tangent: "tangent",
};

function pieceElement(piece: NarrationPiece) {
  if (piece.kind === "text") return document.createTextNode(piece.text);
  if (piece.kind === "number") {
    const colour = NUMBER_COLOURS[piece.numberKind] ?? "plain";
    return makeElement("span", { class: `bpv-number bpv-is-${colour}`, title: piece.full, text: piece.text });
  }
  if (piece.kind === "variable" || piece.kind === "tangent") {
    return makeElement("i", {
      class: piece.kind === "variable" ? "bpv-variable" : "bpv-variable bpv-is-tangent",
      text: piece.text,
    });
  }
  const symbol = makeElement("i", { class: "bpv-variable bpv-symbol", text: piece.base });
  if (piece.subscript) symbol.append(makeElement("sub", { text: piece.subscript }));
  return symbol;
}

/** An element that holds pieces; null where there are none. */
export function dressedPieces<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  pieces: NarrationPiece[] | undefined,
) {
  if (!pieces || pieces.length === 0) return null;
  return makeElement(tag, { class: className }, ...pieces.map(pieceElement));
}

/** A gradient's symbol as nodes, its subscript set below the line. */
export function symbolNodes({ base, subscript }: GradientSymbol) {
  return subscript ? [base, makeElement("sub", { text: subscript })] : [base];
}

const PLACES: Record<string, string> = { start: "before the first step", update: "update" };

function present<T>(parts: (T | null)[]) {
  return parts.filter((part) => part !== null);
}

// A label alone stands in the row itself; above a formula it is a heading of its own.
function ledgerLine(line: ResolvedLine, className: string) {
  const formula = dressedPieces("span", "bpv-formula", line.formula);
  const number = dressedPieces("span", `bpv-amount bpv-is-${line.kind === "gradient" ? "slope" : line.kind}`, [
    line.number,
  ]);
  return makeElement(
    "div",
    { class: className },
    formula ? dressedPieces("div", "bpv-ledger-label", line.label) : null,
    makeElement(
      "div",
      { class: "bpv-ledger-row" },
      formula ?? dressedPieces("span", "bpv-ledger-label", line.label) ?? makeElement("span"),
      number,
    ),
  );
}

/** The panel beside the picture. */
export class ExplanationPanel {
  close: HTMLButtonElement;
  text: HTMLDivElement;
  element: HTMLElement;
  tallest = 0;
  width = 0;

  constructor({ lifetime, onClose }: { lifetime: Lifetime; onClose: () => void }) {
    this.close = makeElement("button", {
      type: "button",
      class: "bpv-icon-button bpv-explanation-close",
      "aria-label": "Back to the step",
      title: "Back to the step (Esc)",
    });
    this.close.append(makeIcon("close"));
    lifetime.listen(this.close, "click", onClose);
    this.text = makeElement("div", { class: "bpv-explanation-text" });
    const content = makeElement("div", { class: "bpv-explanation-content" }, this.close, this.text);
    const inner = makeElement("div", { class: "bpv-explanation-inner" }, content);
    this.element = makeElement("section", { class: "bpv-explanation", "aria-label": "Explanation" }, inner);
    const observer = new ResizeObserver(lifetime.guard(([entry]) => this.keepHeight(entry.contentRect)));
    observer.observe(content);
    lifetime.onEnd(() => observer.disconnect());
  }

  /** Forget how tall the panel has been: another story begins. */
  reset() {
    this.tallest = 0;
    this.element.style.removeProperty("--bpv-told");
  }

  // The text stands in a box that passes no layout on, else every number in it would lay the picture out anew; the
  // panel therefore takes its height from here. It grows and never shrinks within a story: nothing below it jumps.
  keepHeight({ width, height }: { width: number; height: number }) {
    if (Math.abs(width - this.width) > 1) this.reset();
    this.width = width;
    if (height <= this.tallest) return;
    this.tallest = height;
    this.element.style.setProperty("--bpv-told", `${Math.ceil(height) + 34}px`);
  }

  /** Show a narration with its numbers in, and above it what it is about: a selected node, or a phase of the run. */
  show(told: Told, phase: string) {
    if (this.text.hidden) return; // an entry stands there
    const eyebrow = told.isSelection ? "selected" : (PLACES[phase] ?? `${phase} sweep`);
    const head = makeElement(
      "div",
      { class: "bpv-explanation-head" },
      ...present([
        makeElement("div", { class: "bpv-eyebrow", text: eyebrow }),
        dressedPieces("h3", "bpv-explanation-title", told.title),
        dressedPieces("div", "bpv-role", told.role),
      ]),
    );
    const sums = told.ledger.map((line) => ledgerLine(line, "bpv-ledger-line"));
    if (told.total) sums.push(ledgerLine(told.total, "bpv-ledger-line bpv-ledger-total"));
    const equations = present([
      dressedPieces("div", "bpv-equation", told.equation),
      dressedPieces("div", "bpv-equation bpv-numeric", told.numeric),
    ]);
    const words = present([
      dressedPieces("p", "bpv-sentence", told.sentence),
      equations.length > 0 ? makeElement("div", { class: "bpv-equations" }, ...equations) : null,
      ...told.notes.map((note) => dressedPieces("p", "bpv-note", note)),
    ]);
    this.close.hidden = !told.isSelection;
    const ledger = sums.length > 0 ? makeElement("div", { class: "bpv-ledger" }, ...sums) : null;
    this.text.classList.toggle("bpv-without-ledger", ledger === null);
    this.text.replaceChildren(...present([head, ledger, makeElement("div", { class: "bpv-words" }, ...words)]));
  }
}
