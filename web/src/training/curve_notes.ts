// What stands beside the curves of a run: earlier runs, settings that were changed, the numbers under the pointer.
import { formatNumber } from "../story/numerals.js";
import type { LossCurve } from "./loss_curve.js";
import type { PlotFrame } from "./plot_frame.js";

const LETTER = 6.6; // about the width of one, in pixels
const LINE_HEIGHT = 16;
const CHANGE_NAMES: Record<string, string> = { learning_rate: "η", batch_size: "batch", l2: "L2" };

/** Draw the runs before this one, pale, as far as this one has come. */
export function drawEarlier(curve: LossCurve, context: CanvasRenderingContext2D, frame: PlotFrame) {
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
export function drawChanges(curve: LossCurve, context: CanvasRenderingContext2D, frame: PlotFrame) {
  const { top, height, left, width } = frame.inner;
  context.save();
  context.setLineDash([3, 4]);
  context.strokeStyle = curve.palette.css("--bpv-faint");
  context.fillStyle = curve.palette.css("--bpv-muted");
  context.font = `11px ${curve.palette.css("--bpv-sans")}`;
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
export function drawPointed(curve: LossCurve, context: CanvasRenderingContext2D, frame: PlotFrame) {
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
  curve: LossCurve,
  context: CanvasRenderingContext2D,
  lines: [string, string][],
  { x, left, top, width }: { x: number; left: number; top: number; width: number },
) {
  const { palette } = curve;
  context.font = `600 12px ${palette.css("--bpv-sans")}`;
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
