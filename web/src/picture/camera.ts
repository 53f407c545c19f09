// Where the picture is looked at from.
import { bounded, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { Size } from "../types/specification.js";

interface Hold {
  x: number;
  y: number;
  startX: number;
  startY: number;
  moved?: boolean;
}

/** A rectangle of the scene, in scene units. */
export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
  /** The scale below which nobody could read its smallest type. */
  legible?: number;
}

/** How a picture fills a stage that has its height from outside, as where one presents. */
export interface Filling {
  type: number; // of the numbers, in px
  largest: number; // in scene units: rows of a picture have no room for more
  scale: number; // at which a part is read easily
  least: number; // at which it can just be read
}

export const LEGIBLE_SCALE = 0.64; // 15 px type at this scale is 9.6 px: below it labels give way to captions
export const LEGIBLE_TILES = 0.72; // the digits of a cell, of 14 px, are then 10 px
const WELL_READ = 12.75; // px: a part of a picture that is read easily
const JUST_READ = 10.2; // px: what can just be read
const LARGEST_FIT = { normal: 1.25, large: 2.2 };
const TALLEST = 560; // px: picture and controls fit a laptop's screen together
const TALLEST_CROWDED = 760; // where type would be too small, the picture may take the whole screen
const LEAST_HEIGHT = 200;
const TYPE = { normal: 15, large: 18 }; // scene units
const ZOOM_STEP = 1.25;
const DRAG_THRESHOLD = 4;

/** The scale at which a picture fits a width, without growing too large or taller than the room there is, in px. */
export function fittingScale(width: number, bounds: Bounds, size: Size, room = Infinity) {
  const largest = Math.min(LARGEST_FIT[size] ?? LARGEST_FIT.normal, Math.max(width / bounds.width, 0.01));
  const usual = (TALLEST * (size === "large" ? 1.3 : 1)) / bounds.height;
  const tallest = Math.max(usual, Math.min(bounds.legible ?? LEGIBLE_SCALE, TALLEST_CROWDED / bounds.height));
  return Math.min(largest, tallest, room / bounds.height);
}

/** The view of the picture: one transform, shared by the graph and by the layer above it. */
export class Camera {
  stage: HTMLElement;
  groups: SVGElement[];
  onChange: (camera: Camera) => void;
  bounds: Bounds;
  size: Size;
  room: number;
  fills: Filling | null;
  width: number;
  height: number;
  scale: number;
  x: number;
  y: number;
  fitted: boolean;
  chosen: number | null;
  interrupt: () => void;
  comesClose?: () => boolean; // whether it shows a part at a time
  hold!: Hold | null;
  justPanned!: boolean;

  /**
   * stage: the element that holds the pictures; groups: SVG groups that move together;
   * onChange(camera): called when the scale changed.
   */
  constructor({
    lifetime,
    stage,
    groups,
    onChange,
  }: {
    lifetime: Lifetime;
    stage: HTMLElement;
    groups: SVGElement[];
    onChange: (camera: Camera) => void;
  }) {
    this.stage = stage;
    this.groups = groups;
    this.onChange = onChange;
    this.bounds = { x: 0, y: 0, width: 1, height: 1 };
    this.size = "normal";
    this.room = Infinity;
    this.fills = null;
    this.width = 0;
    this.height = 0;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fitted = true;
    this.chosen = null; // a scale that a person chose
    this.interrupt = () => {}; // called when a person takes over
    const observer = new ResizeObserver(lifetime.guard(() => this.measure()));
    observer.observe(stage);
    lifetime.onEnd(() => observer.disconnect());
    lifetime.listen(stage, "wheel", (event) => this.wheel(event), { passive: false });
    lifetime.listen(stage, "pointerdown", (event) => this.grab(event));
    lifetime.listen(stage, "pointermove", (event) => this.pull(event));
    for (const event of ["pointerup", "pointercancel"]) lifetime.listen(stage, event, () => this.drop());
  }

  /** Show another scene: its bounds in scene units. */
  frame(bounds: Bounds, size: Size) {
    this.bounds = bounds;
    this.size = size;
    this.remeasure();
  }

  // The scale follows the width alone: the wished height follows from the scale, and a circle would never end.
  measure() {
    const { clientWidth, clientHeight } = this.stage;
    if (clientWidth === 0 || (clientWidth === this.width && clientHeight === this.height)) return;
    this.width = clientWidth;
    this.resize();
    this.height = this.stage.clientHeight;
    if (this.fitted) this.fit();
    else this.apply();
  }

  fitScale() {
    if (this.fills)
      return Math.min(this.width / this.bounds.width, Math.max(this.stage.clientHeight, 1) / this.bounds.height);
    return fittingScale(this.width, this.bounds, this.size, this.room);
  }

  /** Let the picture be no taller than so many px; below some height nobody could read it. */
  limit(room: number) {
    this.room = Math.max(room, LEAST_HEIGHT);
    this.remeasure();
  }

  /** Ask anew how much room there is, and how much is needed. */
  remeasure() {
    this.width = 0;
    this.measure();
  }

