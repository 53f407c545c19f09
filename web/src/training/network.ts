// The network as circles and lines: a line's width is the size of its weight; blue is positive, dashed orange-red negative.
import { makeElement, makeSvg, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { PicturePlan } from "../types/specification.js";
import type { Part } from "./frames.js";
import { contextOf, fieldPixels, type Palette } from "./plot_frame.js";

/** A weight by its ends, or with source −1 the bias of a unit. */
export interface WeightPlace {
  layer: number;
  source: number;
  target: number;
}

interface NetworkEdge extends WeightPlace {
  from: number;
  to: number;
  line: SVGLineElement;
  hit: SVGLineElement;
  level: number;
}

interface NetworkUnit {
  layer: number;
  unit: number;
  index: number;
  element: SVGGElement;
  circle: SVGCircleElement;
  name: SVGTextElement;
}

const UNIT_RADIUS = 18;
const UNIT_ROOM = 36;
const WIDEST = 5.5;
const THINNEST = 0.35;
const LEVELS = 24; // widths are rounded to so many, so that few lines change in one frame
const SIDE = 46;
const LOWEST_NETWORK = 110;
const RIM = 0.6; // pixels of a unit's outline that its map leaves free
const MOVES: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function isSame(one: WeightPlace, other: WeightPlace) {
  return one.layer === other.layer && one.source === other.source && one.target === other.target;
}

function placeLayers(plan: PicturePlan, width: number, height: number) {
  const across = (width - 2 * SIDE) / Math.max(1, plan.layers.length - 1);
  return plan.layers.map(({ units, hidden }, layer) => {
    const slots = units.length + (hidden > 0 ? 1 : 0);
    const apart = Math.min(54, (height - 36) / Math.max(1, slots));
    const top = height / 2 - ((slots - 1) * apart) / 2;
    const radius = Math.min(UNIT_RADIUS, apart * 0.43);
    const places = units.map((_, index) => ({ x: SIDE + layer * across, y: top + index * apart, radius }));
    return { places, more: hidden > 0 ? { x: SIDE + layer * across, y: top + units.length * apart, hidden } : null };
  });
}

/** The drawing; weights are chosen by click, or with the arrow keys once the drawing has the focus. */
export class NetworkDrawing {
  edges: NetworkEdge[];
  edgeLayer: SVGGElement;
  hitLayer: SVGGElement;
  unitLayer: SVGGElement;
  svg: SVGSVGElement;
  element: HTMLDivElement;
  plan!: PicturePlan;
  units!: NetworkUnit[];
  chosen!: WeightPlace | null;
  greyed!: string;
  more!: SVGTextElement[];
  height!: number;
  width!: number;
  private readonly palette: Palette;
  private readonly maps: HTMLCanvasElement;
  private readonly small = document.createElement("canvas");
  private answers?: Part;

  /** onChoose({layer, source, target}): an edge, or with source −1 the bias of a unit; null where none can be chosen. */
  constructor({
    lifetime,
    palette,
    onChoose,
  }: {
    lifetime: Lifetime;
    palette: Palette;
    onChoose: ((weight: WeightPlace | null) => void) | null;
  }) {
    this.palette = palette;
    this.edges = [];
    this.edgeLayer = makeSvg("g", {});
    this.hitLayer = makeSvg("g", { class: "bpv-net-hits" });
    this.unitLayer = makeSvg("g", {});
    const naming = onChoose
      ? { role: "group", "aria-label": "Network: arrow keys choose a weight", tabindex: 0 }
      : { role: "img", "aria-label": "Network: wide lines are large weights, dashed ones negative" };
    this.svg = makeSvg("svg", { class: "bpv-net", ...naming }, this.edgeLayer, this.hitLayer, this.unitLayer);
    this.maps = makeElement("canvas", { class: "bpv-net-maps", "aria-hidden": "true" });
    this.element = makeElement("div", { class: "bpv-net-holder" }, this.svg, this.maps);
    const sizes = new ResizeObserver(lifetime.guard(() => this.place()));
    sizes.observe(this.element);
    lifetime.onEnd(() => sizes.disconnect());
    if (!onChoose) return;
    lifetime.listen(this.svg, "click", (event) => this.clicked(onChoose, event.target));
    lifetime.listen(this.svg, "keydown", (event) => this.pressed(onChoose, event));
  }

  lay(plan: PicturePlan) {
    this.plan = plan;
    this.edges = [];
    this.units = [];
    this.chosen = null;
    this.greyed = "";
    this.answers = undefined;
    for (let layer = 1; layer < plan.layers.length; layer += 1) {
      const [before, after] = [plan.layers[layer - 1].units, plan.layers[layer].units];
      before.forEach((source, from) => {
        after.forEach((target, to) => {
          const line = makeSvg("line", { class: "bpv-net-edge" });
          const hit = makeSvg("line", { class: "bpv-net-hit", "data-edge": `${layer},${source},${target}` });
          this.edges.push({ layer, source, target, from, to, line, hit, level: -1 });
        });
      });
    }
    plan.layers.forEach(({ units, names }, layer) => {
      units.forEach((unit, index) => {
        const circle = makeSvg("circle", { class: "bpv-net-unit" });
        const name = makeSvg("text", { class: "bpv-net-name", dy: "0.35em", text: names[index] });
        const element = makeSvg("g", { "data-unit": `${layer},${unit}` }, circle, name);
        if (layer === 0) element.classList.add("bpv-net-input");
        this.units.push({ layer, unit, index, element, circle, name });
      });
    });
    this.edgeLayer.replaceChildren(...this.edges.map(({ line }) => line));
    this.hitLayer.replaceChildren(...this.edges.map(({ hit }) => hit));
    this.more = plan.layers.map(({ hidden }) =>
      makeSvg("text", { class: "bpv-net-more", text: hidden > 0 ? `⋮ ${hidden} more` : "" }),
    );
    this.unitLayer.replaceChildren(...this.units.map(({ element }) => element), ...this.more);
    this.height = Math.min(
      370,
      Math.max(250, ...plan.layers.map(({ units, hidden }) => (units.length + Number(hidden > 0)) * UNIT_ROOM + 30)),
    );
    this.place(true);
  }

  place(again = false) {
    const width = Math.round(this.element.clientWidth);
    const below = this.element.nextElementSibling?.clientHeight ?? 0;
    if (this.palette.room !== null) this.height = Math.max(LOWEST_NETWORK, this.palette.room - below);
    if (!this.plan || width === 0 || (width === this.width && !again)) return;
    this.width = width;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
    this.svg.setAttribute("height", String(this.height));
    const layers = placeLayers(this.plan, width, this.height);
    for (const { layer, index, circle, name, element } of this.units) {
      const { x, y, radius } = layers[layer].places[index];
      element.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
      circle.setAttribute("r", radius.toFixed(1));
      name.toggleAttribute("hidden", radius < 8 && layer > 0 && layer < layers.length - 1);
      if (radius < 8) name.setAttribute("x", String(layer === 0 ? -radius - 14 : radius + 14));
    }
    for (const { layer, from, to, line, hit } of this.edges) {
      const [one, other] = [layers[layer - 1].places[from], layers[layer].places[to]];
      for (const each of [line, hit]) {
        for (const [name, value] of Object.entries({ x1: one.x, y1: one.y, x2: other.x, y2: other.y })) {
          each.setAttribute(name, value.toFixed(1));
        }
      }
    }
    this.more.forEach((text, layer) => {
      const place = layers[layer].more;
      if (!place) return;
      text.setAttribute("x", String(place.x));
      text.setAttribute("y", String(place.y));
    });
    this.paintMaps();
  }

  /** Weights of the shown edges, in the order of the plan: each layer's matrix by rows, then its biases. */
  show(part: Part | undefined) {
    if (!part) return;
    const { values } = part;
    let largest = 0;
    let at = 0;
    const read: number[] = [];
    let next = 0;
    for (let layer = 1; layer < this.plan.layers.length; layer += 1) {
      const count = this.plan.layers[layer - 1].units.length * this.plan.layers[layer].units.length;
      for (let index = 0; index < count; index += 1, next += 1) {
        read[next] = values[at + index];
        largest = Math.max(largest, Math.abs(read[next]));
      }
      at += count + this.plan.layers[layer].units.length;
    }
    this.edges.forEach((edge, index) => {
      const share = largest > 0 ? Math.abs(read[index]) / largest : 0;
      const level = Math.round(share * LEVELS) * (read[index] < 0 ? -1 : 1) || 0;
      if (Object.is(level, edge.level)) return;
      edge.level = level;
      const width = THINNEST + (WIDEST - THINNEST) * (Math.abs(level) / LEVELS);
      edge.line.style.strokeWidth = width.toFixed(2);
      edge.line.style.opacity = (0.16 + 0.74 * (Math.abs(level) / LEVELS)).toFixed(2);
      edge.line.classList.toggle("bpv-is-negative", level < 0);
      // Dashes tell the sign without colour; on the thinnest lines they would only flicker.
      edge.line.classList.toggle("bpv-is-dashed", level < -LEVELS / 8);
    });
  }

  /** Small pictures in the hidden units: what each answers over the plane. */
  showMaps(part: Part | undefined) {
    if (!part) return;
    this.answers = part;
    this.paintMaps();
  }

  /** All on one canvas: an image for each unit would be written and decoded anew at every painting. */
  paintMaps() {
    const { answers, maps, palette, small, width, height } = this;
    const last = this.plan.layers.length - 1;
    const hidden = this.units.filter(({ layer }) => layer > 0 && layer < last);
    palette.follow();
    const isShown = answers?.shape[0] === hidden.length && Boolean(palette.paper && width);
    maps.hidden = !isShown;
    for (const { element } of hidden) element.classList.toggle("bpv-is-mapped", isShown);
    if (!isShown) return;
    const [count, rows, columns] = answers.shape;
    Object.assign(small, { width: columns, height: count * rows });
    contextOf(small).putImageData(fieldPixels(answers, palette), 0, 0);
    const density = window.devicePixelRatio || 1;
    Object.assign(maps, { width: Math.round(width * density), height: Math.round(height * density) });
    const context = contextOf(maps);
    context.scale(density, density);
    const places = placeLayers(this.plan, width, height);
    const circles = hidden.map(({ layer, index }) => places[layer].places[index]);
    context.beginPath();
    for (const { x, y, radius } of circles) {
      context.moveTo(x + radius - RIM, y);
      context.arc(x, y, radius - RIM, 0, 2 * Math.PI);
    }
    context.clip();
    circles.forEach(({ x, y, radius }, unit) => {
      context.drawImage(small, 0, unit * rows, columns, rows, x - radius, y - radius, 2 * radius, 2 * radius);
    });
  }

  /** Grey the units that do not learn, and the lines that lead to them: a set of "layer,unit". */
  grey(idle: Set<string>) {
    const key = [...idle].join(" ");
    if (key === this.greyed) return;
    this.greyed = key;
    for (const { layer, unit, element } of this.units)
      element.classList.toggle("bpv-is-idle", idle.has(`${layer},${unit}`));
    for (const { layer, target, line } of this.edges)
      line.classList.toggle("bpv-is-idle", idle.has(`${layer},${target}`));
  }

  clicked(onChoose: (weight: WeightPlace | null) => void, target: EventTarget | null) {
    const edge = nearest(target, "[data-edge]")?.dataset.edge;
    const unit = nearest(target, "[data-unit]")?.dataset.unit;
    if (edge) {
      const [layer, source, end] = edge.split(",").map(Number);
      onChoose({ layer, source, target: end });
    } else if (unit) {
      const [layer, end] = unit.split(",").map(Number);
      onChoose(layer > 0 ? { layer, source: -1, target: end } : null);
    } else onChoose(null);
  }

  pressed(onChoose: (weight: WeightPlace | null) => void, event: KeyboardEvent) {
    const move = MOVES[event.key];
    if (!move || this.edges.length === 0) return;
    event.preventDefault();
    const at = this.edges.findIndex((edge) => this.chosen !== null && isSame(edge, this.chosen));
    const { length } = this.edges;
    const edge = this.edges[(at + move + length) % length];
    onChoose({ layer: edge.layer, source: edge.source, target: edge.target });
  }

  /** Mark the chosen edge, or the unit whose bias is chosen. */
  mark(chosen: WeightPlace | null) {
    this.chosen = chosen;
    for (const edge of this.edges) {
      edge.hit.classList.toggle("bpv-is-chosen", chosen !== null && isSame(edge, chosen));
    }
    for (const { layer, unit, element } of this.units ?? []) {
      element.classList.toggle("bpv-is-chosen", chosen !== null && isSame({ layer, source: -1, target: unit }, chosen));
    }
  }
}
