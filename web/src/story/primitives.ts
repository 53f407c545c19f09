// What a page can compute: each primitive's shape rule, and how a call of it is made ready for arrays that stay.
import { ELEMENTWISE, loop } from "./elementwise.js";
import { freshArray, gathered, type NumberArray, type Prepare, type Prepared, type Settings } from "./prepared.js";
import { broadcastShape, entryCount, repeatedPlaces, sameShape, type Shape } from "./shapes.js";

function prepareElementwise(name: string, args: readonly NumberArray[]): Prepared {
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

/** Primitives of whole arrays, where a page has them: one whose graphs are scalar is a third lighter without. */
const structural = new Map<string, Prepare>();

/** Let this page compute with arrays. */
export function usePrimitives(more: Readonly<Record<string, Prepare>>): void {
  for (const [name, each] of Object.entries(more)) structural.set(name, each);
}

/** Sum an array over the axes along which an array of `shape` was repeated to it. */
export function prepareSumTo(x: NumberArray, shape: Shape): Prepared {
  if (sameShape(x.shape, shape)) return { out: x, run: null };
  const lead = x.shape.length - shape.length;
  if (lead <= 0 && x.shape.every((size, axis) => size === 1 || size === shape[axis - lead])) {
    return prepare("broadcast_to", [x], { shape });
  }
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis < lead || shape[axis - lead] !== x.shape[axis]);
  const { out, run } = prepare("sum", [x], { axes });
  return { out: { shape, data: out.data }, run };
}

/**
 * Make a call ready.
 * @throws where the page has no such primitive
 */
export function prepare(name: string, args: readonly NumberArray[], settings: Settings): Prepared {
  if (Object.hasOwn(ELEMENTWISE, name)) return prepareElementwise(name, args);
  const whole = structural.get(name);
  if (whole) return whole(args, settings);
  throw new Error(`the page has no primitive "${name}"`);
}
