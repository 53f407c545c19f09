// Whatever a view starts ends with it; work asked for many times is done once; changes are sent to the kernel at its pace.

/**
 * Listeners, observers and frames that end together.
 *
 * A notebook cell can be run a hundred times; whatever a view starts is registered here and ends with the view.
 */
export class Lifetime {
  constructor(guard) {
    this.guard = guard;
    this.endings = [];
    this.ended = false;
  }

  /** Listen to a DOM target until the view ends; the handler runs inside the view's guard. */
  listen(target, event, handler, options) {
    const guarded = this.guard(handler);
    target.addEventListener(event, guarded, options);
    this.endings.push(() => target.removeEventListener(event, guarded, options));
  }

  /** Listen to a model event until the view ends. */
  follow(model, event, handler) {
    const guarded = this.guard(handler);
    model.on(event, guarded);
    this.endings.push(() => model.off(event, guarded));
  }

  /** Register what has to happen when the view ends. */
  onEnd(ending) {
    this.endings.push(ending);
  }

  /** End everything, newest first. */
  end() {
    this.ended = true;
    while (this.endings.length > 0) this.endings.pop()();
  }
}

/** Work that is asked for many times and done once, in the next animation frame. */
export class FrameTask {
  constructor(lifetime, work) {
    this.work = lifetime.guard(work);
    this.handle = null;
    lifetime.onEnd(() => this.cancel());
  }

  request() {
    if (this.handle !== null) return;
    this.handle = requestAnimationFrame(() => {
      this.handle = null;
      this.work();
    });
  }

  cancel() {
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
  }
}

const SHORTEST_INTERVAL = 100; // milliseconds; a kernel needs about this long for one change
const FRAMES_BETWEEN = 6; // a notebook redraws its window at the start and at the end of each answer, picture and all

/**
 * Saves a model's changes, coalesced.
 *
 * Where a frame takes long, a large picture on a slow machine, messages are fewer: each costs two more frames, and a
 * person who drags a slider would wait for them.
 */
export class Saver {
  constructor({ lifetime, model }) {
    this.model = model;
    this.timer = null;
    this.lastSent = -Infinity;
    this.frameTime = 0;
    this.watching = null;
    this.guard = lifetime.guard;
    this.sendGuarded = lifetime.guard(() => this.send());
    lifetime.onEnd(() => {
      if (this.watching !== null) cancelAnimationFrame(this.watching);
      if (this.timer !== null) this.send();
    });
  }

  request() {
    this.watchFrame();
    if (this.timer !== null) return;
    const wait = this.lastSent + this.interval - performance.now();
    if (wait <= 0) this.sendGuarded();
    else this.timer = setTimeout(this.sendGuarded, wait);
  }

  get interval() {
    return Math.max(SHORTEST_INTERVAL, FRAMES_BETWEEN * this.frameTime);
  }

  // How long the frame takes that paints this change, smoothed.
  watchFrame() {
    if (this.watching !== null) return;
    const next = (work) => {
      this.watching = requestAnimationFrame(this.guard(work));
    };
    next((began) => {
      next((ended) => {
        this.watching = null;
        this.frameTime += (ended - began - this.frameTime) / 2;
      });
    });
  }

  send() {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.lastSent = performance.now();
    this.model.save_changes();
  }
}
