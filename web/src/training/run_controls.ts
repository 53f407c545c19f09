// Play, one step, one epoch, reset; how far the run is and how long it will take.
import { makeElement, makeIcon, makeSelect } from "../page/dom.js";
import { formatNumber } from "../story/numerals.js";

function lossText(loss) {
  return loss === null ? "not finite" : formatNumber(Number(loss.toPrecision(3)));
}

function percent(share) {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

function withHeldOut(text, heldOut, format) {
  return heldOut === null || heldOut === undefined ? text : `${text} (held out ${format(heldOut)})`;
}

/** Loss and accuracy of {loss, accuracy, validationLoss, validationAccuracy}; what is null or missing is left out. */
export function scoresText({ loss, accuracy, validationLoss, validationAccuracy }) {
  const losses = withHeldOut(lossText(loss), validationLoss, lossText);
  if (accuracy === null || accuracy === undefined) return losses;
  return `${losses} · accuracy ${withHeldOut(percent(accuracy), validationAccuracy, percent)}`;
}

function durationText(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 1) return "less than 1 s left";
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

const PACES = [[0, "full speed"], [1000, "1000 steps/s"], [100, "100 steps/s"], [10, "10 steps/s"], [2, "2 steps/s"]];

/** The row of buttons with the progress bar. */
export class RunControls {
  /** actions: {toggle(), step(), epoch(), reset(), limit(stepsPerSecond)}. */
  constructor({ lifetime, actions }) {
    const button = (label, content, action, className = "") => {
      const naming = { "aria-label": label, title: label };
      const element = makeElement("button", { type: "button", class: `bpv-button ${className}`, ...naming }, ...content);
      lifetime.listen(element, "click", action);
      return element;
    };
    this.play = button("Train", [makeIcon("play")], () => actions.toggle(), "bpv-button-main");
    this.step = button("One step", [makeIcon("forward"), "step"], () => actions.step(), "bpv-button-worded");
    this.epoch = button("One epoch", [makeIcon("last"), "epoch"], () => actions.epoch(), "bpv-button-worded");
    this.reset = button("Reset", [makeIcon("again"), "reset"], () => actions.reset(), "bpv-button-worded");
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
    lifetime.listen(this.limit, "change", () => actions.limit(Number(this.limit.value)));
    this.element = makeElement("div", { class: "bpv-run" }, buttons, progress, this.limit);
  }

  showPlaying(playing) {
    const label = playing ? "Pause" : "Train";
    if (this.play.getAttribute("aria-label") === label && this.play.title) return;
    this.play.setAttribute("aria-label", label);
    this.play.title = `${label} (space)`;
    this.play.replaceChildren(makeIcon(playing ? "pause" : "play"));
  }

  showLimit(limit) {
    const value = String(limit);
    if (![...this.limit.options].some((option) => option.value === value)) {
      this.limit.append(makeElement("option", { value, text: `${formatNumber(limit)} steps/s` }));
    }
    this.limit.value = value;
  }

  /** Show how far the run is: epochs done, of how many, steps in all, steps a second, seconds left. */
  show({ epoch, steps, pace, left }, epochs, playing) {
    const share = epochs > 0 ? Math.min(1, epoch / epochs) : 0;
    this.fill.style.transform = `scaleX(${share.toFixed(4)})`;
    this.bar.setAttribute("aria-valuemax", epochs);
    this.bar.setAttribute("aria-valuenow", Math.floor(epoch));
    const shown = epoch >= 100 || Number.isInteger(epoch) ? Math.floor(epoch) : epoch.toFixed(1);
    this.where.textContent = `epoch ${shown} of ${epochs} · ${steps.toLocaleString("en-GB")} ${steps === 1 ? "step" : "steps"}`;
    const paces = pace > 0 && playing ? `${formatNumber(Number(pace.toPrecision(2)))} steps/s · ${durationText(left)}` : "";
    this.pace.textContent = paces;
  }
}
