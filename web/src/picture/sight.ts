// What of a large picture is in sight, and near enough to be read.
import type { Camera } from "./camera.js";

const MANY_MARKS = 150;
const LEAST_TEXT_SCALE = 0.4; // type of 15 px is then 6 px
const LEAST_TILE_SCALE = 0.2; // a grid is then a speck
const DETAIL_MARGIN = 0.15; // of the stage, around what is in sight

/** Something drawn: where it stands now, and where it will once it has glided home. */
export interface Placed {
  readonly home: { x: number; y: number };
  readonly node: { x: number; y: number; width: number; height: number };
}

/** Is a mark in sight, or will it be once it has glided home; margin: of the stage, around it. */
export function isInSight({ home, node }: Placed, { visible }: Pick<Camera, "visible">, margin: number): boolean {
  const { left, right, top, bottom } = visible;
  const beside = margin * (right - left) + node.width / 2;
  const above = margin * (bottom - top) + node.height / 2;
  const isThere = ({ x, y }: { x: number; y: number }) =>
    x > left - beside && x < right + beside && y > top - above && y < bottom + above;
  return isThere(home) || isThere(node);
}

interface Detailed extends Placed {
  toggle(className: string, wanted: boolean): void;
}

/**
 * Of many marks, draw those whole that somebody could read: a browser lays out every text anew at every zoom, and paints
 * what is tiny.
 */
export function hideDetails({ camera, marks }: { camera: Camera; marks: ReadonlyMap<string, Detailed> }) {
  if (marks.size <= MANY_MARKS) return;
  const { scale } = camera;
  for (const mark of marks.values()) {
    const isAway = !isInSight(mark, camera, DETAIL_MARGIN);
    mark.toggle("bpv-unread", isAway || scale < LEAST_TEXT_SCALE);
    mark.toggle("bpv-speck", isAway || scale < LEAST_TILE_SCALE);
  }
}
