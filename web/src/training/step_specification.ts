// One step of a run that the page trains, gate by gate, for the network as it stands.
import { outlineOf, explanationsOf, template, TypedWords } from "../typing/explaining.js";
import {
  adjointAt,
  bracketed,
  constantPiece,
  FIRST,
  FormulaPiece,
  gatePiece,
  OUT,
  valueAt,
} from "../typing/formulas.js";
import type { TypedGraph, TypedNode } from "../typing/graph_builder.js";
import { Telling } from "../typing/telling.js";
import { leaf, sceneOf, round } from "../typing/typed_specification.js";
import { rangeAround, runOf } from "../typing/typed_run.js";
import type {
  Basis,
  GraphNode,
  PlainStep,
  PlainTemplate,
  Segment,
  Specification,
  StepRecord,
  TypedOperation,
  Vocabulary,
} from "../types/specification.js";
import type { Learner } from "./learner.js";
import { CLOSED, type StepGraph, stepGraph } from "./step_graph.js";

const LONGEST_INSIDE = 60; // characters up to which a closed gate is written out

/** Operations of the step's graph, by name; of sums only what does not depend on how many terms there are. */
type Operations = Record<string, TypedOperation>;

/** The words of a step: those of a typed graph, and of its closed gates. */
class StepWords extends TypedWords {
  constructor(
    readonly step: StepGraph,
    vocabulary: Vocabulary,
  ) {
    super(step.view, vocabulary);
  }

  override definition(place: number, isNumeric = false): Segment[] {
    if (this.graph.nodes[place].op !== CLOSED) return super.definition(place, isNumeric);
    const marks = this.graph.nodes[place].arguments.map((_, slot) => String.fromCharCode(FIRST + slot));
    return this.bind(place, this.inside(place, marks), isNumeric);
  }

  /** What a closed gate computes, over its arguments' texts; as a function of them where that is long. */
  inside(place: number, texts: string[]): string {
    const { basis, standing } = this.step;
    const pieces = new Map(
      this.graph.nodes[place].arguments.map((each, slot) => [standing.standing[each], new FormulaPiece(texts[slot])]),
    );
    let text = "";
    for (const each of standing.inside[place]) {
      const node = basis.nodes[each];
      const given = node.arguments.map(
        (from) => pieces.get(from) ?? constantPiece(basis.nodes[from], "unicode", () => false),
      );
      const piece = gatePiece(node, given, "unicode", this.vocabulary);
      pieces.set(each, piece);
      ({ text } = piece);
      if (text.length > LONGEST_INSIDE) return `gate(${texts.join(", ")})`;
    }
    return text;
  }

  protected override partialPattern(node: TypedNode, slot: number): string {
    return node.op === CLOSED ? `∂${OUT}/∂${String.fromCharCode(FIRST + slot)}` : super.partialPattern(node, slot);
  }
}

/** Programs of a sum of so many terms, and forms of closed gates, which have none of their own. */
function withCounts(operations: Operations, nodes: TypedNode[]): Operations {
  const found = structuredClone(operations);
  for (const {
    op,
    arguments: { length },
  } of nodes) {
    const { forms } = found[op] ?? { forms: {} };
    if (op === CLOSED) forms[length] = { program: null, kinks: [] };
    if (op !== "add") continue;
    const lines = Array.from({ length: length - 1 }, (_, line) => [
      "add",
      line ? [length + line - 1, line + 1] : [0, 1],
    ]);
    const value = { lines, results: [2 * length - 2] };
    const partials = { lines: [], results: Array<string>(length).fill("1.0") };
    forms[length] = { program: { value, partials }, kinks: [] };
  }
  return found;
}

/** A graph with its programs, each once. */
function withPrograms(
  { nodes, output }: TypedGraph,
  operations: Operations,
): Pick<Basis, "nodes" | "output" | "programs"> {
  const kinds = nodes.map(({ op, arguments: { length } }) => `${op} ${length}`);
  const known = [...new Set(kinds)];
  return {
    nodes: nodes.map(({ name, op, arguments: places, value }, place): GraphNode => {
      if (op === "input") return { name, op };
      return op === "constant"
        ? { name, op, value }
        : { name, op, arguments: places, program: known.indexOf(kinds[place]) };
    }),
    output,
    programs: known.map((kind) => {
      const [op, count] = kind.split(" ");
      return operations[op]?.forms[count]?.program;
    }),
  };
}

