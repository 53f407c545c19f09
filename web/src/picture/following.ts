// Where the whole picture would be too small to read: the camera walks along with the run.
import { bounded, easeInOut, motionIsReduced } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import { boundsOf } from "./boxes.js";
import type { Bounds } from "./camera.js";
import type { NodeMark } from "./marks.js";
import type { FollowSwitch, Picture, Walking } from "../page/view.js";

interface Walk {
  start: Look;
  target: Look;
  began: number;
  duration: number;
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
const MOST_GLIDING_NODES = 400;
const MOST_FOLLOWED = 60; // nodes of a circuit that is followed without being asked to

/** The bounds of both. */
function union(one: Bounds, two: Bounds): Bounds {
  const [x, y] = [Math.min(one.x, two.x), Math.min(one.y, two.y)];
  const width = Math.max(one.x + one.width, two.x + two.width) - x;
  return { x, y, width, height: Math.max(one.y + one.height, two.y + two.height) - y };
}

/** What a mark is joined to, the nearest first. */
function neighboursOf({ node, edges }: NodeMark) {
  const distance = (mark: NodeMark) => Math.hypot(mark.node.x - node.x, mark.node.y - node.y);
  const all = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  return [...all].sort((first, second) => distance(first) - distance(second)); // itself before all others
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
    // Where one presents, it is read from the last row.
    if (camera.fills) return this.isWorthwhile;
    const scale = camera.fitScale();
    if (bounds.legible !== undefined) return scale < bounds.legible;
    return marks.size <= MOST_FOLLOWED && session.spec.scene.drawing !== "network" && camera.isTerseAt(scale);
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

  private boundsAround(marks: NodeMark[]) {
    return boundsOf(marks, [], Boolean(this.stage.camera.fills));
  }

  /** So near that a node and its neighbours are seen together, wherever that can be read; the same for a whole run. */
  get nearScale() {
    const { camera, marks } = this.stage;
    let scale = camera.readingScale;
    if (marks.size > MOST_FOLLOWED) return scale;
    for (const mark of marks.values()) {
      const { width, height } = this.boundsAround([mark, ...neighboursOf(mark)]);
      const needed = Math.min(camera.width / width, camera.height / height);
      if (needed >= camera.leastScale) scale = Math.min(scale, needed);
    }
    return scale;
  }

  target(): Look {
    const { stage } = this;
    const { camera, session, bounds } = stage;
    const [first] = stage.marks.values();
    const main = stage.present ?? (this.isUnreadable ? first : null);
    if (!main) return this.whole();
    const scale = camera.chosen ?? this.nearScale;
    const reach = { width: camera.width / scale, height: camera.height / scale };
    // What the step is about comes before what else is joined to its node.
    const active = new Set(
      [...session.active]
        .map((edge) => stage.edges.get(edge))
        .flatMap((edge) => (edge ? [edge.source, edge.target] : [])),
    );
    const near = neighboursOf(main).sort((one, two) => Number(active.has(two)) - Number(active.has(one)));
    let box = this.boundsAround([main]);
    for (const mark of near) {
      const larger = union(box, this.boundsAround([mark]));
      if (larger.width <= reach.width + 1 && larger.height <= reach.height + 1) box = larger;
    }
    const { x, y } = camera.centre;
    const along = (now: number, low: number, size: number, seen: number, from: number, length: number) => {
      // Not close to an edge, where there is room.
      const inner = Math.max(size, Math.min(seen, (1 - 2 * EDGE_SHARE) * seen));
      return centreFor(now, [low, low + size], inner, seen, [from, from + length]);
    };
    return {
      scale,
      x: along(x, box.x, box.width, reach.width, bounds.x, bounds.width),
      y: along(y, box.y, box.height, reach.height, bounds.y, bounds.height),
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
