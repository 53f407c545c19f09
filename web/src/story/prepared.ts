// Calls of primitives made ready: arrays that stay, and what fills them.
import { entryCount, type Shape } from "./shapes.js";

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