  /** How high the stage would be, in px, at its present width and with so much room. */
  heightWithin(room: number) {
    const kept = this.room;
    this.room = Math.max(room, LEAST_HEIGHT);
    this.resize();
    const height = this.stage.clientHeight;
    this.room = kept;
    this.resize();
    return height;
  }

  resize() {
    const { style } = this.stage;
    const near = this.comesClose?.() ? Math.min(this.bounds.height * this.readingScale, TALLEST, this.room) : 0;
    const height = Math.ceil(Math.max(this.bounds.height * this.fitScale(), near, 160));
    style.setProperty("--bpv-picture-height", `${height}px`);
    if (this.room === Infinity) style.removeProperty("--bpv-room");
    else style.setProperty("--bpv-room", `${this.room}px`);
  }

  /** Fill the width with the whole picture. */
  fit() {
    this.fitted = true;
    this.chosen = null;
    this.scale = this.fitScale();
    this.x = (this.width - this.bounds.width * this.scale) / 2 - this.bounds.x * this.scale;
    this.y = (this.height - this.bounds.height * this.scale) / 2 - this.bounds.y * this.scale;
    this.apply();
  }

  apply() {
    const round = (number: number) => Math.round(number * 1000) / 1000;
    const transform = `translate(${round(this.x)},${round(this.y)}) scale(${round(this.scale)})`;
    for (const group of this.groups) group.setAttribute("transform", transform);
    this.onChange(this);
  }

  /** Are the labels too small to read? */
  get isTerse() {
    return this.isTerseAt(this.scale);
  }

  isTerseAt(scale: number) {
    return scale * this.type < LEGIBLE_SCALE * TYPE.normal;
  }

  /** Size of the numbers in scene units. It is the same for a whole run: it follows from the room, not from the step. */
  get type() {
    const { fills } = this;
    if (!fills) {
      const usual = TYPE[this.size] ?? TYPE.normal;
      // Where the whole picture is small, numbers take the room that there is around their nodes; a tile has none.
      return this.bounds.legible ? usual : bounded(JUST_READ / this.fitScale(), usual, TYPE.large);
    }
    return bounded(fills.type / Math.max(this.fitScale(), fills.scale), TYPE.normal, fills.largest);
  }

  /** The scale at which a part of the picture is read easily. */
  get readingScale() {
    return this.fills?.scale ?? WELL_READ / this.type;
  }

  /** The scale down to which a part of it is. */
  get leastScale() {
    return this.fills?.least ?? JUST_READ / this.type;
  }

  /** A point of the page in scene units. */
  toScene(event: Pick<MouseEvent, "clientX" | "clientY">) {
    const box = this.stage.getBoundingClientRect();
    return { x: (event.clientX - box.left - this.x) / this.scale, y: (event.clientY - box.top - this.y) / this.scale };
  }

  /** The part of the scene that can be seen: its edges in scene units. */
  get visible() {
    const { x, y, width, height, scale } = this;
    return { left: -x / scale, right: (width - x) / scale, top: -y / scale, bottom: (height - y) / scale };
  }

  /** The point of the scene that is in the middle. */
  get centre() {
    return { x: (this.width / 2 - this.x) / this.scale, y: (this.height / 2 - this.y) / this.scale };
  }

  /** Bring a point of the scene into the middle. */
  lookAt({ x, y, scale }: { x: number; y: number; scale: number }) {
    this.fitted = false;
    this.scale = scale;
    this.x = this.width / 2 - x * scale;
    this.y = this.height / 2 - y * scale;
    this.apply();
  }

  zoomAt(factor: number, x: number, y: number) {
    this.interrupt();
    const smallest = Math.min(this.fitScale(), LEGIBLE_SCALE) * 0.5;
    const scale = bounded(this.scale * factor, smallest, 4);
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = this.chosen = scale;
    this.fitted = false;
    this.apply();
  }

  /** One press of a zoom button: direction 1 comes closer, -1 goes back. */
  zoom(direction: number) {
    this.zoomAt(ZOOM_STEP ** direction, this.width / 2, this.height / 2);
  }

  // A wheel over a notebook means scrolling; it zooms only with Ctrl or once the picture has been clicked into.
  wheel(event: WheelEvent) {
    if (!event.ctrlKey && !event.metaKey && !this.stage.contains(document.activeElement)) return;
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    this.zoomAt(Math.exp(-bounded(pixels, -120, 120) / 400), event.clientX - box.left, event.clientY - box.top);
  }

  grab(event: PointerEvent) {
    if (event.button !== 0 || nearest(event.target, "[data-node], button")) return;
    this.interrupt();
    this.hold = { x: event.clientX, y: event.clientY, startX: this.x, startY: this.y, moved: false };
  }

  pull(event: PointerEvent) {
    if (!this.hold) return;
    const [dx, dy] = [event.clientX - this.hold.x, event.clientY - this.hold.y];
    if (!this.hold.moved && Math.hypot(dx, dy) < DRAG_THRESHOLD) return;
    if (!this.hold.moved) this.stage.setPointerCapture(event.pointerId);
    this.hold.moved = true;
    this.fitted = false;
    this.x = this.hold.startX + dx;
    this.y = this.hold.startY + dy;
    this.apply();
  }

  drop() {
    this.justPanned = Boolean(this.hold?.moved);
    this.hold = null;
  }
}
