// What one view knows: the spec, the numbers of the newest inputs, and how far the story has been told.
import type { Model } from "../types/model.js";
import type { ExplorerTraits, GraphNode, PlainTemplate, Specification } from "../types/specification.js";
import type { CompilableGraph } from "./closed_gates.js";
import { compiled, type CompiledGraph, graphStructure, type Structure } from "./engine.js";
import { holds, plainText, type ResolvedNarration, resolveNarration } from "./narration.js";
import {
  exactText,
  isVeiled,
  kernelContext,
  narrationContext,
  type NumberSource,
  readRates,
  shortText,
  withUpdates,
} from "./number_sources.js";
import { type Changed, Replay, type Stretch } from "./replay.js";

/** What a step is about. */
interface StepFocus {
  phase: string;
  node: number | null;
  consumer: number | null;
  edges: number[];
}

/** A narration, and whether it is of a selected node. */
export interface Told extends ResolvedNarration {
  isSelection: boolean;
}

const BAR_ABOVE = "\u0304";
const START_FOCUS: StepFocus = { phase: "start", node: null, consumer: null, edges: [] };

/** The state behind one view, read from the model; it changes nothing on the page. */
export class Session {
  veil?: (context: NumberSource) => NumberSource; // some numbers may be hidden
  isQuiet = false;
  selected: string;
  spec!: Specification;
  /** The inputs that were shown first. */
  readonly start: Record<string, unknown>;
  nodes!: GraphNode[];
  isForwardMode!: boolean;
  compiled!: CompiledGraph | null;
  structure!: Structure;
  consumersOf!: number[][];
  indexOf!: Map<string, number>;
  focus!: StepFocus;
  active!: Set<number>;
  replay!: Replay;
  rates!: Record<number, number> | null;
  context!: NumberSource;

  constructor(
    readonly model: Model<ExplorerTraits>,
    spec: Specification,
  ) {
    this.selected = "";
    this.start = model.get("inputs") ?? {};
    this.load(spec);
  }

  /** Take over another spec. */
  load(spec: Specification) {
    this.spec = spec;
    this.nodes = spec.graph.nodes;
    this.isForwardMode = spec.mode === "forward";
    this.compiled = spec.graph.kernel ? null : compiled(spec.graph as CompilableGraph);
    this.structure = this.compiled ?? graphStructure(spec.graph as CompilableGraph);
    this.consumersOf = this.nodes.map((): number[] => []);
    this.structure.sources.forEach((source, edge) => this.consumersOf[source].push(edge));
    this.indexOf = new Map(this.nodes.map((node, index) => [node.name, index]));
    this.focus = START_FOCUS;
    this.active = new Set();
    this.replay = new Replay(spec.timeline, this.structure);
    this.rates = readRates(spec.timeline);
    this.compute();
  }

  /** Numbers for the model's newest inputs. */
  compute() {
    const notation = this.model.get("notation") ?? "g_x";
    const { structure, replay } = this;
    if (this.compiled === null) {
      const numbers = this.model.get("numbers") ?? {};
      this.context = kernelContext({ structure, notation, numbers, timeline: this.spec.timeline });
      this.context = withUpdates(this.context, this.rates, numbers);
      if (this.veil) this.context = this.veil(this.context);
      return;
    }
    const inputs = this.model.get("inputs") ?? {};
    const run = this.isForwardMode ? this.compiled.runForward!(inputs, this.direction()) : this.compiled.run(inputs);
    replay.setRun(run);
    this.context = withUpdates(narrationContext({ structure, notation, run, replay }), this.rates);
    if (this.veil) this.context = this.veil(this.context);
  }

  // Which way the inputs move in forward mode: what the model says, else along the first input.
  direction() {
    const first = this.nodes.find((node) => node.op === "input");
    const chosen = this.model.get("direction") ?? {};
    const known = Object.keys(chosen).filter((name) => this.indexOf.has(name));
    if (known.length > 0) return Object.fromEntries(known.map((name) => [name, chosen[name]]));
    return first ? { [first.name]: 1 } : {};
  }

