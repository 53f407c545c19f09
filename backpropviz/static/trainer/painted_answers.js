// Telling the kernel what has been painted: only then does it send the next.

const LONGEST_WAIT = 40; // milliseconds that an answer may wait for company

/** Answers for pictures and curves; both go in one message where they can, since each costs the kernel dearly. */
export class PaintedAnswers {
  /** send(parts): "pictures" and "curves". */
  constructor({ lifetime, send }) {
    this.send = send;
    this.curves = false;
    this.frame = null;
    this.timer = null;
    this.answer = lifetime.guard((parts) => {
      const painted = this.curves ? [...parts, "curves"] : parts;
      this.curves = false;
      if (painted.length > 0) this.send(painted);
    });
    lifetime.onEnd(() => {
      if (this.frame !== null) cancelAnimationFrame(this.frame);
      clearTimeout(this.timer);
    });
  }

  /** Pictures have been drawn; they are on the screen when the next frame begins. */
  picturesDrawn() {
    if (this.frame !== null) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.answer(["pictures"]);
    });
  }

  curvesDrawn() {
    this.curves = true;
    if (this.frame !== null) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.answer([]), LONGEST_WAIT);
  }
}
