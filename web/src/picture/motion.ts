// What moves in the picture: numbers along edges, nodes from one scene to the next, and nodes under the hand.
import { bounded, easeInOut, makeSvg, motionIsReduced } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { makePill } from "./boxes.js";
import type { Camera } from "./camera.js";
import type { NodeMark } from "./marks.js";
import { blendedRoute, directRoute, type MeasuredRoute, type Point, type Route } from "./routes.js";
import type { Picture } from "../page/view.js";

interface Held {
  mark: NodeMark;
  dx: number;
  dy: number;
  x: number;
  y: number;
  moved?: boolean;
}

/** A number on its way along an edge. */
interface Pulse {
  key: number;
  route: MeasuredRoute;
  text: string;
  kind: string;
  backward: boolean;
}

const SHORTEST_TRAVEL = 250; // milliseconds per edge at speed 1
const LONGEST_TRAVEL = 400;
const MILLISECONDS_PER_UNIT = 0.7;
const MOST_PULSES = 24;
const PILL_RISE = 21;

/** How long a pulse travels, in milliseconds: longer edges take longer, within bounds. */
function travelTime(length: number, speed: number) {
  return bounded(180 + length * MILLISECONDS_PER_UNIT, SHORTEST_TRAVEL, LONGEST_TRAVEL) / speed;
}

/** The layer of moving pulses. */
export class PulseLayer {
  group: SVGElement;
  pulses: (Pulse & { element: SVGGElement })[];
  frame: number | null;
  tick: (now: number) => void;
  duration!: number;
  started!: number;

  constructor({ lifetime, group }: { lifetime: Lifetime; group: SVGElement }) {
    this.group = group;
    this.pulses = [];
    this.frame = null;
    this.tick = lifetime.guard((now: number) => this.advance(now));
    lifetime.onEnd(() => this.clear());
  }

  /**
   * Send pulses on their way.
   *
   * Each is {route, text, kind, backward}: a MeasuredRoute, the number it carries, "forward", "backward" or "tangent",
   * and whether it runs from the consumer to the argument. Returns the travel time in milliseconds.
   */
  send(pulses: Pulse[], speed: number, growth: number) {
    this.clear();
    const sent = pulses.slice(0, MOST_PULSES);
    const longest = sent.reduce((length, pulse) => Math.max(length, pulse.route.length), 0);
    const duration = travelTime(longest, speed);
    for (const pulse of sent) {
      const pill = makePill(pulse.text, pulse.kind);
      pill.setAttribute("transform", `translate(0,${-PILL_RISE})`);
      const dot = makeSvg("circle", { r: 6, class: "bpv-pulse-dot" });
      const halo = makeSvg("circle", { r: 11, class: "bpv-pulse-halo" });
      const body = makeSvg("g", { transform: `scale(${growth})` }, halo, dot, sent.length <= 6 ? pill : null);
      const element = makeSvg("g", { class: `bpv-pulse bpv-pulse-${pulse.kind}`, "data-pulse": pulse.key }, body);
      this.group.append(element);
      this.pulses.push({ ...pulse, element });
    }
    this.duration = duration;
    this.started = performance.now();
    if (this.pulses.length > 0) this.advance(this.started);
    return duration;
  }

  advance(now: number) {
    const share = bounded((now - this.started) / this.duration, 0, 1);
    const eased = easeInOut(share);
    for (const pulse of this.pulses) {
      const point = pulse.route.pointAt(pulse.backward ? 1 - eased : eased);
      pulse.element.setAttribute("transform", `translate(${point.x.toFixed(2)},${point.y.toFixed(2)})`);
    }
    if (share < 1) this.frame = requestAnimationFrame(this.tick);
    else this.clear();
  }

  clear() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    for (const pulse of this.pulses) pulse.element.remove();
    this.pulses = [];
  }
}

const MOVE_DURATION = 420;
const MOST_MOVING_NODES = 300;

/** Move the marks of a stage from former places to those of its new scene. */
export function moveScene(stage: Picture, formerPlaces: Map<string, Point>, formerRoutes: Map<string, Route>) {
  stage.stopMoving();
  const moving = [...stage.marks.values()].filter((mark) => {
    const place = formerPlaces.get(mark.name);
    return place && (place.x !== mark.home.x || place.y !== mark.home.y);
  });
  if (moving.length === 0 || moving.length > MOST_MOVING_NODES || motionIsReduced()) return;
  const edges = new Set(moving.flatMap((mark) => mark.edges));
  const started = performance.now();
  let frame: number | null = null;
  const advance = (now: number) => {
    const share = bounded((now - started) / MOVE_DURATION, 0, 1);
    const eased = easeInOut(share);
    for (const mark of moving) {
      const place = formerPlaces.get(mark.name) ?? mark.home;
      mark.place(place.x + (mark.home.x - place.x) * eased, place.y + (mark.home.y - place.y) * eased);
    }
    for (const edge of edges) {
      const former = formerRoutes.get(stage.routeName(edge));
      const blended = former && blendedRoute(former, edge.home, eased);
      edge.route(share === 1 ? edge.home : (blended ?? directRoute(edge.source.node, edge.target.node)));
    }
    stage.overlay.refresh();
    frame = share < 1 ? requestAnimationFrame(guarded) : null;
  };
  const guarded = stage.lifetime.guard(advance);
  stage.stopMoving = () => {
    if (frame !== null) cancelAnimationFrame(frame);
  };
  guarded(started);
}

const MOVE_THRESHOLD = 4;

/** Route the edges of a node again after it moved; parallel edges into one node stay apart. */
function rerouteEdges(mark: NodeMark) {
  for (const edge of mark.edges) {
    const [from, to] = [edge.source.node, edge.target.node];
    const twins = edge.target.edges.filter((other) => other.source === edge.source && other.target === edge.target);
    const spread = twins.length > 1 ? (twins.indexOf(edge) - (twins.length - 1) / 2) * 12 : 0;
    edge.route(directRoute(from, to, spread));
  }
}

/** Let a pointer drag the nodes of a stage; a press without movement stays a click. */
export class NodeDragging {
  held: Held | null;
  justMoved = false;

  constructor({
    lifetime,
    stage,
    findMark,
    camera,
    onMove,
  }: {
    lifetime: Lifetime;
    stage: HTMLElement;
    findMark: (target: EventTarget | null) => NodeMark | null;
    camera: Camera;
    onMove: (mark: NodeMark) => void;
  }) {
    this.held = null;
    lifetime.listen(stage, "pointerdown", (event) => {
      const mark = findMark(event.target);
      if (!mark || event.button !== 0) return;
      const point = camera.toScene(event);
      this.held = { mark, dx: mark.node.x - point.x, dy: mark.node.y - point.y, x: event.clientX, y: event.clientY };
    });
    lifetime.listen(stage, "pointermove", (event) => {
      const held = this.held;
      if (!held) return;
      if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < MOVE_THRESHOLD) return;
      if (!held.moved) stage.setPointerCapture(event.pointerId);
      held.moved = true;
      const point = camera.toScene(event);
      held.mark.place(point.x + held.dx, point.y + held.dy);
      rerouteEdges(held.mark);
      onMove(held.mark);
    });
    for (const event of ["pointerup", "pointercancel"]) {
      lifetime.listen(stage, event, () => {
        this.justMoved = Boolean(this.held?.moved);
        this.held = null;
      });
    }
  }
}
