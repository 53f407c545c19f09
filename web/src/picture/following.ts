// Where the whole picture would be too small to read: the camera walks along with the run, the whole shows in a corner.
import { bounded, makeSvg, motionIsReduced } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import type { SceneNode } from "../types/specification.js";
import type { Camera } from "./camera.js";
import type { NodeMark } from "./marks.js";
import { easeInOut } from "./motion.js";
import type { Corner, Picture, Walking } from "./picture.js";

interface Walk {
  start: Look;
  target: Look;
  began: number;
  duration: number;
}

interface Extent {
  width: number;
  height: number;
}

interface Look {
  scale: number;
  x: number;
  y: number;
  isWhole?: boolean;
}

type Interval = [low: number, high: number];

const GLIDE = 380; // milliseconds
const EDGE_SHARE = 0.14; // of the stage: what is told about keeps this far from its edges
const ROOM_AROUND = 40; // scene units around a node
const MOST_GLIDING_NODES = 400;

/** Whether the camera shall follow the run, and how to say so. */
export interface FollowSwitch {
  isWanted(): boolean;
  want(isOn: boolean): void;
}

/** The box around a node, with room for its labels. */
function boxOf({ x, y, width, height }: SceneNode) {
  const [w, h] = [width / 2 + ROOM_AROUND, height / 2 + ROOM_AROUND];
  return { left: x - w, right: x + w, top: y - h, bottom: y + h };
}

/** The box of a node and of as many others as fit into a size with it, the nearest first. */
function boxAround(main: SceneNode, others: Iterable<SceneNode>, size: Extent) {
  const distance = (node: SceneNode) => Math.hypot(node.x - main.x, node.y - main.y);
  let box = boxOf(main);
  for (const node of [...others].sort((first, second) => distance(first) - distance(second))) {
    const { left, right, top, bottom } = boxOf(node);
    const larger = {
      left: Math.min(box.left, left),
      right: Math.max(box.right, right),
      top: Math.min(box.top, top),
      bottom: Math.max(box.bottom, bottom),
    };
    if (larger.right - larger.left <= size.width && larger.bottom - larger.top <= size.height) box = larger;
  }
  return box;
}

/** Where to look along one axis: there where one looks now if all from low to high is in sight, else at its middle. */
function centreFor(now: number, [low, high]: Interval, inner: number, reach: number, [first, last]: Interval) {
  const isInSight = high - inner / 2 <= now && now <= low + inner / 2;
  const [least, most] = [first + reach / 2, last - reach / 2]; // not beyond the scene
  return least > most ? (least + most) / 2 : bounded(isInSight ? now : (low + high) / 2, least, most);
}

/** The camera's walk along the run of one stage; isWanted(): whether it shall follow. */
export class Following implements Walking {
  stage: Picture;
  isWanted: () => boolean;
  isOn: boolean;
  seen: string;
  isNew: boolean;
  frame: number | null;
  advance: (now: number) => void;
  walk: Walk | null = null;

  constructor({ lifetime, stage, isWanted }: { lifetime: Lifetime; stage: Picture; isWanted: () => boolean }) {
    this.stage = stage;
    this.isWanted = isWanted;
    this.isOn = false;
    this.seen = "";
    this.isNew = true; // the scene: the eye has nothing yet that it could follow
    this.frame = null;
    this.advance = lifetime.guard((now: number) => this.glideOn(now));
    lifetime.onEnd(() => this.stop());
  }

  /** Could nobody read the whole picture at once? Else there is nothing to follow. */
  get isWorthwhile() {
    const { camera } = this.stage;
    return camera.fitScale() < camera.readingScale - 1e-9;
  }

  /** Another scene comes. */
  forget() {
    this.stop();
    this.seen = "";
    this.isNew = true;
  }

