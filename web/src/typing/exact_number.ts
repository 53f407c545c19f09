// Numbers as Python writes them: the shortest digits that give the same float64 again.
import { SUPERSCRIPTS } from "../story/numerals.js";

/** As Python's repr writes a number: 1e-05, 1e+16, 0.1, 3.0. */
export function pythonRepr(value: number): string {
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
