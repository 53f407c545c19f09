// Typed pieces of a narration as elements: variables in italics, symbols with subscripts, numbers in their colour.
import { makeElement } from "../page/dom.js";
import type { GradientSymbol, NarrationPiece } from "../story/narration.js";

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
