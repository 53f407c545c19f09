// Where the whole picture would be too small to read, the camera can come close and walk along with the run.
import { bounded, motionIsReduced } from "./dom.js";
import { easeInOut } from "./pulses.js";

const READING_SCALE = 0.85; // 15 px type is then 12.7 px
const GLIDE = 380; // milliseconds
const EDGE_SHARE = 0.14; // of the stage: what is told about keeps this far from its edges
const ROOM_AROUND = 40; // scene units around a node
const MOST_GLIDING_NODES = 400;

/** The box around marks, with room for their labels. */
function hull(marks) {
  const sides = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { node } of marks) {
    sides.left = Math.min(sides.left, node.x - node.width / 2 - ROOM_AROUND);
    sides.right = Math.max(sides.right, node.x + node.width / 2 + ROOM_AROUND);
    sides.top = Math.min(sides.top, node.y - node.height / 2 - ROOM_AROUND);
    sides.bottom = Math.max(sides.bottom, node.y + node.height / 2 + ROOM_AROUND);
  }
  return sides;
}

/**
 * Where to look along one axis: there where one looks now if everything is in sight; else at its middle, but never so
 * that the main thing is out of sight. Each given as [low, high]; reach is what can be seen.
 */
export function centreFor({ now, reach, everything, main, scene }) {
  const inner = reach * (1 - 2 * EDGE_SHARE);
  const holds = ([low, high], centre) => high - inner / 2 <= centre && centre <= low + inner / 2;
  let centre = now;
  if (!holds(everything, now)) {
    const middle = (everything[0] + everything[1]) / 2;
    centre = bounded(middle, main[1] - inner / 2, Math.max(main[1] - inner / 2, main[0] + inner / 2));
  }
  const [low, high] = [scene[0] + reach / 2, scene[1] - reach / 2];
  return low > high ? (low + high) / 2 : bounded(centre, low, high);
}

/** The camera's walk along the run of one stage; isWanted(): whether it shall follow. */
export class Following {
  constructor({ lifetime, stage, isWanted }) {
    this.stage = stage;
    this.isWanted = isWanted;
    this.isOn = false;
    this.seen = "";
    this.isNew = true; // the scene: the eye has nothing yet that it could follow
    this.frame = null;
    this.advance = lifetime.guard((now) => this.glideOn(now));
    lifetime.onEnd(() => this.stop());
  }

  /** Could nobody read the whole picture at once? Else there is nothing to follow. */
  get isWorthwhile() {
    return this.stage.camera.fitScale() < READING_SCALE;
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

  whole() {
    const { camera, bounds } = this.stage;
    const { x, y, width, height } = bounds;
    return { scale: camera.fitScale(), x: x + width / 2, y: y + height / 2, isWhole: true };
  }

  target() {
    const { stage } = this;
    const { camera, session, bounds } = stage;
    const chosen = stage.marks.get(session.selected);
    const main = chosen ?? stage.markOf.get(stage.drawn(session.focus.node));
    if (!main) return this.whole();
    const edges = chosen ? chosen.edges : [...session.active].map((edge) => stage.edges.get(edge)).filter(Boolean);
    const everything = hull([main, ...edges.flatMap((edge) => [edge.source, edge.target])]);
    const core = hull([main]);
    const scale = camera.chosen ?? READING_SCALE;
    const { x, y } = camera.centre;
    const alongX = { everything: [everything.left, everything.right], main: [core.left, core.right] };
    const alongY = { everything: [everything.top, everything.bottom], main: [core.top, core.bottom] };
    const sceneX = [bounds.x, bounds.x + bounds.width];
    const sceneY = [bounds.y, bounds.y + bounds.height];
    return {
      scale,
      x: centreFor({ now: x, reach: camera.width / scale, scene: sceneX, ...alongX }),
      y: centreFor({ now: y, reach: camera.height / scale, scene: sceneY, ...alongY }),
    };
  }

  glide(target, duration) {
    this.stop();
    const { camera, marks } = this.stage;
    const start = { scale: camera.scale, ...camera.centre };
    const isThere = ["scale", "x", "y"].every((name) => Math.abs(start[name] - target[name]) < 1e-6);
    if (isThere && camera.fitted === Boolean(target.isWhole)) return;
    const isSudden = duration === 0 || marks.size > MOST_GLIDING_NODES || motionIsReduced();
    this.walk = { start, target, began: performance.now(), duration: isSudden ? 0 : duration };
    this.glideOn(this.walk.began);
  }

  glideOn(now) {
    const { start, target, began, duration } = this.walk;
    const { camera } = this.stage;
    const share = duration === 0 ? 1 : bounded((now - began) / duration, 0, 1);
    const eased = easeInOut(share);
    if (share === 1 && target.isWhole) camera.fit();
    else {
      const between = (name) => start[name] + (target[name] - start[name]) * eased;
      camera.lookAt({ x: between("x"), y: between("y"), scale: start.scale * (target.scale / start.scale) ** eased });
    }
    this.frame = share < 1 ? requestAnimationFrame(this.advance) : null;
  }

  stop() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }
}
