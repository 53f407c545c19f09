// The theme's colours for pictures made of pixels, which no style sheet reaches.
import { makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { formatNumber } from "../story/numerals.js";
import type { Part } from "./frames.js";

const CLASS_COLOURS = ["--bpv-slope", "--bpv-value", "--bpv-tangent", "--bpv-amber"];
const MORE_COLOURS = [
  [126, 87, 194],
  [216, 67, 121],
  [109, 124, 59],
  [0, 137, 209],
  [141, 110, 99],
  [96, 110, 128],
];
const WASH = 0.42; // how much of a colour a fully certain area shows

function readHex(text: string) {
  const digits = text.trim().slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** A colour between two: share 0 is the first, 1 the second. */
export function mixColours(first: number[], second: number[], share: number) {
  return first.map((part, index) => part + (second[index] - part) * share);
}

/** Colours of a root element, read again when its theme changes. */
export class Palette {
  theme: string | null | undefined;
  styles!: CSSStyleDeclaration;
  paper!: number[];
  positive!: number[];
  negative!: number[];
  classes!: number[][];
  /** In px, how high pictures are where they fill a slide. */
  room: number | null = null;
  private readonly found = new Map<string, string>();

  constructor(readonly root: HTMLElement) {
    this.theme = null;
  }

  /** Take the colours of the present theme; a root that is not yet on the page has none. */
  follow() {
    if (this.theme === this.root.dataset.theme || !this.root.isConnected) return;
    this.theme = this.root.dataset.theme;
    this.styles = getComputedStyle(this.root);
    this.found.clear();
    this.paper = this.parts("--bpv-paper");
    this.positive = this.parts("--bpv-value");
    this.negative = this.parts("--bpv-slope");
    this.classes = [...CLASS_COLOURS.map((name) => this.parts(name)), ...MORE_COLOURS];
  }

  /** A colour variable as red, green and blue. */
  parts(name: string) {
    return readHex(this.styles.getPropertyValue(name));
  }

  /** A colour variable as CSS writes it; asked for at every line that is painted. */
  css(name: string) {
    const known = this.found.get(name) ?? this.styles.getPropertyValue(name).trim();
    this.found.set(name, known);
    return known;
  }

  /** The colour of a class for marks. */
  ofClass(index: number) {
    return `rgb(${this.classes[index % this.classes.length].join(" ")})`;
  }

  /** The colour of an area: share 0 is paper, 1 the class. */
  wash(index: number, share: number) {
    return mixColours(this.paper, this.classes[index % this.classes.length], WASH * share);
  }

  /** A colour for a number between −1 and 1: orange-red below, blue above. */
  signed(number: number, strength = 1) {
    const share = Math.min(1, Math.abs(number)) * strength;
    return mixColours(this.paper, number < 0 ? this.negative : this.positive, share);
  }
}

/** Fields of signed bytes below one another, in the palette's colours of a sign. */
export function fieldPixels({ values, shape: [count, rows, columns] }: Part, palette: Palette) {
  const pixels = new ImageData(columns, count * rows);
  const bytes = Array.from({ length: 256 }, (_, at) => [...palette.signed((at - 128) / 127), 255]);
  const colours = new Uint32Array(Uint8ClampedArray.from(bytes.flat()).buffer);
  const painted = new Uint32Array(pixels.data.buffer);
  for (let line = 0; line < count * rows; line += 1) {
    // The first row of a field is the lowest; of a picture it is the highest.
    const from = (line - 2 * (line % rows) + rows - 1) * columns;
    for (let column = 0; column < columns; column += 1) {
      painted[line * columns + column] = colours[values[from + column] + 128];
    }
  }
  return pixels;
}

// Two canvases on top of each other: one that changes with every frame, and one with data, axes and ticks that stays.

type Draw = (context: CanvasRenderingContext2D, frame: PlotFrame) => void;
type Interval = [low: number, high: number];

const MARGINS = { left: 40, right: 10, top: 10, bottom: 30 };
const TICKS_APART = 72;
const USUAL_TYPE = 15; // px

/** Round numbers within a range, about so many. */
export function roundTicks(low: number, high: number, count: number) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999) ?? 10 * power;
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) ticks.push(at * step);
  return ticks.map((tick) => Number(tick.toPrecision(12)));
}

/** What paints on a canvas. */
export function contextOf(canvas: HTMLCanvasElement) {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no canvas to paint on");
  return context;
}