  /** Choose the node that words are about; a name that the graph does not have chooses none. */
  select(name: string) {
    this.selected = this.indexOf.has(name) ? name : "";
  }

  get step() {
    return this.replay.step;
  }

  get steps() {
    return this.replay.length;
  }

  /** Go to a step; the focus is what its entry is about. Returns what may look different: {nodes, edges}. */
  seek(step: number) {
    const changed = this.replay.seek(step);
    this.addHighlights(changed);
    this.focus = this.isQuiet ? START_FOCUS : this.readFocus();
    this.active = new Set(this.focus.edges);
    if (this.focus.phase === "backward" && this.focus.node !== null) {
      for (const edge of this.arrived(this.focus.node)) this.active.add(edge);
    }
    this.addHighlights(changed);
    return changed;
  }

  addHighlights({ nodes, edges }: Changed) {
    for (const node of [this.focus.node, this.focus.consumer]) if (node !== null) nodes.add(node);
    for (const edge of this.active) edges.add(edge);
  }

  readFocus() {
    if (this.step === 0) return START_FOCUS;
    const entry = this.spec.timeline[this.step - 1];
    const focus: StepFocus = { phase: entry.phase, node: null, consumer: null, edges: [] };
    for (const [kind, node, slot] of entry.records) {
      if (kind === "propagate") {
        const edge = this.structure.edgeOf(node, slot);
        Object.assign(focus, { node: this.structure.sources[edge], consumer: node });
        focus.edges.push(edge);
      } else if (kind !== "accumulate") {
        focus.node ??= node;
        if (kind === "evaluate") focus.edges = this.replay.incoming(node);
      }
    }
    return focus;
  }

  /** The edges whose contribution has reached a node. */
  arrived(node: number) {
    return this.consumersOf[node].filter((edge) => this.replay.edgeState(edge) === "backward");
  }

  /** The position of a node that has a name; −1 where the graph has no such node. */
  placeOf(name: string | undefined) {
    return this.indexOf.get(name ?? "") ?? -1;
  }

  /** How an edge looks now. */
  edgeLook(edge: number) {
    const state = this.replay.edgeState(edge);
    if (state === "idle") return "future";
    const kind = state === "forward" && this.isForwardMode ? "tangent" : state;
    return this.active.has(edge) ? kind : `${kind}-trace`;
  }

  /** Which number travels along an edge: its text and its colour. */
  carried(edge: number) {
    const consumer = this.structure.consumers[edge];
    const slot = edge - this.structure.offsets[consumer];
    if (this.focus.phase === "backward") {
      return { kind: "backward", text: shortText(this.number("contribution", consumer, slot)) };
    }
    if (this.isForwardMode) return { kind: "tangent", text: shortText(this.number("push", consumer, slot)) };
    return { kind: "forward", text: shortText(this.number("value", this.structure.sources[edge])) };
  }

  /** A number of the current run: kind and where, as in a narration. */
  number(kind: string, node: number, slot?: number) {
    return this.context.number(kind, node, slot);
  }

  /** A node's value at this step: after its update, the new one. */
  valueNow(node: number) {
    return this.number(this.replay.updated[node] ? "updated" : "value", node);
  }

  /** What stands below a node: its gradient, the part of it that has arrived, or its tangent. */
  slope(node: number) {
    const { replay } = this;
    if (this.isForwardMode) {
      if (!replay.tangentKnown[node]) return { text: "", summing: false, gradient: null, tangent: null };
      const tangent = this.number("tangent", node);
      return { text: `▷ ${shortText(tangent)}`, summing: false, gradient: null, tangent: exactText(tangent) };
    }
    if (replay.settled[node]) {
      const gradient = this.number("gradient", node);
      const text = this.gradientSign(node) + shortText(gradient);
      return { text, summing: false, gradient: exactText(gradient), tangent: null };
    }
    const text = replay.gradientBegun(node) ? `${this.gradientSign(node)}${shortText(this.partialSum(node))} + …` : "";
    return { text, summing: text !== "", gradient: null, tangent: null };
  }

