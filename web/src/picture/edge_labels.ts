// What edges show beside their way: what travels along them, the shapes of arrays, the weights of networks.
import { makeElement, makeSvg, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { shapeText } from "../story/primitives.js";
import { type FoundNumber, shortText } from "../story/number_sources.js";
import type { Changed } from "../story/replay.js";
import type { Session } from "../story/session.js";
import { type EdgeMark, setTextOf } from "./marks.js";
import { type Point, samplePoints } from "./routes.js";
import type { Picture } from "../page/view.js";

const EDGE_REACH = 9; // px from the line
const EDGE_SAMPLES = 16;

/** The local gradient of an edge, as far as the run has come. */
export function localGradient(session: Session, edge: number) {
  const { structure, replay } = session;
  const consumer = structure.consumers[edge];
  const slot = edge - structure.offsets[consumer];
  return replay.known[consumer] ? session.number("partial", consumer, slot) : undefined;
}

/** What flows through an edge: a part of a gradient, or in forward mode of a tangent. */
export function flowThrough({ structure, isForwardMode, context }: Session, edge: number) {
  const consumer = structure.consumers[edge];
  return context.number(isForwardMode ? "push" : "contribution", consumer, edge - structure.offsets[consumer]);
}

/** Has it flowed, at the step? */
export function hasFlowed({ structure, replay, isForwardMode }: Session, edge: number) {
  return isForwardMode ? replay.tangentKnown[structure.consumers[edge]] === 1 : replay.edgeState(edge) === "backward";
}

/** What an edge tells: rows of [class, text]; only what is known at the step. */
export function tellEdge(session: Session, edge: number) {
  const { structure, replay, nodes } = session;
  const [source, consumer] = [structure.sources[edge], structure.consumers[edge]];
  const number = (kind: string, node: number) => shortText(session.number(kind, node));
  const rows = [["bpv-tip-title", `${nodes[source].name} → ${nodes[consumer].name}`]];
  if (replay.known[source]) rows.push(["bpv-tip-value", `carries ${number("value", source)}`]);
  const local = shortText(localGradient(session, edge));
  const isForward = session.isForwardMode;
  const first = isForward ? number("tangent", source) : number("gradient", consumer);
  const product = shortText(flowThrough(session, edge));
  if (hasFlowed(session, edge) && local && first && product) {
    const words = isForward ? "tangent × local = part of the next" : "upstream × local = contribution";
    rows.push(["bpv-tip-words", words]);
    rows.push([isForward ? "bpv-tip-tangent" : "bpv-tip-slope", `${first} × ${local} = ${product}`]);
  } else if (local) rows.push(["bpv-tip-words", `local derivative ${local}`]);
  return rows;
}

/** Show what an edge tells where a pointer comes near it, or touches it. */
export class EdgeReading {
  stage: Picture;
  read: EdgeMark | null = null;
  samples = new WeakMap<object, Point[]>();

  constructor({ lifetime, stage }: { lifetime: Lifetime; stage: Picture }) {
    this.stage = stage;
    const look = (event: MouseEvent) => this.look(event);
    lifetime.listen(stage.element, "pointermove", look);
    lifetime.listen(stage.element, "click", look);
    lifetime.listen(stage.element, "pointerleave", (event) => {
      if (event.pointerType === "mouse") this.show(null);
    });
  }

  look(event: MouseEvent) {
    const { camera, hovered } = this.stage;
    const isElsewhere = hovered !== null || nearest(event.target, "[data-node], button") !== null;
    this.show(isElsewhere || event.buttons > 0 ? null : this.edgeAt(camera.toScene(event)), event);
  }

  edgeAt({ x, y }: Point) {
    let best: EdgeMark | null = null;
    let least = EDGE_REACH / this.stage.camera.scale;
    for (const edge of this.stage.edges.values()) {
      for (const point of this.pointsOf(edge)) {
        const distance = Math.hypot(point.x - x, point.y - y);
        if (distance < least) [best, least] = [edge, distance];
      }
    }
    return best;
  }

  // A node that was dragged gives its edges other pieces.
  pointsOf(edge: EdgeMark) {
    const points = this.samples.get(edge.pieces) ?? samplePoints(edge.pieces, EDGE_SAMPLES);
    this.samples.set(edge.pieces, points);
    return points;
  }

  show(edge: EdgeMark | null, event?: MouseEvent) {
    const { overlay, camera, session, hovered } = this.stage;
    this.read?.element.classList.remove("bpv-edge-read");
    const wasShown = this.read !== null;
    this.read = edge;
    if (!edge || !event) {
      if (wasShown && !hovered) overlay.tip.hide();
      return;
    }
    edge.element.classList.add("bpv-edge-read");
    const tip = overlay.tooltip;
    tip.replaceChildren(
      ...tellEdge(session, edge.key).map(([name, text]) => makeElement("div", { class: name, text })),
    );
    const { x, y } = camera.toScene(event);
    overlay.tip.place({ x, y, height: -24 }, camera);
    tip.classList.add("bpv-shown");
  }
}

// The shapes that travel along the edges, on demand: a button beside those of the zoom, and the key S.

/** What the values on the edges of a stage look like; gradients have the same shapes. */
export class EdgeShapes {
  private readonly button = makeElement("button", {
    type: "button",
    class: "bpv-icon-button bpv-shapes-button",
    title: "Shapes on the edges (S)",
    "aria-label": "Shapes on the edges",
    "aria-pressed": "false",
    text: "m×n",
  });
  private isOn = false;
  private drawn: Map<number, unknown> | null = null; // the edges that have theirs
  private named: EdgeMark[] = [];

  constructor(
    lifetime: Lifetime,
    private readonly stage: Picture,
    root: HTMLElement,
  ) {
    lifetime.listen(this.button, "click", () => this.toggle());
    lifetime.listen(root, "keydown", (event) => {
      const isTyped = nearest(event.target, "textarea, select, input:not([type=range], [type=checkbox])") !== null;
      if (event.key.toLowerCase() === "s" && !isTyped && !event.ctrlKey && !event.metaKey && !event.altKey)
        this.toggle();
    });
    stage.zoom.element.prepend(this.button);
  }

  private toggle(): void {
    this.isOn = !this.isOn;
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.show();
  }

  /** Draw them where they are wanted, and anew in another scene. */
  show(): void {
    const { edges, marks } = this.stage;
    this.button.hidden = ![...marks.values()].some(({ tile }) => tile);
    if (this.drawn === (this.isOn ? edges : null)) return;
    for (const edge of this.named) {
      edge.label?.remove();
      edge.label = null;
    }
    this.named = [];
    this.drawn = this.isOn ? edges : null;
    if (!this.isOn) return;
    for (const edge of edges.values()) {
      if (edge.label) continue;
      const { tile } = edge.source;
      const text = tile ? shapeText(tile.shape) : "scalar";
      edge.label = makeSvg("text", { class: "bpv-edge-label bpv-edge-shape", dy: "0.35em", text });
      edge.route(edge.pieces);
      this.stage.edgeLayer.append(edge.label);
      this.named.push(edge);
    }
  }
}

// The weights of a network on its edges, as the trainer draws them: width for size, dashes for minus; the value in its label.

const THINNEST_WEIGHT = 1;
const WIDEST_WEIGHT = 6.5;
const MINUS_DASHES = "9 6";

function weightOf(number: FoundNumber) {
  const size = typeof number === "number" ? number : Number(number?.full ?? NaN);
  return Number.isFinite(size) ? size : 0;
}

/** Show what the edges of a network weigh; where only some nodes changed, they are told. */
export function showWeights(session: Session, edges: Iterable<EdgeMark>, changed: Changed | null) {
  const weighted = [...edges].filter(({ edge }) => edge.weight !== undefined);
  if (changed && !weighted.some(({ edge }) => changed.nodes.has(edge.weight!))) return;
  const numbers = weighted.map(({ edge }) => session.valueNow(edge.weight!));
  const sizes = numbers.map(weightOf);
  const largest = Math.max(...sizes.map(Math.abs)) || 1;
  weighted.forEach((mark, index) => {
    const { style } = mark.element;
    style.strokeWidth = `${(THINNEST_WEIGHT + ((WIDEST_WEIGHT - THINNEST_WEIGHT) * Math.abs(sizes[index])) / largest).toFixed(2)}px`;
    style.strokeDasharray = sizes[index] < 0 ? MINUS_DASHES : "";
    if (mark.label) setTextOf(mark.label, `${mark.edge.label} ${shortText(numbers[index])}`.trim());
  });
}
