// Random numbers bit for bit those of NumPy's generators: raw bits, normal draws, shuffles, first weights.
import { type Form, layerPlaces, parameterCount } from "./perceptron.js";

// Random bits, those of NumPy's default_rng(seed): PCG64 seeded by a SeedSequence.

const BITS_32 = 0xffffffffn;
const BITS_64 = (1n << 64n) - 1n;
const BITS_128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const POOL = 4;

interface PlainBits {
  state: string;
  increment: string;
  half: number | null;
}

/** Words of 32 bits into which a seed is mixed; the constants are those of NumPy's SeedSequence. */
function mixedPool(seed: number | bigint): Uint32Array {
  const entropy: number[] = [];
  for (let rest = BigInt(seed); rest > 0n || entropy.length === 0; rest >>= 32n) entropy.push(Number(rest & BITS_32));
  let factor = 0x43b0d7e5;
  const hashed = (word: number): number => {
    let value = word ^ factor;
    factor = Math.imul(factor, 0x931e8875);
    value = Math.imul(value, factor);
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixed = (one: number, other: number): number => {
    const value = (Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other)) | 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const pool = new Uint32Array(POOL);
  for (let place = 0; place < POOL; place += 1) pool[place] = hashed(entropy[place] ?? 0);
  for (let from = 0; from < POOL; from += 1) {
    for (let to = 0; to < POOL; to += 1) if (from !== to) pool[to] = mixed(pool[to] ?? 0, hashed(pool[from] ?? 0));
  }
  for (const word of entropy.slice(POOL)) {
    for (let to = 0; to < POOL; to += 1) pool[to] = mixed(pool[to] ?? 0, hashed(word));
  }
  return pool;
}

/** Numbers of 64 bits drawn from a pool. */
function drawnWords(pool: Uint32Array, count: number): bigint[] {
  let factor = 0x8b51f9dd;
  const halves = Array.from({ length: 2 * count }, (_, place) => {
    let value = (pool[place % POOL] ?? 0) ^ factor;
    factor = Math.imul(factor, 0x58f38ded);
    value = Math.imul(value, factor);
    return BigInt((value ^ (value >>> 16)) >>> 0);
  });
  return Array.from(
    { length: count },
    (_, place) => (halves[2 * place] ?? 0n) | ((halves[2 * place + 1] ?? 0n) << 32n),
  );
}

/** A generator of random bits, and where it stands. */
export class RandomBits {
  protected constructor(
    private state: bigint,
    private readonly increment: bigint,
    private half: number | null,
  ) {}

  /** The bits of a seed: a whole number, 0 or more. */
  static ofSeed(seed: number | bigint): RandomBits {
    const [high = 0n, low = 0n, streamHigh = 0n, streamLow = 0n] = drawnWords(mixedPool(seed), 4);
    const made = new RandomBits(0n, ((((streamHigh << 64n) | streamLow) << 1n) | 1n) & BITS_128, null);
    made.step();
    made.state = (made.state + ((high << 64n) | low)) & BITS_128;
    made.step();
    return made;
  }

  /** Go on from where the kernel stood. */
  static from({ state, increment, half }: PlainBits): RandomBits {
    return new RandomBits(BigInt(`0x${state}`), BigInt(`0x${increment}`), half);
  }

  toPlain(): PlainBits {
    const digits = (value: bigint) => value.toString(16).padStart(32, "0");
    return { state: digits(this.state), increment: digits(this.increment), half: this.half };
  }

  private step(): void {
    this.state = (this.state * MULTIPLIER + this.increment) & BITS_128;
  }

  /** 64 random bits. */
  word(): bigint {
    this.step();
    const folded = (this.state >> 64n) ^ (this.state & BITS_64);
    const turn = this.state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & BITS_64;
  }

  /** 32 random bits: those of a number of 64 bits are used one half after the other, the lower first. */
  halfWord(): number {
    if (this.half !== null) {
      const kept = this.half;
      this.half = null;
      return kept;
    }
    const word = this.word();
    this.half = Number(word >> 32n);
    return Number(word & BITS_32);
  }

  /** A number from 0 up to below 1. */
  share(): number {
    return Number(this.word() >> 11n) / 2 ** 53;
  }
}

// Normal numbers, those of NumPy's Generator.standard_normal: the ziggurat of Marsaglia and Tsang (2000).

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

// Orders of the examples, bit for bit those of NumPy's default_rng(seed).permutation(n).

/** Where the shuffles of a run stand. */
export class Shuffles {
  private constructor(private readonly bits: RandomBits) {}

  /** The shuffles of a seed: a whole number, 0 or more. */
  static ofSeed(seed: number | bigint): Shuffles {
    return new Shuffles(RandomBits.ofSeed(seed));
  }

  /** Go on from where the kernel stood. */
  static from(plain: PlainBits): Shuffles {
    return new Shuffles(RandomBits.from(plain));
  }

  toPlain(): PlainBits {
    return this.bits.toPlain();
  }

  /** The numbers from 0 to count - 1 in a new order. */
  order(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, place) => place);
    for (let last = count - 1; last > 0; last -= 1) {
      const chosen = this.upTo(last);
      const kept = order[last] ?? 0;
      order[last] = order[chosen] ?? 0;
      order[chosen] = kept;
    }
    return order;
  }

  /** A whole number from 0 to `most`, each as probable: bits that are too large are thrown away. */
  private upTo(most: number): number {
    const mask = 0xffffffff >>> Math.clz32(most);
    let drawn = (this.bits.halfWord() & mask) >>> 0;
    while (drawn > most) drawn = (this.bits.halfWord() & mask) >>> 0;
    return drawn;
  }
}

// First weights, drawn by seed; see backpropviz/learn/initial.py.

const NORMAL_DEVIATION = 0.1;

/** One weight between layers of so many units. */
function drawer(how: string, before: number, after: number, bits: RandomBits): () => number {
  if (how === "zeros") return () => 0;
  if (how === "xavier") {
    const limit = Math.sqrt(6 / (before + after));
    return () => -limit + 2 * limit * bits.share();
  }
  const deviation = how === "he" ? Math.sqrt(2 / before) : NORMAL_DEVIATION;
  return () => deviation * drawNormal(bits);
}

/** All parameters in one row; biases start at 0. */
export function drawParameters(form: Form): Float64Array {
  const bits = RandomBits.ofSeed(form.seed);
  const row = new Float64Array(parameterCount(form.sizes));
  layerPlaces(form).forEach(({ before, after, weights }, layer) => {
    const usual = form.cutting.includes(form.activations[layer] ?? "") ? "he" : "xavier";
    const draw = drawer(form.initial === "auto" ? usual : form.initial, before, after, bits);
    for (let place = weights; place < weights + before * after; place += 1) row[place] = draw();
  });
  return row;
}