/** Text with a rim of paper, for what stands on colours. */
function drawOnPaper(context: CanvasRenderingContext2D, palette: Palette, text: string, x: number, y: number) {
  context.strokeStyle = palette.css("--bpv-paper");
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

/** A plot in a box of its own; `drawMoving(context, frame)` and `drawStill(context, frame)` paint its two layers. */
export class PlotFrame {
  palette: Palette;
  aspect: number | ((width: number) => number);
  drawMoving: Draw;
  drawStill: Draw;
  margins: { left: number; right: number; top: number; bottom: number };
  moving: HTMLCanvasElement;
  still: HTMLCanvasElement;
  element: HTMLDivElement;
  ranges: { x: Interval; y: Interval };
  width: number;
  height!: number;
  /** Size of type, as a share of the usual one. */
  type = 1;
  density!: number;

  constructor({
    lifetime,
    palette,
    aspect,
    label,
    drawMoving,
    drawStill,
    margins = {},
  }: {
    lifetime: Lifetime;
    palette: Palette;
    aspect: number | ((width: number) => number);
    label: string;
    drawMoving: Draw;
    drawStill: Draw;
    margins?: Partial<typeof MARGINS>;
  }) {
    this.palette = palette;
    this.aspect = aspect;
    this.drawMoving = drawMoving;
    this.drawStill = drawStill;
    this.margins = { ...MARGINS, ...margins };
    this.moving = makeElement("canvas", { class: "bpv-canvas" });
    this.still = makeElement("canvas", { class: "bpv-canvas" });
    this.element = makeElement("div", { class: "bpv-plot", role: "img", "aria-label": label }, this.moving, this.still);
    this.ranges = { x: [0, 1], y: [0, 1] };
    this.width = 0;
    const sizes = new ResizeObserver(lifetime.guard(() => this.resize()));
    sizes.observe(this.element);
    lifetime.onEnd(() => sizes.disconnect());
  }

  resize() {
    const width = Math.round(this.element.clientWidth);
    const height = Math.round(typeof this.aspect === "function" ? this.aspect(width) : width * this.aspect);
    const type = parseFloat(getComputedStyle(this.element).fontSize) / USUAL_TYPE || 1;
    if (width === 0 || (width === this.width && height === this.height && type === this.type)) return;
    Object.assign(this, { width, height, type });
    this.element.style.height = `${this.height}px`;
    // A deck may draw its slides larger than they are.
    this.density = (window.devicePixelRatio || 1) * (this.palette.room === null ? 1 : 1.5);
    for (const canvas of [this.moving, this.still]) {
      canvas.width = Math.round(width * this.density);
      canvas.height = Math.round(this.height * this.density);
    }
    this.redraw();
  }

  /** Where numbers lie on the plot. */
  setRanges(x: Interval, y: Interval) {
    this.ranges = { x, y };
  }

  /** Type of so many px where the page around has its usual type; more where that is larger. */
  font(style = "", size = 12) {
    return `${style} ${size * this.type}px ${this.palette.css("--bpv-sans")}`;
  }

  get inner() {
    const { margins, type } = this;
    const left = margins.left * type;
    const top = margins.top * type;
    const width = this.width - left - margins.right * type;
    return { left, top, width, height: this.height - top - margins.bottom * type };
  }

  across(x: number) {
    const { left, width } = this.inner;
    const [low, high] = this.ranges.x;
    return left + ((x - low) / (high - low)) * width;
  }

  up(y: number) {
    const { top, height } = this.inner;
    const [low, high] = this.ranges.y;
    return top + height - ((y - low) / (high - low)) * height;
  }

  /** The numbers at a place in pixels. */
  pointAt(x: number, y: number): Interval {
    const { left, top, width, height } = this.inner;
    const [[west, east], [south, north]] = [this.ranges.x, this.ranges.y];
    return [west + ((x - left) / width) * (east - west), south + ((top + height - y) / height) * (north - south)];
  }

  redraw() {
    if (this.width === 0) return;
    this.clear(this.still, this.drawStill);
    this.redrawMoving();
  }

  redrawMoving() {
    if (this.width > 0) this.clear(this.moving, this.drawMoving);
  }

  clear(canvas: HTMLCanvasElement, draw: Draw) {
    this.palette.follow();
    const context = contextOf(canvas);
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    draw(context, this);
  }

  /** Axes with ticks and names; `vertical` false leaves the numbers of the vertical axis out. */
  drawAxes(
    context: CanvasRenderingContext2D,
    names: [across: string, up: string],
    { vertical = true }: { vertical?: boolean } = {},
  ) {
    const { left, top, width, height } = this.inner;
    const { palette } = this;
    context.strokeStyle = palette.css("--bpv-faint");
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    context.fillStyle = palette.css("--bpv-muted");
    context.font = this.font();
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of roundTicks(...this.ranges.x, width / TICKS_APART / this.type)) {
      context.fillText(formatNumber(tick), this.across(tick), top + height + 6);
    }
    if (vertical) {
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (const tick of roundTicks(...this.ranges.y, height / TICKS_APART / this.type)) {
        context.fillText(formatNumber(tick), left - 6, this.up(tick));
      }
    }
    context.font = this.font("italic 600", 13);
    context.fillStyle = palette.css("--bpv-ink");
    context.textAlign = "right";
    context.textBaseline = "bottom";
    drawOnPaper(context, palette, names[0], left + width - 6, top + height - 4);
    context.textAlign = "left";
    context.textBaseline = "top";
    drawOnPaper(context, palette, names[1], left + 7, top + 5);
  }
}
