// A network that came as a graph, in the place of a perceptron: its loss and gradient, and pictures of its kernels.
import { ARRAY_PRIMITIVES } from "../story/array_primitives.js";
import { type Gate, layValues, Machine, type Run } from "../story/machine.js";
import { entryCount, type NumberArray, usePrimitives } from "../story/primitives.js";
import { SINGULAR_VALUES } from "../story/singular_values.js";
import { fill } from "../story/engine.js";
import type { PicturePlan, PlainGates, PlainGraphs } from "../types/specification.js";
import type { Part, Parts } from "./frames.js";
import type { Learner } from "./learner.js";
import type { PageRun } from "./page_run.js";
import { PagePictures, rowOf, signed, useOtherPictures } from "./page_pictures.js";
import { type Misfit, useOtherMisfit } from "./perceptron.js";
import type { TrainerPage } from "./trainer_page.js";

/** Both sweeps of one graph, on parameters that lie in one row. */
class GraphSweeps {
  readonly machine: Machine;
  readonly features: NumberArray;
  readonly targets: NumberArray;
  readonly scores: NumberArray;
  private readonly loss: NumberArray;
  private readonly found: { start: number; data: Float64Array }[];

  constructor(
    readonly plain: PlainGates,
    row: Float64Array,
  ) {
    const { nodes, programs, features, targets, scores } = plain;
    const gates = nodes.map(({ arguments: places = [], program, shape = [], start }): Gate => {
      if (program !== undefined) return { arguments: places, program: programs[program], shape: [] };
      const data = start === undefined ? undefined : row.subarray(start, start + entryCount(shape));
      return { arguments: [], program: null, shape, data };
    });
    const isFixed = nodes.map(({ program, start }) => program === undefined && start === undefined);
    this.machine = new Machine(gates, nodes.length - 1, isFixed);
    const { values, adjoints } = this.machine;
    nodes.forEach(({ value }, node) => {
      if (value !== undefined) fill(values[node], value);
    });
    [this.features, this.targets, this.scores, this.loss] = [features, targets, scores, nodes.length - 1].map(
      (node) => values[node],
    );
    this.found = nodes.flatMap(({ start }, node) => {
      const data = adjoints[node]?.data;
      return start !== undefined && data ? [{ start, data }] : [];
    });
  }

  get count(): number {
    return this.features.shape[0];
  }

  /** The mean over the examples. */
  evaluate(): number {
    this.machine.evaluate();
    return this.loss.data[0];
  }

  pullInto(gradient: Float64Array): void {
    this.machine.reverse();
    for (const { start, data } of this.found) gradient.set(data, start);
  }
}

/** As many examples as one likes, put through in batches for which graphs came along. */
class GraphMisfit implements Misfit {
  readonly features: NumberArray;
  readonly targets: NumberArray;
  readonly scores: NumberArray;
  readonly units: NumberArray[] = [];
  private readonly parts: GraphSweeps[] = [];

  constructor({ gates }: PlainGraphs, row: Float64Array, count: number) {
    const sizes = Object.keys(gates).map(Number);
    const known = new Map<number, GraphSweeps>();
    for (let left = count; left > 0;) {
      const size = Math.max(...sizes.filter((each) => each <= left));
      const sweeps = known.get(size) ?? new GraphSweeps(gates[size], row);
      known.set(size, sweeps);
      this.parts.push(sweeps);
      left -= size;
    }
    const [first] = this.parts;
    const whole = ({ shape, data }: NumberArray) =>
      this.parts.length === 1
        ? { shape, data }
        : { shape: [count, shape[1]], data: new Float64Array(count * shape[1]) };
    [this.features, this.targets, this.scores] = [first.features, first.targets, first.scores].map(whole);
  }

