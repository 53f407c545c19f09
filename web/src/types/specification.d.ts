// Written by write_types.py from the types of backpropviz/schema: what travels between kernel and page.

export type NumberReference = ["q", string, ...number[]];

export type Condition = [string, ...(NumberReference | Condition)[]];

export type Segment = string | ["v" | "g" | "t", string] | NumberReference | ["i", Segment[], Condition];

export type PlainTally = [one: string, several: string, axes: number[]];

/** A node; arguments by position. A block tells by slot what an entry of that argument meets. */
export interface GraphNode {
  name: string;
  op: string;
  arguments?: number[];
  program?: number;
  meets?: ((string | PlainTally)[] | null)[];
  shape?: number[];
  value?: number | string | { shape: number[]; data: (number | string)[] };
}

/** Nodes in topological order, and the position of the output. */
export interface Nodes {
  nodes: GraphNode[];
  output: number;
}

/** How closed gates stand to what they stand for; see :func:`backpropviz.scene.specification.basis_entries`. */
export interface Standing {
  standing: number[];
  carried: ([number, number][] | null)[];
  inside: Record<string, number[]>;
}

/** What closed gates stand for. */
export interface Basis {
  nodes: GraphNode[];
  output: number;
  standing: number[];
  carried: ([number, number][] | null)[];
  inside: Record<string, number[]>;
  programs: unknown[];
}

/** A graph; with `kernel` the page does not compute it. */
export interface PlainGraph {
  nodes: GraphNode[];
  output: number;
  programs?: unknown[];
  kernel?: boolean;
  basis?: Basis;
}

export type StepRecord = [kind: string, node: number, slot: number];

/** An entry of the timeline. */
export interface PlainStep {
  phase: string;
  records: StepRecord[];
}

/** One term of a sum, or the sum. */
export interface LedgerLine {
  label: Segment[];
  formula?: Segment[];
  shapes?: string;
  number: NumberReference;
  kind: string;
}

/** A convention or a warning, where its condition holds. */
export interface Note {
  when?: Condition | null;
  text: Segment[];
  sign?: string;
}

/** Words with places for numbers; what is empty is left out. */
export interface PlainTemplate {
  title?: Segment[];
  role?: Segment[];
  sentence?: Segment[];
  equation?: Segment[];
  numeric?: Segment[];
  ledger?: LedgerLine[];
  total?: LedgerLine | null;
  notes?: Note[];
}

/** Sentences of which a run is told at any step. */
export interface Outline {
  opening: string;
  nodes: string[];
  value: string;
  slope: string;
  waiting: string;
}

/** A number that JSON or one line has no room for, as text. */
export interface WrittenNumber {
  text: string;
  full: string;
  finite?: boolean;
  hidden?: boolean;
}

/** Numbers that the kernel computed, by node or by `"consumer,slot"`. */
export interface KernelNumbers {
  primals?: Record<string, number | WrittenNumber>;
  adjoints?: Record<string, number | WrittenNumber>;
  tangents?: Record<string, number | WrittenNumber>;
  partials?: Record<string, number | WrittenNumber>;
  contributions?: Record<string, number | WrittenNumber>;
  pushes?: Record<string, number | WrittenNumber>;
  before?: Record<string, number | WrittenNumber>;
  updated?: Record<string, number | WrittenNumber>;
  moves?: Record<string, number | WrittenNumber>;
}

export type PlainVerdict = [status: string, sentence: string, kinds: string[]];

/** Every product of the factors at hand, judged; see :class:`backpropviz.exercises.products.ProductTable`. */
export interface PlainProduct {
  names: Record<string, string>;
  ranks: Record<string, number>;
  scale: number;
  choices: string[];
  verdicts: PlainVerdict[];
  forms: Record<string, number>;
}

/** What a learner fills in: a number, an array with its numbers, a shape or a product. */
export interface PlainBlank {
  node: number;
  kind: string;
  answer?: number;
  mistakes?: [kind: string, sentence: string, number: number][];
  entry?: number[];
  shape?: number[];
  numbers?: number[];
  arrayMistakes?: [kind: string, sentence: string, numbers: number[]][];
  told?: string;
  shapeMistakes?: [kind: string, sentence: string, shape: number[]][];
  consumer?: number;
  product?: PlainProduct;
}

/** An exercise. */
export interface PlainSheet {
  tolerance: number;
  level: string;
  seed: number;
  program: string;
  inputs: Record<string, unknown>;
  blanks: PlainBlank[];
}

/** An answer that was given. */
export interface PlainTry {
  blank: number;
  text: string;
  status: string;
  kinds: string[];
  said: string;
  seconds: number;
  credit?: number;
  entries?: string[];
}

