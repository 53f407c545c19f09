// Training in slices of frames, so that painting never holds it back and it never holds painting back.

const SLICE = 7; // milliseconds of training in one frame, shared by all loops that run: the rest is for painting
const STEPS_AT_ONCE = 4;
const LONGEST_DEBT = 0.05; // seconds of steps that a limited run may owe
const SHARE = 0.15; // of the time, at most, for one kind of update
const PACE_WINDOW = 1000; // milliseconds

/** Something that is done no more often than it is worth. */
export class Beat {
  private last = -Infinity;
  private cost = 0;

  /** interval: milliseconds from one time to the next, at least. */
  constructor(private readonly interval: number) {}

  isDue(now: number): boolean {
    return now - this.last >= Math.max(this.interval, this.cost / SHARE);
  }

  do(work: () => void): void {
    this.last = performance.now();
    work();
    // A smoothed cost: one slow update, while something is loaded, must not hold up the next.
    this.cost += 0.3 * (performance.now() - this.last - this.cost);
  }
}

interface LoopWork {
  /** Take so many steps; gives whether there are more to take. */
  step: (count: number) => boolean;
  /** The largest number of steps a second; 0 for as many as possible. */
  limit: () => number;
  /** Called once in each frame, after its steps. */
  look: (now: number) => void;
}

let runningLoops = 0;

/** Runs while it is started; a page that is out of sight has no frames, so it rests there. */
export class FrameLoop {
  /** Steps a second, of the last second. */
  pace = 0;
  private handle: number | null = null;
  private before = 0;
  private debt = 0;
  private taken = 0;
  private since = 0;

  constructor(private readonly work: LoopWork) {}

  start(): void {
    this.before = this.since = performance.now();
    this.debt = this.taken = this.pace = 0;
    if (this.handle !== null) return;
    runningLoops += 1;
    this.handle = requestAnimationFrame((now) => this.turn(now));
  }

  stop(): void {
    if (this.handle === null) return;
    runningLoops -= 1;
    cancelAnimationFrame(this.handle);
    this.handle = null;
  }

  private turn(now: number): void {
    this.handle = requestAnimationFrame((next) => this.turn(next));
    this.train(now);
    if (now - this.since > PACE_WINDOW) {
      this.pace = (1000 * this.taken) / (now - this.since);
      [this.since, this.taken] = [now, 0];
    }
    if (this.handle !== null) this.work.look(now);
  }

  private train(now: number): void {
    const limit = this.work.limit();
    // A limited run owes steps at fixed times; what it could not keep up with is forgotten.
    this.debt = Math.min(this.debt + (limit * (now - this.before)) / 1000, Math.max(1, LONGEST_DEBT * limit));
    this.before = now;
    const until = performance.now() + SLICE / runningLoops;
    while (this.handle !== null && performance.now() < until) {
      const count = limit > 0 ? Math.min(STEPS_AT_ONCE, Math.floor(this.debt)) : STEPS_AT_ONCE;
      if (count === 0) return;
      this.debt -= count;
      this.taken += count;
      if (!this.work.step(count)) this.stop();
    }
  }
}
