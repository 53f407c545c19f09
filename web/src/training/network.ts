// The network as circles and lines: a line's width is the size of its weight; blue is positive, dashed orange-red negative.
import { makeElement, makeSvg, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { PicturePlan } from "../types/specification.js";
import type { Part } from "./frames.js";
import { contextOf, type Palette } from "./plot_frame.js";

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
  /** What the unit answers over the plane. */
  map: SVGImageElement;
}

const UNIT_RADIUS = 18;
const UNIT_ROOM = 36;
const WIDEST = 5.5;
const THINNEST = 0.35;
const LEVELS = 24; // widths are rounded to so many, so that few lines change in one frame
const SIDE = 46;
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
  private readonly canvas = document.createElement("canvas");

  /** onChoose({layer, source, target}): an edge, or with source −1 the bias of a unit; null where none can be chosen. */
  constructor({ lifetime, onChoose }: { lifetime: Lifetime; onChoose: ((weight: WeightPlace | null) => void) | null }) {
    this.edges = [];
    this.edgeLayer = makeSvg("g", {});
    this.hitLayer = makeSvg("g", { class: "bpv-net-hits" });
    this.unitLayer = makeSvg("g", {});
    const naming = onChoose
      ? { role: "group", "aria-label": "Network: arrow keys choose a weight", tabindex: 0 }
      : { role: "img", "aria-label": "Network: wide lines are large weights, dashed ones negative" };
    this.svg = makeSvg("svg", { class: "bpv-net", ...naming }, this.edgeLayer, this.hitLayer, this.unitLayer);
    this.element = makeElement("div", { class: "bpv-net-holder" }, this.svg);
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
        const map = makeSvg("image", { class: "bpv-net-map" });
        const element = makeSvg("g", { "data-unit": `${layer},${unit}` }, circle, map, name);
        if (layer === 0) element.classList.add("bpv-net-input");
        this.units.push({ layer, unit, index, element, circle, name, map });
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
    if (!this.plan || width === 0 || (width === this.width && !again)) return;
    this.width = width;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
    this.svg.setAttribute("height", String(this.height));
    const layers = placeLayers(this.plan, width, this.height);
    for (const { layer, index, circle, name, map, element } of this.units) {
      const { x, y, radius } = layers[layer].places[index];
      element.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
      circle.setAttribute("r", radius.toFixed(1));
      for (const [side, length] of Object.entries({ x: -radius, y: -radius, width: 2 * radius, height: 2 * radius })) {
        map.setAttribute(side, length.toFixed(1));
      }
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

  /** Small pictures in the hidden units: what each answers over the plane, in the palette's colours of a sign. */
  showMaps(part: Part | undefined, palette: Palette) {
    const hidden = this.units.filter(({ layer }) => layer > 0 && layer < this.plan.layers.length - 1);
    palette.follow();
    if (part?.shape[0] !== hidden.length || !palette.paper) return;
    const [, rows, columns] = part.shape;
    Object.assign(this.canvas, { width: columns, height: rows });
    const pixels = new ImageData(columns, rows);
    hidden.forEach(({ map, element }, unit) => {
      for (let at = 0; at < rows * columns; at += 1) {
        // The first row of a field is the lowest; of a picture it is the highest.
        const place = ((rows - 1 - Math.floor(at / columns)) * columns + (at % columns)) * 4;
        pixels.data.set([...palette.signed(part.values[unit * rows * columns + at] / 127), 255], place);
      }
      contextOf(this.canvas).putImageData(pixels, 0, 0);
      map.setAttribute("href", this.canvas.toDataURL());
      element.classList.add("bpv-is-mapped");
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
