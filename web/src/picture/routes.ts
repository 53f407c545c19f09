// The geometry of edges: paths as cubic pieces, measured without asking the browser for layout.
import type { SceneNode } from "../types/specification.js";

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Start, two handles, end: eight numbers. */
type CubicPiece = number[];
export type Route = CubicPiece[];

const SAMPLES_PER_PIECE = 20;
const SOURCE_GAP = 2;
const TARGET_GAP = 4;

function straightPiece(x0: number, y0: number, x1: number, y1: number) {
  return [x0, y0, x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3, x1 - (x1 - x0) / 3, y1 - (y1 - y0) / 3, x1, y1];
}

/**
 * Read path text made of absolute M, L and C commands into cubic pieces.
 *
 * A piece is eight numbers: start, two handles, end.
 */
export function readPath(text: string) {
  const tokens = text.match(/[MLC]|-?\d*\.?\d+(?:e[-+]?\d+)?/gi) ?? [];
  const pieces = [];
  let command = "M";
  let x = 0;
  let y = 0;
  for (let at = 0; at < tokens.length;) {
    if (/^[MLC]$/i.test(tokens[at])) {
      command = tokens[at].toUpperCase();
      at += 1;
      continue;
    }
    const count = command === "C" ? 6 : 2;
    const numbers = tokens.slice(at, at + count).map(Number);
    at += count;
    if (command === "C") pieces.push([x, y, ...numbers]);
    else if (command === "L") pieces.push(straightPiece(x, y, numbers[0], numbers[1]));
    else command = "L";
    [x, y] = numbers.slice(-2);
  }
  return pieces;
}

/** Path text of cubic pieces. */
export function writePath(pieces: Route) {
  if (pieces.length === 0) return "";
  const round = (number: number) => Math.round(number * 100) / 100;
  const curves = pieces.map((piece) => `C${piece.slice(2).map(round).join(",")}`);
  return `M${round(pieces[0][0])},${round(pieces[0][1])}${curves.join("")}`;
}

/** One smooth curve that leaves a node to the right and arrives at the other from the left. */
export function directRoute(source: SceneNode, target: SceneNode, spread = 0) {
  const x0 = source.x + source.width / 2 + SOURCE_GAP;
  const x1 = target.x - target.width / 2 - TARGET_GAP;
  const y1 = target.y + spread;
  const reach = Math.max(40, Math.abs(x1 - x0) / 2);
  return [[x0, source.y, x0 + reach, source.y, x1 - reach, y1, x1, y1]];
}

/** The route between two others of the same number of pieces; null where they cannot be blended. */
export function blendedRoute(from: Route, to: Route, share: number) {
  if (from.length !== to.length) return null;
  return to.map((piece, row) => piece.map((number, column) => from[row][column] * (1 - share) + number * share));
}

function pointOnPiece(piece: CubicPiece, t: number) {
  const s = 1 - t;
  const [w0, w1, w2, w3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {
    x: w0 * piece[0] + w1 * piece[2] + w2 * piece[4] + w3 * piece[6],
    y: w0 * piece[1] + w1 * piece[3] + w2 * piece[5] + w3 * piece[7],
  };
}

/** Points along cubic pieces, so many for each. */
export function samplePoints(pieces: Route, count: number) {
  return pieces.flatMap((piece) =>
    Array.from({ length: count + 1 }, (_, sample) => pointOnPiece(piece, sample / count)),
  );
}

/** A route that can be walked at even speed. */
export class MeasuredRoute {
  points: Point[];
  distances: number[];
  length: number;

  constructor(pieces: Route) {
    this.points = [];
    this.distances = [];
    let distance = 0;
    for (const piece of pieces) {
      for (let sample = this.points.length === 0 ? 0 : 1; sample <= SAMPLES_PER_PIECE; sample += 1) {
        const point = pointOnPiece(piece, sample / SAMPLES_PER_PIECE);
        const previous = this.points.at(-1);
        if (previous) distance += Math.hypot(point.x - previous.x, point.y - previous.y);
        this.points.push(point);
        this.distances.push(distance);
      }
    }
    this.length = distance;
  }

  /** The point at a share (0 to 1) of the length. */
  pointAt(share: number) {
    const wanted = share * this.length;
    let low = 0;
    let high = this.distances.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.distances[middle] < wanted) low = middle;
      else high = middle;
    }
    const span = this.distances[high] - this.distances[low];
    const part = span > 0 ? (wanted - this.distances[low]) / span : 0;
    const [from, to] = [this.points[low], this.points[high]];
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  }

  /** The unit normal at a share of the length, pointing up the page where it can. */
  normalAt(share: number) {
    const before = this.pointAt(Math.max(0, share - 0.02));
    const after = this.pointAt(Math.min(1, share + 0.02));
    const size = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    const normal = { x: (after.y - before.y) / size, y: -(after.x - before.x) / size };
    return normal.y > 0 ? { x: -normal.x, y: -normal.y } : normal;
  }
}
