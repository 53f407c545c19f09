// From boxes and arrows to a placement: columns, order, heights, ports and curves, in that sequence.
import { type Bezier, type Corridor, type Point, fan, pathText, rim, straight, through } from "./curves.js";
import { type Arrow, type Box, heights, type Lanes, type Placement, SPACING, toTenth } from "./layers.js";
import { bestOrder } from "./order.js";

const CLEARANCE = 3; // what a curve keeps free above and below a box, in px
const BULGE = 26; // how far apart parallel arrows swing, in px
const STEEPNESS = 4.5; // rise per px of gap beyond which a gap is widened
const MOST_WIDENED = 2.2; // how much wider than usual a gap may become

/** Place a computation graph from left to right, exactly as backpropviz/scene/layout does. */
export function place(boxes: Box[], arrows: Arrow[]): Placement {
  const { margin, rowGap } = SPACING;
  const centres = boxes.map((): Point => [0, 0]);
  const curves: Bezier[][] = arrows.map(() => []);
  let [width, height, top] = [0, 0, margin];
  for (const part of components(boxes.length, arrows)) {
    const local = new Map(part.map((box, number) => [box, number]));
    const indices = arrows.flatMap(([source], index) => (local.has(source) ? [index] : []));
    const own = indices.map((index): Arrow => {
      const [source, target, slot] = arrows[index];
      return [local.get(source)!, local.get(target)!, slot];
    });
    const { places, pieces } = placePart(
      part.map((box) => boxes[box]),
      own,
    );
    const reach = [
      ...part.flatMap((box, number) => [-1, 1].map((sign) => places[number][1] + (sign * boxes[box].height) / 2)),
      ...pieces.flat(2).map(([, y]) => y),
    ];
    const [high, low] = [reach.reduce((a, b) => Math.min(a, b)), reach.reduce((a, b) => Math.max(a, b))];
    const shift = top - high;
    part.forEach((box, number) => {
      const [x, y] = places[number];
      centres[box] = [toTenth(x + margin), toTenth(y + shift)];
      width = Math.max(width, x + boxes[box].width / 2);
    });
    indices.forEach((index, number) => {
      const moved = ([x, y]: Point): Point => [x + margin, y + shift];
      curves[index] = pieces[number].map((piece) => piece.map(moved) as Bezier);
    });
    height = low + shift;
    top = height + rowGap;
  }
  return {
    centres,
    paths: curves.map(pathText),
    width: toTenth(width + 2 * margin),
    height: toTenth(Math.max(height, margin) + margin),
  };
}

/** The members of every connected part, the largest part first. */
function components(count: number, arrows: Arrow[]): number[][] {
  const ties = Array.from({ length: count }, (): number[] => []);
  for (const [source, target] of arrows) {
    ties[source].push(target);
    ties[target].push(source);
  }
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let first = 0; first < count; first += 1) {
    if (seen.has(first)) continue;
    seen.add(first);
    const part = [first];
    for (const member of part) {
      for (const other of ties[member]) {
        if (seen.has(other)) continue;
        seen.add(other);
        part.push(other); // grows while it is read
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts.sort((a, b) => b.length - a.length);
}

/** Place one connected part somewhere: centres of its boxes and pieces of its arrows. */
function placePart(boxes: Box[], arrows: Arrow[]): { places: Point[]; pieces: Bezier[][] } {
  const { layer, lanes, layers } = bestOrder(boxes, arrows);
  const rooms = lanes.left.map((_, member) =>
    member < boxes.length ? boxes[member].height + SPACING.rowGap : SPACING.laneGap,
  );
  const y = heights(lanes, layers, rooms);
  const columns = columnEnds(boxes, lanes, layers, y);
  const ways = corridors(boxes, lanes, layers, y, columns);
  const ends = arrows.map(([source, target], index): [number, number] => {
    const chain = lanes.chains[index];
    return chain.length > 0 ? [y[chain[0]], y[chain.at(-1)!]] : [y[target], y[source]];
  });
  const [leaving, arriving] = fan(boxes, arrows, ends, y);
  const swings = bulges(arrows, leaving);
  const pieces = arrows.map(([source, target], index) => {
    const [left, right] = columns[layer[source]];
    const [far, other] = columns[layer[target]];
    const first: Point = [(left + right) / 2 + rim(boxes[source], leaving[index]), y[source] + leaving[index]];
    const last: Point = [(far + other) / 2 - rim(boxes[target], arriving[index]), y[target] + arriving[index]];
    // A shape narrower than its column is left and reached level, past its wider neighbours.
    const begin: Point = boxes[source].width < right - left - CLEARANCE ? [right, first[1]] : first;
    const finish: Point = boxes[target].width < other - far - CLEARANCE ? [far, last[1]] : last;
    const passed = lanes.chains[index].map((point) => ways.get(point)!);
    const curve = through(begin, passed, finish, swings[index]);
    const isSame = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];
    if (!isSame(begin, first)) curve.unshift(straight(first, begin));
    if (!isSame(finish, last)) curve.push(straight(finish, last));
    return curve;
  });
  const places = boxes.map((_, box): Point => [(columns[layer[box]][0] + columns[layer[box]][1]) / 2, y[box]]);
  return { places, pieces };
}

/** The left and right end of every column; a gap with a long way up or down in it is widened. */
function columnEnds(boxes: Box[], lanes: Lanes, layers: number[][], y: number[]): [number, number][] {
  const { columnGap } = SPACING;
  let left = 0;
  return layers.map((members) => {
    const width = Math.max(0, ...members.filter((each) => each < lanes.count).map((each) => boxes[each].width));
    const rises = members.flatMap((member) => lanes.right[member].map((end) => Math.abs(y[member] - y[end])));
    const column: [number, number] = [left, left + width];
    left += width + Math.min(Math.max(columnGap, Math.max(0, ...rises) / STEEPNESS), MOST_WIDENED * columnGap);
    return column;
  });
}

/** For every lane point the room between the boxes above and below it. */
function corridors(
  boxes: Box[],
  lanes: Lanes,
  layers: number[][],
  y: number[],
  columns: [number, number][],
): Map<number, Corridor> {
  const result = new Map<number, Corridor>();
  layers.forEach((members, index) => {
    const [left, right] = columns[index];
    let top = -Infinity;
    let waiting: { point: number; above: number }[] = [];
    const settle = (bottom: number) => {
      for (const { point, above } of waiting) result.set(point, { left, right, height: y[point], top: above, bottom });
      waiting = [];
    };
    for (const member of members) {
      if (member >= lanes.count) {
        waiting.push({ point: member, above: top });
        continue;
      }
      const half = boxes[member].height / 2 + CLEARANCE;
      settle(y[member] - half);
      top = y[member] + half;
    }
    settle(Infinity);
  });
  return result;
}

/** How far each arrow swings aside from others with the same ends. */
function bulges(arrows: Arrow[], leaving: number[]): number[] {
  const twins = new Map<string, number[]>();
  arrows.forEach(([source, target], index) => {
    const key = `${source} ${target}`;
    twins.set(key, [...(twins.get(key) ?? []), index]);
  });
  const swings = arrows.map(() => 0);
  for (const found of twins.values()) {
    found.sort((a, b) => leaving[a] - leaving[b]);
    found.forEach((index, rank) => (swings[index] = (rank - (found.length - 1) / 2) * BULGE));
  }
  return swings;
}
