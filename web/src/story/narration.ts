// Narration templates with the numbers of a run put in: as plain text, and as typed pieces for the page to dress.
import type { Condition, LedgerLine, PlainTemplate, NumberReference, Segment } from "../types/specification.js";
import { type FoundNumber, isVeiled, type NumberSource } from "./number_sources.js";
import { formatNumber, fullPrecision } from "./numerals.js";

/** A gradient's symbol: plain, and its base with a subscript. */
export interface GradientSymbol {
  text: string;
  base: string;
  subscript: string;
}

interface NumberPiece {
  kind: "number";
  text: string;
  numberKind: string;
  full: string;
}

/** A piece of narration for the page to dress. */
export type NarrationPiece =
  | { kind: "text"; text: string }
  | { kind: "variable"; text: string; name: string }
  | { kind: "tangent"; text: string; name: string }
  | ({ kind: "gradient"; name: string } & GradientSymbol)
  | NumberPiece;

/** A line of a ledger with its numbers in. */
export interface ResolvedLine {
  label: NarrationPiece[];
  formula: NarrationPiece[];
  number: NumberPiece;
  kind: string;
}

/** A narration with its numbers in. */
export interface ResolvedNarration {
  title: NarrationPiece[];
  role: NarrationPiece[];
  sentence: NarrationPiece[];
  equation: NarrationPiece[];
  numeric: NarrationPiece[];
  ledger: ResolvedLine[];
  total: ResolvedLine | null;
  notes: NarrationPiece[][];
}

const MACRON = "\u0304";
const DOT_ABOVE = "\u0307";
const MISSING = "…";

type Operand = NumberReference | Condition;

const CONDITIONS: Record<string, (context: NumberSource, ...operands: Operand[]) => boolean> = {
  equal: (context, first, second) => scalarOf(first, context) === scalarOf(second, context),
  less: (context, first, second) => scalarOf(first, context) < scalarOf(second, context),
  greater: (context, first, second) => scalarOf(first, context) > scalarOf(second, context),
  zero: (context, each) => scalarOf(each, context) === 0,
  positive: (context, each) => scalarOf(each, context) > 0,
  negative: (context, each) => scalarOf(each, context) < 0,
  finite: (context, each) => isFiniteQuantity(quantity(each, context)),
  not: (context, condition) => !isHidden(condition, context) && !holds(condition as Condition, context),
  all: (context, ...conditions) => conditions.every((each) => holds(each as Condition, context)),
  any: (context, ...conditions) => conditions.some((each) => holds(each as Condition, context)),
};

/** The number a reference ["q", kind, ...] stands for. */
function quantity(reference: Operand, context: NumberSource): FoundNumber {
  const [, kind, node, slot] = reference as NumberReference;
  return kind === "literal" ? node : context.number(kind, node, slot);
}

/** A number to compare with; arrays and what is missing give NaN, with which every comparison fails. */
function scalarOf(reference: Operand, context: NumberSource) {
  const found = quantity(reference, context);
  return typeof found === "number" ? found : NaN;
}

/** Whether a number is finite, of an array every entry; the kernel tells it of what it sends as text. */
function isFiniteQuantity(found: FoundNumber): boolean {
  return typeof found === "number" ? Number.isFinite(found) : found?.finite === true;
}

/** Whether a condition asks for a number that is hidden: then nothing is said of it, neither way. */
function isHidden(condition: Operand, context: NumberSource): boolean {
  const [word, ...operands] = condition;
  if (word === "q") return isVeiled(quantity(condition, context));
  return operands.some((each) => Array.isArray(each) && isHidden(each, context));
}

/** Whether a condition of a template holds; null always does, and none that has to know a hidden number. */
export function holds(condition: Condition | null | undefined, context: NumberSource): boolean {
  if (condition === null || condition === undefined) return true;
  const [word, ...operands] = condition;
  if (!Object.hasOwn(CONDITIONS, word)) throw new Error(`narration: there is no condition "${word}"`);
  return CONDITIONS[word](context, ...(operands as Operand[]));
}

