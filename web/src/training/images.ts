// Images: as tiles, one by one with its scores, and which one is meant.
import { type Child, makeElement, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { roundedText } from "../story/numerals.js";
import type { PicturePlan, ShownExample } from "../types/specification.js";
import type { Numbers, Part, Parts, RecordedExample } from "./frames.js";
import { contextOf, type Palette } from "./plot_frame.js";

interface ScoreRow {
  row: HTMLElement;
  fill: HTMLElement;
  number: HTMLElement;
}

const GAP = 4;

/** A canvas of pictures with the same width and height in pixels, each enlarged without smoothing. */
export class Tiles {
  palette: Palette;
  largest: number;
  fixedColumns: number;
  canvas: HTMLCanvasElement;
  element: HTMLDivElement;
  part?: Part;
  small?: HTMLCanvasElement;
  theme?: string | null;
  table!: number[][];

  constructor({
    lifetime,
    palette,
    label,
    largest = 38,
    fixedColumns = 0,
  }: {
    lifetime: Lifetime;
    palette: Palette;
    label: string;
    largest?: number;
    fixedColumns?: number;
  }) {
    this.palette = palette;
    this.largest = largest;
    this.fixedColumns = fixedColumns;
    this.canvas = makeElement("canvas", { class: "bpv-tiles", role: "img", "aria-label": label });
    this.element = makeElement("div", { class: "bpv-tiles-holder" }, this.canvas);
    const sizes = new ResizeObserver(lifetime.guard(() => this.redraw()));
    sizes.observe(this.element);
    lifetime.onEnd(() => sizes.disconnect());
  }

  /** Signed bytes, shape [pictures, rows, columns]. */
  show(part: Part | undefined) {
    if (!part) return;
    this.part = part;
    this.redraw();
  }

  redraw() {
    const room = this.element.clientWidth;
    if (!this.part || room === 0) return;
    this.palette.follow();
    const [count, rows, columns] = this.part.shape;
    const side = Math.max(rows, columns);
    const perRow = this.fixedColumns || Math.max(1, Math.min(count, Math.ceil((room + GAP) / (this.largest + GAP))));
    const tile = Math.min(this.largest, (room + GAP) / perRow - GAP);
    const [width, height] = [(tile * columns) / side, (tile * rows) / side];
    const lines = Math.ceil(count / perRow);
    this.resize(perRow * (width + GAP) - GAP, lines * (height + GAP) - GAP);
    const context = contextOf(this.canvas);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const density = window.devicePixelRatio || 1;
    for (let index = 0; index < count; index += 1) {
      const left = (index % perRow) * (width + GAP) * density;
      const top = Math.floor(index / perRow) * (height + GAP) * density;
      context.drawImage(
        this.picture(this.part.values, index, rows, columns),
        left,
        top,
        width * density,
        height * density,
      );
    }
  }

  resize(width: number, height: number) {
    const density = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  picture(values: Numbers, index: number, rows: number, columns: number) {
    this.small ??= document.createElement("canvas");
    this.small.width = columns;
    this.small.height = rows;
    const pixels = new ImageData(columns, rows);
    const size = rows * columns;
    const table = this.colourTable();
    for (let at = 0; at < size; at += 1) pixels.data.set(table[values[index * size + at] + 128], at * 4);
    contextOf(this.small).putImageData(pixels, 0, 0);
    return this.small;
  }

  colourTable() {
    if (this.theme !== this.palette.theme) {
      this.theme = this.palette.theme;
      const zero = this.palette.parts("--bpv-constant");
      this.table = Array.from({ length: 256 }, (_, byte) => {
        const signed = this.palette.signed((byte - 128) / 127);
        const share = Math.min(1, Math.abs(byte - 128) / 24);
        // Around zero the tile keeps a tint of its own, so that its outline can be seen.
        return [...signed.map((part, index) => Math.round(zero[index] + (part - zero[index]) * share)), 255];
      });
    }
    return this.table;
  }
}

// Of two classes, a single score is that of class 1.
const classOfScore = (index: number, count: number) => (count > 1 ? index : 1);

/** The class that scores tell, and how likely it is; null where predictions are no probabilities. */
export function answerOf(scores: Numbers, chances?: Numbers): [winner: number, sure: number | null] {
  const winner = scores.length > 1 ? scores.indexOf(Math.max(...scores)) : Number(scores[0] > 0);
  if (!chances) return [winner, null];
  return [winner, scores.length > 1 ? chances[winner] : winner ? chances[0] : 1 - chances[0]];
}

/** The chosen image with its features and scores. */
export class OneImage {
  image: Tiles;
  features: Tiles;
  outputs: Tiles;
  scores: HTMLDivElement;
  caption: HTMLDivElement;
  element: HTMLDivElement;
  rows!: ScoreRow[];

  constructor({ lifetime, palette }: { lifetime: Lifetime; palette: Palette }) {
    this.image = new Tiles({ lifetime, palette, label: "The chosen image", largest: 132, fixedColumns: 1 });
    this.features = new Tiles({ lifetime, palette, label: "Activations of the hidden units", largest: 18 });
    this.outputs = new Tiles({ lifetime, palette, label: "Weights of the outputs", largest: 10_000, fixedColumns: 1 });
    this.scores = makeElement("div", { class: "bpv-scores" });
    this.caption = makeElement("div", { class: "bpv-card-note" });
    const named = (title: string, ...parts: Child[]) =>
      makeElement("div", { class: "bpv-named" }, makeElement("div", { class: "bpv-card-note", text: title }), ...parts);
    const left = makeElement("div", { class: "bpv-image-side" }, this.image.element, this.caption);
    const middle = makeElement("div", { class: "bpv-image-middle" }, named("hidden units", this.features.element));
    this.element = makeElement(
      "div",
      { class: "bpv-one-image" },
      left,
      middle,
      named("scores o", this.scores),
      makeElement(
        "div",
        { class: "bpv-image-outputs" },
        named("output weights: a row per class, a column per hidden unit", this.outputs.element),
      ),
    );
  }

  lay(plan: PicturePlan) {
    const count = plan.sizes.at(-1)!;
    this.rows = Array.from({ length: count }, (_, index) => {
      const place = classOfScore(index, count);
      const fill = makeElement("div", { class: "bpv-score-fill" });
      const number = makeElement("span", { class: "bpv-score-number" });
      const name = makeElement("span", { class: "bpv-score-name", text: plan.classNames?.[place] ?? String(place) });
      const row = makeElement(
        "div",
        { class: "bpv-score" },
        name,
        makeElement("div", { class: "bpv-score-track" }, fill),
        number,
      );
      return { row, fill, number };
    });
    this.scores.replaceChildren(...this.rows.map(({ row }) => row));
  }

  show(parts: Parts, example: ShownExample | undefined) {
    this.image.show(parts.image);
    this.features.show(parts.features);
    this.outputs.show(parts.outputs);
    if (!parts.scores) return;
    const { values } = parts.scores;
    const largest = Math.max(1e-9, ...values.map(Math.abs));
    const [winner, sure] = answerOf(values, example?.isProbability ? parts.answer?.values : undefined);
    this.rows.forEach(({ row, fill, number }, index) => {
      const share = values[index] / largest;
      fill.style.transform = `scaleX(${share.toFixed(4)})`;
      fill.classList.toggle("bpv-is-negative", share < 0);
      number.textContent = roundedText(values[index]);
      row.classList.toggle("bpv-is-winner", classOfScore(index, values.length) === winner);
      row.classList.toggle("bpv-is-label", classOfScore(index, values.length) === example?.label);
    });
    const told = sure === null ? "" : `, p = ${sure.toFixed(3)}`;
    this.caption.replaceChildren(
      makeElement("div", { text: `label ${example?.label}` }),
      makeElement("div", { class: winner === example?.label ? "" : "bpv-is-slope", text: `answer ${winner}${told}` }),
    );
  }
}

const MANY_UNITS = 48;
const [SMALL_TILE, LARGE_TILE] = [38, 56];

/** What a network of images shows: its weights as tiles, and one image with its features and scores. */
export class ImageParts {
  readonly tiles: Tiles;
  readonly image: OneImage;

  constructor(given: { lifetime: Lifetime; palette: Palette }) {
    this.tiles = new Tiles({ ...given, label: "Weights of the hidden units" });
    this.image = new OneImage(given);
  }

  lay(plan: PicturePlan) {
    this.tiles.element.hidden = plan.picture !== "images";
    this.tiles.largest = plan.sizes[1] > MANY_UNITS ? SMALL_TILE : LARGE_TILE;
    if (plan.picture === "images") this.image.lay(plan);
  }

  show(parts: Parts, example: ShownExample | undefined) {
    this.tiles.show(parts.tiles);
    this.image.show(parts, example);
  }

  redraw() {
    for (const part of [this.tiles, this.image.image, this.image.features, this.image.outputs]) part.redraw();
  }
}

/** The buttons of a replay's images; empty where there is nothing to choose. */
export class ImageChooser {
  element: HTMLDivElement;
  buttons: Map<RecordedExample, HTMLButtonElement>;
  shown: RecordedExample | null | undefined;

  /** onChoose(index): the number of an example. */
  constructor({ lifetime, onChoose }: { lifetime: Lifetime; onChoose: (index: number) => void }) {
    this.element = makeElement("div", { class: "bpv-images", role: "group", "aria-label": "Image" });
    this.buttons = new Map();
    this.shown = null;
    lifetime.listen(this.element, "click", ({ target }) => {
      const index = nearest(target, "button")?.dataset.index;
      if (index !== undefined) onChoose(Number(index));
    });
  }

  lay(examples: RecordedExample[], names: string[] | undefined) {
    const sorted = [...examples].sort((first, second) => first.label - second.label || first.index - second.index);
    this.buttons = new Map(sorted.map((example) => [example, this.makeButton(example, names)]));
    this.element.replaceChildren(...(sorted.length > 1 ? this.buttons.values() : []));
  }

  makeButton({ index, label }: RecordedExample, names: string[] | undefined) {
    const text = names?.[label] ?? String(label);
    const naming = { "aria-label": `Image ${index}, label ${text}`, title: `example ${index}, label ${text}` };
    return makeElement("button", { type: "button", class: "bpv-image-choice", "data-index": index, text, ...naming });
  }

  show(example: RecordedExample | undefined) {
    this.shown = example;
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", String(each === example));
  }
}
