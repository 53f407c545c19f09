// The clock of playing: how long each step stays before the next one.

const DWELL = 420; // milliseconds at speed 1 to read a step after its pulse has arrived
const SHORT_DWELL = 120; // the same in a story so long that nobody reads each step
const STILL_DWELL = 750; // the same where nothing moves: reading is all there is
const LONG_STORY = 150;

// How long to read, in milliseconds at speed 1, after pulses that travelled for so long, in a story of so many steps.
function usualDwell(travel, steps) {
  if (travel === 0) return STILL_DWELL;
  return steps > LONG_STORY ? SHORT_DWELL : DWELL;
}

/**
 * Plays the steps of one view.
 *
 * The clock is the browser's animation frame, so a hidden page waits. Where two views show one model, each is armed
 * anew by every step that either of them takes, hence no step is taken twice.
 */
export class Player {
  /** isPlaying(), speed(), steps(): read anew at each frame; advance(): take the next step or stop at the end. */
  constructor({ lifetime, isPlaying, speed, steps, advance, dwell = usualDwell }) {
    this.isPlaying = isPlaying;
    this.speed = speed;
    this.steps = steps;
    this.advance = advance;
    this.dwell = dwell;
    this.frame = null;
    this.deadline = 0;
    this.tick = lifetime.guard((now) => this.check(now));
    lifetime.onEnd(() => this.rest());
  }

  /** A step has just been shown, its pulses travel for this many milliseconds: wait them out and a while longer. */
  arm(travel) {
    this.deadline = performance.now() + travel + this.dwell(travel, this.steps()) / this.speed();
    this.run();
  }

  /** Start or stop with the model. */
  run() {
    if (this.isPlaying() && this.frame === null) this.frame = requestAnimationFrame(this.tick);
    if (!this.isPlaying()) this.rest();
  }

  /** Play at once: the first step after the button must not keep people waiting. */
  start() {
    this.deadline = 0;
    this.run();
  }

  check(now) {
    this.frame = null;
    if (!this.isPlaying()) return;
    if (now >= this.deadline) {
      // Set before the step is taken: a frame that takes long must not take two steps.
      this.deadline = Number.POSITIVE_INFINITY;
      this.advance();
    }
    this.run();
  }

  rest() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }
}
