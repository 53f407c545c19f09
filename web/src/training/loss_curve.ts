// Losses against epochs, of a run that goes on or of a recorded one: there the present epoch is marked, what is past
// stands in full colour, what is to come in a tint of it.
import { makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { formatNumber } from "../story/numerals.js";
import type { PlainCurvePoint, SettingChange } from "../types/specification.js";
import {
  type CurveName,
  drawChanges,
  drawEarlier,
  drawPointed,
  type EarlierRun,
  type NotedCurve,
} from "./curve_notes.js";
import type { Part } from "./frames.js";
import { type Palette, PlotFrame, roundTicks } from "./plot_frame.js";

const CURVES: [name: CurveName, text: string, colour: string][] = [
  ["loss", "training", "--bpv-value"],
  ["validationLoss", "held out", "--bpv-slope"],
];
const TO_COME = 0.3; // opacity
const LABEL_HEIGHT = 16;
const HEADROOM = 0.05; // share of the axis that stays free above the highest loss
const TICK_ROOM = { across: 72, up: 56 }; // pixels from tick to tick
const FEWEST_WHOLE = 3; // epochs from which on only whole ones are written

// Within a decade or two, powers of ten alone would be too few.
function logTicks(low: number, high: number) {
  const leads = high - low > 2 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const lead of leads) ticks.push(Number(`${lead}e${power}`));
  }
  return ticks.filter((tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9);
}

/** Rows of epoch, loss and loss of held-out examples, NaN where there are none, as points of a curve. */
export function readLosses({ values, shape }: Part): PlainCurvePoint[] {
  const [count, width] = shape;
  return Array.from({ length: count }, (_, row) => {
    const [epoch, loss, validationLoss] = values.subarray(row * width, (row + 1) * width);
    return { epoch, loss, validationLoss };
  });
}

/** The curves of one run. */
export class LossCurve implements NotedCurve {
  palette: Palette;
  points: PlainCurvePoint[];
  earlier: EarlierRun[];
  changes: SettingChange[];
  isLog: boolean;
  pointed: number | null;
  frame: PlotFrame;
  element: HTMLElement;
  log: HTMLInputElement;
  control: HTMLLabelElement;
  curves!: typeof CURVES;
  present?: PlainCurvePoint;

