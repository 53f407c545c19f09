// Sending changes to the kernel: at most one message under way per interval, and the last value always sent.

const SHORTEST_INTERVAL = 100; // milliseconds; a kernel needs about this long for one change

/** Saves a model's changes, coalesced. */
export class Saver {
  constructor({ lifetime, model }) {
    this.model = model;
    this.timer = null;
    this.lastSent = -Infinity;
    this.sendGuarded = lifetime.guard(() => this.send());
    lifetime.onEnd(() => {
      if (this.timer !== null) this.send();
    });
  }

  request() {
    if (this.timer !== null) return;
    const wait = this.lastSent + SHORTEST_INTERVAL - performance.now();
    if (wait <= 0) this.sendGuarded();
    else this.timer = setTimeout(this.sendGuarded, wait);
  }

  send() {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.lastSent = performance.now();
    this.model.save_changes();
  }
}
