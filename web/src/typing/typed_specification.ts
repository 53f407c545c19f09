// All that the page needs to draw, play and explain a typed text: what backpropviz/scene/specification.py gives of it.
import { place } from "../layout/place.js";
import type { Arrow, Box } from "../layout/layers.js";
import { formatNumber } from "../story/numerals.js";
import { roundHalfEven } from "../story/primitives.js";
import type { PlainScene, SceneNode, Specification, Vocabulary } from "../types/specification.js";
import { explanationsOf, outlineOf, TypedWords } from "./explaining.js";
import { definition, programOf } from "./formulas.js";
import type { TypedGraph, TypedNode } from "./graph_builder.js";
import { type Complaint, readGraph } from "./reading.js";
import { pushWords, Telling } from "./telling.js";
import { firstNumbers, type Mode, plainGraph, rangeAround, runOf } from "./typed_run.js";

// Where the marks and curves of a typed graph stand: backpropviz/scene for scalars, as circuit and as computation graph.

const GATE_WIDTH = 60;
const INPUT_HEIGHT = 46;
const CONSTANT_HEIGHT = 32;
const TEXT_ROOM = 27; // for the number above a mark, and for the one below, in px
const FACE = 17;
const LONGEST_DEFINITION = 16;

const FOLDED: Record<string, [left: string, right: string]> = {
  add: ["+#", "+#"],
  subtract: ["#−", "−#"],
  multiply: ["×#", "×#"],
  divide: ["#/", "÷#"],
  power: ["#ˣ", "x^#"],
};
const POWERS: Record<number, string> = { 2: "x²", 3: "x³", 4: "x⁴", 5: "x⁵", [-1]: "x⁻¹", [-2]: "x⁻²", 0.5: "√" };

/** The drawings that a page makes by itself. */
type Drawing = "circuit" | "computation graph";

type Shape = Pick<SceneNode, "label" | "kind" | "shape" | "width" | "height">;

/** Place a graph's marks and curves. */
function drawn(graph: TypedGraph, drawing: Drawing, vocabulary: Vocabulary): PlainScene {
  const folded = foldedConstants(graph);
  const shown = graph.nodes.flatMap((_, each) => (folded.has(each) ? [] : [each]));
  const shapes = shown.map((each) => {
    const node = graph.nodes[each];
    if (drawing === "circuit") return leaf(node) ?? round(labelOf(graph, node, folded, vocabulary));
    return leaf(node) ?? wide(graph, node, vocabulary);
  });
  return sceneOf(graph, drawing, shown, shapes);
}

/** Place marks of given shapes, and the curves between them. */
export function sceneOf({ nodes, output }: TypedGraph, drawing: Drawing, shown: number[], shapes: Shape[]): PlainScene {
  const index = new Map(shown.map((each, number) => [each, number]));
  const boxes = shapes.map(({ width, height, kind, shape }): Box => {
    const room = kind === "constant" ? height : height + 2 * TEXT_ROOM;
    return { width, height: room, source: kind !== "gate", round: shape === "circle" };
  });
  const edges = shown.flatMap((target) =>
    nodes[target].arguments.flatMap((source, slot) => (index.has(source) ? [{ source, target, slot }] : [])),
  );
  const arrows = edges.map(({ source, target, slot }): Arrow => [index.get(source)!, index.get(target)!, slot]);
  const { centres, paths, width, height } = place(boxes, arrows);
  return {
    drawing,
    width,
    height,
    nodes: shown.map((each, number) => ({
      id: each,
      x: centres[number][0],
      y: centres[number][1],
      ...shapes[number],
      name: nodes[each].name,
      ...(each === output ? { output: true } : {}),
    })),
    edges: edges.map((edge, number) => ({ ...edge, path: paths[number] })),
  };
}

/** Constants that stand inside their gates' labels and need no mark of their own. */
function foldedConstants({ nodes, output }: TypedGraph): Set<number> {
  const isFitting = (node: TypedNode) =>
    Object.hasOwn(FOLDED, node.op) &&
    node.arguments.length === 2 &&
    node.arguments.filter((argument) => nodes[argument].op === "constant").length === 1;
  return new Set(
    nodes.flatMap(({ op, consumers }, each) =>
      op === "constant" &&
      each !== output &&
      consumers.length > 0 &&
      consumers.every(({ consumer }) => isFitting(nodes[consumer]))
        ? [each]
        : [],
    ),
  );
}

function constantLabel({ name, value }: TypedNode): string {
  return name === "π" || name === "ℯ" ? name : formatNumber(value);
}

