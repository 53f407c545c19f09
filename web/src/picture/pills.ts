// Where the plates with contributions stand: near the node they add to, on their own edge, clear of everything else.
import type { SceneNode } from "../types/specification.js";
import type { NodeMark } from "./marks.js";
import { makePill, pillWidth } from "./motion.js";
import type { MeasuredRoute } from "./routes.js";

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Pill {
  edge: number;
  route: MeasuredRoute;
  text: string;
  kind: string;
}

const SHARES = [0.34, 0.44, 0.54, 0.26, 0.64, 0.74];
const OFFSETS = [0, 20, -20, 32, -32];
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

/** What a node covers: its shape and the texts around it. */
export function nodeBoxes({ node }: { node: SceneNode }) {
  const half = node.height / 2;
  return [
    boxAt(node.x, node.y, node.width + 14, node.height + 14),
    boxAt(node.x, node.y - half - 16, Math.max(node.width, 62), 22),
    boxAt(node.x, node.y + half + 17, Math.max(node.width, 78), 22),
    boxAt(node.x - node.width / 2 - 4, node.y - half - 2, 18, 22),
  ];
}

/** Choose a place for each pill: {edge, route, text, kind} in, [edge, element, box] out. */
export function placePills(pills: Pill[], marks: Iterable<NodeMark>, growth: number) {
  const obstacles = [...marks].flatMap(nodeBoxes);
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
