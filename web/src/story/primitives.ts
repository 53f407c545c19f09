// What a page can compute: how a call of a primitive is made ready for numbers that stay.
import { ELEMENTWISE, type Scalar } from "./elementwise.js";
import { freshArray, type NumberArray, type Prepare, type Prepared, type Settings } from "./prepared.js";

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

/** Let this page compute with arrays, and functions that few graphs have. */
export function usePrimitives(given: MorePrimitives): void {
  more = given;
  Object.assign(ELEMENTWISE, given.functions);
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