  partialSum(node: number) {
    const whole = this.number("gradient", node);
    if (isVeiled(whole)) return whole;
    if (this.compiled !== null) return this.replay.sums[node];
    const latest = this.arrived(node).map((edge): [consumer: number, slot: number] => {
      const consumer = this.structure.consumers[edge];
      return [consumer, edge - this.structure.offsets[consumer]];
    });
    // Consumers report from the output backwards, so the smallest has reported last.
    latest.sort((first, second) => first[0] - second[0] || second[1] - first[1]);
    return latest.length > 0 ? this.number("after", ...latest[0]) : null;
  }

  /** Does the notation write gradients with a bar? */
  get isBarred() {
    return this.context.notation.normalize("NFD") === `x${BAR_ABOVE}`;
  }

  gradientSign(node: number) {
    if (this.context.notation === "δ") return "δ ";
    const { name } = this.nodes[node];
    return this.isBarred && name.length <= 2 ? `${name}${BAR_ABOVE} = ` : "▽ ";
  }

  /** The narration to show: of the selected node, else of the step. */
  told(): Told {
    const chosen = this.indexOf.get(this.selected);
    const explanation = chosen === undefined ? null : this.spec.explanations?.[chosen];
    const narration = explanation ?? this.spec.narration[this.step] ?? {}; // words may come later
    const told = resolveNarration(narration, this.context);
    return { isSelection: Boolean(explanation), ...told, notes: [...told.notes, ...this.notesOnBreak(narration)] };
  }

  // Once a value is not finite, every later step says at which node that began.
  notesOnBreak(narration: PlainTemplate) {
    const { known } = this.replay;
    const broken = this.nodes.findIndex((_, index) => {
      const value = known[index] === 1 ? this.number("value", index) : 0;
      return typeof value === "number" && !Number.isFinite(value);
    });
    const notes = this.spec.explanations?.[broken]?.notes ?? [];
    const said = new Set((narration.notes ?? []).map((note) => JSON.stringify(note)));
    const others = notes.filter((note) => !said.has(JSON.stringify(note)));
    return resolveNarration({ notes: others }, this.context).notes;
  }

  /** The step in words. */
  spokenStep() {
    return plainText(this.spec.narration[this.step]?.sentence, this.context);
  }

  /** A node's defining equation as text, where the spec tells it. */
  equation(node: number) {
    return plainText(this.spec.explanations?.[node]?.title, this.context);
  }

  /** One or two words where a convention decides at a node, or its gradient is in trouble; else nothing. */
  caution(node: number) {
    return (
      this.spec.explanations?.[node]?.notes?.find(({ when, sign }) => sign && holds(when, this.context))?.sign ?? ""
    );
  }

  /** A node in words for screen readers. */
  describe(node: number) {
    const { name, op } = this.nodes[node];
    const parts = [name, op];
    if (this.replay.known[node]) parts.push(`value ${shortText(this.valueNow(node))}`);
    if (this.replay.settled[node]) parts.push(`gradient ${shortText(this.number("gradient", node))}`);
    if (this.replay.tangentKnown[node]) parts.push(`tangent ${shortText(this.number("tangent", node))}`);
    const caution = this.replay.known[node] ? this.caution(node) : "";
    if (caution) parts.push(`caution: ${caution}`);
    return parts.join(", ");
  }

  /** The stretches of the timeline that belong to one phase, in steps. */
  phases() {
    const stretches: Stretch[] = [];
    this.spec.timeline.forEach(({ phase }, index) => {
      const last = stretches.at(-1);
      if (last?.phase === phase) last.to = index + 1;
      else stretches.push({ phase, from: index, to: index + 1 });
    });
    return stretches;
  }
}
