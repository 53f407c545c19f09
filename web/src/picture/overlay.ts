// The layer above the graph: moving pulses, pills, captions and the tooltip. It repaints by itself.
import { bounded, makeElement, makeSvg, motionIsReduced } from "../page/dom.js";
import { type FoundNumber, shortText } from "../story/number_sources.js";
import { fullPrecision } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { SceneNode } from "../types/specification.js";
import { boundsOf, boxAt, nodeBoxes, overlap, placePills } from "./boxes.js";
import type { Camera } from "./camera.js";
import type { NodeMark } from "./marks.js";
import type { PulseLayer } from "./motion.js";
import { type Box, MeasuredRoute } from "./routes.js";
import type { Picture } from "../page/view.js";

const CAPTION_SIZE = 12.5;
const MOST_CAPTIONS = 9;
const CHARACTER_WIDTH = 7.2;
const MOST_OBSTACLES = 150;
const DISTANCES = [18, 40, 64, 90, 118];

// The nearer to what is being told, the earlier a node gets its plate.
function nearMarks(stage: Picture) {
  const { session, markOf, hovered, marks } = stage;
  const near = new Set([
    session.focus.node === null ? null : markOf.get(session.focus.node),
    hovered,
    marks.get(session.selected),
  ]);
  if (session.focus.consumer !== null) near.add(markOf.get(session.focus.consumer));
  for (const edge of session.active) {
    near.add(stage.edges.get(edge)?.source);
    near.add(stage.edges.get(edge)?.target);
  }
  for (const mark of [hovered, marks.get(session.selected)]) {
    for (const edge of mark?.edges ?? []) near.add(edge.source).add(edge.target);
  }
  return [...near].filter((mark) => mark !== undefined && mark !== null);
}

function makeCaption(parts: [words: string, className: string][]) {
  const text = makeSvg("text", { dy: "0.35em" });
  const length = parts.reduce((sum, [words]) => sum + [...words].length + 1, 0);
  parts.forEach(([words, className], index) => {
    text.append(makeSvg("tspan", { class: className, dx: index === 0 ? 0 : "0.6em", text: words }));
  });
  const width = length * CHARACTER_WIDTH + 12;
  const plate = makeSvg("rect", { x: -width / 2, y: -11, width, height: 22, rx: 6 });
  return { width, element: makeSvg("g", { class: "bpv-caption" }, plate, text) };
}

function captionParts(session: Session, mark: NodeMark) {
  const parts: [words: string, className: string][] = [[mark.name, "bpv-caption-name"]];
  if (session.replay.known[mark.id]) parts.push([shortText(session.valueNow(mark.id)), "bpv-caption-value"]);
  const slope = session.slope(mark.id);
  if (slope.text) parts.push([slope.text, slope.tangent === null ? "bpv-caption-slope" : "bpv-caption-tangent"]);
  return parts;
}

// Plates stand clear of what they are about: the nodes they name, the pills, and each other.
function placeCaption(
  mark: NodeMark,
  width: number,
  growth: number,
  {
    taken,
    bystanders,
    left,
    right,
    top,
    bottom,
  }: { taken: Box[]; bystanders: Box[]; left: number; right: number; top: number; bottom: number },
) {
  let best = { cost: Infinity, x: 0, y: 0, box: boxAt(0, 0, 0, 0) };
  const room = (width / 2 + 4) * growth;
  for (const distance of DISTANCES) {
    for (const side of [-1, 1]) {
      for (const shift of [0, -0.5, 0.5]) {
        const x = bounded(mark.node.x + shift * width * growth, left + room, Math.max(left + room, right - room));
        const wished = mark.node.y + side * (mark.node.height / 2 + distance * growth);
        const y = bounded(wished, top + 13 * growth, Math.max(top + 13 * growth, bottom - 13 * growth));
        const box = boxAt(x, y, (width + 6) * growth, 26 * growth);
        const covered = (boxes: Box[]) => boxes.reduce((sum, other) => sum + overlap(box, other), 0) / growth ** 2;
        const cost = covered(taken) + 0.3 * covered(bystanders) + distance + Math.abs(shift) * 8;
        if (cost < best.cost) best = { cost, x, y, box };
      }
    }
  }
  return best;
}

// Where a line from the middle of a node to a place leaves the node: what stands in it stays legible.
function edgeTowards(node: SceneNode, x: number, y: number) {
  const [dx, dy] = [x - node.x, y - node.y];
  const share =
    node.shape === "circle"
      ? node.width / 2 / (Math.hypot(dx, dy) || 1)
      : Math.min(node.width / 2 / (Math.abs(dx) || 1e-9), node.height / 2 / (Math.abs(dy) || 1e-9));
  return { x: node.x + dx * Math.min(1, share), y: node.y + dy * Math.min(1, share) };
}