/** The grids of an array, as `backpropviz.scene.tiles` measures them; tops from the middle of the tile. */
export interface TileGeometry {
  shape: number[];
  caption: string;
  rows: number;
  columns: number;
  sheets: number;
  cell: [width: number, height: number];
  numbers: boolean;
  tops: number[];
  gap: number;
}

/** A node where it is drawn, in px. */
export interface SceneNode {
  id: number;
  x: number;
  y: number;
  width: number;
  height: number;
  shape: string;
  kind: string;
  label: string;
  name: string;
  output?: boolean;
  tile?: TileGeometry;
}

/** A curve from an argument to its consumer, as SVG writes it. */
export interface SceneEdge {
  source: number;
  target: number;
  slot: number;
  path: string;
  label?: string;
  share?: number;
  crowded?: boolean;
  through?: number;
  weight?: number;
}

/** A line around the marks of one block that several values leave; x and y are its upper left corner. */
export interface SceneFrame {
  title: string;
  nodes: number[];
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One drawing of a graph. */
export interface PlainScene {
  drawing: string;
  width: number;
  height: number;
  nodes: SceneNode[];
  edges: SceneEdge[];
  owners?: Record<string, number>;
  frames?: SceneFrame[];
  inside?: SceneNode[];
}

/** What is said of each step, and of each node by its place. */
export interface Words {
  narration: PlainTemplate[];
  explanations: Record<string, PlainTemplate>;
}

/** Sentences as they travel: each shape once, with numbers as holes for nodes, and what fills them in each place. */
export interface FoldedTemplates {
  shapes: PlainTemplate[];
  told: [shape: number, ...nodes: number[]][];
}

/** The same of nodes, and which these are. */
export interface FoldedExplanations {
  shapes: PlainTemplate[];
  told: [shape: number, ...nodes: number[]][];
  of: number[];
}

/** Words as they travel. */
export interface FoldedWords {
  narration: FoldedTemplates;
  explanations: FoldedExplanations;
}

/** All that a page needs to draw, play, recompute and explain a graph. */
export interface Specification {
  version: number;
  mode: string;
  graph: PlainGraph;
  ranges: Record<string, [low: number, high: number, step: number]>;
  scene: PlainScene;
  undrawable: Record<string, string>;
  scenes?: Record<string, PlainScene>;
  latex?: [symbol: string, definition: string][];
  timeline: PlainStep[];
  narration: PlainTemplate[];
  explanations: Record<string, PlainTemplate>;
  outline: Outline;
}

export type PartDescription = [name: string, kind: "uint8" | "int8" | "float32", shape: number[]];

export type Reach = [low: number, high: number];

/** Of a picture over the features. */
export interface Axes {
  x: Reach;
  y: Reach;
  names: [across: string, up: string];
}

/** Units of one layer that are drawn, and how many are not. */
export interface ShownLayer {
  units: number[];
  hidden: number;
  names: string[];
}

/** Which pictures there are, and where things lie in them. */
export interface PicturePlan {
  round: number;
  picture: "boundary" | "fit" | "images" | "none";
  pictureTitle: string;
  pictureNote: string;
  sizes: number[];
  classes: number;
  axes: Axes;
  layers: ShownLayer[];
  bars: string[];
  examples: number;
  exampleNote: string;
  pointStep: number;
  classNames?: string[];
}

/** The example that is looked at. */
export interface ShownExample {
  index?: number;
  label: number | null;
  isProbability: boolean;
}

/** A weight under the hand. */
export interface PlainChosenWeight {
  title: string;
  value: number | null;
  gradient: number | null;
  loss: number | null;
  before: number | null;
}

export type SettingChange = [epoch: number, setting: string, value: number];

/** What keeps a network from learning; see :class:`backpropviz.checkup.finding.Finding`. */
export interface PlainFinding {
  kind: string;
  layer: number;
  units: number[];
  text: string;
  where: string;
}

/** One picture of a live run, without its arrays. */
export interface RunFrame {
  round: number;
  number: number;
  running: boolean;
  epoch: number;
  steps: number;
  pace: number;
  left: number | null;
  loss: number | null;
  penalty: number | null;
  accuracy: number | null;
  validationAccuracy: number | null;
  reach: number;
  example: ShownExample;
  weight: PlainChosenWeight | null;
  edited: boolean;
  findings: PlainFinding[];
  changes: SettingChange[];
}

/** The numbers of one frame of a recording. */
export interface RecordedFrame {
  epoch: number;
  steps: number;
  loss: number | null;
  penalty?: number | null;
  validationLoss: number | null;
  accuracy: number | null;
  validationAccuracy: number | null;
  reach: number;
}

/** A point of the curves. */
export interface PlainCurvePoint {
  epoch: number;
  loss: number | null;
  validationLoss: number | null;
}

/** What a page needs to play a run, beside the bytes of its arrays. */
export interface PlainRecording {
  plan: PicturePlan;
  frames: RecordedFrame[];
  curve: PlainCurvePoint[];
  examples: ShownExample[];
  still: PartDescription[];
  moving: PartDescription[];
  divergence: string | null;
}

/** An array with every bit; see :mod:`backpropviz.learn.carried_run`. */
export interface WrittenArray {
  shape: number[];
  levels?: number[];
  text: string;
}

/** The loss of so many examples as gates: programs, inputs by where they lie in the row of parameters, constants. */
export interface PlainGates {
  nodes: { arguments?: number[]; program?: number; shape?: number[]; start?: number; value?: number | string | { shape: number[]; data: (number | string)[] } }[];
  programs: import("../story/machine.js").Program[];
  features: number;
  targets: number;
  scores: number;
  maps: number | null;
}

/** A network that a function told: numbers in its row, where weights lie in it, gates by how many examples. */
export interface PlainGraphs {
  count: number;
  weights: number[][];
  gates: Record<string, PlainGates>;
  kernels?: number[];
  outputs?: number[];
}

/** A perceptron: its form, and its weights in one row; or another network, with the graphs of it. */
export interface PlainNetwork {
  sizes: number[];
  activations: string[];
  output: string;
  loss: string;
  isFused: boolean;
  factor: number;
  l2: number;
  seed: number;
  initial: string;
  cutting: string[];
  isBiasFirst: boolean;
  parameters: WrittenArray;
  graphs?: PlainGraphs;
}

/** An optimiser: its update, how many vectors it keeps, and its rate from which epoch on. */
export interface PlainUpdate {
  routine: import("../story/machine.js").Routine;
  kept: number;
  rates: [epoch: number, rate: number][];
}

/** An optimiser that may race in a page, with its usual learning rate. */
export interface PlainRacer {
  name: string;
  update: PlainUpdate;
}

/** Who races, and at which learning rate; "nobody" leaves a place free. */
export interface PlainEntrant {
  name: string;
  rate: number;
}

/** What is chosen of a race: who, and on which slice of the loss. */
export interface PlainRace {
  racers: PlainEntrant[];
  slice: string;
  weights: number[];
  drawing: number;
}

/** Features and targets, coded as the loss takes them. */
export interface PlainExamples {
  features: WrittenArray;
  targets: WrittenArray;
}

/** Examples by how they are made; of those that came with a page, only the seed of weights and shuffles counts. */
export interface PlainDataset {
  name: string;
  count: number;
  noise: number;
  seed: number;
  heldOut: number;
}

/** What a page needs to train a network; see :func:`backpropviz.learn.carried_run.run_to_plain`. */
export interface PlainRun {
  network: PlainNetwork;
  programs: Record<string, import("../story/machine.js").Program>;
  penalty: import("../story/machine.js").Routine;
  update: PlainUpdate;
  batchSize: number;
  seed: number;
  train: PlainExamples | null;
  validation: PlainExamples | null;
}

/** A run that a page trains, the pictures of it, and who may race on its landscape, where it has one. */
export interface PlainPageRun {
  run: PlainRun;
  plan: PicturePlan;
  racers?: PlainRacer[];
}

/** A run that a page trains, the pictures of it, and its steps gate by gate, where they can be opened. */
export interface PlainPlayground {
  run: PlainRun;
  plan: PicturePlan;
  racers?: PlainRacer[];
  step?: PlainOpenedStep;
}

/** One step as a graph of whole arrays, laid out: see :func:`backpropviz.widgets.opened_step.step_to_plain`. */
export interface PlainArrayStep {
  spec: import("../story/specification.js").FoldedSpecification;
  rate: number;
  inputs: Record<string, [from: "parameters" | "features" | "targets", start: number, shape: number[]]>;
}

/** What a page makes the graph of a step from; of a network with many weights it comes with one of arrays. */
export interface PlainOpenedStep {
  operations: Record<string, TypedOperation>;
  arrays?: PlainArrayStep;
}

/** One weight in a step: its gradients of the batch's mean loss, of the penalty, and of each example's loss. */
export interface PlainBatchRow {
  name: string;
  before: number;
  mean: number;
  penalty: number | null;
  after: number;
  own: number[];
}

/** The batch of the next step, which has `size` of `total` examples; its first, and the weights that move most. */
export interface PlainBatch {
  step: number;
  size: number;
  total: number;
  weights: number;
  examples: number[];
  losses: number[];
  loss: number;
  penalty: number | null;
  rows: PlainBatchRow[];
}

export type Theme = "auto" | "light" | "dark";

export type Size = "normal" | "large";

export type EdgesShow = "plain" | "local" | "width";

export type Bytes = DataView<ArrayBuffer>;

/** What the strip says, and the place in a text that it is about. */
export interface Message {
  text?: string;
  start?: number;
  end?: number;
  source?: string;
  hint?: string;
  replacement?: string;
}

/** What a lecturer hides; see the page's Veil. */
export interface Hidden {
  gradients?: boolean;
  nodes?: string[];
  shown?: string[];
}

/** One titled table of text. */
export interface PlainTable {
  title: string;
  head: string[];
  rows: string[][];
}

/** Tables under a heading, with notes. */
export interface TablesContent {
  heading?: string;
  tables?: PlainTable[];
  notes?: string[];
}

/** The blocks of a model, and which one is walked into. */
export interface BlockList {
  path?: string;
  around?: string[];
  inside?: string[];
  known?: [name: string, parameters: number, cellOf: string][];
}

/** Of an explorer, an exercise and their exported pages. */
export interface ExplorerTraits {
  program?: Bytes;
  aids?: Bytes;
  spec?: Bytes | Specification;
  words?: Bytes;
  numbers?: KernelNumbers;
  still_id?: string;
  inputs?: Record<string, unknown>;
  step?: number;
  playing?: boolean;
  speed?: number;
  mode?: string;
  direction?: Record<string, number>;
  drawing?: string;
  notation?: string;
  selected?: string;
  expression?: string;
  assignments?: string;
  editable?: boolean;
  names?: KnownNames;
  message?: Message;
  theme?: Theme;
  size?: Size;
  follow?: boolean | null;
  present?: boolean;
  edges?: EdgesShow;
  blocks?: BlockList;
  health?: TablesContent;
  hidden?: Hidden;
  sheet?: PlainSheet;
  tries?: PlainTry[];
}

/** Of a trainer. */
export interface TrainerTraits {
  still_id?: string;
  plan: PicturePlan;
  points: Bytes;
  earlier: [epoch: number, loss: number][][];
  opened: string | null;
  unit?: number[];
  batch?: PlainBatch | null;
  playing: boolean;
  learning_rate: number;
  batch_size: number;
  l2: number;
  activation: string;
  activations: string[];
  hidden: number[];
  epochs: number;
  epochs_per_second: number;
  steps_per_second: number;
  log_scale: boolean;
  example: number;
  message: Message;
  theme: Theme;
  size: Size;
  dataset?: PlainDataset;
  datasets?: string[];
  race?: PlainRace;
}

/** Of a replay and its exported page. */
export interface ReplayTraits {
  still_id?: string;
  recording: PlainRecording;
  frames: Bytes;
  epoch: number;
  playing: boolean;
  speed: number;
  log_scale: boolean;
  theme: Theme;
  size: Size;
  example: number;
}

/** Of a widget of tables. */
export interface TablesTraits {
  still_id?: string;
  content: TablesContent;
  names: string[];
  chosen: string;
  width: number;
  dark: boolean;
  theme: Theme;
  size: Size;
}

/** A convention; in its condition a number is named by its slot, and the gate's own by -1. */
export interface TypedKink {
  when: Condition;
  text: string;
  sign: string;
}

/** An operation of so many arguments. */
export interface TypedForm {
  program: unknown;
  kinks: TypedKink[];
}

/** An operation by what is told of it to who types its name. */
export interface NamedOperation {
  arity: number | null;
  role: string;
  formulas: string[];
  parameters?: string[];
  defaults?: number[];
}

/** Operations, the operation of every function name, and numbers with a name. */
export interface KnownNames {
  operations: Record<string, NamedOperation>;
  functions: Record<string, string>;
  constants: Record<string, number>;
}

/** An operation that may be typed; its settings are arguments of its programs, behind the others. */
export interface TypedOperation {
  arity: number | null;
  role: string;
  formulas: string[];
  parameters?: string[];
  defaults?: number[];
  symbol: string;
  called: string;
  sentence: string;
  forms: Record<string, TypedForm>;
}

/** What to write in place of signs and words that expressions do not know. */
export interface TypingHints {
  products: string;
  minuses: string;
  quotients: string;
  superscripts: Record<string, string>;
  subscripts: Record<string, string>;
  libraries: string[];
  signs: Record<string, string>;
  keywords: Record<string, string>;
  elsewhere: Record<string, string>;
}

/** How much text is taken. */
export interface TypingLimits {
  characters: number;
  nesting: number;
  operations: number;
  names: number;
}

/** Operations, and the operation of every function name. */
export interface Vocabulary {
  operations: Record<string, TypedOperation>;
  functions: Record<string, string>;
  constants: Record<string, number>;
  keywords: string[];
  hints: TypingHints;
  limits: TypingLimits;
}
