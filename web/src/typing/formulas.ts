// Gates as text, with as few parentheses as reading allows: backpropviz/graph/notation for typed graphs.
import { exactNumber, formatNumber, type Style, SUPERSCRIPTS } from "../story/numerals.js";
import type { NumberReference, Segment, Vocabulary } from "../types/specification.js";
import type { TypedGraph, TypedNode } from "./graph_builder.js";

const [SUM, PRODUCT, SIGNED, RAISED, ATOM] = [1, 2, 3, 4, 5]; // how tightly a piece of text holds together
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** Text of a part of a formula: how tightly it holds together, and the operation at its root. */
export class FormulaPiece {
  constructor(
    readonly text: string,
    readonly level = ATOM,
    readonly op = "input",
  ) {}

  /** Text to stand where at least a level is needed; a sign needs parentheses unless it comes first. */
  within(level: number, isFirst = false): string {
    return this.level < level || (/^[-−]/.test(this.text) && !isFirst) ? this.bracketed : this.text;
  }

  get bracketed(): string {
    return `(${this.text})`;
  }
}

/** A number, or π and e by their names where no node has these. */
export function constantPiece(node: TypedNode, style: Style, taken: (name: string) => boolean): FormulaPiece {
  const { value } = node;
  const named = { [Math.PI]: { text: "pi", unicode: "π" }, [Math.E]: { text: "e", unicode: "e" } }[value]?.[style];
  const text = named && (named === node.name || !taken(named)) ? named : exactNumber(value, style);
  const level = /^[-−]/.test(text) ? SIGNED : text.includes("10") && text.includes("·") ? PRODUCT : ATOM;
  return new FormulaPiece(text, level, "constant");
}

const INFIX: Record<string, { text: string; unicode: string; level: number }> = {
  subtract: { text: " - ", unicode: " − ", level: SUM },
  multiply: { text: "*", unicode: "·", level: PRODUCT },
  divide: { text: "/", unicode: "/", level: PRODUCT },
};

/** Write a gate over its arguments' texts. */
export function gatePiece(
  { op, parameters }: Pick<TypedNode, "op" | "parameters">,
  pieces: FormulaPiece[],
  style: Style,
  { operations }: Vocabulary,
): FormulaPiece {
  const [first, second] = pieces;
  if (op === "add") {
    // A sum inside a sum keeps its parentheses: without them it would be read as one chain.
    const head = first.op === "add" ? first.bracketed : first.within(SUM, true);
    return new FormulaPiece([head, ...pieces.slice(1).map((piece) => piece.within(PRODUCT))].join(" + "), SUM, op);
  }
  if (op === "negate") {
    // -2 would be read as a negative number, so the negation of the constant 2 is -(2).
    const inside = first.op === "constant" ? first.bracketed : first.within(RAISED);
    return new FormulaPiece(`${style === "text" ? "-" : "−"}${inside}`, SIGNED, op);
  }
  if (Object.hasOwn(INFIX, op)) {
    const { level, [style]: sign } = INFIX[op];
    return new FormulaPiece(`${first.within(level, true)}${sign}${second.within(level + 1)}`, level, op);
  }
  if (op === "power") {
    if (style === "unicode" && /^\p{Nd}+$/u.test(second.text)) {
      const raised = second.text.replaceAll(/[0-9]/g, (digit) => SUPERSCRIPTS[Number(digit)]);
      return new FormulaPiece(`${first.within(ATOM)}${raised}`, RAISED, op);
    }
    return new FormulaPiece(`${first.within(ATOM)}**${second.within(SIGNED, true)}`, RAISED, op);
  }
  if (style === "unicode") {
    if (op === "square") return new FormulaPiece(`${first.within(ATOM)}²`, RAISED, op);
    if (op === "reciprocal") return new FormulaPiece(`1/${first.within(SIGNED)}`, PRODUCT, op);
    if (op === "sqrt")
      return new FormulaPiece(`√${IDENTIFIER.test(first.text) ? first.text : first.bracketed}`, ATOM, op);
    if (op === "abs") return new FormulaPiece(`|${first.text}|`, ATOM, op);
  }
  const words = operations[op].parameters ?? [];
  const given = words.filter((word) => word in parameters).map((word) => exactNumber(parameters[word], style));
  const called = style === "unicode" ? operations[op].called : op;
  return new FormulaPiece(`${called}(${[...pieces.map(({ text }) => text), ...given].join(", ")})`, ATOM, op);
}

