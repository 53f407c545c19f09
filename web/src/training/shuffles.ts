// Orders of the examples, bit for bit those of NumPy's default_rng(seed).permutation(n).
import { type PlainBits, RandomBits } from "./random_bits.js";

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
