// The loss over a plane through the parameters: where the plane lies, and the loss at the points of a grid on it.
import { drawNormal, RandomBits } from "./random_draws.js";

export type Interval = [low: number, high: number];
export type Point = [across: number, up: number];

/** A plane: origin + a·across + b·up; the two directions have length 1 and stand at a right angle. */
export class LossSlice {
  constructor(
    readonly origin: Float64Array,
    readonly across: Float64Array,
    readonly up: Float64Array,
  ) {}

  /** The parameters at a point of the plane. */
  at([a, b]: Point): Float64Array {
    const { origin, across, up } = this;
    const row = new Float64Array(origin.length);
    for (let place = 0; place < row.length; place += 1) row[place] = origin[place] + a * across[place] + b * up[place];
    return row;
  }

  /** The point of the plane that is nearest to parameters; asked for at each step of a race. */
  shadow(parameters: Float64Array): Point {
    const { origin, across, up } = this;
    let [a, b] = [0, 0];
    for (let place = 0; place < origin.length; place += 1) {
      const moved = parameters[place] - origin[place];
      a += moved * across[place];
      b += moved * up[place];
    }
    return [a, b];
  }

  /** How far parameters lie from the plane. */
  distance(parameters: Float64Array): number {
    const nearest = this.at(this.shadow(parameters));
    for (let place = 0; place < nearest.length; place += 1) nearest[place] -= parameters[place];
    return length(nearest);
  }
}

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < one.length; place += 1) sum += one[place] * other[place];
  return sum;
}

function length(row: Float64Array): number {
  return Math.sqrt(product(row, row));
}

/** What of a row is not along some directions of length 1, at length 1; null where nothing is left. */
function besides(row: Float64Array, directions: Float64Array[]): Float64Array | null {
  let rest = row;
  for (const direction of directions) {
    const share = product(rest, direction);
    rest = rest.map((each, place) => each - share * direction[place]);
  }
  const size = length(rest);
  return size > 1e-9 * length(row) ? rest.map((each) => each / size) : null;
}

/** A direction drawn by seed, at a right angle to those given. */
function drawnDirection(count: number, seed: number, directions: Float64Array[]): Float64Array {
  const bits = RandomBits.ofSeed(seed);
  return besides(
    Float64Array.from({ length: count }, () => drawNormal(bits)),
    directions,
  )!;
}

/** Two of the parameters as they are, the others held. */
export function sliceOfTwo(start: Float64Array, first: number, second: number): LossSlice {
  const alone = (at: number) => start.map((_, place) => Number(place === at));
  return new LossSlice(
    start.map((each, place) => (place === first || place === second ? 0 : each)),
    alone(first),
    alone(second),
  );
}

/** Down the gradient, and in a direction drawn by seed. */
export function sliceDownhill(start: Float64Array, gradient: Float64Array, seed: number): LossSlice {
  const downhill = gradient.some((each) => each !== 0) ? gradient.map((each) => -each) : null;
  const across = downhill ? besides(downhill, [])! : drawnDirection(start.length, seed + 1, []);
  return new LossSlice(start, across, drawnDirection(start.length, seed, [across]));
}

const MOST_ROUNDS = 5000;

/** The direction along which rows are longest, by power iteration on their products: there are few rows, long ones. */
function longestDirection(rows: Float64Array[]): Float64Array | null {
  const products = rows.map((one) => Float64Array.from(rows, (other) => product(one, other)));
  let weights: Float64Array = products.reduce(
    (best, each, at) => (each[at] > Math.max(...best) ? each : best),
    products[0],
  );
  if (!weights.some((each) => each !== 0)) return null;
  for (let round = 0, moved = 1; round < MOST_ROUNDS && moved > 1e-14; round += 1) {
    const next = besides(
      Float64Array.from(products, (each) => product(each, weights)),
      [],
    )!;
    moved = Math.max(...next.map((each, at) => Math.abs(each - weights[at])));
    weights = next;
  }
  const sum = rows[0].map((_, place) => rows.reduce((total, row, at) => total + weights[at] * row[place], 0));
  return besides(sum, []);
}

/** Along paths: the two directions in which their places lie farthest from the start, and the share of it they show. */
export function sliceAlong(
  start: Float64Array,
  places: readonly Float64Array[],
  seed: number,
): { slice: LossSlice; share: number } | null {
  const moved = places.map((row) => row.map((each, place) => each - start[place])).filter((row) => length(row) > 0);
  const across = moved.length > 0 ? longestDirection(moved) : null;
  if (across === null) return null;
  const rest = moved.map((row) => {
    const along = product(row, across);
    return row.map((each, place) => each - along * across[place]);
  });
  const all = moved.reduce((sum, row) => sum + product(row, row), 0);
  const isStraight = rest.reduce((sum, row) => sum + product(row, row), 0) < 1e-18 * all;
  const found = isStraight ? null : longestDirection(rest);
  const up = (found && besides(found, [across])) ?? drawnDirection(start.length, seed, [across]);
  // The paths go to the right and up.
  const end = moved.at(-1)!;
  const towards = (direction: Float64Array) => {
    const sign = product(end, direction) < 0 ? -1 : 1;
    return direction.map((each) => sign * each);
  };
  const shown = moved.reduce((sum, row) => sum + product(row, across) ** 2 + product(row, up) ** 2, 0);
  return { slice: new LossSlice(start, towards(across), towards(up)), share: shown / all };
}

const SIDES = [7, 13, 25, 49]; // each has the points of the one before, and those between

/** The loss at the points of a grid, row by row from below; coarse at first, then finer. */
export class LossMap {
  /** Of the finest grid that is done. */
  values: Float64Array = new Float64Array();
  private under: Float64Array = new Float64Array(SIDES[0] ** 2);
  private pass = 0;
  private place = 0;

  constructor(
    readonly slice: LossSlice,
    readonly x: Interval,
    readonly y: Interval,
    private readonly lossAt: (parameters: Float64Array) => number,
  ) {}

  get side(): number {
    return Math.sqrt(this.values.length);
  }

  /** The point of the plane at a place of a grid, in cells. */
  pointAt(column: number, row: number, side = this.side): Point {
    const share = (at: number, [low, high]: Interval) => low + ((high - low) * at) / (side - 1);
    return [share(column, this.x), share(row, this.y)];
  }

  /** Measure one point more; gives whether a grid was done by it. */
  measure(): boolean {
    const side = SIDES[this.pass];
    const [row, column] = [Math.floor(this.place / side), this.place % side];
    const isKnown = this.pass > 0 && row % 2 === 0 && column % 2 === 0;
    this.under[this.place] = isKnown
      ? this.values[(row / 2) * this.side + column / 2]
      : this.lossAt(this.slice.at(this.pointAt(column, row, side)));
    this.place += 1;
    if (this.place < this.under.length) return false;
    this.values = this.under;
    this.pass += 1;
    this.place = 0;
    if (!this.isDone) this.under = new Float64Array(SIDES[this.pass] ** 2);
    return true;
  }

  get isDone(): boolean {
    return this.pass === SIDES.length;
  }

  /** The lowest loss of the grid, and where it is. */
  get lowest(): { loss: number; point: Point } {
    const at = this.values.reduce((best, each, place, all) => (each < all[best] ? place : best), 0);
    return { loss: this.values[at], point: this.pointAt(at % this.side, Math.floor(at / this.side)) };
  }
}
