// Normal numbers, those of NumPy's Generator.standard_normal: the ziggurat of Marsaglia and Tsang (2000).
import type { RandomBits } from "./random_bits.js";

const BASE = 3.6541528853610088; // where the tail begins
const AREA = 0.004928673233974655; // of each of the 256 layers
const WHOLE = 2 ** 52;

interface Ziggurat {
  /** Below it a draw lies within the layer for certain. */
  sure: Float64Array;
  widths: Float64Array;
  heights: Float64Array;
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x);
}

function makeZiggurat(): Ziggurat {
  const [sure, widths, heights] = [0, 0, 0].map(() => new Float64Array(256));
  let x = BASE;
  widths[0] = AREA / density(BASE) / WHOLE;
  sure[0] = Math.floor(((BASE * density(BASE)) / AREA) * WHOLE);
  heights[0] = 1;
  for (let layer = 255; layer > 0; layer -= 1) {
    widths[layer] = x / WHOLE;
    heights[layer] = density(x);
    if (layer === 1) break;
    const next = Math.sqrt(-2 * Math.log(AREA / x + density(x)));
    sure[layer] = Math.floor((next / x) * WHOLE);
    x = next;
  }
  return { sure, widths, heights };
}

let ziggurat: Ziggurat | null = null;

/** A number with mean 0 and deviation 1. */
export function drawNormal(bits: RandomBits): number {
  const { sure, widths, heights } = (ziggurat ??= makeZiggurat());
  for (;;) {
    const word = bits.word();
    const layer = Number(word & 0xffn);
    const size = Number((word >> 9n) & 0xfffffffffffffn);
    const x = ((word >> 8n) & 1n ? -size : size) * widths[layer];
    if (size < sure[layer]) return x;
    if (layer === 0) return tail(bits, ((word >> 17n) & 1n) === 1n);
    const height = (heights[layer - 1] - heights[layer]) * bits.share() + heights[layer];
    if (height < density(x)) return x;
  }
}

function tail(bits: RandomBits, isNegative: boolean): number {
  for (;;) {
    const beyond = -Math.log1p(-bits.share()) / BASE;
    const height = -Math.log1p(-bits.share());
    if (2 * height > beyond * beyond) return isNegative ? -(BASE + beyond) : BASE + beyond;
  }
}
