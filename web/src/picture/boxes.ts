// What a drawing takes: the bounds of the scene with its labels, and where pills stand clear of everything else.
import { makeSvg } from "../page/dom.js";
import { type Bounds, LEGIBLE_TILES } from "./camera.js";
import type { EdgeMark, NodeMark } from "./marks.js";
import type { Box, MeasuredRoute } from "./routes.js";

const LABEL_ROOM = [30, 34]; // beside a node, above and below it
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
    const [left, right] = [-1, 1].map((side) =>
      Math.max(width / 2 + beside, mark.spread / 2, mark.reach(side) + NAME_GAP),
    );
    include(x, y, left, height / 2 + above, right, height / 2 + above);
  }
  for (const edge of edges) {
    for (const piece of edge.home) include(piece[6], piece[7], 6, 6, 6, 6);
  }
  if (marks.length === 0) include(0, 0, 100, 60, 100, 60);
  const size = { width: box.right - box.left, height: box.bottom - box.top };
  return { x: box.left, y: box.top, ...size, ...(marks.some((mark) => mark.tile) && { legible: LEGIBLE_TILES }) };
}

// Where the plates with contributions stand: near the node they add to, on their own edge, clear of everything else.

interface Pill {
  edge: number;
  route: MeasuredRoute;
  text: string;
  kind: string;
}

/** A small rounded plate with a number on it; width is estimated, because measuring would cost a layout. */
export function makePill(text: string, kind: string) {
  const width = pillWidth(text);
  return makeSvg(
    "g",
    { class: `bpv-pill bpv-pill-${kind}` },
    makeSvg("rect", { x: -width / 2, y: -11, width, height: 22, rx: 11 }),
    makeSvg("text", { dy: "0.35em", text }),
  );
}

/** The width of a pill, in scene units. */
function pillWidth(text: string) {
  return Math.max(26, [...text].length * 9 + 8);
}

const SHARES = [0.34, 0.44, 0.54, 0.26, 0.64, 0.74];
const OFFSETS = [0, 20, -20, 32, -32, 46, -46]; // the last where nodes stand close and their numbers are large
const PILL_HEIGHT = 22;
const SHORT_EDGE_ROOM = 64; // an edge should show beside the plate that stands on it

/** A box around a point. */
export function boxAt(x: number, y: number, width: number, height: number) {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

/** The area that two boxes share. */
export function overlap(first: Box, second: Box) {
  const width = Math.min(first.right, second.right) - Math.max(first.left, second.left);
  const height = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** What a node covers: its shape and the texts around it, whose numbers have a size. */
export function nodeBoxes(mark: NodeMark, type: number) {
  const high = Math.max(22, type);
  const { node, spread } = mark;
  const half = node.height / 2;
  const [side, rise] = mark.nameCorner ?? [-1, -1];
  const [near, far] = [node.width / 2 - 5, mark.reach(side)];
  return [
    boxAt(node.x, node.y, node.width + 14, node.height + 14),
    boxAt(node.x, node.y - half - 16, Math.max(node.width, 62, spread), high),
    boxAt(node.x, node.y + half + 17, Math.max(node.width, 78, spread), high),
    boxAt(node.x + (side * (near + far)) / 2, node.y + rise * (half - 4), far - near, 26),
  ];
}

/** Choose a place for each pill: {edge, route, text, kind} in, [edge, element, box] out. */
export function placePills(
  pills: Pill[],
  marks: Iterable<NodeMark>,
  { growth, type }: { growth: number; type: number },
  labels: Box[] = [],
) {
  const obstacles = [...marks].flatMap((mark) => nodeBoxes(mark, type)).concat(labels);
  const placed: Box[] = [];
  return pills.map(({ edge, route, text, kind }): [edge: number, element: SVGGElement, box: Box] => {
    const width = pillWidth(text) * growth;
    let best = { cost: Infinity, x: 0, y: 0, box: boxAt(0, 0, 0, 0) };
    SHARES.forEach((share, shareRank) => {
      const point = route.pointAt(share);
      const normal = route.normalAt(share);
      OFFSETS.forEach((offset, offsetRank) => {
        const [x, y] = [point.x + normal.x * offset * growth, point.y + normal.y * offset * growth];
        const box = boxAt(x, y, width + 4, PILL_HEIGHT * growth + 4);
        let cost = shareRank * 12 + offsetRank * 40;
        if (offset === 0 && route.length < width + SHORT_EDGE_ROOM) cost += 160;
        for (const other of placed) cost += overlap(box, other) * 3;
        for (const obstacle of obstacles) cost += overlap(box, obstacle);
        if (cost < best.cost) best = { cost, x, y, box };
      });
    });
    placed.push(best.box);
    const element = makePill(text, kind);
    element.setAttribute("transform", `translate(${best.x.toFixed(1)},${best.y.toFixed(1)}) scale(${growth})`);
    element.setAttribute("data-pill", String(edge));
    return [edge, element, best.box];
  });
}
