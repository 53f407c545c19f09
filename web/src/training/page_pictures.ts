// The changing part of a run's pictures, where the page itself trains; see backpropviz/runs/network_pictures.py.
import type { PicturePlan } from "../types/specification.js";
import { LARGEST_ODDS } from "./boundary_and_fit.js";
import type { Numbers, Part, Parts } from "./frames.js";
import type { Learner } from "./learner.js";
import { classReader, targetReach } from "./page_plan.js";
import { layerPlaces, Predictor } from "./perceptron.js";

const GRID = 50;
const MAP = 17; // rows and columns of what one unit answers: every third of the grid
const MAP_STEP = 3;
const CURVE = 200;
const BINS = 41;

function spaced([low, high]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, place) => low + (place * (high - low)) / (count - 1));
}

/** A share from 0 to 1 as a byte; what is no number is in the middle. */
function byteOf(share: number): number {
  return Math.trunc(Math.min(255, Math.max(0, (Number.isNaN(share) ? 0.5 : share) * 255 + 0.5)));
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 0 : Math.sign(value) * Number.MAX_VALUE;
}

/** Numbers as signed bytes, the largest size as 127. */
export function signed(values: ArrayLike<number>): Int8Array<ArrayBuffer> {
  const bytes = new Int8Array(values.length);
  const largest = Array.from(values).reduce((most, each) => Math.max(most, Math.abs(finite(each))), 0);
  for (let place = 0; place < values.length; place += 1) {
    bytes[place] = Math.round(finite(values[place]) * (127 / (largest || 1)));
  }
  return bytes;
}

export function rowOf(values: Numbers): Part {
  return { values, shape: [values.length] };
}

/** The next round number: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((each) => each >= value) ?? 10 * power;
}

/** Rows and columns exchanged. */
function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[column * rows + row] = values[row * columns + column];
  }
  return turned;
}

/** Makes the pictures of one run. */
export class PagePictures {
  /** Where the axis of the histogram ends, to both sides of zero. */
  reach = 1;
  private readonly grid: Predictor | null = null;
  protected places;
  private one?: Predictor;
  private classOf?: ReturnType<typeof classReader>;

  constructor(
    readonly plan: PicturePlan,
    readonly learner: Learner,
  ) {
    const { form, parameters, plain } = learner;
    this.places = layerPlaces(form);
    const { x, y } = plan.axes;
    if (plan.picture === "boundary") {
      this.grid = new Predictor(form, plain.programs, parameters, GRID * GRID);
      const across = spaced(x, GRID);
      this.grid.features.data.set(spaced(y, GRID).flatMap((up) => across.flatMap((each) => [each, up])));
    } else if (plan.picture === "fit") {
      this.grid = new Predictor(form, plain.programs, parameters, CURVE);
      this.grid.features.data.set(spaced(x, CURVE));
    }
  }

  /** What changes visibly from one painting to the next: the boundary, the fit, or the images. */
  picture(example: number): Parts {
    this.grid?.run();
    if (this.plan.picture === "boundary") return this.heat();
    if (this.plan.picture === "fit") {
      const { shape, data } = this.grid!.predictions;
      return {
        curve: { values: Float32Array.from({ length: CURVE }, (_, row) => data[row * shape[1]]), shape: [CURVE] },
      };
    }
    return this.plan.picture === "images" ? { ...this.weightImages(), ...this.oneImage(example) } : {};
  }

  /** The class of an example that is an image. */
  labelOf(example: number): number | null {
    if (this.plan.picture !== "images") return null;
    this.classOf ??= classReader(this.learner);
    return this.classOf(this.learner.exampleAt(example).targets);
  }

  /** Weights of the drawing, and what its units answer. */
  network(): Parts {
    return { weights: rowOf(this.shownWeights()), ...(this.plan.picture === "boundary" && { maps: this.maps() }) };
  }

  /** Sizes of gradients, and the histogram. */
  sizes(): Parts {
    return { gradients: rowOf(this.gradientSizes()), histogram: rowOf(this.histogram()) };
  }

  /** What each shown hidden unit answers over the plane, after `picture`: bytes from its largest size in the negative. */
  private maps(): Part {
    const shown = this.plan.layers.slice(1, -1).map(({ units }) => units);
    const all = shown.flatMap((units, layer) => {
      const { data, shape } = this.grid!.units[layer];
      const at = (unit: number, row: number, column: number) =>
        data[(MAP_STEP * row * GRID + MAP_STEP * column) * shape[1] + unit];
      return units.map((unit) =>
        signed(Float64Array.from({ length: MAP * MAP }, (_, place) => at(unit, Math.floor(place / MAP), place % MAP))),
      );
    });
    const values = new Int8Array(all.length * MAP * MAP);
    all.forEach((each, place) => values.set(each, place * MAP * MAP));
    return { values, shape: [all.length, MAP, MAP] };
  }

