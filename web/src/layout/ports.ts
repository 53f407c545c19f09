// Ports: where exactly an arrow leaves one shape and enters another.
import { spreadApart } from "./rows.js";
import { type Arrow, type Box, SPACING } from "./shapes.js";

const PORT_SHARE = 0.36; // part of the width, up and down from the centre, on which ports may lie
const LEAN = 8; // an arrow that comes from this many px further up wants its port one px higher
const LEVEL = 9; // an arrow with at most so many px between its ends is made level
const NEAREST = 0.7; // part of the usual gap that levelling leaves between two ports

type Port = [way: number, slot: number, index: number];

/** How far below the centre each arrow leaves its source and enters its target; ends are where it goes to and comes from. */
export function fan(boxes: Box[], arrows: Arrow[], ends: [number, number][], y: number[]): [number[], number[]] {
  const leaving = boxes.map((): Port[] => []);
  const arriving = boxes.map((): Port[] => []);
  arrows.forEach(([source, target, slot], index) => {
    leaving[source].push([ends[index][0] - y[source], slot, index]);
    arriving[target].push([ends[index][1] - y[target], slot, index]);
  });
  const offsets: [number[], number[]] = [arrows.map(() => 0), arrows.map(() => 0)];
  [leaving, arriving].forEach((sides, side) => {
    sides.forEach((found, box) => {
      found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
      if (found.length < 2) return;
      const limit = PORT_SHARE * boxes[box].width;
      const gap = Math.min(SPACING.portGap, (2 * limit) / (found.length - 1));
      const wishes = found.map(([way]) => Math.max(-limit, Math.min(limit, way / LEAN)));
      const placed = spreadApart(
        wishes,
        found.map(() => gap),
        found.map(() => 1),
      );
      const shift = Math.max(0, -limit - placed[0]) - Math.max(0, placed.at(-1)! - limit);
      found.forEach(([, , index], rank) => {
        offsets[side][index] = Math.max(-limit, Math.min(limit, placed[rank] + shift));
      });
    });
  });
  arriving.forEach((found, box) => level(found, PORT_SHARE * boxes[box].width, offsets));
  return offsets;
}

/** Shift the ends of almost level arrows at one target, in place, so that they become level. */
function level(found: Port[], limit: number, [leaving, arriving]: [number[], number[]]): void {
  const gap = SPACING.portGap * NEAREST;
  found.forEach(([way, , index], rank) => {
    const wish = way + leaving[index];
    const above = rank > 0 ? arriving[found[rank - 1][2]] + gap : -limit;
    const below = rank + 1 < found.length ? arriving[found[rank + 1][2]] - gap : limit;
    if (Math.abs(wish - arriving[index]) <= LEVEL && above <= wish && wish <= below) arriving[index] = wish;
  });
}

/** How far the shape's side is from its centre, at some height above or below it. */
export function rim({ width, round }: Box, offset: number): number {
  const half = width / 2;
  return round ? Math.sqrt(half * half - offset * offset) : half;
}
