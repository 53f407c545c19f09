// The losses of the last steps, how they grow, and when there is no way back; see backpropviz/learn/diverging.py.

const GROWTH = 1e3; // a loss this many times the first one (or 1, if that is larger) counts as divergence
const RECENT = 50;
const LONG_FACTOR = 1e6; // beyond, a factor is read more easily as a power of ten

/** How much a loss grew from its lowest in some steps. */
interface Growth {
  factor: number;
  /** The last one that is finite. */
  reached: number;
  steps: number;
}

/** Say how much the loss grew in the last steps, the newest last; null where it did not. */
export function growth(losses: readonly number[]): Growth | null {
  const last = losses.findLastIndex(Number.isFinite);
  const finite = losses.slice(0, last + 1);
  if (finite.length < 2 || !finite.every(Number.isFinite)) return null;
  const lowest = finite.lastIndexOf(Math.min(...finite));
  if (lowest === last || finite[lowest] <= 0) return null;
  return { factor: finite[last] / finite[lowest], reached: finite[last], steps: last - lowest };
}

/** A growth as a clause, as in "the loss grew 40-fold in 3 steps". */
export function growthText({ factor, steps }: Growth): string {
  const times = Number(factor.toPrecision(2));
  const told = times < LONG_FACTOR ? times.toLocaleString("en-GB") : times.toExponential(1);
  return `the loss grew ${told}-fold in ${steps} step${steps === 1 ? "" : "s"}`;
}

/** Looks at the loss of each step. */
export class LossWatch {
  first = NaN;
  readonly recent: number[] = [];
  private limit = NaN;

  /** Note a loss, and say whether the run counts as divergent. */
  diverges(loss: number): boolean {
    if (this.recent.length === 0) {
      this.first = loss;
      this.limit = Number.isFinite(loss) ? GROWTH * Math.max(1, Math.abs(loss)) : GROWTH;
    }
    this.recent.push(loss);
    if (this.recent.length > RECENT) this.recent.shift();
    return !(loss <= this.limit);
  }

  forget(): void {
    this.recent.length = 0;
  }
}