  evaluate(): number {
    if (this.parts.length === 1) return this.parts[0].evaluate();
    const count = this.features.shape[0];
    let sum = 0;
    let from = 0;
    for (const part of this.parts) {
      const cut = ({ data, shape: [, width] }: NumberArray) => data.subarray(from * width, (from + part.count) * width);
      part.features.data.set(cut(this.features));
      part.targets.data.set(cut(this.targets));
      sum += part.count * part.evaluate();
      cut(this.scores).set(part.scores.data);
      from += part.count;
    }
    return sum / count;
  }

  pullInto(gradient: Float64Array): void {
    if (this.parts.length > 1) throw new Error("the gradient is that of one batch");
    this.parts[0].pullInto(gradient);
  }
}

/** The kernels while they learn, and what they find in one image. */
class GraphPictures extends PagePictures {
  private readonly graphs: PlainGraphs;
  private readonly single: GraphSweeps;
  private readonly answer: NumberArray;
  private readonly runs: Run[] = [];

  constructor(plan: PicturePlan, learner: Learner) {
    super(plan, learner);
    this.graphs = learner.form.graphs!;
    this.places = this.graphs.weights.map(([start, end]) => ({
      before: 1,
      after: end - start,
      weights: start,
      biases: end,
    }));
    this.single = new GraphSweeps(this.graphs.gates[1], learner.parameters);
    const scores = { arguments: [], program: null, ...this.single.scores };
    const { [learner.form.output]: program } = learner.plain.programs;
    const gates = program ? [scores, { arguments: [0], program, shape: [] }] : [scores];
    this.answer = layValues(gates, this.runs).at(-1)!;
  }

  override network(): Parts {
    return { weights: rowOf(new Float32Array()) };
  }

  override picture(example: number): Parts {
    const { single, graphs, learner } = this;
    const { features, targets } = learner.exampleAt(example);
    single.features.data.set(features);
    single.targets.data.set(targets);
    single.evaluate();
    const side = Math.sqrt(features.length);
    for (const run of this.runs) run();
    const maps = single.plain.maps === null ? null : single.machine.values[single.plain.maps];
    return {
      tiles: this.images(graphs.kernels),
      outputs: this.images(graphs.outputs),
      image: { values: signed(features), shape: [1, side, side] },
      features: maps ? { values: signed(maps.data), shape: maps.shape.slice(1) } : undefined,
      scores: rowOf(Float32Array.from(single.scores.data)),
      answer: rowOf(Float32Array.from(this.answer.data)),
    };
  }

  /** Parameters as pictures: the last two axes are rows and columns. */
  private images(told: number[] | undefined): Part | undefined {
    if (!told) return undefined;
    const [start, ...shape] = told;
    const [rows, columns] = shape.slice(-2);
    const size = entryCount(shape);
    const values = signed(this.learner.parameters.subarray(start, start + size));
    return { values, shape: [size / (rows * columns), rows, columns] };
  }
}

const [KERNEL_TILE, MAP_TILE] = [108, 52]; // kernels are few, and what they find are images

/** Leave out what a network that came as graphs has not: it is what it is. */
export function offerGraph(page: TrainerPage, run: PageRun): null {
  if (!run.plain.run.network.graphs) return null;
  const { pictures, settings, lifetime } = page;
  for (const field of [settings.batch, settings.l2, settings.activation, settings.hidden]) {
    field.closest("label")?.remove();
  }
  pictures.cards.network.element.hidden = true;
  pictures.element.classList.add("bpv-cards-kernels");
  const { images } = pictures;
  const enlarge = () => {
    if (images) [images.image.features.largest, images.tiles.largest] = [MAP_TILE, KERNEL_TILE];
  };
  lifetime.follow(run, "change:plan", enlarge);
  enlarge();
  return null;
}

/** Let this page train and show networks that came as graphs. */
export function withGraphs(): void {
  usePrimitives({ ...ARRAY_PRIMITIVES, structural: { ...ARRAY_PRIMITIVES.structural, ...SINGULAR_VALUES } });
  useOtherMisfit(GraphMisfit);
  useOtherPictures(GraphPictures);
}
