// What stands beside the curves of a run: earlier runs, settings that were changed, the numbers under the pointer.
import { formatNumber } from "../story/numerals.js";
import type { PlainCurvePoint, SettingChange } from "../types/specification.js";
import type { Part } from "./frames.js";
import type { Palette, PlotFrame } from "./plot_frame.js";

const LETTER = 6.6; // about the width of one, in pixels
const LINE_HEIGHT = 16;
const CHANGE_NAMES: Record<string, string> = { learning_rate: "η", batch_size: "batch", l2: "L2" };

export type CurveName = "loss" | "validationLoss";

/** An earlier run, as far as its curve is kept. */
export type EarlierRun = [epoch: number, loss: number][];

/** What the notes see of the curves that they stand beside. */
export interface NotedCurve {
  frame: PlotFrame;
  readonly palette: Palette;
  readonly points: PlainCurvePoint[];
  readonly earlier: EarlierRun[];
  readonly changes: SettingChange[];
  readonly pointed: number | null;
  readonly curves: [name: CurveName, text: string, colour: string][];
  height(loss: number | null | undefined): number | null;
}

/** Draw the runs before this one, pale, as far as this one has come. */
export function drawEarlier(curve: NotedCurve, context: CanvasRenderingContext2D, frame: PlotFrame) {
  const { left, top, width, height } = frame.inner;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = curve.palette.css("--bpv-muted");
  context.lineWidth = 1.2;
  curve.earlier.forEach((run, index) => {
    context.globalAlpha = 0.7 / (curve.earlier.length - index);
    context.beginPath();
    for (const [epoch, loss] of run) {
      const place = curve.height(loss);
      if (place !== null) context.lineTo(frame.across(epoch), frame.up(place));
    }
    context.stroke();
  });
  context.restore();
}

/** Mark where a setting was changed: a dashed line, and what was set, where there is room to say it. */
export function drawChanges(curve: NotedCurve, context: CanvasRenderingContext2D, frame: PlotFrame) {
  const { top, height, left, width } = frame.inner;
  context.save();
  context.setLineDash([3, 4]);
  context.strokeStyle = curve.palette.css("--bpv-faint");
  context.fillStyle = curve.palette.css("--bpv-muted");
  context.font = frame.font("", 11);
  context.textAlign = "left";
  context.textBaseline = "top";
  let free = left;
  for (const [epoch, setting, value] of curve.changes) {
    const x = Math.round(frame.across(epoch)) + 0.5;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    const text = `${CHANGE_NAMES[setting] ?? setting} ${formatNumber(value)}`;
    const end = x + 4 + text.length * LETTER;
    if (x < free || end > left + width) continue;
    context.fillText(text, x + 4, top);
    free = end + 6;
  }
  context.restore();
}

/** Draw a line at the measured point next to the pointer, with its numbers. */
export function drawPointed(curve: NotedCurve, context: CanvasRenderingContext2D, frame: PlotFrame) {
  const { left, top, width, height } = frame.inner;
  const { pointed } = curve;
  if (pointed === null || curve.points.length === 0 || pointed < left || pointed > left + width) return;
  const distance = ({ epoch }: { epoch: number }) => Math.abs(frame.across(epoch) - pointed);
  const nearest = curve.points.reduce((best, point) => (distance(point) < distance(best) ? point : best));
  const x = Math.round(frame.across(nearest.epoch)) + 0.5;
  const { palette } = curve;
  context.strokeStyle = palette.css("--bpv-muted");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, top + height);
  context.stroke();
  const lines: [text: string, colour: string][] = [[`epoch ${formatNumber(nearest.epoch)}`, "--bpv-muted"]];
  for (const [name, text, colour] of curve.curves) {
    const place = curve.height(nearest[name]);
    if (place === null) continue;
    context.beginPath();
    context.arc(x, frame.up(place), 4, 0, 2 * Math.PI);
    context.fillStyle = palette.css(colour);
    context.fill();
    lines.push([`${text} ${formatNumber(Number(nearest[name]))}`, colour]);
  }
  drawReading(curve, context, lines, { x, left, top, width });
}

function drawReading(
  curve: NotedCurve,
  context: CanvasRenderingContext2D,
  lines: [string, string][],
  { x, left, top, width }: { x: number; left: number; top: number; width: number },
) {
  const { palette } = curve;
  context.font = curve.frame.font("600");
  const room = Math.max(...lines.map(([text]) => context.measureText(text).width)) + 16;
  const from = x + 10 + room > left + width ? x - 10 - room : x + 10;
  context.fillStyle = palette.css("--bpv-raised");
  context.strokeStyle = palette.css("--bpv-rule");
  context.beginPath();
  context.roundRect(from, top + 4, room, lines.length * LINE_HEIGHT + 10, 6);
  context.fill();
  context.stroke();
  context.textAlign = "left";
  context.textBaseline = "top";
  lines.forEach(([text, colour], index) => {
    context.fillStyle = palette.css(colour);
    context.fillText(text, from + 8, top + 11 + index * LINE_HEIGHT);
  });
}

// Losses of a run as it goes, thinned so that a long run stays quick to draw; see backpropviz/runs/loss_curves.py.

const MOST_POINTS = 600;
const MOST_OUTLINE_POINTS = 120;
const SAME_CHANGE = 0.01; // of the run: a slider on its way changes its setting once

export class RunCurves {
  points: PlainCurvePoint[] = [];
  /** What was set while the run was on its way. */
  changes: SettingChange[] = [];
  private apart = 0;

  /** Keep what was measured if it is finite and the run has moved on. */
  add(point: PlainCurvePoint): void {
    if (!Number.isFinite(point.loss) || !Number.isFinite(point.validationLoss ?? 0)) return;
    // An edited weight gives a new loss at the same epoch: the newest counts.
    while ((this.points.at(-1)?.epoch ?? -1) >= point.epoch) this.points.pop();
    const [before, last] = this.points.slice(-2);
    // The newest point always ends the curve; the one before stays only where it is far enough from its own.
    if (last && last.epoch - before.epoch < this.apart) this.points.pop();
    this.points.push(point);
    if (this.points.length <= MOST_POINTS) return;
    this.points = this.points.filter((_, place) => place % 2 === 0 || place === this.points.length - 1);
    this.apart = (2 * point.epoch) / MOST_POINTS;
  }

  /** Remember that a setting was changed while the run was on its way. */
  noteChange(epoch: number, setting: string, value: number): void {
    if (epoch === 0) return;
    const [then, known] = this.changes.at(-1) ?? [0, ""];
    const isSame = known === setting && epoch - then <= SAME_CHANGE * epoch;
    if (isSame) this.changes.pop();
    this.changes.push([isSame ? then : epoch, setting, value]);
  }

  /** Rows of epoch, loss and loss of held-out examples. */
  numbers(): Part {
    const rows = this.points.flatMap(({ epoch, loss, validationLoss }) => [epoch, loss ?? NaN, validationLoss ?? NaN]);
    return { values: Float32Array.from(rows), shape: [this.points.length, 3] };
  }

  /** The training loss in few points. */
  outline(): EarlierRun {
    const apart = Math.ceil(this.points.length / MOST_OUTLINE_POINTS);
    const last = this.points.length - 1;
    return this.points
      .filter((_, place) => place === last || place % apart === 0)
      .map(({ epoch, loss }) => [epoch, loss ?? NaN]);
  }
}