// Where the overview lies in a corner, in scene units.
function cornerOf({ camera, overview }: Picture): Box[] {
  const { width, height, left, top } = overview?.element.getBoundingClientRect() ?? {
    width: 0,
    height: 0,
    left: 0,
    top: 0,
  };
  const { x, y } = camera.toScene({ clientX: left + width / 2, clientY: top + height / 2 });
  return width > 0 ? [boxAt(x, y, width / camera.scale, height / camera.scale)] : [];
}

function isInSight(mark: NodeMark, { visible, fills }: Camera) {
  const { x, y, width, height } = boundsOf([mark], [], Boolean(fills));
  const isWithin = x > visible.left - 2 && y > visible.top - 2;
  return isWithin && x + width < visible.right + 2 && y + height < visible.bottom + 2;
}

/** Draw plates for what is told about: of all of it where labels are too small, else of what is out of sight. */
function drawCaptions(group: SVGElement, stage: Picture, boxes: Box[], signs: number) {
  group.replaceChildren();
  const { camera } = stage;
  const { isTerse } = camera;
  const near = nearMarks(stage)
    // A tile has its numbers inside, and shapes alone would cover its neighbours.
    .filter((mark) => (isTerse && !mark.tile) || !isInSight(mark, camera))
    .slice(0, MOST_CAPTIONS);
  if (near.length === 0) return;
  const growth = Math.max(CAPTION_SIZE / 12 / camera.scale, isTerse ? 0 : signs);
  const taken = [...boxes, ...cornerOf(stage)];
  for (const { node } of near) taken.push(boxAt(node.x, node.y, node.width + 8 * growth, node.height + 8 * growth));
  // To cover a node that is not told about is bad, but not as bad as to cover one that is.
  const others = stage.marks.size <= MOST_OBSTACLES ? [...stage.marks.values()] : [];
  const bystanders = others.flatMap((mark) =>
    isTerse ? boxAt(mark.node.x, mark.node.y, mark.node.width, mark.node.height) : nodeBoxes(mark, camera.type),
  );
  for (const mark of near) {
    const { width, element } = makeCaption(captionParts(stage.session, mark));
    const { x, y, box } = placeCaption(mark, width, growth, { taken, bystanders, ...stage.camera.visible });
    taken.push(box);
    element.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${growth.toFixed(3)})`);
    const start = edgeTowards(mark.node, x, y);
    group.prepend(makeSvg("line", { x1: start.x, y1: start.y, x2: x, y2: y, class: "bpv-caption-leader" }));
    group.append(element);
  }
}

const LABEL_REACH = 34; // scene units: the labels above and below a node
const ROOM = 84; // pixels: a tooltip of three lines
const HALF_WIDTH = 120;

function everyDigit(number: FoundNumber) {
  return typeof number === "number" ? fullPrecision(number) : (number?.full ?? "");
}

/** The tooltip of a stage. */
class Tooltip {
  constructor(
    readonly element: HTMLElement,
    readonly session: Session,
  ) {}

  hide() {
    this.element.classList.remove("bpv-shown");
  }

  show(mark: NodeMark, camera: Camera) {
    const { session } = this;
    const rows = [["bpv-tip-title", session.equation(mark.id) || mark.name]];
    if (session.replay.known[mark.id] && !mark.tile) {
      rows.push(["bpv-tip-value", `value  ${everyDigit(session.number("value", mark.id))}`]);
    }
    if (session.replay.settled[mark.id] && !mark.tile) {
      rows.push(["bpv-tip-slope", `▽  ${everyDigit(session.number("gradient", mark.id))}`]);
    }
    if (session.replay.tangentKnown[mark.id] && !mark.tile) {
      rows.push(["bpv-tip-tangent", `▷  ${everyDigit(session.number("tangent", mark.id))}`]);
    }
    this.element.replaceChildren(...rows.map(([name, text]) => makeElement("div", { class: name, text })));
    this.place(mark.node, camera);
    this.element.classList.add("bpv-shown");
  }

  // Below the node's labels, above them where there is no room below: to the sides run the edges.
  place(node: { x: number; y: number; height: number }, camera: Camera) {
    const reach = (node.height / 2 + LABEL_REACH) * camera.scale;
    const y = camera.y + node.y * camera.scale;
    const isLow = y + reach + ROOM > camera.height && y - reach > ROOM;
    const x = bounded(camera.x + node.x * camera.scale, HALF_WIDTH, Math.max(HALF_WIDTH, camera.width - HALF_WIDTH));
    this.element.style.left = `${x}px`;
    this.element.style.top = `${isLow ? y - reach : y + reach}px`;
    this.element.classList.toggle("bpv-tip-above", isLow);
  }
}

const READABLE_SCALE = 0.85;
const MOST_PILLS = 12;
const TINY_SCALE = 0.2; // nodes are dots, and a pill would hide what it speaks of; the ledger has the numbers

/** The layer above the graph of one stage. */
export class Overlay {
  session: Session;
  stage: Picture;
  pillGroup: SVGGElement;
  captionGroup: SVGGElement;
  world: SVGGElement;
  element: SVGSVGElement;
  pulseGroup = makeSvg("g", { class: "bpv-pulses" });
  pulses?: PulseLayer;
  tooltip: HTMLDivElement;
  tip: Tooltip;
  travelling: Set<number>;
  arrival: number;
  pillBoxes!: Box[];

  constructor({ session, stage }: { session: Session; stage: Picture }) {
    this.session = session;
    this.stage = stage;
    this.pillGroup = makeSvg("g", { class: "bpv-pills" });
    this.captionGroup = makeSvg("g", { class: "bpv-captions" });
    this.world = makeSvg("g", { class: "bpv-world" }, this.pillGroup, this.captionGroup, this.pulseGroup);
    this.element = makeSvg("svg", { class: "bpv-overlay", "aria-hidden": "true" }, this.world);
    this.tooltip = makeElement("div", { class: "bpv-tooltip", "aria-hidden": "true" });
    this.tip = new Tooltip(this.tooltip, session);
    this.travelling = new Set();
    this.arrival = 0;
  }

  /** Small pictures get larger signs, so that they stay readable. */
  get growth() {
    const { scale, fills, type } = this.stage.camera;
    return Math.max(type / 15, fills ? 0 : READABLE_SCALE / scale);
  }

  /** Forget everything that moves or stands here. */
  clear() {
    this.pulses?.clear();
    this.travelling = new Set();
    this.pillGroup.replaceChildren();
    this.captionGroup.replaceChildren();
    this.tip.hide();
  }

  /** Stop what is moving: the step is not reached by walking on. */
  halt() {
    this.pulses?.clear();
    this.travelling = new Set();
  }

  hover(mark: NodeMark | null) {
    if (mark) this.tip.show(mark, this.stage.camera);
    else this.tip.hide();
    if (this.stage.camera.isTerse) this.refresh();
  }

  /** Send the numbers of the current step on their way; returns the travel time in milliseconds, 0 for none. */
  send(speed: number) {
    const { focus } = this.session;
    const pulses = [];
    if (!motionIsReduced()) {
      for (const edge of focus.edges) {
        const mark = this.stage.edges.get(edge);
        if (!mark) continue;
        const route = new MeasuredRoute(mark.pieces);
        pulses.push({ key: edge, route, backward: focus.phase === "backward", ...this.session.carried(edge) });
      }
    }
    if (pulses.length === 0 || !this.pulses) return 0;
    const duration = this.pulses.send(pulses, speed, this.growth);
    this.travelling = new Set(pulses.map((pulse) => pulse.key));
    this.arrival = performance.now() + duration;
    return duration;
  }

  /** Draw what stands still: the pills of the current node's ledger, and captions where labels are too small. */
  refresh() {
    if (!this.session.focus) return;
    this.drawPills();
    drawCaptions(this.captionGroup, this.stage, this.pillBoxes, this.growth);
    if (this.stage.hovered) this.tip.show(this.stage.hovered, this.stage.camera);
  }

  drawPills() {
    const { focus, active } = this.session;
    this.pillGroup.replaceChildren();
    this.pillBoxes = [];
    if (focus.phase !== "backward" || this.stage.camera.scale < TINY_SCALE) return;
    const shown = [...active].slice(-MOST_PILLS).map((edge) => ({ edge, mark: this.stage.edges.get(edge) }));
    const pills = shown.flatMap(({ edge, mark }) =>
      mark ? [{ edge, route: new MeasuredRoute(mark.pieces), ...this.session.carried(edge) }] : [],
    );
    const wait = this.arrival - performance.now();
    for (const [edge, element, box] of placePills(
      pills,
      this.stage.marks.values(),
      { growth: this.growth, type: this.stage.camera.type },
      this.stage.labelBoxes?.(),
    )) {
      this.pillBoxes.push(box);
      if (wait > 0 && this.travelling.has(edge)) {
        element.classList.add("bpv-pill-arrives");
        element.style.animationDelay = `${Math.round(wait * 0.85)}ms`;
      }
      this.pillGroup.append(element);
    }
  }
}
