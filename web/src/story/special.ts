// Functions of one number that JavaScript's Math lacks.

/** ln(eˣ + eʸ) without overflow, also where one of them is infinite. */
export function logAddExp(x: number, y: number): number {
  if (x === y) return x + Math.LN2;
  const larger = Math.max(x, y);
  return Number.isNaN(larger) ? NaN : larger + Math.log1p(Math.exp(-Math.abs(x - y)));
}

/** base to the exponent as NumPy and C say it: 1 to any power is 1, even NaN; (-1) to ±∞ is 1. */
export function raise(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}

/** To the nearest whole number, halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The remainder with the divisor's sign, as Python's % has it. */
export function remainder(x: number, divisor: number): number {
  const rest = x % divisor;
  return rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest;
}
