// Definitions and local partials in the names of a gate's arguments: backpropviz/steps/formulas.py for scalars.
import { formatNumber } from "../story/numerals.js";
import type { NumberReference, Segment, Vocabulary } from "../types/specification.js";
import { constantPiece, FormulaPiece, gatePiece } from "./gate_text.js";
import type { TypedGraph, TypedNode } from "./graph_builder.js";

// Private-use characters stand for the arguments while a formula is laid out: no printer changes them.
const FIRST = 0xe000;
const OUT = "\uf8ff";
const MARKERS = /([\ue000-\uf8ff])/;
const LONE_FUNCTION = /^(−?(?:sin|cos|tan|sinh|cosh|tanh|ln|log₂|log₁₀|exp))\(([\ue000-\uf8ff])\)$/;
const FUNCTION_STARTS = ["\\", "sin ", "cos ", "tan ", "ln ", "exp ", "cosh ", "sinh ", "sign "];

/** Refer to a node's value. */
export const valueAt = (place: number): NumberReference => ["q", "value", place];
/** Refer to a node's gradient. */
export const adjointAt = (place: number): NumberReference => ["q", "gradient", place];
/** Refer to a number of an edge. */
export const onEdge = (kind: string, consumer: number, slot: number): NumberReference => ["q", kind, consumer, slot];

/** Put a number in brackets where it is negative, as in 1·(−3). */
export function bracketed(number: NumberReference): Segment[] {
  return [["i", ["("], ["negative", number]], number, ["i", [")"], ["negative", number]]];
}

/** Formulas of one graph. */
export class Formulas {
  constructor(
    readonly graph: TypedGraph,
    readonly vocabulary: Vocabulary,
  ) {}

  /** One gate in its arguments' names, a/b, or in their values, 6/0.6931. */
  definition(place: number, isNumeric = false): Segment[] {
    const node = this.graph.nodes[place];
    const pieces = node.arguments.map((argument, slot) => {
      const { [argument]: given } = this.graph.nodes;
      if (given.op === "constant") return constantPiece(given, "unicode", () => false);
      return new FormulaPiece(String.fromCharCode(FIRST + slot));
    });
    return this.bind(place, gatePiece(node, pieces, "unicode", this.vocabulary).text, isNumeric);
  }

  /** The local partial of one edge, −a/b², bracketed where it is to be multiplied. */
  partial(consumer: number, slot: number): Segment[] {
    const text = this.partialPattern(this.graph.nodes[consumer], slot);
    const segments = this.bind(consumer, text);
    return needsBrackets(text) ? ["(", ...segments, ")"] : segments;
  }

  /** One contribution: upstream gradient times local partial. */
  contribution(consumer: number, slot: number): Segment[] {
    return [["g", this.graph.nodes[consumer].name], "·", ...this.partial(consumer, slot)];
  }

  private partialPattern({ op, arguments: places }: TypedNode, slot: number): string {
    const exponent = this.graph.nodes[places[1]];
    if (op === "power" && slot === 0 && exponent.op === "constant") return this.powerRule(exponent.value);
    const { formulas } = this.vocabulary.operations[op];
    return formulas[Math.min(slot, formulas.length - 1)];
  }

  /** c·x^(c−1) as people write it: 2·x for a square. */
  private powerRule(exponent: number): string {
    if (exponent === 1 || exponent === 0) return String(exponent);
    const number = (value: number) => {
      const node = { name: "", op: "constant", arguments: [], parameters: {}, value, consumers: [] };
      return constantPiece(node, "unicode", () => false);
    };
    const gate = (op: string, left: FormulaPiece, right: FormulaPiece) =>
      gatePiece({ op, parameters: {} }, [left, right], "unicode", this.vocabulary);
    const x = new FormulaPiece(String.fromCharCode(FIRST));
    return gate("multiply", number(exponent), exponent === 2 ? x : gate("power", x, number(exponent - 1))).text;
  }

  /** Put names, or values, into a pattern. */
  private bind(place: number, text: string, isNumeric = false): Segment[] {
    const { nodes } = this.graph;
    const parts = text.replace(LONE_FUNCTION, "$1 $2").split(MARKERS);
    return parts.flatMap((part, index): Segment[] => {
      if (!MARKERS.test(part)) return part === "" ? [] : [part];
      const source = part === OUT ? place : nodes[place].arguments[part.charCodeAt(0) - FIRST];
      const { name, op, value: constant } = nodes[source];
      if (op === "constant") {
        const shown = name === "π" || name === "ℯ" ? name : formatNumber(constant);
        return [constant < 0 ? `(${shown})` : shown];
      }
      if (!isNumeric) return [["v", name]];
      return standsFree(parts[index - 1], parts[index + 1]) ? [valueAt(source)] : bracketed(valueAt(source));
    });
  }
}

/** Does a sign, a sum or words stand outside every bracket of a factor? */
function needsBrackets(text: string): boolean {
  if (/^(?:[\d.]+|.)$/.test(text)) return false;
  if (/^[-−]/.test(text)) return true;
  let depth = 0;
  for (const character of text) {
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    else if (depth === 0 && "+−-/ ,".includes(character))
      return character !== " " || !FUNCTION_STARTS.some((start) => text.startsWith(start));
  }
  return false;
}

/** May a negative number stand here without brackets of its own? */
function standsFree(before: string, after: string): boolean {
  if (before === "") return after === "" || " ·/".includes(after[0]);
  return "(, |".includes(before.at(-1)!) && after !== "" && "),|".includes(after[0]);
}
