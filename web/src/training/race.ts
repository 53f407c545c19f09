// Several optimisers from one start, on the same batches; and the ways that runs have gone.
import type { PlainUpdate } from "../types/specification.js";
import { Divergence, Learner } from "./learner.js";
import type { LossSlice, Point } from "./loss_slice.js";

const MOST_NUMBERS = 400_000; // that a track keeps in all
const FEWEST_PLACES = 40;
const MOST_PLACES = 300;

/** Where parameters were, thinned as the way grows longer, and their shadows on a slice. */
export class Track {
  places: Float64Array[] = [];
  private shadows: Point[] = [];
  private slice: LossSlice | null = null;
  private apart = 1;
  private passed = 0;

  add(parameters: Float64Array): void {
    const isMarked = this.passed % this.apart === 0;
    this.passed += 1;
    if (!isMarked) return;
    this.places.push(parameters.slice());
    if (this.slice) this.shadows.push(this.slice.shadow(parameters));
    const most = Math.max(FEWEST_PLACES, Math.min(MOST_PLACES, MOST_NUMBERS / parameters.length));
    if (this.places.length <= most) return;
    this.apart *= 2;
    this.places = this.places.filter((_, at) => at % 2 === 0);
    this.shadows = this.shadows.filter((_, at) => at % 2 === 0);
  }

  /** The shadows of the way on a slice. */
  castOn(slice: LossSlice): readonly Point[] {
    if (this.slice !== slice) this.shadows = this.places.map((place) => slice.shadow(place));
    this.slice = slice;
    return this.shadows;
  }
}

/** Who races: a rule, and its learning rate. */
export interface Entrant {
  name: string;
  update: PlainUpdate;
  rate: number;
}

/** One optimiser on its way. */
export class Racer {
  readonly track = new Track();
  readonly learner: Learner;
  /** The step at which it left all bounds. */
  divergedAt: number | null = null;

  /** run: whose network, examples and batches these are. */
  constructor(
    readonly entrant: Entrant,
    start: Float64Array,
    run: Learner,
    { l2, batchSize }: { l2: number; batchSize: number },
  ) {
    this.learner = new Learner(
      { ...run.plain, update: entrant.update },
      { form: { ...run.form, l2 }, first: start, examples: [run.train, run.validation] },
    );
    this.learner.ownRate = entrant.rate;
    this.learner.batchSize = batchSize;
    this.track.add(start);
  }

  step(): void {
    if (this.divergedAt !== null) return;
    try {
      this.learner.step();
      this.track.add(this.learner.parameters);
    } catch (problem) {
      if (!(problem instanceof Divergence)) throw problem;
      this.divergedAt = problem.step;
    }
  }

  /** On all training examples, with what weights cost: what is made small. */
  loss(): number {
    const { loss, penalty } = this.learner.lossAt(this.learner.parameters);
    return loss + penalty;
  }
}