  /** Bring the present step into sight. While the step stays the same nothing happens: a person may look around. */
  look() {
    const { camera, session } = this.stage;
    if (camera.width === 0) return;
    const wasOn = this.isOn;
    this.isOn = this.isWanted();
    const present = `${session.step} ${session.selected} ${camera.width} ${camera.height}`;
    const duration = this.isNew ? 0 : GLIDE;
    this.isNew = false;
    if (this.isOn === wasOn && (!this.isOn || present === this.seen)) return;
    this.seen = present;
    const isNear = this.isOn && (this.isWorthwhile || camera.chosen !== null);
    this.glide(isNear ? this.target() : this.whole(), duration);
  }

  whole(): Look {
    const { camera, bounds } = this.stage;
    const { x, y, width, height } = bounds;
    return { scale: camera.fitScale(), x: x + width / 2, y: y + height / 2, isWhole: true };
  }

  target(): Look {
    const { stage } = this;
    const { camera, session, bounds } = stage;
    const main = stage.present;
    if (!main) return this.whole();
    const isSelected = main.name === session.selected;
    const edges = isSelected
      ? main.edges
      : [...session.active].map((edge) => stage.edges.get(edge)).filter((edge) => edge !== undefined);
    const others = new Set(edges.flatMap((edge) => [edge.source.node, edge.target.node]));
    const scale = camera.chosen ?? camera.readingScale;
    const reach = { width: camera.width / scale, height: camera.height / scale };
    const inner = { width: reach.width * (1 - 2 * EDGE_SHARE), height: reach.height * (1 - 2 * EDGE_SHARE) };
    const { left, right, top, bottom } = boxAround(main.node, others, inner);
    const { x, y } = camera.centre;
    return {
      scale,
      x: centreFor(x, [left, right], inner.width, reach.width, [bounds.x, bounds.x + bounds.width]),
      y: centreFor(y, [top, bottom], inner.height, reach.height, [bounds.y, bounds.y + bounds.height]),
    };
  }

  glide(target: Look, duration: number) {
    this.stop();
    const { camera, marks } = this.stage;
    const start = { scale: camera.scale, ...camera.centre };
    const isThere = (["scale", "x", "y"] as const).every((name) => Math.abs(start[name] - target[name]) < 1e-6);
    if (isThere && camera.fitted === Boolean(target.isWhole)) return;
    const isSudden = duration === 0 || marks.size > MOST_GLIDING_NODES || motionIsReduced();
    this.walk = { start, target, began: performance.now(), duration: isSudden ? 0 : duration };
    this.glideOn(this.walk.began);
  }

  glideOn(now: number) {
    if (this.walk === null) return;
    const { start, target, began, duration } = this.walk;
    const { camera } = this.stage;
    const share = duration === 0 ? 1 : bounded((now - began) / duration, 0, 1);
    const eased = easeInOut(share);
    if (share === 1 && target.isWhole) camera.fit();
    else {
      const between = (name: "x" | "y") => start[name] + (target[name] - start[name]) * eased;
      camera.lookAt({ x: between("x"), y: between("y"), scale: start.scale * (target.scale / start.scale) ** eased });
    }
    this.frame = share < 1 ? requestAnimationFrame(this.advance) : null;
  }

  stop() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }
}

const DOT_KINDS = ["future", "value", "slope", "tangent", "current"] as const;
type DotKind = (typeof DOT_KINDS)[number];

const LARGEST = { width: 150, height: 96 }; // px
const NEARLY_ALL = 0.96; // of the picture in sight: no overview then
const LEAST_DOT = 3; // px

function dots(marks: NodeMark[]) {
  return marks.map(({ node }) => `M${Math.round(node.x)} ${Math.round(node.y)}h0`).join("");
}

/** The overview of one stage; a click or a drag in it moves the camera. */
export class Overview implements Corner {
  stage: Picture;
  groups: [kind: DotKind, path: SVGPathElement][];
  window: SVGRectElement;
  element: SVGSVGElement;
  held = false;