/** One gate in its arguments' names, constants by their number; `names` for those that are called otherwise here. */
export function definition(
  graph: TypedGraph,
  node: TypedNode,
  style: Style,
  vocabulary: Vocabulary,
  names: ReadonlyMap<string, string> = new Map<string, string>(),
): string {
  const taken = (name: string) => graph.nodes.some((each) => each.name === name);
  if (node.op === "input") return node.name;
  if (node.op === "constant") return constantPiece(node, style, taken).text;
  const pieces = node.arguments.map((place) => {
    const argument = graph.nodes[place];
    if (argument.op === "constant") return constantPiece(argument, style, taken);
    return new FormulaPiece(names.get(argument.name) ?? argument.name);
  });
  return gatePiece(node, pieces, style, vocabulary).text;
}

/** All gates as assignments, the output last; what is read back gives the same graph with the same names. */
export function programOf(graph: TypedGraph, vocabulary: Vocabulary): string {
  const { nodes } = graph;
  const { functions, constants } = vocabulary;
  const names = freeNames(graph, vocabulary);
  const called = ({ name }: TypedNode) => names.get(name) ?? name;
  const line = (node: TypedNode) => `${called(node)} = ${definition(graph, node, "text", vocabulary, names)}`;
  const gates = nodes.filter(({ op }) => op !== "input" && op !== "constant");
  const lines = gates.map(line);
  const output = nodes[graph.output];
  const inputs = graph.inputs.map((place) => nodes[place]);
  const isDeclared =
    inputs.every(({ name }) => IDENTIFIER.test(name)) &&
    inputs.some(
      (node) =>
        (node.consumers.length === 0 && node !== output) ||
        Object.hasOwn(functions, node.name) ||
        Object.hasOwn(constants, node.name),
    );
  const declared = isDeclared ? [`input ${inputs.map(({ name }) => name).join(", ")}`] : [];
  const last = line(output);
  if (!lines.includes(last))
    return [...declared, ...lines, definition(graph, output, "text", vocabulary, names)].join("; ");
  if (lines.at(-1) !== last) lines.push(called(output));
  return [...declared, ...lines].join("; ");
}

/** Gates get another name in text where a function or a number has theirs. */
function freeNames({ nodes }: TypedGraph, { functions }: Vocabulary): Map<string, string> {
  const free = new Map<string, string>();
  const isTaken = (name: string) => nodes.some((each) => each.name === name) || [...free.values()].includes(name);
  for (const { name, op } of nodes) {
    if (op === "input" || op === "constant") continue;
    if (!Object.hasOwn(functions, name) && !["inf", "nan", "π"].includes(name)) continue;
    let number = 1;
    while (isTaken(`${name === "π" ? "pi" : name}_${number}`)) number += 1;
    free.set(name, `${name === "π" ? "pi" : name}_${number}`);
  }
  return free;
}

// Definitions and local partials in the names of a gate's arguments: backpropviz/steps/formulas.py for scalars.

// Private-use characters stand for the arguments while a formula is laid out: no printer changes them.
export const FIRST = 0xe000;
export const OUT = "\uf8ff";
const MARKERS = /([\ue000-\uf8ff])/;
const LONE_FUNCTION = /^(−?(?:sin|cos|tan|sinh|cosh|tanh|ln|log₂|log₁₀|exp))\(([\ue000-\uf8ff])\)$/;
const FUNCTION_STARTS = ["\\", "sin ", "cos ", "tan ", "ln ", "exp ", "cosh ", "sinh ", "sign "];

/** Refer to a node's value. */
export const valueAt = (place: number): NumberReference => ["q", "value", place];
/** Refer to a node's gradient. */
export const adjointAt = (place: number): NumberReference => ["q", "gradient", place];
/** Refer to a node's tangent. */
export const tangentAt = (place: number): NumberReference => ["q", "tangent", place];
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

  protected partialPattern({ op, arguments: places }: TypedNode, slot: number): string {
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
  protected bind(place: number, text: string, isNumeric = false): Segment[] {
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