  private heat(): Parts {
    const { data, shape } = this.grid!.predictions;
    const width = shape[1];
    const heat = new Uint8Array(GRID * GRID);
    if (width > 2) return this.winners(data, width, heat);
    const { classes, axes } = this.plan;
    const [low, high] = classes === 0 ? targetReach(this.learner) : axes.y;
    for (let row = 0; row < heat.length; row += 1) {
      let value = data[row * width + width - 1];
      if (classes === 0) value = (value - low) / (high - low || 1);
      else if (classes === 2) {
        const odds = (Math.log(value) - Math.log1p(-value)) / LARGEST_ODDS; // nearly linear between grid points
        value = 0.5 + 0.5 * Math.sign(odds) * Math.sqrt(Math.abs(odds));
      }
      heat[row] = byteOf(value);
    }
    return { heat: { values: heat, shape: [GRID, GRID] } };
  }

  private winners(data: Float64Array, width: number, heat: Uint8Array<ArrayBuffer>): Parts {
    const winner = new Uint8Array(heat.length);
    const chance = 1 / width;
    for (let row = 0; row < heat.length; row += 1) {
      let best = 0;
      for (let each = 1; each < width; each += 1) if (data[row * width + each] > data[row * width + best]) best = each;
      winner[row] = best;
      heat[row] = byteOf((data[row * width + best] - chance) / (1 - chance));
    }
    return { heat: { values: heat, shape: [GRID, GRID] }, winner: { values: winner, shape: [heat.length] } };
  }

  private weightImages(): Parts {
    const side = Math.sqrt(this.plan.sizes[0]);
    const [first, last] = [this.places[0], this.places.at(-1)!].map(({ before, after, weights }) =>
      signed(transposed(this.learner.parameters.subarray(weights, weights + before * after), before, after)),
    );
    const { before, after } = this.places.at(-1)!;
    return {
      tiles: { values: first, shape: [this.places[0].after, side, side] },
      outputs: { values: last, shape: [1, after, before] },
    };
  }

  private oneImage(example: number): Parts {
    const { form, plain: run, parameters } = this.learner;
    const { features: image } = this.learner.exampleAt(example);
    this.one ??= new Predictor(form, run.programs, parameters, 1);
    this.one.features.data.set(image);
    this.one.run();
    const side = Math.sqrt(image.length);
    const hidden = this.one.units.at(-2)!.data;
    const plain = ({ data }: { data: Float64Array }) => ({
      values: Float32Array.from(data, finite),
      shape: [data.length],
    });
    return {
      image: { values: signed(image), shape: [1, side, side] },
      features: { values: signed(hidden), shape: [hidden.length, 1, 1] },
      scores: plain(this.one.scores),
      answer: plain(this.one.predictions),
    };
  }

  private shownWeights(): Float32Array<ArrayBuffer> {
    const { parameters } = this.learner;
    const drawn = this.places.flatMap(({ after, weights, biases }, layer) => {
      // The shown units are the first ones of a layer.
      const [from, to] = [this.plan.layers[layer], this.plan.layers[layer + 1]].map(({ units }) => units.length);
      const rows = Array.from({ length: from }, (_, row) =>
        parameters.subarray(weights + row * after, weights + row * after + to),
      );
      return [...rows, parameters.subarray(biases, biases + to)];
    });
    return Float32Array.from(drawn.flatMap((each) => Array.from(each, finite)));
  }

  private gradientSizes(): Float32Array<ArrayBuffer> {
    const { gradient, form, steps } = this.learner;
    return Float32Array.from(this.places, ({ before, after, weights, biases }) => {
      if (steps === 0) return NaN; // no gradient yet, which is not one of 0
      // Where the bias is a row of the weights, it is a part of their gradient.
      const from = form.isBiasFirst ? biases : weights;
      const own = gradient.subarray(from, weights + before * after);
      return Math.sqrt(own.reduce((sum, each) => sum + each * each, 0));
    });
  }

  private histogram(): Float32Array<ArrayBuffer> {
    const { parameters } = this.learner;
    const each = this.places.map(({ before, after, weights }) =>
      parameters.subarray(weights, weights + before * after),
    );
    let largest = 0;
    for (const block of each) {
      for (const weight of block) if (Number.isFinite(weight)) largest = Math.max(largest, Math.abs(weight));
    }
    // The axis jumps rarely: it grows when it must and shrinks when most of it is empty.
    if (!(0.3 * this.reach < largest && largest <= this.reach)) this.reach = roundUp(largest);
    const bins = new Float32Array(BINS);
    for (const block of each) {
      for (const weight of block) {
        if (!Number.isFinite(weight)) continue;
        const place = Math.trunc((weight / this.reach + 1) * (0.5 * BINS));
        bins[Math.min(BINS - 1, Math.max(0, place))] += 1;
      }
    }
    return bins;
  }
}

let OtherPictures = PagePictures;

/** Let this page show networks that came as graphs. */
export function useOtherPictures(given: typeof PagePictures): void {
  OtherPictures = given;
}

/** Makes what draws a run. */
export function picturesOf(plan: PicturePlan, learner: Learner): PagePictures {
  return new (learner.form.graphs ? OtherPictures : PagePictures)(plan, learner);
}
