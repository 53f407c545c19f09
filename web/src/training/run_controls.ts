// Play, one step, one epoch, reset; how far the run is and how long it will take.
import { type Child, makeElement, makeIcon, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { formatNumber, roundedText } from "../story/numerals.js";
import type { PlainFinding, RunFrame } from "../types/specification.js";

/** Loss and accuracy; what is null or missing is left out. */
interface Scores {
  loss: number | null;
  penalty?: number | null;
  accuracy?: number | null;
  validationLoss?: number | null;
  validationAccuracy?: number | null;
}

/** The least of time that a run takes: epochs or steps a second, 0 for as fast as it goes. */
interface Pace {
  epochs: number;
  steps: number;
}

/** What the buttons of a run do. */
export interface RunActions {
  toggle(): void;
  step(): void;
  epoch(): void;
  reset(): void;
  limit(pace: Pace): void;
}

/** A loss in three digits. */
export function lossText(loss: number | null) {
  return loss === null ? "not finite" : roundedText(loss);
}

function percent(share: number) {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

function withHeldOut(text: string, heldOut: number | null | undefined, format: (number: number) => string) {
  return heldOut === null || heldOut === undefined ? text : `${text} (held out ${format(heldOut)})`;
}

/** Loss, penalty and accuracy of a moment of a run; what is null, missing or no penalty at all is left out. */
export function scoresText({ loss, penalty, accuracy, validationLoss, validationAccuracy }: Scores) {
  const beside = penalty ? ` + penalty ${lossText(penalty)}` : "";
  const losses = withHeldOut(lossText(loss), validationLoss, lossText) + beside;
  if (accuracy === null || accuracy === undefined) return losses;
  return `${losses} · accuracy ${withHeldOut(percent(accuracy), validationAccuracy, percent)}`;
}

function durationText(seconds: number | null) {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 1) return "less than 1 s left";
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

// Largest numbers of epochs and of steps per second, 0 for no limit; steps go before epochs.
function paceText(epochs: number, steps: number) {
  if (steps > 0) return `${formatNumber(steps)} step${steps === 1 ? "" : "s"}/s`;
  return epochs > 0 ? `${formatNumber(epochs)} epoch${epochs === 1 ? "" : "s"}/s` : "full speed";
}

const PACES = [
  [0, 0],
  [30, 0],
  [5, 0],
  [1, 0],
  [0, 10],
  [0, 2],
].map(([epochs, steps]): [pace: string, text: string] => [`${epochs} ${steps}`, paceText(epochs, steps)]);

/** A button of a run: its label is also its tooltip. */
export function runButton(
  lifetime: Lifetime,
  label: string,
  content: Child[],
  action: () => void,
  className = "bpv-button-worded",
) {
  const naming = { "aria-label": label, title: label };
  const element = makeElement("button", { type: "button", class: `bpv-button ${className}`, ...naming }, ...content);
  lifetime.listen(element, "click", action);
  return element;
}

/** The row of buttons with the progress bar. */
export class RunControls {
  play: HTMLButtonElement;
  step: HTMLButtonElement;
  epoch: HTMLButtonElement;
  reset: HTMLButtonElement;
  fill: HTMLDivElement;
  bar: HTMLDivElement;
  where: HTMLDivElement;
  pace: HTMLDivElement;
  limit: HTMLSelectElement;
  element: HTMLDivElement;

  /** actions: {toggle(), step(), epoch(), reset(), limit({epochs, steps}): largest numbers per second}. */
  constructor({ lifetime, actions }: { lifetime: Lifetime; actions: RunActions }) {
    this.play = runButton(lifetime, "Train", [makeIcon("play")], () => actions.toggle(), "bpv-button-main");
    this.step = runButton(lifetime, "One step", [makeIcon("forward"), "step"], () => actions.step());
    this.epoch = runButton(lifetime, "One epoch", [makeIcon("last"), "epoch"], () => actions.epoch());
    this.reset = runButton(lifetime, "Reset", [makeIcon("again"), "reset"], () => actions.reset());
    const buttons = makeElement("div", { class: "bpv-buttons", role: "group", "aria-label": "Training" });
    buttons.append(this.play, this.step, this.epoch, this.reset);
    this.fill = makeElement("div", { class: "bpv-progress-fill" });
    const naming = { role: "progressbar", "aria-label": "Epochs", "aria-valuemin": 0 };
    this.bar = makeElement("div", { class: "bpv-progress", ...naming }, this.fill);
    this.where = makeElement("div", { class: "bpv-where" });
    this.pace = makeElement("div", { class: "bpv-pace" });
    const told = makeElement("div", { class: "bpv-progress-told" }, this.where, this.pace);
    const progress = makeElement("div", { class: "bpv-progress-holder" }, this.bar, told);
    this.limit = makeSelect("Speed limit", PACES, "bpv-select-limit");
    lifetime.listen(this.limit, "change", () => {
      const [epochs, steps] = this.limit.value.split(" ").map(Number);
      actions.limit({ epochs, steps });
    });
    this.element = makeElement("div", { class: "bpv-run" }, buttons, progress, this.limit);
  }

  showPlaying(playing: boolean) {
    const label = playing ? "Pause" : "Train";
    if (this.play.getAttribute("aria-label") === label && this.play.title) return;
    this.play.setAttribute("aria-label", label);
    this.play.title = `${label} (space)`;
    this.play.replaceChildren(makeIcon(playing ? "pause" : "play"));
  }

  showLimit(epochs: number, steps: number) {
    const value = `${steps > 0 ? 0 : epochs} ${steps}`;
    if (![...this.limit.options].some((option) => option.value === value)) {
      this.limit.append(makeElement("option", { value, text: paceText(epochs, steps) }));
    }
    this.limit.value = value;
  }

  /** Show how far the run is: epochs done, of how many (0 where it has no end), steps in all, steps a second, seconds left. */
  show(
    { epoch, steps, pace, left }: Pick<RunFrame, "epoch" | "steps" | "pace" | "left">,
    epochs: number,
    playing: boolean,
  ) {
    this.bar.hidden = epochs === 0;
    if (epochs > 0) {
      this.fill.style.transform = `scaleX(${Math.min(1, epoch / epochs).toFixed(4)})`;
      this.bar.setAttribute("aria-valuemax", String(epochs));
      this.bar.setAttribute("aria-valuenow", String(Math.floor(epoch)));
    }
    const shown = epoch >= 100 || Number.isInteger(epoch) ? Math.floor(epoch) : epoch.toFixed(1);
    const of = epochs > 0 ? ` of ${epochs}` : "";
    this.where.textContent = `epoch ${shown}${of} · ${steps.toLocaleString("en-GB")} ${steps === 1 ? "step" : "steps"}`;
    const told = [`${roundedText(pace, 2)} steps/s`, left === null ? "" : durationText(left)];
    this.pace.textContent = pace > 0 && playing ? told.filter(Boolean).join(" · ") : "";
  }
}

// What keeps the network from learning, as the kernel found it: a sentence each, above the pictures.

/** What findings are about; the numbers in their sentences move with every step. */
function keyOf(findings: PlainFinding[]) {
  return findings.map(({ kind, layer, units }) => `${kind} ${layer} ${units.join()}`).join(";");
}

/** The banner; it is hidden while there is nothing to say. */
export class FindingsBanner {
  list: HTMLUListElement;
  element: HTMLDivElement;
  key: string;

  constructor() {
    this.list = makeElement("ul", { class: "bpv-findings-list" });
    this.element = makeElement("div", { class: "bpv-findings", role: "status", hidden: "" }, this.list);
    this.key = "";
  }

  /** Show findings {kind, layer, units, text}; while the run goes on, sentences stand still as long as they are about the same. */
  show(findings: PlainFinding[], running: boolean) {
    const key = keyOf(findings);
    if (running && key === this.key) return;
    this.key = key;
    this.element.hidden = findings.length === 0;
    const texts = findings.map(({ text }) => text);
    const shown = [...this.list.children].map((item) => item.textContent);
    if (texts.length === shown.length && texts.every((text, index) => text === shown[index])) return;
    this.list.replaceChildren(...texts.map((text) => makeElement("li", { text })));
  }
}

/** The units, as "layer,unit", of which some finding says that they do not learn. */
export function idleUnits(findings: PlainFinding[]) {
  return new Set(findings.flatMap(({ layer, units }) => units.map((unit) => `${layer},${unit}`)));
}
