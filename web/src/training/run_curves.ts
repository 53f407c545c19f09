// Losses of a run as it goes, thinned so that a long run stays quick to draw; see backpropviz/runs/loss_curves.py.
import type { PlainCurvePoint, SettingChange } from "../types/specification.js";
import type { Part } from "./frames.js";
import type { EarlierRun } from "./loss_curve.js";

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
