// Entry by entry over arrays: operands are repeated to one shape, and what training calls often has a tight loop.
import { ELEMENTWISE } from "./elementwise.js";
import { freshArray, gathered, type NumberArray, type Prepared } from "./prepared.js";
import { repeatedPlaces } from "./indices.js";
import { broadcastShape, entryCount } from "./shapes.js";

/**
 * Arguments of a loop: arrays of the result's size with step 1, or single numbers with step 0.
 * @returns whether a tight loop knew the primitive
 */
interface Operand {
  data: Float64Array;
  step: 0 | 1;
}

/** tanh through one exponential, which takes a third of the time of Math.tanh; small arguments would lose digits. */
function hyperbolicTangent(x: number): number {
  if (x > -0.3 && x < 0.3) return Math.tanh(x);
  return 1 - 2 / (Math.exp(2 * x) + 1);
}

/** cosh through one exponential, which is as exact and takes less time than Math.cosh. */
function hyperbolicCosine(x: number): number {
  const power = Math.exp(x < 0 ? -x : x);
  return power / 2 + 0.5 / power;
}

function loopOfOne(name: string, out: Float64Array, x: Float64Array): boolean {
  const size = out.length;
  switch (name) {
    case "negative":
      for (let i = 0; i < size; i += 1) out[i] = -x[i];
      return true;
    case "exp":
      for (let i = 0; i < size; i += 1) out[i] = Math.exp(x[i]);
      return true;
    case "log":
      for (let i = 0; i < size; i += 1) out[i] = Math.log(x[i]);
      return true;
    case "tanh":
      for (let i = 0; i < size; i += 1) out[i] = hyperbolicTangent(x[i]);
      return true;
    case "cosh":
      for (let i = 0; i < size; i += 1) out[i] = hyperbolicCosine(x[i]);
      return true;
    case "sqrt":
      for (let i = 0; i < size; i += 1) out[i] = Math.sqrt(x[i]);
      return true;
    default:
      return false;
  }
}

function loopOfTwo(
  name: string,
  out: Float64Array,
  { data: x, step: p }: Operand,
  { data: y, step: q }: Operand,
): boolean {
  const size = out.length;
  switch (name) {
    case "add":
      if (p === 1 && q === 1) for (let i = 0; i < size; i += 1) out[i] = x[i] + y[i];
      else for (let i = 0; i < size; i += 1) out[i] = x[i * p] + y[i * q];
      return true;
    case "subtract":
      for (let i = 0; i < size; i += 1) out[i] = x[i * p] - y[i * q];
      return true;
    case "multiply":
      if (p === 1 && q === 1) for (let i = 0; i < size; i += 1) out[i] = x[i] * y[i];
      else for (let i = 0; i < size; i += 1) out[i] = x[i * p] * y[i * q];
      return true;
    case "divide":
      if (p === 0) for (let i = 0; i < size; i += 1) out[i] = x[0] / y[i * q];
      else for (let i = 0; i < size; i += 1) out[i] = x[i * p] / y[i * q];
      return true;
    case "maximum":
      for (let i = 0; i < size; i += 1) out[i] = Math.max(x[i * p], y[i * q]);
      return true;
    case "greater":
      for (let i = 0; i < size; i += 1) out[i] = x[i * p] > y[i * q] ? 1 : 0;
      return true;
    case "equal":
      for (let i = 0; i < size; i += 1) out[i] = x[i * p] === y[i * q] ? 1 : 0;
      return true;
    default:
      return false;
  }
}

/** Fill `out` entry by entry. */
function loop(name: string, out: Float64Array, operands: readonly Operand[]): void {
  const [x, y, z] = operands as [Operand, Operand | undefined, Operand | undefined];
  if (y === undefined) {
    if (x.step === 1 && loopOfOne(name, out, x.data)) return;
  } else if (z === undefined) {
    if (loopOfTwo(name, out, x, y)) return;
  }
  const compute = ELEMENTWISE[name];
  for (let i = 0; i < out.length; i += 1) {
    out[i] = compute(x.data[i * x.step], y ? y.data[i * y.step] : 0, z ? z.data[i * z.step] : 0);
  }
}

/** Make a call of an elementwise primitive ready, for arrays of any shapes that broadcast. */
export function prepareElementwise(name: string, args: readonly NumberArray[]): Prepared {
  const shape = broadcastShape(...args.map((each) => each.shape));
  const size = entryCount(shape);
  if (size === 1) {
    const compute = ELEMENTWISE[name];
    const [x, y, z] = args.map((each) => each.data) as [Float64Array, Float64Array?, Float64Array?];
    if (y === undefined) return freshArray(shape, (out) => void (out[0] = compute(x[0], 0, 0)));
    if (z === undefined) return freshArray(shape, (out) => void (out[0] = compute(x[0], y[0], 0)));
    return freshArray(shape, (out) => void (out[0] = compute(x[0], y[0], z[0])));
  }
  const repeats: (() => void)[] = [];
  const operands = args.map((each) => {
    if (each.data.length === 1) return { data: each.data, step: 0 as const };
    if (each.data.length === size) return { data: each.data, step: 1 as const };
    const repeated = gathered(shape, each.data, repeatedPlaces(each.shape, shape));
    repeats.push(repeated.run!);
    return { data: repeated.out.data, step: 1 as const };
  });
  return freshArray(shape, (out) => {
    for (const repeat of repeats) repeat();
    loop(name, out, operands);
  });
}
