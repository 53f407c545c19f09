// From one scene to the next: nodes of the same name glide to their new places, so that the eye can follow them.
import { blendedRoute, directRoute } from "./routes.js";
import { easeInOut } from "./pulses.js";
import { motionIsReduced } from "./dom.js";

const MOVE_DURATION = 420;
const MOST_MOVING_NODES = 300;

/** Move the marks of a stage from former places to those of its new scene. */
export function moveScene(stage, formerPlaces, formerRoutes) {
  stage.stopMoving?.();
  const moving = [...stage.marks.values()].filter((mark) => {
    const place = formerPlaces.get(mark.name);
    return place && (place.x !== mark.home.x || place.y !== mark.home.y);
  });
  if (moving.length === 0 || moving.length > MOST_MOVING_NODES || motionIsReduced()) return;
  const edges = new Set(moving.flatMap((mark) => mark.edges));
  const started = performance.now();
  let frame = null;
  const advance = (now) => {
    const share = Math.min(1, Math.max(0, (now - started) / MOVE_DURATION));
    const eased = easeInOut(share);
    for (const mark of moving) {
      const place = formerPlaces.get(mark.name);
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
  stage.stopMoving = () => cancelAnimationFrame(frame);
  if (!stage.movesAreRegistered) stage.lifetime.onEnd(() => stage.stopMoving());
  stage.movesAreRegistered = true;
  guarded(started);
}
