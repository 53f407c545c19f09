// Arrays of float64, and the primitives that compute one of others: what a page runs rules with.

export type Shape = readonly number[];

/** How many entries an array of this shape has. */
export function entryCount(shape: Shape): number {
  let size = 1;
  for (const each of shape) size *= each;
  return size;
}

export function sameShape(one: Shape, other: Shape): boolean {
  return one.length === other.length && one.every((size, axis) => size === other[axis]);
}

/** The shape that all of these broadcast to. */
export function broadcastShape(...shapes: Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const joint = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((size, axis) => {
      const place = rank - shape.length + axis;
      if (size === 1) return;
      if (joint[place] !== 1 && joint[place] !== size) {
        throw new Error(`shapes ${shapes.map(shapeText).join(" and ")} do not broadcast`);
      }
      joint[place] = size;
    });
  }
  return joint;
}

/** A shape as people write it: 4×2; a scalar has none. */
export function shapeText(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]})` : shape.join("×");
}

/** The index of a place in C order. */
export function indexAt(shape: Shape, place: number): number[] {
  const index: number[] = [];
  let rest = place;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** An entry: "2,0". */
export function entryText(shape: Shape, place: number): string {
  return indexAt(shape, place).join(",");
}

// Calls of primitives made ready: arrays that stay, and what fills them.

/** An array in C order; a scalar has shape [] and one entry. */
export interface NumberArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** What a call is given beside its arguments. */
export interface Settings {
  readonly shape?: readonly number[];
  readonly axes?: readonly number[];
  readonly axis?: number;
  readonly keepdims?: boolean;
  readonly index?: string;
  readonly size?: number;
}

/** A call made ready: the array that it fills, and what fills it; null where the array shares its argument's entries. */
export interface Prepared {
  readonly out: NumberArray;
  readonly run: (() => void) | null;
}

export type Prepare = (args: readonly NumberArray[], settings: Settings) => Prepared;

function fresh(shape: Shape): NumberArray {
  return { shape, data: new Float64Array(entryCount(shape)) };
}

export function freshArray(shape: Shape, fill: (out: Float64Array) => void): Prepared {
  const out = fresh(shape);
  return { out, run: () => fill(out.data) };
}

/** Entries of the argument in another order, or repeated. */
export function gathered(shape: Shape, x: Float64Array, places: Int32Array): Prepared {
  return freshArray(shape, (out) => {
    for (let i = 0; i < places.length; i += 1) out[i] = x[places[i]]!;
  });
}

/** ln(eˣ + eʸ) without overflow, also where one of them is infinite. */
function logAddExp(x: number, y: number): number {
  if (x === y) return x + Math.LN2;
  const larger = Math.max(x, y);
  return Number.isNaN(larger) ? NaN : larger + Math.log1p(Math.exp(-Math.abs(x - y)));
}

/** base to the exponent as NumPy and C say it: 1 to any power is 1, even NaN; (-1) to ±∞ is 1. */
function raise(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}

/** To the nearest whole number, halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The remainder with the divisor's sign, as Python's % has it. */
function remainder(x: number, divisor: number): number {
  const rest = x % divisor;
  return rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest;
}

// Primitives that act on each entry alone: what they compute of numbers.

type Scalar = (x: number, y: number, z: number) => number;

const truth = (holds: boolean): number => (holds ? 1 : 0);

/** By NumPy's name; truth values are 1 and 0. */
export const ELEMENTWISE: Record<string, Scalar> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  power: raise,
  negative: (x) => -x,
  absolute: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  arctan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsinh: Math.asinh,
  arccosh: Math.acosh,
  arctanh: Math.atanh,
  hypot: (x, y) => Math.hypot(x, y),
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  fmax: (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y)),
  fmin: (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y)),
  logaddexp: logAddExp,
  floor: Math.floor,
  ceil: Math.ceil,
  rint: roundHalfEven,
  trunc: Math.trunc,
  remainder,
  copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  heaviside: (x, y) => (Number.isNaN(x) ? NaN : x < 0 ? 0 : x > 0 ? 1 : y),
  less: (x, y) => truth(x < y),
  less_equal: (x, y) => truth(x <= y),
  greater: (x, y) => truth(x > y),
  greater_equal: (x, y) => truth(x >= y),
  equal: (x, y) => truth(x === y),
  not_equal: (x, y) => truth(x !== y),
  logical_and: (x, y) => truth(x !== 0 && y !== 0),
  logical_or: (x, y) => truth(x !== 0 || y !== 0),
  logical_not: (x) => truth(x === 0),
  isfinite: (x) => truth(Number.isFinite(x)),
  isnan: (x) => truth(Number.isNaN(x)),
  where: (condition, x, y) => (condition !== 0 ? x : y),
};

function ofNumbers(compute: Scalar, args: readonly NumberArray[]): Prepared {
  const [x, y, z] = args.map((each) => each.data) as [Float64Array, Float64Array?, Float64Array?];
  if (y === undefined) return freshArray([], (out) => void (out[0] = compute(x[0], 0, 0)));
  if (z === undefined) return freshArray([], (out) => void (out[0] = compute(x[0], y[0], 0)));
  return freshArray([], (out) => void (out[0] = compute(x[0], y[0], z[0])));
}

/** What goes beyond plain numbers, where a page has it: one whose graphs are scalar is a third lighter without. */
export interface MorePrimitives {
  functions: Readonly<Record<string, Scalar>>;
  elementwise: (name: string, args: readonly NumberArray[]) => Prepared;
  structural: Readonly<Record<string, Prepare>>;
}

let more: MorePrimitives | null = null;

/** Let this page compute functions that few graphs have. */
export function useFunctions(functions: Readonly<Record<string, Scalar>>): void {
  Object.assign(ELEMENTWISE, functions);
}

/** Let this page compute with arrays, and functions that few graphs have; what it could do before stays. */
export function usePrimitives(given: MorePrimitives): void {
  more = { ...given, structural: { ...more?.structural, ...given.structural } };
  useFunctions(given.functions);
}

/**
 * Make a call ready.
 * @throws where the page has no such primitive
 */
export function prepare(name: string, args: readonly NumberArray[], settings: Settings): Prepared {
  if (Object.hasOwn(ELEMENTWISE, name)) {
    if (args.every(({ shape }) => shape.length === 0)) return ofNumbers(ELEMENTWISE[name], args);
    if (more) return more.elementwise(name, args);
  }
  const whole = more?.structural[name];
  if (whole) return whole(args, settings);
  throw new Error(`the page has no primitive "${name}"`);
}
