// Gates as text, with as few parentheses as reading allows: backpropviz/graph/notation for typed graphs.
import { SUPERSCRIPTS } from "../story/numerals.js";
import type { Vocabulary } from "../types/specification.js";
import { exactNumber, type Style } from "./exact_number.js";
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
