// Where the whole picture would be too small to read: the camera walks along with the run.
import { bounded, easeInOut, motionIsReduced } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import type { SceneNode } from "../types/specification.js";
import { LEGIBLE_SCALE } from "./camera.js";
import type { FollowSwitch, Picture, Walking } from "../page/view.js";

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
const MOST_FOLLOWED = 60; // nodes of a circuit that is followed without being asked to

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

/** The camera's walk along the run of one stage; isWanted(): whether it shall follow, where somebody has said so. */
class Following implements Walking {
  stage: Picture;
  isWanted: () => boolean | null;
  isOn: boolean;
  seen: string;
  isNew: boolean;
  frame: number | null;
  advance: (now: number) => void;
  walk: Walk | null = null;

  constructor({
    lifetime,
    stage,
    isWanted,
  }: {
    lifetime: Lifetime;
    stage: Picture;
    isWanted: FollowSwitch["isWanted"];
  }) {
    this.stage = stage;
    this.isWanted = isWanted;
    stage.camera.comesClose = () => this.isWorthwhile && this.shallFollow;
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

  /** Are there numbers that nobody could read? The whole of a large circuit tells more than a part of it. */
  get isUnreadable() {
    const { camera, bounds, marks, session } = this.stage;
    const isCircuit = marks.size <= MOST_FOLLOWED && session.spec.scene.drawing !== "network";
    // Where one presents, it is read from the last row.
    return camera.fills ? this.isWorthwhile : camera.fitScale() < (bounds.legible ?? (isCircuit ? LEGIBLE_SCALE : 0));
  }

  get shallFollow() {
    return this.isWanted() ?? this.isUnreadable;
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
    const hasTurned = this.isOn !== this.shallFollow;
    const duration = this.isNew ? 0 : GLIDE;
    this.isOn = this.shallFollow;
    this.isNew = false;
    if (hasTurned) camera.remeasure(); // a part that is looked at from near has a stage as high as it needs
    const present = `${session.step} ${session.selected} ${camera.width} ${camera.height}`;
    if (!hasTurned && (!this.isOn || present === this.seen)) return;
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
    const [first] = stage.marks.values();
    const main = stage.present ?? (this.isUnreadable ? first : null);
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

/** The camera can follow the run through a large picture. */
export function withFollowing() {
  parts.makeFollowing = (given) => new Following(given);
}
