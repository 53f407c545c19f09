// Numbers of a run, scalars or arrays: as text, four digits for the eye and every digit for the record, and what a story computes of them.
import type { NumberArray, Shape } from "./primitives.js";

export const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SIGNIFICANT_DIGITS = 4;
const NEGLIGIBLE = 1e-12;
const NUMBER_PATTERN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function superscript(exponent: number) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** "1.200" -> "1.2", "3.000" -> "3"; a number without a point keeps its zeros. */
function stripZeros(digits: string) {
  return digits.includes(".") ? digits.replace(/\.?0*$/, "") : digits;
}

function powerOfTen(mantissa: string, exponent: number) {
  return `${stripZeros(mantissa)}·10${superscript(exponent)}`;
}

/** Text of a finite magnitude that is neither 0 nor negligible nor a short integer. */
function formatMagnitude(magnitude: number) {
  // The exponent is read after rounding, so that 9999.6 counts as 10⁴. A tie rounds away from zero.
  const [mantissa, exponentText] = magnitude.toExponential(SIGNIFICANT_DIGITS - 1).split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent > 3) return powerOfTen(mantissa, exponent);
  const digits = mantissa.replace(".", "");
  if (exponent < 0) return stripZeros(`0.${"0".repeat(-exponent - 1)}${digits}`);
  return stripZeros(`${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`);
}

/**
 * A number for reading: 4 significant digits, integers below a million in full, "1.235·10⁴" beyond plain notation,
 * "≈0 (1e-17)" for what is only rounding, and "−" for minus.
 */
export function formatNumber(value: number) {
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return "0";
  const sign = value < 0 ? "−" : "";
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return `${sign}∞`;
  if (magnitude < NEGLIGIBLE) return `≈0 (${sign}${magnitude.toExponential(0)})`;
  if (Number.isInteger(magnitude) && magnitude < 1e6) return `${sign}${magnitude}`;
  return sign + formatMagnitude(magnitude);
}

/** A number as a cell of an array has room for: two decimals, three where two say nothing, few digits beyond. */
export function cellText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return formatNumber(value);
  if (size < NEGLIGIBLE) return "≈0";
  const sign = value < 0 ? "−" : "";
  if (Number.isInteger(value) && size < 1e4) return `${sign}${size}`;
  if (size < 9999.5 && size >= 0.00095)
    return sign + size.toFixed(size >= 999.5 ? 0 : size >= 99.95 ? 1 : size >= 0.0095 ? 2 : 3);
  const [mantissa, exponent] = size.toExponential(size < 1 ? 0 : 1).split("e");
  return sign + powerOfTen(mantissa, Number(exponent));
}

/** A number in fewer digits, where four would say too much. */
export function roundedText(value: number, digits = 3) {
  return formatNumber(Number(value.toPrecision(digits)));
}

/** Every digit a number has, for a tooltip: the shortest text that reads back as the same number, with "−" and "∞". */
export function fullPrecision(value: number) {
  return String(value).replaceAll("-", "−").replace("Infinity", "∞");
}

/**
 * The number a person typed into a field, or null. Takes a decimal point (a decimal comma gives null, since "1,234" is
 * read differently by different people), an exponent, and both "-" and "−".
 */
export function parseNumber(text: string) {
  const plain = String(text).trim().replaceAll("−", "-");
  if (!NUMBER_PATTERN.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

const DIGIT_WIDTH = 0.7; // of a wide face, in em

/** The width of a number, in em. */
export function numberWidth(text: string) {
  const signs = [...text].reduce(
    (sum, sign) =>
      sum +
      ("⁰¹²³⁴⁵⁶⁷⁸⁹⁻".includes(sign)
        ? 0.65
        : ".· ".includes(sign)
          ? 0.5
          : sign === "−"
            ? 1.15
            : sign === "▽"
              ? 0.45
              : 1),
    0,
  );
  return signs * DIGIT_WIDTH;
}

// Numbers as Python writes them: the shortest digits that give the same float64 again.

/** As Python's repr writes a number: 1e-05, 1e+16, 0.1, 3.0. */
function pythonRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa, exponent] = value.toExponential().split("e").map(String);
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const digits = mantissa.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, "0");
  return `${sign}${whole}.${digits.slice(power + 1) || "0"}`;
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e15 && !Object.is(value, -0);
}

/** As {@link pythonRepr}, whole numbers without a point. */
export function pythonNumber(value: number): string {
  return isWhole(value) ? String(value) : pythonRepr(value);
}

/** Write a number in full, to be read again ("text") or to be read by people: −1·10⁻⁵. */
export function exactNumber(value: number, style: Style): string {
  if (style === "text") return pythonNumber(value);
  if (Number.isNaN(value)) return "NaN";
  const text = Number.isFinite(value) ? pythonNumber(value) : value < 0 ? "-∞" : "∞";
  const [digits, exponent] = text.split("e");
  const raised =
    exponent && [...String(Number(exponent))].map((each) => (each === "-" ? "⁻" : SUPERSCRIPTS[Number(each)]));
  return (raised ? `${digits}·10${raised.join("")}` : digits).replace("-", "−");
}

/** Plain text that can be read again, or mathematical Unicode. */
export type Style = "text" | "unicode";

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
