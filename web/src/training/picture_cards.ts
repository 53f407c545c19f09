// The pictures of a network that learns, each in its card, and the grid they stand in.
import { bounded, type Child, makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { roundedText } from "../story/numerals.js";
import type { PicturePlan, ShownExample } from "../types/specification.js";
import { BoundaryPicture, FitPicture } from "./boundary_and_fit.js";
import type { Part, Parts } from "./frames.js";
import type { ImageParts } from "./images.js";
import { NetworkDrawing, type WeightPlace } from "./network.js";
import { type Palette, PlotFrame } from "./plot_frame.js";

/** The parts of a card. */
function makeCard(text: string, ...content: Child[]) {
  const title = makeElement("span", { class: "bpv-card-title", text });
  const note = makeElement("span", { class: "bpv-card-note" });
  const head = makeElement("div", { class: "bpv-card-head" }, title, note);
  return { title, note, head, element: makeElement("section", { class: "bpv-card" }, head, ...content) };
}

/** What makes the parts that show images. */
type MakeImages = (given: { lifetime: Lifetime; palette: Palette }) => ImageParts;

let makeImages: MakeImages | null = null;

/** Let this page show images; one whose examples are points of a plane does without. */
export function useImages(make: MakeImages): void {
  makeImages = make;
}

/** All pictures of one run. */
export class PictureCards {
  boundary: BoundaryPicture;
  fit: FitPicture;
  /** Where the page can show any. */
  images: ImageParts | null;
  network: NetworkDrawing;
  bars: LayerBars;
  histogram: WeightHistogram;
  cards: {
    picture: { title: HTMLSpanElement; note: HTMLSpanElement; head: HTMLDivElement; element: HTMLElement };
    image: { title: HTMLSpanElement; note: HTMLSpanElement; head: HTMLDivElement; element: HTMLElement };
    network: { title: HTMLSpanElement; note: HTMLSpanElement; head: HTMLDivElement; element: HTMLElement };
    sizes: { title: HTMLSpanElement; note: HTMLSpanElement; head: HTMLDivElement; element: HTMLElement };
    curves: { title: HTMLSpanElement; note: HTMLSpanElement; head: HTMLDivElement; element: HTMLElement };
  };
  element: HTMLDivElement;
  plan!: PicturePlan;
  picture!: BoundaryPicture | FitPicture | null;

  /** onExample(mark), onWeight(weight), null where nothing can be chosen; curves: what stands in the card of the loss. */
  constructor({
    lifetime,
    palette,
    onExample = () => {},
    onWeight = null,
    beneathNetwork = [],
    curves,
  }: {
    lifetime: Lifetime;
    palette: Palette;
    onExample?: (mark: number) => void;
    onWeight?: ((weight: WeightPlace | null) => void) | null;
    beneathNetwork?: HTMLElement[];
    curves: HTMLElement;
  }) {
    this.boundary = new BoundaryPicture({ lifetime, palette, onChoose: onExample });
    this.fit = new FitPicture({ lifetime, palette, onChoose: onExample });
    this.images = makeImages?.({ lifetime, palette }) ?? null;
    const [tiles, image] = this.images ? [this.images.tiles.element, this.images.image.element] : [];
    this.network = new NetworkDrawing({ lifetime, palette, onChoose: onWeight });
    this.bars = new LayerBars();
    this.histogram = new WeightHistogram({ lifetime, palette });
    const weights = makeElement("div", { class: "bpv-card-title", text: "Weights" });
    this.cards = {
      picture: makeCard("", makeElement("div", {}, this.boundary.element, this.fit.element, tiles)),
      image: makeCard("One image", image),
      network: makeCard("Network", this.network.element, ...beneathNetwork),
      sizes: makeCard("Gradient size per layer", this.bars.element, weights, this.histogram.element),
      curves: makeCard("Loss", curves),
    };
    const named = Object.entries(this.cards).map(([name, card]) => {
      card.element.classList.add(`bpv-card-${name}`);
      return card.element;
    });
    this.element = makeElement("div", { class: "bpv-cards" }, ...named);
  }

  /** Another structure or other data: points are rows of four float32 in bytes. */
  lay(plan: PicturePlan, points: ArrayBufferView<ArrayBuffer>) {
    this.plan = plan;
    this.picture = plan.picture === "boundary" ? this.boundary : plan.picture === "fit" ? this.fit : null;
    this.element.dataset.picture = plan.picture;
    this.boundary.element.hidden = plan.picture !== "boundary";
    this.fit.element.hidden = plan.picture !== "fit";
    this.cards.image.element.hidden = plan.picture !== "images";
    this.cards.picture.element.hidden = plan.picture === "none";
    this.cards.picture.title.textContent = plan.pictureTitle;
    this.cards.picture.note.textContent = plan.pictureNote;
    this.picture?.lay(plan, points);
    this.images?.lay(plan);
    this.network.lay(plan);
    this.bars.lay(plan.bars);
  }

  /** What changes visibly from one painting to the next. */
  showPicture(parts: Parts, example: ShownExample | undefined) {
    this.picture?.show(parts);
    if (this.plan.picture === "images") this.images?.show(parts, example);
  }

  /** What stands beside the picture; of a live run parts of it come a few times a second only, as often as one can read them. */
  showDetails(parts: Parts, reach: number) {
    this.network.show(parts.weights);
    this.network.showMaps(parts.maps);
    this.bars.show(parts.gradients);
    this.histogram.show(parts.histogram, reach);
  }

  /** Paint anew in the colours of another theme. */
  recolour() {
    for (const part of [this.boundary.frame, this.fit.frame]) if (this.plan && !part.element.hidden) part.redraw();
    this.images?.redraw();
    this.histogram.frame.redraw();
    if (this.plan) this.network.paintMaps();
  }
}

// How large things are: gradients per layer as bars, weights as a histogram.

const LOWEST = -7; // powers of ten at the ends of the scale
const HIGHEST = 2;

/** Bars, one per layer. */
class LayerBars {
  element: HTMLDivElement;
  rows: { row: HTMLElement; fill: HTMLElement; number: HTMLElement }[];

  constructor() {
    this.element = makeElement("div", { class: "bpv-bars" });
    this.rows = [];
  }

  lay(names: string[]) {
    this.rows = names.map((name) => {
      const fill = makeElement("div", { class: "bpv-bar-fill" });
      const number = makeElement("span", { class: "bpv-bar-number" });
      const track = makeElement("div", { class: "bpv-bar-track" }, fill);
      const row = makeElement(
        "div",
        { class: "bpv-bar" },
        makeElement("span", { class: "bpv-bar-name", text: name }),
        track,
        number,
      );
      return { row, fill, number };
    });
    const scale = makeElement(
      "div",
      { class: "bpv-bar bpv-bar-scale" },
      makeElement("span", {}),
      makeElement(
        "div",
        { class: "bpv-bar-ends" },
        makeElement("span", { text: "10⁻⁷" }),
        makeElement("span", { text: "10²" }),
      ),
      makeElement("span", {}),
    );
    this.element.replaceChildren(...this.rows.map(({ row }) => row), scale);
  }

  show(part: Part | undefined) {
    if (!part) return;
    this.rows.forEach(({ fill, number }, index) => {
      const size = part.values[index];
      const share = size > 0 ? bounded((Math.log10(size) - LOWEST) / (HIGHEST - LOWEST), 0.004, 1) : 0;
      fill.style.transform = `scaleX(${share.toFixed(4)})`;
      number.textContent = Number.isFinite(size) ? `▽ ${roundedText(size)}` : "";
    });
  }
}

/** A histogram; bins are symmetric about zero. */
class WeightHistogram {
  palette: Palette;
  frame: PlotFrame;
  element: HTMLElement;
  part?: Part;

  constructor({ lifetime, palette }: { lifetime: Lifetime; palette: Palette }) {
    this.palette = palette;
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: () => 150,
      label: "Histogram of the weights",
      margins: { left: 10, top: 6, bottom: 24 },
      drawMoving: (context, frame) => this.draw(context, frame),
      drawStill: () => {},
    });
    this.element = this.frame.element;
  }

  show(part: Part | undefined, reach: number) {
    if (!part) return;
    this.part = part;
    this.frame.setRanges([-reach, reach], [0, 1]);
    this.frame.redrawMoving();
  }

  draw(context: CanvasRenderingContext2D, frame: PlotFrame) {
    if (!this.part) return;
    const { values } = this.part;
    const { left, top, width, height } = frame.inner;
    const largest = Math.max(1, ...values);
    const wide = width / values.length;
    values.forEach((count, index) => {
      const tall = (count / largest) * height;
      const middle = index * 2 + 1 - values.length;
      context.fillStyle = this.palette.css(
        middle < 0 ? "--bpv-slope-trace" : middle > 0 ? "--bpv-value-trace" : "--bpv-line",
      );
      context.fillRect(left + index * wide + 0.5, top + height - tall, Math.max(1, wide - 1), tall);
    });
    context.strokeStyle = this.palette.css("--bpv-faint");
    context.beginPath();
    context.moveTo(left, top + height + 0.5);
    context.lineTo(left + width, top + height + 0.5);
    context.stroke();
    context.fillStyle = this.palette.css("--bpv-muted");
    context.font = frame.font();
    context.textBaseline = "top";
    const [low, high] = frame.ranges.x;
    const ends: [value: number, align: CanvasTextAlign][] = [
      [low, "left"],
      [0, "center"],
      [high, "right"],
    ];
    for (const [value, align] of ends) {
      context.textAlign = align;
      context.fillText(String(Number(value.toPrecision(2))).replace("-", "−"), frame.across(value), top + height + 5);
    }
  }
}
