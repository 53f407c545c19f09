// What screen readers hear: each step once, and nothing of the steps that rush by.
import { makeElement } from "./dom.js";

const REST = 150;
const REST_WHILE_PLAYING = 450;

/** The polite live region of a view. */
export class LiveRegion {
  constructor({ lifetime }) {
    this.element = makeElement("div", { class: "bpv-live", role: "status", "aria-live": "polite" });
    this.timer = null;
    this.guard = lifetime.guard;
    lifetime.onEnd(() => clearTimeout(this.timer));
  }

  /** Say something once the story rests; words() is asked only then. */
  say(words, playing) {
    clearTimeout(this.timer);
    const speak = this.guard(() => {
      this.element.textContent = words();
    });
    this.timer = setTimeout(speak, playing ? REST_WHILE_PLAYING : REST);
  }
}
