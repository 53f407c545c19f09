// All that the page needs to draw, play and explain a typed text: what backpropviz/scene/specification.py gives of it.

import type { Specification, Vocabulary } from "../types/specification.js";
import { drawn } from "./drawing.js";
import { programOf } from "./gate_text.js";
import { explanationsOf } from "./explaining.js";
import { firstNumbers, rangeAround } from "./first_numbers.js";
import { outlineOf } from "./outline.js";
import { type Complaint, readGraph } from "./reading.js";
import { Telling } from "./telling.js";
import { plainGraph } from "./typed_programs.js";
import { runOf } from "./typed_run.js";
import { TypedWords } from "./typed_words.js";

const FORMAT = 1;
const NO_NETWORK = "A page draws networks only where they came with it; make this one in a notebook.";
const MOST_NODES = 400; // beyond, a page would not follow

/** A text as the page shows it. */
export interface TypedText {
  spec: Specification;
  /** Inputs that keep their names keep their values. */
  inputs: Record<string, number>;
  /** Each step by its name. */
  assignments: string;
}

/** Read a text and describe its graph; or say what is wrong with it. */
export function readTyped(
  text: string,
  known: Record<string, number>,
  vocabulary: Vocabulary,
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
  const run = runOf(graph);
  const spec: Specification = {
    version: FORMAT,
    mode: "reverse",
    graph: plain,
    ranges: Object.fromEntries(names.map((name) => [name, rangeAround(inputs[name])])),
    timeline: run.steps,
    narration: new Telling(words, run).narration(),
    explanations: explanationsOf(words, run),
    outline: outlineOf(graph, vocabulary),
    scene: drawn(graph, "circuit", vocabulary),
    undrawable: { network: NO_NETWORK },
    scenes: { "computation graph": drawn(graph, "computation graph", vocabulary) },
  };
  return { typed: { spec, inputs, assignments: programOf(graph, vocabulary) } };
}
