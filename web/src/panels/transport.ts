// First, back, play, forward, last; one bar for both sweeps; and the beat at which a story plays.
import { bounded, type IconName, makeElement, makeIcon, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { Stretch } from "../story/replay.js";

/** What the buttons, the bar and the speed do. */
export interface TransportActions {
  goTo(step: number): void;
  goBy(count: number): void;
  toggle(): void;
  setSpeed(speed: number): void;
}

const STEP_WORDS = { first: "First step", back: "Step back", forward: "Step forward", last: "Last step", bar: "Step" };
const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4];

function textOfSpeed(speed: number) {
  return `${speed}×`;
}

/** The row of transport controls. */
export class Transport {
  steps: number;
  first: HTMLButtonElement;
  back: HTMLButtonElement;
  play: HTMLButtonElement;
  forward: HTMLButtonElement;
  last: HTMLButtonElement;
  bar: HTMLInputElement;
  track: HTMLDivElement;
  names: HTMLDivElement;
  where: HTMLOutputElement;
  speed: HTMLSelectElement;
  element: HTMLDivElement;
  stretches!: { part: HTMLDivElement; fill: HTMLDivElement; phase: string; from: number; to: number }[];

  /** actions: {goTo(step), goBy(count), toggle(), setSpeed(speed)}; words name the buttons and the bar. */
  constructor({
    lifetime,
    actions,
    words = STEP_WORDS,
  }: {
    lifetime: Lifetime;
    actions: TransportActions;
    words?: typeof STEP_WORDS;
  }) {
    this.steps = 0;
    const button = (icon: IconName, label: string, action: () => void) => {
      const naming = { "aria-label": label, title: label };
      const element = makeElement("button", { type: "button", class: "bpv-button", ...naming }, makeIcon(icon));
      lifetime.listen(element, "click", action);
      return element;
    };
    this.first = button("first", words.first, () => actions.goTo(0));
    this.back = button("back", words.back, () => actions.goBy(-1));
    this.play = button("play", "Play", () => actions.toggle());
    this.play.classList.add("bpv-button-main");
    this.forward = button("forward", words.forward, () => actions.goBy(1));
    this.last = button("last", words.last, () => actions.goTo(this.steps));
    const buttons = makeElement("div", { class: "bpv-buttons", role: "group", "aria-label": "Transport" });
    buttons.append(this.first, this.back, this.play, this.forward, this.last);
    this.bar = makeElement("input", {
      type: "range",
      class: "bpv-scrub-bar",
      min: 0,
      step: 1,
      value: 0,
      "aria-label": words.bar,
    });
    lifetime.listen(this.bar, "input", () => actions.goTo(Number(this.bar.value)));
    this.track = makeElement("div", { class: "bpv-scrub-track", "aria-hidden": "true" });
    this.names = makeElement("div", { class: "bpv-scrub-names", "aria-hidden": "true" });
    const scrub = makeElement("div", { class: "bpv-scrub" }, this.track, this.bar, this.names);
    this.where = makeElement("output", { class: "bpv-where", "aria-live": "off" });
    this.speed = makeSelect(
      "Speed",
      SPEEDS.map((speed) => [speed, textOfSpeed(speed)]),
      "bpv-speed",
    );
    lifetime.listen(this.speed, "change", () => actions.setSpeed(Number(this.speed.value)));
    const right = makeElement("div", { class: "bpv-transport-right" }, this.where, this.speed);
    this.element = makeElement("div", { class: "bpv-transport" }, buttons, scrub, right);
  }

  /** Lay out the bar for another story: its stretches as [{phase, from, to}]. */
  lay(phases: Stretch[], steps: number) {
    this.steps = steps;
    this.bar.max = String(steps);
    this.stretches = phases.map((stretch) => {
      const fill = makeElement("div", { class: "bpv-scrub-fill" });
      const part = makeElement("div", { class: `bpv-scrub-part bpv-phase-${stretch.phase}` }, fill);
      part.style.flexGrow = String(stretch.to - stretch.from);
      return { ...stretch, part, fill };
    });
    this.track.replaceChildren(...this.stretches.map(({ part }) => part));
    this.names.replaceChildren(
      ...this.stretches.map(({ phase, from, to }) => {
        const name = makeElement("span", { class: `bpv-phase-${phase}`, text: phase });
        name.style.flexGrow = String(to - from);
        return name;
      }),
    );
  }

  /** Show where the story stands; `where` says it in words. */
  show({
    step,
    playing,
    speed,
    where = `step ${step} of ${this.steps}`,
  }: {
    step: number;
    playing: boolean;
    speed: number;
    where?: string;
  }) {
    this.bar.value = String(step);
    this.bar.setAttribute("aria-valuetext", where);
    let phase = "start";
    for (const stretch of this.stretches ?? []) {
      const share = bounded((step - stretch.from) / (stretch.to - stretch.from), 0, 1);
      stretch.fill.style.transform = `scaleX(${share})`;
      if (share > 0) phase = stretch.phase;
    }
    this.bar.dataset.phase = phase;
    this.where.textContent = where;
    this.first.disabled = step === 0;
    this.back.disabled = step === 0;
    this.forward.disabled = step === this.steps;
    this.last.disabled = step === this.steps;
    this.showPlaying(playing);
    this.showSpeed(speed);
  }

  showPlaying(playing: boolean) {
    const label = playing ? "Pause" : "Play";
    if (this.play.getAttribute("aria-label") === label) return;
    this.play.setAttribute("aria-label", label);
    this.play.title = `${label} (space)`;
    this.play.replaceChildren(makeIcon(playing ? "pause" : "play"));
  }

  showSpeed(speed: number) {
    const value = String(speed);
    if (this.speed.value === value) return;
    // Python may choose a speed that is not on the list.
    if (![...this.speed.options].some((option) => option.value === value)) {
      this.speed.append(makeElement("option", { value, text: textOfSpeed(speed) }));
    }
    this.speed.value = value;
  }
}

type Dwell = (travel: number, steps: number) => number;

const DWELL = 420; // milliseconds at speed 1 to read a step after its pulse has arrived
const SHORT_DWELL = 120; // the same in a story so long that nobody reads each step
const STILL_DWELL = 750; // the same where nothing moves: reading is all there is
const LONG_STORY = 150;

// How long to read, in milliseconds at speed 1, after pulses that travelled for so long, in a story of so many steps.
function usualDwell(travel: number, steps: number): number {
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
  isPlaying: () => boolean;
  speed: () => number;
  steps: () => number;
  advance: () => void;
  dwell: Dwell;
  frame: number | null;
  deadline: number;
  tick: (now: number) => void;

  /** isPlaying(), speed(), steps(): read anew at each frame; advance(): take the next step or stop at the end. */
  constructor({
    lifetime,
    isPlaying,
    speed,
    steps,
    advance,
    dwell = usualDwell,
  }: {
    lifetime: Lifetime;
    isPlaying: () => boolean;
    speed: () => number;
    steps: () => number;
    advance: () => void;
    dwell?: Dwell;
  }) {
    this.isPlaying = isPlaying;
    this.speed = speed;
    this.steps = steps;
    this.advance = advance;
    this.dwell = dwell;
    this.frame = null;
    this.deadline = 0;
    this.tick = lifetime.guard((now: number) => this.check(now));
    lifetime.onEnd(() => this.rest());
  }

  /** A step has just been shown, its pulses travel for this many milliseconds: wait them out and a while longer. */
  arm(travel: number) {
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

  check(now: number) {
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
