// Moving nodes by hand: the node follows the pointer and its edges are routed again.
import { directRoute } from "./routes.js";

const MOVE_THRESHOLD = 4;

/** Route the edges of a node again after it moved; parallel edges into one node stay apart. */
export function rerouteEdges(mark) {
  for (const edge of mark.edges) {
    const [from, to] = [edge.source.node, edge.target.node];
    const twins = edge.target.edges.filter((other) => other.source === edge.source && other.target === edge.target);
    const spread = twins.length > 1 ? (twins.indexOf(edge) - (twins.length - 1) / 2) * 12 : 0;
    edge.route(directRoute(from, to, spread));
  }
}

/** Let a pointer drag the nodes of a stage; a press without movement stays a click. */
export class NodeDragging {
  constructor({ lifetime, stage, findMark, camera, onMove }) {
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
