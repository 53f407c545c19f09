// An edge can be touched: what comes from above, the local derivative, and their product, which travels along it.
import { makeElement, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { shortText } from "../story/number_sources.js";
import type { Session } from "../story/session.js";
import type { EdgeMark } from "./marks.js";
import { type Point, samplePoints } from "./routes.js";
import type { Stage } from "./stage.js";

const EDGE_REACH = 9; // px from the line
const EDGE_SAMPLES = 16;

/** What an edge tells: rows of [class, text]; only what is known at the step. */
export function tellEdge(session: Session, edge: number) {
  const { structure, replay, nodes } = session;
  const [source, consumer] = [structure.sources[edge], structure.consumers[edge]];
  const slot = edge - structure.offsets[consumer];
  const number = (kind: string, node: number, slot?: number) => {
    const found = session.number(kind, node, slot);
    return found === undefined || found === null ? "" : shortText(found);
  };
  const rows = [["bpv-tip-title", `${nodes[source].name} → ${nodes[consumer].name}`]];
  if (replay.known[source]) rows.push(["bpv-tip-value", `carries ${number("value", source)}`]);
  const local = replay.known[consumer] ? number("partial", consumer, slot) : "";
  const isForward = session.isForwardMode;
  const first = isForward ? number("tangent", source) : number("gradient", consumer);
  const product = isForward ? number("push", consumer, slot) : number("contribution", consumer, slot);
  const isDone = isForward ? replay.tangentKnown[consumer] : replay.edgeState(edge) === "backward";
  if (isDone && local && first && product) {
    const words = isForward ? "tangent × local = part of the next" : "upstream × local = contribution";
    rows.push(["bpv-tip-words", words]);
    rows.push([isForward ? "bpv-tip-tangent" : "bpv-tip-slope", `${first} × ${local} = ${product}`]);
  } else if (local) rows.push(["bpv-tip-words", `local derivative ${local}`]);
  return rows;
}

/** Show what an edge tells where a pointer comes near it, or touches it. */
export class EdgeReading {
  stage: Stage;
  read: EdgeMark | null = null;
  samples = new WeakMap<object, Point[]>();

  constructor({ lifetime, stage }: { lifetime: Lifetime; stage: Stage }) {
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
