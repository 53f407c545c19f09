// Numbers of a run, which are scalars or arrays, with the arithmetic that a story needs of them.
import type { NumberArray, Shape } from "./arrays.js";
import { formatNumber } from "./numerals.js";

const SHORT_VECTOR = 3;
const FULL_ENTRIES = 64;
const MOST_TOLD = 36;

/** An array as a number of the story: read as its entries or its shape, in full as nested lists. */
export class ArrayNumber implements NumberArray {
  constructor(
    readonly shape: Shape,
    readonly data: Float64Array,
  ) {}

  private get isShort(): boolean {
    return this.shape.length === 1 && this.data.length <= SHORT_VECTOR;
  }

  /** For the eye. */
  get text(): string {
    return this.isShort ? `[${Array.from(this.data, formatNumber).join(", ")}]` : `[${this.shape.join("×")}]`;
  }

  /** For those who read texts alone: row by row; as number_words in Python. */
  get words(): string {
    const { text, data, shape } = this;
    if (this.isShort || data.length === 0) return text;
    if (data.length > MOST_TOLD) return `${text}, ${this.reach}`;
    const written = Array.from(data, formatNumber);
    const width = shape.at(-1)!;
    const rows = Array.from({ length: data.length / width }, (_, row) => written.slice(row * width, (row + 1) * width));
    return `${text}: ${rows.map((row) => row.join(", ")).join("; ")}`;
  }

  /** For a tooltip: every digit, or where there are too many, from where to where they go. */
  get full(): string {
    return this.data.length > FULL_ENTRIES ? `[${this.shape.join("×")}], ${this.reach}` : nested(this.data, this.shape);
  }

  private get reach(): string {
    const told = this.data.filter((each) => !Number.isNaN(each));
    if (told.length === 0) return "no numbers";
    const [low, high] = [told.reduce((a, b) => Math.min(a, b)), told.reduce((a, b) => Math.max(a, b))];
    return `from ${formatNumber(low)} to ${formatNumber(high)}`;
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

/** A number of the story as an array, a scalar with shape []; null where it is hidden or told as text only. */
export function asArray(number: unknown): NumberArray | null {
  if (typeof number === "number") return { shape: [], data: Float64Array.of(number) };
  return number instanceof ArrayNumber ? number : null;
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
