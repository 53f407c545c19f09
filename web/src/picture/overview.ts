// The whole of a large picture in a corner.
import { makeSvg, setAttributeOf } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import type { Corner, Picture } from "../page/view.js";
import { boxAt, overlap } from "./boxes.js";
import type { NodeMark } from "./marks.js";

const DOT_KINDS = ["future", "value", "slope", "tangent", "current"] as const;
type DotKind = (typeof DOT_KINDS)[number];

const WIDEST_OVERVIEW = 150; // px; less on a small stage
const NEARLY_ALL = 0.96; // of the picture in sight: no overview then
const LEAST_DOT = 3; // px
const OVERVIEW_ROOM = 20; // px: its rim and its distance from the stage's
const WEIGHT_OF_PRESENT = 9; // what is told about is worth as much as so many others
const OVERVIEW_CORNERS = [0, 1, 2, 3].map((corner) => ({ isLeft: corner % 2 === 1, isTop: corner > 1 }));

function dots(marks: NodeMark[]) {
  return marks.map(({ node }) => `M${Math.round(node.x)} ${Math.round(node.y)}h0`).join("");
}

/** The overview of one stage; a click or a drag in it moves the camera. */
class Overview implements Corner {
  stage: Picture;
  groups: [kind: DotKind, path: SVGPathElement][];
  window: SVGRectElement;
  element: SVGSVGElement;
  held = false;
  corner = OVERVIEW_CORNERS[0];
  extent = { width: 0, height: 0 }; // px

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
    parts.hideDetails?.(this.stage);
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
    this.standAside();
  }

  // Where it lies in a corner, in scene units.
  private boxIn({ isLeft, isTop }: (typeof OVERVIEW_CORNERS)[number]) {
    const { visible, scale } = this.stage.camera;
    const [width, height] = [(this.extent.width + OVERVIEW_ROOM) / scale, (this.extent.height + OVERVIEW_ROOM) / scale];
    const x = isLeft ? visible.left : visible.right - width;
    const y = isTop ? visible.top : visible.bottom - height;
    return boxAt(x + width / 2, y + height / 2, width, height);
  }

  /** Where it lies, known without a look at the page: that would be laid out at once, at every edit. */
  get boxes() {
    return this.isShown ? [this.boxIn(this.corner)] : [];
  }

  /** What it would cover in a corner. */
  covered(corner: (typeof OVERVIEW_CORNERS)[number]) {
    const box = this.boxIn(corner);
    const { marks, present } = this.stage;
    let sum = 0;
    for (const mark of marks.values()) {
      const { node } = mark;
      const weight = mark === present ? WEIGHT_OF_PRESENT : 1;
      sum += weight * overlap(box, boxAt(node.x, node.y, node.width, node.height));
    }
    return sum;
  }

  // Where it covers little: it leaves its corner for one where it covers half as much.
  standAside() {
    if (this.held) return;
    let least = this.covered(this.corner) / 2;
    for (const corner of OVERVIEW_CORNERS) {
      const covered = this.covered(corner);
      if (covered < least) [least, this.corner] = [covered, corner];
    }
    this.element.classList.toggle("bpv-overview-left", this.corner.isLeft);
    this.element.classList.toggle("bpv-overview-top", this.corner.isTop);
  }

  /** Show how far the run has come. */
  fill() {
    if (!this.isShown) return;
    const { bounds, markOf } = this.stage;
    const { width, height } = this.stage.camera;
    const widest = Math.min(WIDEST_OVERVIEW, width * 0.28, height * 0.44);
    const scale = Math.min(widest / bounds.width, (widest * 0.64) / bounds.height);
    const box = [bounds.x, bounds.y, bounds.width, bounds.height].map(Math.round).join(" ");
    setAttributeOf(this.element, "viewBox", box);
    this.extent = { width: Math.round(bounds.width * scale), height: Math.round(bounds.height * scale) };
    this.element.style.width = `${this.extent.width}px`;
    this.element.style.height = `${this.extent.height}px`;
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
    for (const [kind, path] of this.groups) setAttributeOf(path, "d", dots(marksOf[kind]));
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

/** Of a picture that is not in sight as a whole, the whole shows in a corner. */
export function withOverview() {
  parts.makeOverview = (given) => new Overview(given);
}