  constructor({ lifetime, stage }: { lifetime: Lifetime; stage: Picture }) {
    this.stage = stage;
    this.groups = DOT_KINDS.map((kind) => {
      return [kind, makeSvg("path", { class: `bpv-overview-dots bpv-overview-${kind}` })];
    });
    this.window = makeSvg("rect", { class: "bpv-overview-window" });
    const parts = [...this.groups.map(([, path]) => path), this.window];
    this.element = makeSvg("svg", { class: "bpv-overview", "aria-hidden": "true" }, ...parts);
    this.element.style.display = "none";
    lifetime.listen(this.element, "pointerdown", (event) => this.grab(event));
    lifetime.listen(this.element, "pointermove", (event) => this.held && this.moveTo(event));
    for (const name of ["pointerup", "pointercancel"]) lifetime.listen(this.element, name, () => (this.held = false));
    lifetime.listen(this.element, "click", (event) => event.stopPropagation()); // no click into the background
  }

  get isShown() {
    return this.element.style.display === "";
  }

  /** Follow the camera. */
  place() {
    const { camera, bounds } = this.stage;
    const { left, right, top, bottom } = camera.visible;
    const isCut = (low: number, high: number, start: number, size: number) =>
      Math.min(high, start + size) - Math.max(low, start) < size * NEARLY_ALL;
    const isNeeded = isCut(left, right, bounds.x, bounds.width) || isCut(top, bottom, bounds.y, bounds.height);
    if (isNeeded !== this.isShown) {
      this.element.style.display = isNeeded ? "" : "none";
      if (isNeeded) this.fill();
    }
    if (!isNeeded) return;
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) {
      this.window.setAttribute(name, value.toFixed(1));
    }
    this.standAside(camera);
  }

  // In the corner farthest from what is told about.
  standAside(camera: Camera) {
    const mark = this.stage.present;
    if (!mark) return;
    const isRight = mark.node.x * camera.scale + camera.x > camera.width / 2;
    const isLow = mark.node.y * camera.scale + camera.y > camera.height / 2;
    this.element.classList.toggle("bpv-overview-left", isRight);
    this.element.classList.toggle("bpv-overview-top", isLow);
  }

  /** Show how far the run has come. */
  fill() {
    if (!this.isShown) return;
    const { bounds, markOf } = this.stage;
    const scale = Math.min(LARGEST.width / bounds.width, LARGEST.height / bounds.height);
    this.element.setAttribute("viewBox", [bounds.x, bounds.y, bounds.width, bounds.height].map(Math.round).join(" "));
    this.element.style.width = `${Math.round(bounds.width * scale)}px`;
    this.element.style.height = `${Math.round(bounds.height * scale)}px`;
    this.element.style.setProperty("--bpv-dot", `${Math.max(26, LEAST_DOT / scale).toFixed(1)}px`);
    const { present } = this.stage;
    const marksOf: Record<DotKind, NodeMark[]> = {
      future: [],
      value: [],
      slope: [],
      tangent: [],
      current: present ? [present] : [],
    };
    for (const mark of markOf.values()) marksOf[this.progress(mark.id)].push(mark);
    for (const [kind, path] of this.groups) path.setAttribute("d", dots(marksOf[kind]));
  }

  progress(node: number): DotKind {
    const { replay, isForwardMode } = this.stage.session;
    if (isForwardMode && replay.tangentKnown[node]) return "tangent";
    if (!isForwardMode && (replay.settled[node] || replay.gradientBegun(node))) return "slope";
    return replay.known[node] === 1 ? "value" : "future";
  }

  grab(event: PointerEvent) {
    event.stopPropagation();
    this.held = true;
    this.element.setPointerCapture(event.pointerId);
    this.moveTo(event);
  }

  moveTo(event: PointerEvent) {
    const box = this.element.getBoundingClientRect();
    const { bounds, camera } = this.stage;
    camera.interrupt();
    camera.lookAt({
      x: bounds.x + ((event.clientX - box.left) / box.width) * bounds.width,
      y: bounds.y + ((event.clientY - box.top) / box.height) * bounds.height,
      scale: camera.scale,
    });
  }
}

/** The camera can follow the run through a large picture, and the whole shows in a corner. */
export function withFollowing() {
  parts.makeFollowing = (given) => new Following(given);
  parts.makeOverview = (given) => new Overview(given);
}