/**
 * The gradient symbol of a node: "g_b", "∂y/∂b", "b̄" or "δ_b" in plain text, and its base with a subscript for display.
 * @param notation "g_x" | "dL/dx" | "x̄" | "δ"
 * @param output name of the output
 */
export function gradientSymbol(name: string, notation: string, output: string) {
  if (notation === "dL/dx") return { text: `∂${output}/∂${name}`, base: `∂${output}/∂${name}`, subscript: "" };
  // an overline typed on a Mac or in Python may be one code point or two
  if (notation.normalize("NFD") === `x${MACRON}`) return { text: name + MACRON, base: name + MACRON, subscript: "" };
  const base = notation === "δ" ? "δ" : "g";
  return { text: `${base}_${name}`, base, subscript: name };
}

/**
 * A number as a piece; `full` has every digit.
 * @param reference ["q", kind, ...]
 */
function numberPiece(reference: NumberReference, context: NumberSource): NumberPiece {
  const found = quantity(reference, context);
  const numberKind = reference[1];
  if (typeof found === "number") {
    return { kind: "number", text: formatNumber(found), numberKind, full: fullPrecision(found) };
  }
  return { kind: "number", text: found?.text ?? MISSING, numberKind, full: found?.full ?? MISSING };
}

/** One marked segment, ["v" | "g" | "t" | "q" | "i", ...], as pieces. */
function piecesOf(segment: Exclude<Segment, string>, context: NumberSource): NarrationPiece[] {
  switch (segment[0]) {
    case "v":
      return [{ kind: "variable", text: segment[1], name: segment[1] }];
    case "t":
      return [{ kind: "tangent", text: segment[1] + DOT_ABOVE, name: segment[1] }];
    case "g":
      return [{ kind: "gradient", name: segment[1], ...gradientSymbol(segment[1], context.notation, context.output) }];
    case "q":
      return [numberPiece(segment, context)];
    case "i":
      return holds(segment[2], context) ? resolvePieces(segment[1], context) : [];
    default:
      throw new Error(`narration: there is no segment "${String(segment[0])}"`);
  }
}

/**
 * A template with its numbers, as pieces {kind: "text" | "variable" | "gradient" | "tangent" | "number", text, ...}:
 * variables, gradients and tangents have `name`, gradients `base` and `subscript`, numbers `numberKind` and `full`.
 */
export function resolvePieces(
  segments: Segment[] | string | null | undefined,
  context: NumberSource,
): NarrationPiece[] {
  if (segments === null || segments === undefined) return [];
  if (typeof segments === "string") return [{ kind: "text", text: segments }];
  return segments.flatMap((segment) =>
    typeof segment === "string" ? [{ kind: "text", text: segment }] : piecesOf(segment, context),
  );
}

/** A template with its numbers, as text. */
export function plainText(segments: Segment[] | string | null | undefined, context: NumberSource) {
  return resolvePieces(segments, context)
    .map((piece) => piece.text)
    .join("");
}

/** A whole narration: every template resolved to pieces, notes whose condition fails left out. */
export function resolveNarration(narration: PlainTemplate, context: NumberSource): ResolvedNarration {
  const line = ({ label, formula, number, kind }: LedgerLine): ResolvedLine => ({
    label: resolvePieces(label, context),
    formula: resolvePieces(formula, context),
    number: numberPiece(number, context),
    kind,
  });
  const part = (name: "title" | "role" | "sentence" | "equation" | "numeric") =>
    resolvePieces(narration[name], context);
  return {
    title: part("title"),
    role: part("role"),
    sentence: part("sentence"),
    equation: part("equation"),
    numeric: part("numeric"),
    ledger: (narration.ledger ?? []).map(line),
    total: narration.total ? line(narration.total) : null,
    notes: (narration.notes ?? [])
      .filter((note) => holds(note.when, context))
      .map((note) => resolvePieces(note.text, context)),
  };
}
