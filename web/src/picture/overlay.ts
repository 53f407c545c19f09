// The layer above the graph: moving pulses, pills, captions and the tooltip. It repaints by itself.
import { bounded, makeElement, makeSvg, motionIsReduced } from "../page/dom.js";
import type { FoundNumber } from "../story/number_sources.js";
import { fullPrecision } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import { placePills } from "./boxes.js";
import { drawCaptions } from "./captions.js";
import type { Camera } from "./camera.js";
import type { NodeMark } from "./marks.js";
import type { PulseLayer } from "./motion.js";
import { type Box, MeasuredRoute } from "./routes.js";
import { parts } from "../page/parts.js";
import type { Picture } from "../page/view.js";

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

  // Below the node's labels, above them where there is no room below: to the sides run the edges. On what fills the
  // picture, in it.
  place(node: { x: number; y: number; height: number }, camera: Camera) {
    const reach = (node.height / 2 + LABEL_REACH) * camera.scale;
    const y = camera.y + node.y * camera.scale;
    const isLow = y + reach + ROOM > camera.height && y - reach > ROOM;
    const x = bounded(camera.x + node.x * camera.scale, HALF_WIDTH, Math.max(HALF_WIDTH, camera.width - HALF_WIDTH));
    this.element.style.left = `${x}px`;
    this.element.style.top = `${isLow ? y - reach : bounded(y + reach, 0, Math.max(0, camera.height - ROOM))}px`;
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
  said = ""; // here, where there are arrays

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
    this.said = "";
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

  /**
   * Draw what stands still: the pills of the current node's ledger, and captions where labels are too small. Where
   * nothing has moved, what says the same stays, as the shapes of arrays do at an edit.
   */
  refresh(isInPlace = false) {
    if (!this.session.focus || (parts.saysTheSame?.(this) && isInPlace)) return;
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