/** That a parameter moves, w ← w − γ·g: `updated` in backpropviz/steps/backward_words.py. */
function updated(graph: TypedGraph, place: number, rate: number, isLast: boolean): PlainTemplate {
  const { name } = graph.nodes[place];
  const here = valueAt(place);
  const gamma: Segment = ["q", "literal", rate];
  const after: Segment = ["q", "updated", place];
  const title: Segment[] = [["v", name], " ← ", ["v", name], " − γ·", ["g", name]];
  const numbers: Segment[] = [here, " − ", gamma, "·", ...bracketed(adjointAt(place)), " = ", after];
  const notes: PlainTemplate["notes"] = [
    { when: ["zero", adjointAt(place)], text: ["Its gradient is 0: it stays where it is."] },
  ];
  if (isLast) {
    const text: Segment[] = [
      "All parameters have moved. The next forward sweep starts from the new values; ",
      ["v", graph.nodes[graph.output].name],
      " should come out smaller, if the learning rate is small enough.",
    ];
    notes.push({ when: null, text });
  }
  return template({
    title,
    role: ["update: a step against the gradient"],
    sentence: [
      ["v", name],
      " takes a step against its gradient, ",
      gamma,
      " times as long as the gradient is: ",
      ...numbers,
      ".",
    ],
    equation: title,
    numeric: ["= ", ...numbers],
    ledger: [
      { label: ["before"], formula: [["v", name]], number: here, kind: "value" },
      {
        label: ["the step, learning rate γ = ", gamma],
        formula: ["−γ·", ["g", name]],
        number: ["q", "move", place],
        kind: "gradient",
      },
    ],
    total: { label: [["v", name], " after"], number: after, kind: "value" },
    notes,
  });
}

/** A step of the network as it stands, on one example: what the page shows of it, and the numbers to begin with. */
export function stepAt(
  learner: Learner,
  example: number,
  given: Operations,
  unit?: readonly number[],
): { spec: Specification; inputs: Record<string, number> } {
  const step = stepGraph(learner, example, unit);
  const { view, basis, standing, inputs, parameters } = step;
  const { nodes } = view;
  const operations = withCounts(given, [...nodes, ...basis.nodes]);
  const vocabulary = { operations } as unknown as Vocabulary; // nothing is read here
  const words = new StepWords(step, vocabulary);
  const run = runOf(view, "reverse");
  const narration = new Telling(words, run).narration();
  const moves = parameters.map((place) => ["update", place, learner.learningRate] as unknown as StepRecord);
  const updates = moves.map((record): PlainStep => ({ phase: "update", records: [record] }));
  parameters.forEach((place, index) =>
    narration.push(updated(view, place, learner.learningRate, index === parameters.length - 1)),
  );
  narration[0].sentence = [
    `${String(narration[0].sentence)} At last ${parameters.length} parameters take a step against their gradients.`,
  ];
  const outline = outlineOf(view, vocabulary, "reverse");
  nodes.forEach((node, place) => {
    if (node.op !== CLOSED) return;
    const text = words.inside(
      place,
      node.arguments.map((each) => nodes[each].name),
    );
    const use = outline.nodes[place].replace(/^[^;]*/, "");
    outline.nodes[place] = `${node.name} = ${text} (a closed gate)${use}`;
  });
  // A closed gate is drawn with its own name inside.
  const shapes = nodes.map((node) => leaf(node) ?? round(node.op === CLOSED ? node.name : operations[node.op].symbol));
  const plain = nodes.map(({ name, op, arguments: places }) =>
    op === "input" ? { name, op } : { name, op, arguments: places },
  );
  const spec: Specification = {
    version: 1,
    mode: "reverse",
    graph: { nodes: plain, output: view.output, basis: { ...withPrograms(basis, operations), ...standing } },
    ranges: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, rangeAround(value)])),
    timeline: [...run.steps, ...updates],
    narration,
    explanations: explanationsOf(words, run),
    outline,
    scene: sceneOf(view, "circuit", [...nodes.keys()], shapes),
    undrawable: {},
    scenes: {},
  };
  return { spec, inputs };
}
