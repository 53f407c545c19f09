// How much of the scene a drawing takes, with its labels.
import type { Bounds } from "./camera.js";
import type { EdgeMark, NodeMark } from "./marks.js";

const LABEL_ROOM = [28, 34]; // beside a node, above and below it
const LARGE_LABEL_ROOM = [42, 38];
const NAME_GAP = 4;

/** The rectangle around marks and edges, with room for their labels, which may be large. */
export function boundsOf(marks: NodeMark[], edges: EdgeMark[], areLarge: boolean): Bounds {
  const [beside, above] = areLarge ? LARGE_LABEL_ROOM : LABEL_ROOM;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const include = (x: number, y: number, left: number, up: number, right: number, down: number) => {
    box.left = Math.min(box.left, x - left);
    box.top = Math.min(box.top, y - up);
    box.right = Math.max(box.right, x + right);
    box.bottom = Math.max(box.bottom, y + down);
  };
  for (const mark of marks) {
    const { x, y, width, height } = mark.node;
    const [left, right] = [-1, 1].map((side) => Math.max(width / 2 + beside, mark.reach(side) + NAME_GAP));
    include(x, y, left, height / 2 + above, right, height / 2 + above);
  }
  for (const edge of edges) {
    for (const piece of edge.home) include(piece[6], piece[7], 6, 6, 6, 6);
  }
  if (marks.length === 0) include(0, 0, 100, 60, 100, 60);
  return { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}