  /** onLogScale(isLog): the switch was used. */
  constructor({
    lifetime,
    palette,
    onLogScale,
  }: {
    lifetime: Lifetime;
    palette: Palette;
    onLogScale: (isLog: boolean) => void;
  }) {
    this.palette = palette;
    this.points = [];
    this.earlier = [];
    this.changes = [];
    this.isLog = false;
    this.pointed = null; // the horizontal place at which the pointer stands
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: () => palette.room ?? 330,
      label: "Loss against epochs",
      margins: { left: 52, right: 70, top: 10, bottom: 46 },
      drawMoving: (context, frame) => this.drawCurves(context, frame),
      drawStill: (context, frame) => this.drawScales(context, frame),
    });
    this.element = this.frame.element;
    this.log = makeElement("input", { type: "checkbox", "aria-label": "Log scale" });
    this.control = makeElement("label", { class: "bpv-log-scale" }, this.log, "log scale");
    lifetime.listen(this.log, "change", () => onLogScale(this.log.checked));
    lifetime.listen(this.element, "pointermove", ({ clientX }) => {
      this.point(clientX - this.element.getBoundingClientRect().left);
    });
    lifetime.listen(this.element, "pointerleave", () => this.point(null));
  }

  /** Read the curves at a horizontal place in pixels, or at none. */
  point(place: number | null) {
    this.pointed = place;
    this.frame.redrawMoving();
  }

  /**
   * Points are {epoch, loss, validationLoss}, in order; null where there is none. changes: [epoch, setting, value], set
   * on the way; earlier: runs before this one, each as [epoch, loss] pairs.
   */
  lay(
    points: PlainCurvePoint[],
    { changes = [], earlier = [] }: { changes?: SettingChange[]; earlier?: EarlierRun[] } = {},
  ) {
    this.points = points;
    this.changes = changes;
    this.earlier = earlier;
    this.curves = CURVES.filter(([name]) => points.some((point) => this.height(point[name]) !== null));
    this.scale();
  }

  setLog(isLog: boolean) {
    this.log.checked = isLog;
    if (this.isLog === isLog) return;
    this.isLog = isLog;
    this.scale();
  }

  /** Mark one moment {epoch, loss, validationLoss}. */
  mark(present: PlainCurvePoint) {
    this.present = present;
    this.frame.redrawMoving();
  }

  /** Where a loss stands on the axis; null for what has no place there. */
  height(loss: number | null | undefined) {
    if (loss === null || loss === undefined || !Number.isFinite(loss) || (this.isLog && loss <= 0)) return null;
    return this.isLog ? Math.log10(loss) : loss;
  }

  scale() {
    const last = this.points.at(-1)?.epoch ?? 1;
    const before = this.earlier.flatMap((run) => run.filter(([epoch]) => epoch <= last).map(([, loss]) => loss));
    const losses = [...this.points.flatMap((point) => CURVES.map(([name]) => point[name])), ...before];
    const heights = losses.map((loss) => this.height(loss)).filter((each) => each !== null);
    const highest = Math.max(...heights, this.isLog ? -Infinity : 0);
    const lowest = this.isLog ? Math.min(...heights) : 0;
    const span = highest - lowest || 1;
    const isEmpty = !Number.isFinite(span);
    const low = this.isLog ? lowest - HEADROOM * span : 0;
    this.frame.setRanges([0, last || 1], isEmpty ? [0, 1] : [low, highest + HEADROOM * span]);
    this.frame.redraw();
  }

  ticksUp(): [place: number, text: string][] {
    const [low, high] = this.frame.ranges.y;
    if (this.isLog) return logTicks(low, high).map((tick) => [Math.log10(tick), formatNumber(tick)]);
    return roundTicks(low, high, this.frame.inner.height / TICK_ROOM.up / this.frame.type).map((tick) => [
      tick,
      formatNumber(tick),
    ]);
  }

  drawScales(context: CanvasRenderingContext2D, frame: PlotFrame) {
    const { left, top, width, height } = frame.inner;
    const { palette } = this;
    context.strokeStyle = palette.css("--bpv-faint");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left + 0.5, top);
    context.lineTo(left + 0.5, top + height + 0.5);
    context.lineTo(left + width, top + height + 0.5);
    context.stroke();
    context.font = frame.font();
    context.fillStyle = palette.css("--bpv-muted");
    context.textAlign = "center";
    context.textBaseline = "top";
    const isShort = frame.ranges.x[1] < FEWEST_WHOLE;
    for (const tick of roundTicks(...frame.ranges.x, width / TICK_ROOM.across / frame.type).filter(
      (each) => isShort || Number.isInteger(each),
    )) {
      context.fillText(formatNumber(tick), frame.across(tick), top + height + 7);
    }
    const isAmongOthers = this.earlier.length > 0;
    context.fillText(
      `epochs${isAmongOthers ? " · grey: earlier runs" : ""}`,
      left + width / 2,
      top + height + 26 * frame.type,
    );
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [place, text] of this.ticksUp()) context.fillText(text, left - 7, frame.up(place));
  }

  drawCurves(context: CanvasRenderingContext2D, frame: PlotFrame) {
    const { left, width } = frame.inner;
    context.strokeStyle = this.palette.css("--bpv-rule");
    context.lineWidth = 1;
    for (const [place] of this.ticksUp()) {
      context.beginPath();
      context.moveTo(left, Math.round(frame.up(place)) + 0.5);
      context.lineTo(left + width, Math.round(frame.up(place)) + 0.5);
      context.stroke();
    }
    drawEarlier(this, context, frame);
    drawChanges(this, context, frame);
    const now = this.present?.epoch ?? Infinity;
    for (const [name, , colour] of this.curves ?? []) {
      context.strokeStyle = this.palette.css(colour);
      context.lineWidth = 2.2;
      context.lineJoin = "round";
      context.globalAlpha = TO_COME;
      this.trace(context, frame, name, (epoch) => epoch >= now);
      context.globalAlpha = 1;
      this.trace(context, frame, name, (epoch) => epoch <= now);
    }
    this.drawNames(context, frame);
    if (this.present) this.drawPresent(context, frame, this.present);
    if (this.pointed !== null) drawPointed(this, context, frame);
  }

  trace(context: CanvasRenderingContext2D, frame: PlotFrame, name: CurveName, isMeant: (epoch: number) => boolean) {
    context.beginPath();
    let isDown = false;
    for (const point of this.points) {
      const height = isMeant(point.epoch) ? this.height(point[name]) : null;
      if (height === null) isDown = false;
      else if (isDown) context.lineTo(frame.across(point.epoch), frame.up(height));
      else {
        context.moveTo(frame.across(point.epoch), frame.up(height));
        isDown = true;
      }
    }
    context.stroke();
  }

  drawNames(context: CanvasRenderingContext2D, frame: PlotFrame) {
    const { left, top, width, height } = frame.inner;
    const ends = (this.curves ?? []).map(([name, text, colour]) => {
      const last = this.points.findLast((point) => this.height(point[name]) !== null);
      return { text, colour, place: frame.up((last && this.height(last[name])) ?? 0) };
    });
    ends.sort((one, other) => one.place - other.place);
    if (ends.length === 2) {
      const overlap = Math.max(0, LABEL_HEIGHT * frame.type - (ends[1].place - ends[0].place));
      // A name at the foot of the axis cannot move down any more.
      const down = Math.min(overlap / 2, Math.max(0, top + height - ends[1].place));
      ends[0].place -= overlap - down;
      ends[1].place += down;
    }
    context.font = frame.font("600");
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const { text, colour, place } of ends) {
      context.fillStyle = this.palette.css(colour);
      context.fillText(text, left + width + 8, place);
    }
  }

  drawPresent(context: CanvasRenderingContext2D, frame: PlotFrame, present: PlainCurvePoint) {
    const { top, height } = frame.inner;
    const x = frame.across(present.epoch);
    context.strokeStyle = this.palette.css("--bpv-amber");
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    for (const [name, , colour] of this.curves ?? []) {
      const place = this.height(present[name]);
      if (place === null) continue;
      context.beginPath();
      context.arc(x, frame.up(place), 5, 0, 2 * Math.PI);
      context.fillStyle = this.palette.css(colour);
      context.fill();
      context.strokeStyle = this.palette.css("--bpv-paper");
      context.stroke();
    }
  }
}
