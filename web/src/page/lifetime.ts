// Whatever a view starts ends with it; work asked for many times is done once; changes are sent to the kernel at its pace.
import type { ModelEvents } from "../types/model.js";

/** Wraps work so that what it throws is shown to the person. */
export type Guard = <Given extends unknown[], Result>(
  work: (...given: Given) => Result,
) => (...given: Given) => Result | undefined;

/** A guard that hands what work throws to somebody: Jupyter would swallow what a callback throws. */
export function guardWith(complain: (problem: unknown) => void): Guard {
  return (work) =>
    (...given) => {
      try {
        return work(...given);
      } catch (problem) {
        complain(problem);
        return undefined;
      }
    };
}

type EventOf<Name extends string> = Name extends keyof HTMLElementEventMap ? HTMLElementEventMap[Name] : Event;

/**
 * Listeners, observers and frames that end together.
 *
 * A notebook cell can be run a hundred times; whatever a view starts is registered here and ends with the view.
 */
export class Lifetime {
  endings: (() => void)[];
  ended: boolean;

  constructor(readonly guard: Guard) {
    this.endings = [];
    this.ended = false;
  }

  /** Listen to a DOM target until the view ends; the handler runs inside the view's guard. */
  listen<Name extends string>(
    target: EventTarget,
    event: Name,
    handler: (event: EventOf<Name>) => unknown,
    options?: AddEventListenerOptions,
  ) {
    const guarded = this.guard(handler) as EventListener;
    target.addEventListener(event, guarded, options);
    this.endings.push(() => target.removeEventListener(event, guarded, options));
  }

  /** Listen to a model event until the view ends. */
  follow<Given extends never[]>(model: ModelEvents, event: string, handler: (...given: Given) => unknown) {
    const guarded = this.guard(handler);
    model.on(event, guarded);
    this.endings.push(() => model.off(event, guarded));
  }

  /** Register what has to happen when the view ends. */
  onEnd(ending: () => void) {
    this.endings.push(ending);
  }

  /** End everything, newest first. */
  end() {
    this.ended = true;
    for (let ending = this.endings.pop(); ending; ending = this.endings.pop()) ending();
  }
}

/**
 * Work that is asked for many times and done once, in the next animation frame.
 *
 * With an element to lay out, what is asked for first since a frame is done, and laid out, as soon as who asks has ended:
 * a screen's frame may be 16 ms away, and who waits for it idly is late for it. What is asked for later waits for it.
 */
export class FrameTask {
  work: () => void;
  isFrameDue = false;
  isAsked = false;

  constructor(
    lifetime: Lifetime,
    work: () => void,
    readonly ahead?: { getBoundingClientRect(): unknown },
  ) {
    this.work = lifetime.guard(work);
    lifetime.onEnd(() => (this.isAsked = false));
  }

  request() {
    this.isAsked = true;
    if (this.isFrameDue) return;
    this.isFrameDue = true;
    requestAnimationFrame(() => {
      this.isFrameDue = false;
      this.run();
    });
    const { ahead } = this;
    if (ahead) queueMicrotask(() => (this.run(), ahead.getBoundingClientRect())); // which lays out
  }

  private run() {
    const { isAsked } = this;
    this.isAsked = false; // what asks again meanwhile is done in the next frame
    if (isAsked) this.work();
  }
}

const SHORTEST_INTERVAL = 100; // milliseconds; a kernel needs about this long for one change
const TO_PAINT = 20; // milliseconds that a change is painted in before it is told: writing a message takes some of them
const SMOOTH = 16; // milliseconds of work: a frame that takes no longer bears the two that a notebook adds to each answer
const HAND_RESTS = 150; // milliseconds without a change: the hand rests
const LONGEST_WAIT = 1000; // milliseconds that a change is kept back while others follow

/**
 * Saves a model's changes, coalesced.
 *
 * Where a frame takes long, a large picture on a slow machine, a change is told once the hand rests: each message costs
 * two more frames, and a person who drags a slider would wait for them.
 */
export class Saver {
  frameTime = 0; // milliseconds of work in a frame that paints a change, smoothed
  watching: number | null = null;
  model: ModelEvents;
  timer: ReturnType<typeof setTimeout> | null = null;
  lastSent = -Infinity;
  waitingSince = 0;
  isAwaited: () => boolean;
  sendGuarded: () => void;

  /** isAwaited(): whether the picture waits for the kernel's answer. */
  constructor({
    lifetime,
    model,
    isAwaited = () => false,
  }: {
    lifetime: Lifetime;
    model: ModelEvents;
    isAwaited?: () => boolean;
  }) {
    this.model = model;
    this.isAwaited = isAwaited;
    this.sendGuarded = lifetime.guard(() => this.send());
    lifetime.onEnd(() => {
      if (this.watching !== null) cancelAnimationFrame(this.watching);
      if (this.timer !== null) this.send();
    });
  }

  request() {
    this.watchFrame();
    const now = performance.now();
    const isSlow = this.frameTime > SMOOTH && !this.isAwaited();
    if (this.timer === null) this.waitingSince = now;
    else if (!isSlow) return;
    else clearTimeout(this.timer);
    const due = isSlow
      ? Math.min(now + HAND_RESTS, this.waitingSince + LONGEST_WAIT)
      : Math.max(now + TO_PAINT, this.lastSent + SHORTEST_INTERVAL);
    this.timer = setTimeout(this.sendGuarded, due - now);
  }

  // From a frame's begin until it is painted. How far apart frames are says less: the next may have begun meanwhile.
  watchFrame() {
    if (this.watching !== null) return;
    this.watching = requestAnimationFrame((began) => {
      setTimeout(() => {
        this.watching = null;
        this.frameTime += (performance.now() - began - this.frameTime) / 2;
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
