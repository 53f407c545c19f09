// Narration templates with the numbers of a run put in: as plain text, and as typed pieces for the page to dress.
import { formatNumber, fullPrecision } from "./numerals.js";

const MACRON = "\u0304";
const DOT_ABOVE = "\u0307";
const MISSING = "…";

const CONDITIONS = {
  equal: (context, first, second) => scalarOf(first, context) === scalarOf(second, context),
  less: (context, first, second) => scalarOf(first, context) < scalarOf(second, context),
  greater: (context, first, second) => scalarOf(first, context) > scalarOf(second, context),
  zero: (context, each) => scalarOf(each, context) === 0,
  positive: (context, each) => scalarOf(each, context) > 0,
  negative: (context, each) => scalarOf(each, context) < 0,
  finite: (context, each) => isFiniteQuantity(quantity(each, context)),
  not: (context, condition) => !isHidden(condition, context) && !holds(condition, context),
  all: (context, ...conditions) => conditions.every((each) => holds(each, context)),
  any: (context, ...conditions) => conditions.some((each) => holds(each, context)),
};

/**
 * The number a reference ["q", kind, ...] stands for.
 * @param {Array} reference
 * @param {object} context
 * @returns {number | {text: string, full: string} | undefined}
 */
export function quantity([, kind, ...where], context) {
  return kind === "literal" ? where[0] : context.number(kind, ...where);
}

/** A number to compare with; arrays and what is missing give NaN, with which every comparison fails. */
function scalarOf(reference, context) {
  const found = quantity(reference, context);
  return typeof found === "number" ? found : NaN;
}

/** Whether a number is finite, of an array every entry; the kernel tells it of what it sends as text. */
function isFiniteQuantity(found) {
  return typeof found === "number" ? Number.isFinite(found) : found?.finite === true;
}

/** Whether a condition asks for a number that is hidden: then nothing is said of it, neither way. */
function isHidden([word, ...operands], context) {
  if (word === "q") return quantity([word, ...operands], context)?.hidden === true;
  return operands.some((each) => Array.isArray(each) && isHidden(each, context));
}

/**
 * Whether a condition of a template holds; null always does, and none that has to know a hidden number.
 * @param {Array | null} condition
 * @param {object} context
 * @returns {boolean}
 */
export function holds(condition, context) {
  if (condition === null || condition === undefined) return true;
  const [word, ...operands] = condition;
  if (!Object.hasOwn(CONDITIONS, word)) throw new Error(`narration: there is no condition "${word}"`);
  return CONDITIONS[word](context, ...operands);
}

/**
 * The gradient symbol of a node: "g_b", "∂y/∂b", "b̄" or "δ_b" in plain text, and its base with a subscript for display.
 * @param {string} name
 * @param {string} notation  "g_x" | "dL/dx" | "x̄" | "δ"
 * @param {string} output  name of the output
 * @returns {{text: string, base: string, subscript: string}}
 */
export function gradientSymbol(name, notation, output) {
  if (notation === "dL/dx") return { text: `∂${output}/∂${name}`, base: `∂${output}/∂${name}`, subscript: "" };
  // an overline typed on a Mac or in Python may be one code point or two
  if (notation.normalize("NFD") === `x${MACRON}`) return { text: name + MACRON, base: name + MACRON, subscript: "" };
  const base = notation === "δ" ? "δ" : "g";
  return { text: `${base}_${name}`, base, subscript: name };
}

/**
 * A number as a piece; `full` has every digit.
 * @param {Array} reference  ["q", kind, ...]
 * @param {object} context
 * @returns {{kind: "number", text: string, numberKind: string, full: string}}
 */
export function numberPiece(reference, context) {
  const found = quantity(reference, context);
  const numberKind = reference[1];
  if (typeof found === "number") {
    return { kind: "number", text: formatNumber(found), numberKind, full: fullPrecision(found) };
  }
  return { kind: "number", text: found?.text ?? MISSING, numberKind, full: found?.full ?? MISSING };
}

/** One marked segment, ["v" | "g" | "t" | "q" | "i", ...], as pieces. */
function piecesOf(segment, context) {
  const [mark, ...rest] = segment;
  if (mark === "v") return [{ kind: "variable", text: rest[0], name: rest[0] }];
  if (mark === "t") return [{ kind: "tangent", text: rest[0] + DOT_ABOVE, name: rest[0] }];
  if (mark === "g") {
    return [{ kind: "gradient", name: rest[0], ...gradientSymbol(rest[0], context.notation, context.output) }];
  }
  if (mark === "q") return [numberPiece(segment, context)];
  if (mark === "i") return holds(rest[1], context) ? resolvePieces(rest[0], context) : [];
  throw new Error(`narration: there is no segment "${mark}"`);
}

/**
 * A template with its numbers, as pieces {kind: "text" | "variable" | "gradient" | "tangent" | "number", text, ...}:
 * variables, gradients and tangents have `name`, gradients `base` and `subscript`, numbers `numberKind` and `full`.
 * @param {Array | string | null} segments
 * @param {object} context
 * @returns {object[]}
 */
export function resolvePieces(segments, context) {
  if (segments === null || segments === undefined) return [];
  if (typeof segments === "string") return [{ kind: "text", text: segments }];
  return segments.flatMap((segment) =>
    typeof segment === "string" ? [{ kind: "text", text: segment }] : piecesOf(segment, context),
  );
}

/**
 * A template with its numbers, as text.
 * @param {Array | string | null} segments
 * @param {object} context
 * @returns {string}
 */
export function plainText(segments, context) {
  return resolvePieces(segments, context)
    .map((piece) => piece.text)
    .join("");
}

/**
 * A whole narration: every template resolved to pieces, notes whose condition fails left out.
 * @param {object} narration
 * @param {object} context
 * @returns {{title: object[], role: object[], ledger: object[], total: object|null, sentence: object[],
 *   equation: object[], numeric: object[], notes: object[][], focus: object}}
 */
export function resolveNarration(narration, context) {
  const line = ({ label, formula, number, kind }) => ({
    label: resolvePieces(label, context),
    formula: resolvePieces(formula, context),
    number: numberPiece(number, context),
    kind,
  });
  const resolved = { focus: narration.focus ?? { nodes: [], edges: [] } };
  for (const part of ["title", "role", "sentence", "equation", "numeric"]) {
    resolved[part] = resolvePieces(narration[part], context);
  }
  resolved.ledger = (narration.ledger ?? []).map(line);
  resolved.total = narration.total ? line(narration.total) : null;
  resolved.notes = (narration.notes ?? [])
    .filter((note) => holds(note.when, context))
    .map((note) => resolvePieces(note.text, context));
  return resolved;
}
