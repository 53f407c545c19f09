// Arrays in C order: their shapes, and calls made ready to fill them; a scalar has shape [].

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
