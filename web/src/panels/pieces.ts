// Typed pieces of a narration as elements: variables in italics, symbols with subscripts, numbers in their colour.
import { makeElement } from "../page/dom.js";

const NUMBER_COLOURS = {
  value: "value",
  gradient: "slope",
  contribution: "slope",
  before: "slope",
  after: "slope",
  tangent: "tangent",
};

function pieceElement(piece) {
  if (piece.kind === "text") return document.createTextNode(piece.text);
  if (piece.kind === "variable") return makeElement("i", { class: "bpv-variable", text: piece.text });
  if (piece.kind === "tangent") return makeElement("i", { class: "bpv-variable bpv-is-tangent", text: piece.text });
  if (piece.kind === "gradient") {
    const symbol = makeElement("i", { class: "bpv-variable bpv-symbol", text: piece.base });
    if (piece.subscript) symbol.append(makeElement("sub", { text: piece.subscript }));
    return symbol;
  }
  const colour = NUMBER_COLOURS[piece.numberKind] ?? "plain";
  return makeElement("span", { class: `bpv-number bpv-is-${colour}`, title: piece.full, text: piece.text });
}

/** An element that holds pieces; null where there are none. */
export function dressedPieces(tag, className, pieces) {
  if (!pieces || pieces.length === 0) return null;
  return makeElement(tag, { class: className }, ...pieces.map(pieceElement));
}

/** A gradient's symbol as nodes, its subscript set below the line. */
export function symbolNodes({ base, subscript }) {
  return subscript ? [base, makeElement("sub", { text: subscript })] : [base];
}
