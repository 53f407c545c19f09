// The pictures of a network that learns, each in its card, and the grid they stand in.
import { type Child, makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { PicturePlan, ShownExample } from "../types/specification.js";
import { BoundaryPicture } from "./boundary.js";
import { FitPicture } from "./fit.js";
import type { Parts } from "./frames.js";
import { OneImage, Tiles } from "./images.js";
import { NetworkDrawing, type WeightPlace } from "./network.js";
import type { Palette } from "./palette.js";
import { LayerBars, WeightHistogram } from "./sizes.js";

/** The parts of a card. */
export function makeCard(text: string, ...content: Child[]) {
  const title = makeElement("span", { class: "bpv-card-title", text });
  const note = makeElement("span", { class: "bpv-card-note" });
  const head = makeElement("div", { class: "bpv-card-head" }, title, note);
  return { title, note, head, element: makeElement("section", { class: "bpv-card" }, head, ...content) };
}

const MANY_UNITS = 48;
const [SMALL_TILE, LARGE_TILE] = [38, 56];

/** All pictures of one run. */
export class PictureCards {
  boundary: BoundaryPicture;
  fit: FitPicture;
  tiles: Tiles;
  image: OneImage;
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
    this.tiles = new Tiles({ lifetime, palette, label: "Weights of the hidden units" });
    this.image = new OneImage({ lifetime, palette });
    this.network = new NetworkDrawing({ lifetime, onChoose: onWeight });
    this.bars = new LayerBars();
    this.histogram = new WeightHistogram({ lifetime, palette });
    const weights = makeElement("div", { class: "bpv-card-title", text: "Weights" });
    this.cards = {
      picture: makeCard("", makeElement("div", {}, this.boundary.element, this.fit.element, this.tiles.element)),
      image: makeCard("One image", this.image.element),
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
    this.tiles.element.hidden = plan.picture !== "images";
    this.cards.image.element.hidden = plan.picture !== "images";
    this.cards.picture.element.hidden = plan.picture === "none";
    this.cards.picture.title.textContent = plan.pictureTitle;
    this.cards.picture.note.textContent = plan.pictureNote;
    this.picture?.lay(plan, points);
    this.tiles.largest = plan.sizes[1] > MANY_UNITS ? SMALL_TILE : LARGE_TILE;
    if (plan.picture === "images") this.image.lay(plan);
    this.network.lay(plan);
    this.bars.lay(plan.bars);
  }

  /** What changes visibly from one painting to the next. */
  showPicture(parts: Parts, example: ShownExample | undefined) {
    this.picture?.show(parts);
    if (this.plan.picture !== "images") return;
    this.tiles.show(parts.tiles);
    this.image.show(parts, example);
  }

  /** What stands beside the picture; of a live run it comes a few times a second only, as often as one can read it. */
  showDetails(parts: Parts, reach: number) {
    this.network.show(parts.weights);
    this.bars.show(parts.gradients);
    this.histogram.show(parts.histogram, reach);
  }

  /** Paint anew in the colours of another theme. */
  recolour() {
    for (const part of [this.boundary.frame, this.fit.frame]) if (this.plan && !part.element.hidden) part.redraw();
    for (const part of [this.tiles, this.image.image, this.image.features, this.image.outputs]) part.redraw();
    this.histogram.frame.redraw();
  }
}
