// Numbers of a run, which are scalars or arrays, with the arithmetic that a story needs of them.
import { formatNumber } from "./numerals.js";
import type { NumberArray } from "./prepared.js";
import type { Shape } from "./shapes.js";

const SHORT_VECTOR = 3;
const FULL_ENTRIES = 64;

/** An array as a number of the story: read as its entries or its shape, in full as nested lists. */
export class ArrayNumber implements NumberArray {
  constructor(
    readonly shape: Shape,
    readonly data: Float64Array,
  ) {}

  /** For the eye. */
  get text(): string {
    const isShort = this.shape.length === 1 && this.data.length <= SHORT_VECTOR;
    return isShort ? `[${Array.from(this.data, formatNumber).join(", ")}]` : `[${this.shape.join("×")}]`;
  }

  /** For a tooltip: every digit, or where there are too many, from where to where they go. */
  get full(): string {
    if (this.data.length > FULL_ENTRIES) {
      const known = this.data.filter((each) => !Number.isNaN(each));
      const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
      return `[${this.shape.join("×")}], from ${formatNumber(low)} to ${formatNumber(high)}`;
    }
    return nested(this.data, this.shape);
  }

  get finite(): boolean {
    return this.data.every(Number.isFinite);
  }
}

function nested(data: Float64Array, shape: Shape): string {
  if (shape.length === 0) return String(data[0]);
  const width = data.length / (shape[0] || 1);
  const parts = Array.from({ length: shape[0] }, (_, row) =>
    nested(data.subarray(row * width, (row + 1) * width), shape.slice(1)),
  );
  return `[${parts.join(", ")}]`;
}

export type Quantity = number | ArrayNumber;

/** Numbers per node or per edge: of scalars as one Float64Array. */
export type QuantityRow = Float64Array | Quantity[];

/** A row of zeros in the manner of another. */
export function zerosLike(row: QuantityRow, length: number): QuantityRow {
  return row instanceof Float64Array ? new Float64Array(length) : new Array<Quantity>(length).fill(0);
}

/** first + factor · second, entry by entry; a scalar meets every entry. */
export function combined(first: Quantity, factor: number, second: Quantity): Quantity {
  if (typeof first === "number" && typeof second === "number") return first + factor * second;
  const { shape } = typeof first === "number" ? (second as ArrayNumber) : first;
  const at = (each: Quantity, place: number) => (typeof each === "number" ? each : each.data[place]);
  const length = (typeof first === "number" ? (second as ArrayNumber) : first).data.length;
  return new ArrayNumber(
    shape,
    Float64Array.from({ length }, (_, place) => at(first, place) + factor * at(second, place)),
  );
}
