// Frames on their way from the kernel to the screen.
import { readParts } from "./frame_parts.js";

// Each answer makes the kernel busy and idle again, and the notebook shows that: one for three frames is enough.
const FRAMES_PER_ANSWER = 3;

/** Keeps the newest frame until it is painted, and answers the kernel. */
export class Frames {
  /** answer(number): tell the kernel that all frames up to this one are painted. */
  constructor(answer) {
    this.answer = answer;
    this.answered = 0;
    this.newest = null;
  }

  /** Take a frame in; parts of one that was never painted, and that it does not bring itself, stay. */
  add(content, buffers) {
    const waiting = this.newest?.round === content.round ? this.newest.parts : {};
    this.newest = { ...content, parts: { ...waiting, ...readParts(content.parts, buffers ?? []) } };
  }

  /** Give the newest frame of this round to be painted, or null; one that has overtaken its round stays. */
  take(round) {
    const { newest } = this;
    if (newest === null || newest.round > round) return null;
    this.newest = null;
    return newest.round === round ? newest : null;
  }

  /** A frame has been painted. For one of a run that stands still the kernel has more to send. */
  painted({ number, running }) {
    if (running && number - this.answered < FRAMES_PER_ANSWER) return;
    this.answered = number;
    this.answer(number);
  }
}
