// Random bits, those of NumPy's default_rng(seed): PCG64 seeded by a SeedSequence.
const BITS_32 = 0xffffffffn;
const BITS_64 = (1n << 64n) - 1n;
const BITS_128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const POOL = 4;

export interface PlainBits {
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
