// Curves: the SVG path of every arrow, a chain of cubic pieces that runs to the right all the way.
// Fritsch, Carlson (1980), Monotone piecewise cubic interpolation.
import { type Arrow, type Box, SPACING, spreadApart, toTenth } from "./layers.js";

export type Point = [x: number, y: number];
/** A cubic by its four control points. */
export type Bezier = [Point, Point, Point, Point];

const STEPS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Where an arrow may pass through one column: its ends, the lane point, and the nearest boxes above and below. */
export interface Corridor {
  left: number;
  right: number;
  height: number;
  top: number;
  bottom: number;
}

function between(start: Point, end: Point, part: number): Point {
  return [start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part];
}

export function straight(start: Point, end: Point): Bezier {
  return [start, between(start, end, 1 / 3), between(start, end, 2 / 3), end];
}

/** One S-shaped piece that leaves and arrives level; the middle swings down, so that parallel arrows part. */
function swing(start: Point, end: Point, bulge: number): Bezier[] {
  const reach = (end[0] - start[0]) / 2;
  return [[start, [start[0] + reach, start[1] + bulge], [end[0] - reach, end[1] + bulge], end]];
}

/** A smooth chain of pieces through all points, level at both ends and nowhere overshooting. */
function glide(points: Point[]): Bezier[] {
  const pairs = points.slice(1).map((end, index): [Point, Point] => [points[index], end]);
  const rises = pairs.map(([upper, lower]) => (lower[1] - upper[1]) / (lower[0] - upper[0]));
  // The harmonic mean is at most twice the smaller rise, which keeps the cubic monotone.
  const inner = rises.slice(1).map((after, index) => {
    const before = rises[index];
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  const slopes = [0, ...inner, 0];
  return pairs.map(([start, end], index) => {
    // Level ends reach half-way, as a single swing does; sloped ones a third, as a Hermite cubic does.
    const first = (end[0] - start[0]) / (slopes[index] ? 3 : 2);
    const last = (end[0] - start[0]) / (slopes[index + 1] ? 3 : 2);
    return [
      start,
      [start[0] + first, start[1] + first * slopes[index]],
      [end[0] - last, end[1] - last * slopes[index + 1]],
      end,
    ];
  });
}

/** A curve through the columns in between. */
export function through(start: Point, ways: Corridor[], end: Point, bulge: number): Bezier[] {
  let pieces = swing(start, end, bulge);
  if (ways.length === 0 || !strikes(pieces, ways)) return pieces;
  pieces = glide([start, ...ways.map(({ left, right, height }): Point => [(left + right) / 2, height]), end]);
  if (!strikes(pieces, ways)) return pieces;
  const level = ways.flatMap(({ left, right, height }): Point[] => [
    [left, height],
    [right, height],
  ]);
  return glide([start, ...level, end]);
}

/** Does a curve leave the corridors? */
function strikes(pieces: Bezier[], ways: Corridor[]): boolean {
  const chords = pieces.flatMap(chordsOf);
  let index = 0;
  for (const { left, right, top, bottom } of ways) {
    while (chords[index][1][0] < left) index += 1;
    for (let probe = index; probe < chords.length && chords[probe][0][0] <= right; probe += 1) {
      const [[, before], [, after]] = chords[probe];
      if (Math.min(before, after) < top || Math.max(before, after) > bottom) return true;
    }
  }
  return false;
}

/** One piece as ten chords. */
function chordsOf([p0, p1, p2, p3]: Bezier): [Point, Point][] {
  const inner = STEPS.map((t): Point => {
    const s = 1 - t;
    const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    return [a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1]];
  });
  const points = [p0, ...inner, p3];
  return points.slice(1).map((end, index) => [points[index], end]);
}

/** Write a chain of pieces as an SVG path, to a tenth of a pixel. */
export function pathText(pieces: Bezier[]): string {
  const written = ([x, y]: Point) => `${toTenth(x) + 0},${toTenth(y) + 0}`;
  return `M${written(pieces[0][0])}${pieces.map(([, ...rest]) => `C${rest.map(written).join(" ")}`).join("")}`;
}

// Ports: where exactly an arrow leaves one shape and enters another.

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