function foldedLabel(op: string, slot: number, constant: TypedNode): string {
  const { value } = constant;
  const text = constantLabel(constant);
  if (op === "power" && slot === 1 && Object.hasOwn(POWERS, value)) return POWERS[value];
  if (op === "divide" && slot === 0) return `${text}/x`;
  return FOLDED[op][slot].replace("#", value < 0 && op !== "power" ? `(${text})` : text);
}

/** The mark of an input or a constant; null for a gate. */
export function leaf(node: TypedNode): Shape | null {
  const { op, name } = node;
  if (op !== "input" && op !== "constant") return null;
  const label = op === "input" ? name : constantLabel(node);
  const width = roundHalfEven(textWidth(label, FACE) + 22);
  if (op === "input")
    return { label, kind: op, shape: "box", width: Math.max(GATE_WIDTH, width), height: INPUT_HEIGHT };
  return { label, kind: op, shape: "box", width: Math.max(40, width), height: CONSTANT_HEIGHT };
}

function labelOf({ nodes }: TypedGraph, node: TypedNode, folded: Set<number>, { operations }: Vocabulary): string {
  const slot = node.arguments.findIndex((argument) => folded.has(argument));
  return slot < 0 ? operations[node.op].symbol : foldedLabel(node.op, slot, nodes[node.arguments[slot]]);
}

/** The mark of a gate in a circuit. */
export function round(label: string): Shape {
  const width = textWidth(label, FACE) + 22;
  const isRound = width <= GATE_WIDTH + 4;
  return {
    label,
    kind: "gate",
    shape: isRound ? "circle" : "box",
    width: isRound ? GATE_WIDTH : roundHalfEven(width),
    height: GATE_WIDTH,
  };
}

function wide(graph: TypedGraph, node: TypedNode, vocabulary: Vocabulary): Shape {
  const text = definition(graph, node, "unicode", vocabulary);
  const label = [...text].length <= LONGEST_DEFINITION ? text : vocabulary.operations[node.op].symbol;
  const width = Math.max(GATE_WIDTH, roundHalfEven(textWidth(label, FACE) + 26));
  return { label, kind: "gate", shape: "box", width, height: INPUT_HEIGHT };
}

/** How wide a text is, in px, near enough to leave room for it. */
function textWidth(text: string, size: number): number {
  return size * [...text].reduce((total, character) => total + characterWidth(character), 0);
}

function characterWidth(character: string): number {
  if (/\p{Mn}/u.test(character)) return 0;
  if ("iljftI.,:;|'!()[]/ ".includes(character)) return 0.34;
  if ("mwMW@%—∞".includes(character)) return 0.9;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60]/u.test(character))
    return 1.05;
  return 0.62;
}

const FORMAT = 1;
const NO_NETWORK = "A page draws networks only where they came with it; make this one in a notebook.";
const MOST_NODES = 400; // beyond, a page would not follow

/** A text as the page shows it. */
interface TypedText {
  spec: Specification;
  /** Inputs that keep their names keep their values. */
  inputs: Record<string, number>;
  /** Each step by its name. */
  assignments: string;
}

/** Read a text and describe its graph and its run; or say what is wrong with it. */
export function readTyped(
  text: string,
  known: Record<string, number>,
  vocabulary: Vocabulary,
  mode: Mode = "reverse",
): { typed: TypedText; complaint?: undefined } | { typed?: undefined; complaint: Complaint } {
  const { graph, complaint } = readGraph(text, vocabulary);
  if (!graph) return { complaint };
  const { nodes } = graph;
  if (nodes.length > MOST_NODES) {
    const said = `This graph has ${nodes.length} nodes; a page draws at most ${MOST_NODES}.`;
    return { complaint: { text: said, start: 0, end: 0, hint: "Show it in a notebook.", replacement: "" } };
  }
  const plain = plainGraph(graph, vocabulary);
  const names = graph.inputs.map((place) => nodes[place].name);
  const inputs = firstNumbers(plain, names, known);
  const words = new TypedWords(graph, vocabulary);
  const run = runOf(graph, mode);
  const spec: Specification = {
    version: FORMAT,
    mode,
    graph: plain,
    ranges: Object.fromEntries(names.map((name) => [name, rangeAround(inputs[name])])),
    timeline: run.steps,
    narration: new Telling(words, run, pushWords).narration(),
    explanations: explanationsOf(words, run),
    outline: outlineOf(graph, vocabulary, mode),
    scene: drawn(graph, "circuit", vocabulary),
    undrawable: { network: NO_NETWORK },
    scenes: {
      // Placed once somebody wants to see it: of a large graph that takes longer than all else.
      get "computation graph"() {
        const scene = drawn(graph, "computation graph", vocabulary);
        Object.defineProperty(this, "computation graph", { value: scene, enumerable: true, writable: true });
        return scene;
      },
    },
  };
  return { typed: { spec, inputs, assignments: programOf(graph, vocabulary) } };
}
