// The shuffles of Python's random.Random, the same on every machine.
// Matsumoto, Nishimura (1998), Mersenne Twister; seeded by their init_by_array.

const [SIZE, SHIFT] = [624, 397];

/** Random whole numbers and orders, from a small seed. */
export class Shuffler {
  private readonly words = new Uint32Array(SIZE);
  private at = SIZE;

  constructor(seed: number) {
    const { words } = this;
    words[0] = 19650218;
    for (let i = 1; i < SIZE; i += 1) words[i] = Math.imul(1812433253, words[i - 1] ^ (words[i - 1] >>> 30)) + i;
    let i = 1;
    const mixed = (factor: number) => words[i] ^ Math.imul(words[i - 1] ^ (words[i - 1] >>> 30), factor);
    const next = () => {
      i += 1;
      if (i < SIZE) return;
      words[0] = words[SIZE - 1];
      i = 1;
    };
    for (let k = 0; k < SIZE; k += 1, next()) words[i] = mixed(1664525) + seed;
    for (let k = 1; k < SIZE; k += 1, next()) words[i] = mixed(1566083941) - i;
    words[0] = 0x80000000;
  }

  private bits(count: number): number {
    if (this.at === SIZE) this.twist();
    let y = this.words[this.at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return ((y ^ (y >>> 18)) >>> 0) >>> (32 - count);
  }

  private twist(): void {
    const { words } = this;
    for (let i = 0; i < SIZE; i += 1) {
      const y = (words[i] & 0x80000000) | (words[(i + 1) % SIZE] & 0x7fffffff);
      words[i] = words[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }

  /** A whole number from 0 up to a bound, which is not among them. */
  below(bound: number): number {
    const count = 32 - Math.clz32(bound);
    let drawn = this.bits(count);
    while (drawn >= bound) drawn = this.bits(count);
    return drawn;
  }

  /** Put a list into another order, in place. */
  shuffle(list: unknown[]): void {
    for (let i = list.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
  }

  /** Draw some of a short list, none twice. */
  sample<Each>(list: readonly Each[], count: number): Each[] {
    const pool = [...list];
    return Array.from({ length: count }, (_, i) => {
      const j = this.below(list.length - i);
      const drawn = pool[j];
      pool[j] = pool[list.length - i - 1];
      return drawn;
    });
  }
}
