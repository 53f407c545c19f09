// Training in what painting leaves of each frame, so that neither holds the other back; and pictures painted in turns.
import type { Lifetime } from "../page/lifetime.js";

const FRAME = 1000 / 60; // milliseconds
const SPARED = 2; // of them: what a browser does between two frames
const LEAST_TRAINED = 2; // milliseconds of training, however late a frame is
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

const waiting = new Set<() => void>();

function paintNext(): void {
  const [first] = waiting;
  waiting.delete(first);
  if (waiting.size > 0) requestAnimationFrame(paintNext);
  first?.();
}

/** Work that is asked for many times and done once, in a frame of its own: all that is asked for waits for its turn. */
export class TurnTask {
  private readonly work: () => void;

  constructor(lifetime: Lifetime, work: () => void) {
    this.work = lifetime.guard(work);
    lifetime.onEnd(() => waiting.delete(this.work));
  }

  request(): void {
    if (waiting.size === 0) requestAnimationFrame(paintNext);
    waiting.add(this.work);
  }
}

interface LoopWork {
  /** Take so many steps; gives whether there are more to take. */
  step: (count: number) => boolean;
  /** The largest number of steps a second; 0 for as many as possible. */
  limit: () => number;
  /** Called once in each frame, before its steps. */
  look: (now: number) => void;
}

const activeLoops = new Set<FrameLoop>();
let nextFrame = 0;
let afterPaint: ReturnType<typeof setTimeout>;

/**
 * One turn for all loops that run: once this frame is painted, they share what is left until the next one. What they
 * have to show is made first, so that it, too, is taken from their time.
 */
function takeTurn(now: number): void {
  nextFrame = requestAnimationFrame(takeTurn);
  afterPaint = setTimeout(() => {
    for (const loop of activeLoops) loop.look(now);
    const until = Math.max(now + FRAME - SPARED, performance.now() + LEAST_TRAINED);
    let others = activeLoops.size;
    for (const loop of activeLoops) {
      const began = performance.now();
      loop.train(now, began + (until - began) / others);
      others -= 1;
    }
  });
}

/** Runs while it is started; a page that is out of sight has no frames, so it rests there. */
export class FrameLoop {
  /** Steps a second, of the last second. */
  pace = 0;
  private before = 0;
  private debt = 0;
  private taken = 0;
  private since = 0;

  constructor(private readonly work: LoopWork) {}

  start(): void {
    this.before = this.since = performance.now();
    this.debt = this.taken = this.pace = 0;
    if (activeLoops.size === 0) nextFrame = requestAnimationFrame(takeTurn);
    activeLoops.add(this);
  }

  stop(): void {
    if (!activeLoops.delete(this) || activeLoops.size > 0) return;
    cancelAnimationFrame(nextFrame);
    clearTimeout(afterPaint);
  }

  look(now: number): void {
    if (now - this.since > PACE_WINDOW) {
      this.pace = (1000 * this.taken) / (now - this.since);
      [this.since, this.taken] = [now, 0];
    }
    this.work.look(now);
  }

  train(now: number, until: number): void {
    const limit = this.work.limit();
    // A limited run owes steps at fixed times; what it could not keep up with is forgotten.
    this.debt = Math.min(this.debt + (limit * (now - this.before)) / 1000, Math.max(1, LONGEST_DEBT * limit));
    this.before = now;
    while (activeLoops.has(this) && performance.now() < until) {
      const count = limit > 0 ? Math.min(STEPS_AT_ONCE, Math.floor(this.debt)) : STEPS_AT_ONCE;
      if (count === 0) return;
      this.debt -= count;
      this.taken += count;
      if (!this.work.step(count)) this.stop();
    }
  }
}
