// Where entries of arrays lie, and loops over them: strides, repeated and permuted axes, indices as text.
import {
  broadcastShape,
  ELEMENTWISE,
  entryCount,
  freshArray,
  gathered,
  type NumberArray,
  type Prepared,
  type Shape,
} from "./primitives.js";

/** How far apart neighbours along each axis lie. */
function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** For every entry of `shape`, in order, where a walk with these strides from `start` stands. */
function walk(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  const places = new Int32Array(entryCount(shape));
  if (places.length === 0) return places;
  places[0] = start;
  let filled = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const block = filled;
    for (let step = 1; step < shape[axis]; step += 1) {
      const shift = step * strides[axis];
      for (let place = 0; place < block; place += 1) places[filled + place] = places[place] + shift;
      filled += block;
    }
  }
  return places;
}

/** For every entry of `to`, which entry of an array of shape `from` is repeated there. */
export function repeatedPlaces(from: Shape, to: Shape): Int32Array {
  const own = stridesOf(from);
  const lead = to.length - from.length;
  const strides = to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead]));
  return walk(to, strides);
}

/** For every entry of the permuted array, which entry of the array it is. */
export function permutedPlaces(shape: Shape, axes: readonly number[]): Int32Array {
  const own = stridesOf(shape);
  return walk(
    axes.map((axis) => shape[axis]),
    axes.map((axis) => own[axis]),
  );
}

interface Pick {
  shape: number[];
  places: Int32Array;
}

type IndexPart = number | null | "..." | { from: number | null; to: number | null; step: number } | { list: Nested };
type Nested = number | Nested[];

function splitIndex(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    depth += Number(character === "[") - Number(character === "]");
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function readPart(part: string): IndexPart {
  if (part === "None") return null;
  if (part === "...") return "...";
  if (part.startsWith("[")) return { list: JSON.parse(part) as Nested };
  if (!part.includes(":")) return Number(part);
  const [from, to, step] = part.split(":").map((end) => (end.trim() === "" ? null : Number(end)));
  return { from: from ?? null, to: to ?? null, step: step ?? 1 };
}

function slicePlaces(size: number, slice: { from: number | null; to: number | null; step: number }): number[] {
  const { step } = slice;
  const clamp = (end: number, low: number, high: number) => Math.min(Math.max(end < 0 ? end + size : end, low), high);
  const places: number[] = [];
  if (step > 0) {
    const to = slice.to === null ? size : clamp(slice.to, 0, size);
    for (let at = slice.from === null ? 0 : clamp(slice.from, 0, size); at < to; at += step) places.push(at);
  } else {
    const to = slice.to === null ? -1 : clamp(slice.to, -1, size - 1);
    for (let at = slice.from === null ? size - 1 : clamp(slice.from, -1, size - 1); at > to; at += step)
      places.push(at);
  }
  return places;
}

function nestedShape(list: Nested): number[] {
  return Array.isArray(list) ? [list.length, ...(list.length > 0 ? nestedShape(list[0]) : [])] : [];
}

function flattened(list: Nested): number[] {
  return Array.isArray(list) ? list.flatMap(flattened) : [list];
}

/**
 * Which entries an index of whole numbers, slices, None, `...` and lists of whole numbers names, as NumPy reads it.
 * @param text  such as ":, None, 0" or "[0, 2, 2]"
 */
export function readIndex(text: string, shape: Shape): Pick {
  const parts = splitIndex(text).map(readPart);
  const used = parts.filter((part) => part !== null && part !== "...").length;
  const whole: IndexPart = { from: null, to: null, step: 1 };
  const rest = new Array<IndexPart>(shape.length - used).fill(whole);
  const dots = parts.indexOf("...");
  const full = dots < 0 ? [...parts, ...rest] : [...parts.slice(0, dots), ...rest, ...parts.slice(dots + 1)];

  const lists = full.flatMap((part) =>
    part !== null && typeof part === "object" && "list" in part ? [part.list] : [],
  );
  const listed = (part: IndexPart | undefined) =>
    part !== undefined && part !== null && typeof part === "object" && "list" in part;
  const isArrayLike = (part: IndexPart | undefined) => listed(part) || (lists.length > 0 && typeof part === "number");
  const joint = lists.length > 0 ? broadcastShape(...lists.map(nestedShape)) : [];
  const arrayAt = full.flatMap((part, position) => (isArrayLike(part) ? [position] : []));
  // Lists side by side put their axes where they stand; lists apart put them first.
  const together = arrayAt.every((position, order) => order === 0 || position === arrayAt[order - 1] + 1);

  const strides = stridesOf(shape);
  let meeting = new Array<number>(entryCount(joint)).fill(0);
  const axes: { sizes: number[]; offsets: number[]; joint: boolean }[] = [];
  let axis = 0;
  let start = 0;
  for (const part of full) {
    if (part === null) {
      axes.push({ sizes: [1], offsets: [0], joint: false });
      continue;
    }
    const size = shape[axis];
    const stride = strides[axis];
    axis += 1;
    if (typeof part === "number" && !isArrayLike(part)) {
      start += (part < 0 ? part + size : part) * stride;
    } else if (isArrayLike(part)) {
      const list = typeof part === "number" ? part : (part as { list: Nested }).list;
      const values = flattened(list);
      const spread = repeatedPlaces(nestedShape(list), joint);
      meeting = meeting.map((offset, place) => {
        const value = values[spread[place]];
        return offset + (value < 0 ? value + size : value) * stride;
      });
      if (!axes.some((each) => each.joint)) {
        const entry = { sizes: joint, offsets: meeting, joint: true };
        if (together) axes.push(entry);
        else axes.unshift(entry);
      }
    } else {
      const places = slicePlaces(size, part as { from: number | null; to: number | null; step: number });
      axes.push({ sizes: [places.length], offsets: places.map((place) => place * stride), joint: false });
    }
  }
  let places = [start];
  for (const each of axes) {
    const offsets = each.joint ? meeting : each.offsets;
    places = places.flatMap((place) => offsets.map((offset) => place + offset));
  }
  return { shape: axes.flatMap((each) => each.sizes), places: Int32Array.from(places) };
}

/** Arguments of a loop: arrays of the result's size with step 1, or single numbers with step 0. */
interface Operand {
  data: Float64Array;
  step: 0 | 1;
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
  const [x, y, z] = operands as [Operand, Operand?, Operand?];
  const compute = ELEMENTWISE[name];
  return freshArray(shape, (out) => {
    for (const repeat of repeats) repeat();
    for (let i = 0; i < size; i += 1) {
      out[i] = compute(x.data[i * x.step], y ? y.data[i * y.step] : 0, z ? z.data[i * z.step] : 0);
    }
  });
}
