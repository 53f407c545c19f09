// Numbers travelling along edges, on an SVG layer of their own: a frame repaints this layer and never the graph.
import { bounded, makeSvg } from "./dom.js";

const SHORTEST_TRAVEL = 250; // milliseconds per edge at speed 1
const LONGEST_TRAVEL = 400;
const MILLISECONDS_PER_UNIT = 0.7;
const MOST_PULSES = 24;
const PILL_RISE = 21;

/** Slow at both ends, so that the eye can leave with the pulse and arrive with it. */
export function easeInOut(share) {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** How long a pulse travels, in milliseconds: longer edges take longer, within bounds. */
export function travelTime(length, speed) {
  return bounded(180 + length * MILLISECONDS_PER_UNIT, SHORTEST_TRAVEL, LONGEST_TRAVEL) / speed;
}

/** A small rounded plate with a number on it; width is estimated, because measuring would cost a layout. */
export function makePill(text, kind) {
  const width = pillWidth(text);
  return makeSvg(
    "g",
    { class: `bpv-pill bpv-pill-${kind}` },
    makeSvg("rect", { x: -width / 2, y: -11, width, height: 22, rx: 11 }),
    makeSvg("text", { dy: "0.35em", text }),
  );
}

/** The width of a pill, in scene units. */
export function pillWidth(text) {
  return Math.max(26, [...text].length * 7.6 + 16);
}

/** The layer of moving pulses. */
export class PulseLayer {
  constructor({ lifetime, group }) {
    this.group = group;
    this.pulses = [];
    this.frame = null;
    this.tick = lifetime.guard((now) => this.advance(now));
    lifetime.onEnd(() => this.clear());
  }

  /**
   * Send pulses on their way.
   *
   * Each is {route, text, kind, backward}: a MeasuredRoute, the number it carries, "forward", "backward" or "tangent",
   * and whether it runs from the consumer to the argument. Returns the travel time in milliseconds.
   */
  send(pulses, speed, growth) {
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

  advance(now) {
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
