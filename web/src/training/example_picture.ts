// A picture over the features with the examples in it, as marks: what the boundary and the fit have in common.
import type { Lifetime } from "../page/lifetime.js";
import type { PicturePlan } from "../types/specification.js";
import { arrayOf, type Part } from "./frames.js";
import { type Palette, PlotFrame } from "./plot_frame.js";

/** What every picture over the features is made with. */
export interface PictureGiven {
  lifetime: Lifetime;
  palette: Palette;
  onChoose: (index: number) => void;
}

interface MarkOnFrame {
  x: number;
  y: number;
  label: number;
  held: boolean;
  size?: number;
  colour?: string | null;
}

const MARK_SIZE = 4.2;
const SHAPES = ["circle", "square", "triangle", "diamond"];
const REACH = 12; // how far from a mark a click still means it

function tracePath(context: CanvasRenderingContext2D, shape: string, x: number, y: number, size: number) {
  context.beginPath();
  if (shape === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  else {
    const corners =
      shape === "triangle"
        ? [
            [0, -1.25],
            [1.15, 0.85],
            [-1.15, 0.85],
          ]
        : [
            [0, -1.3],
            [1.3, 0],
            [0, 1.3],
            [-1.3, 0],
          ];
    corners.forEach(([right, down], index) => {
      if (index === 0) context.moveTo(x + right * size, y + down * size);
      else context.lineTo(x + right * size, y + down * size);
    });
    context.closePath();
  }
}

/** One mark. */
export function drawMark(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { x, y, label, held, size = MARK_SIZE, colour = null }: MarkOnFrame,
) {
  const ink = colour ?? palette.ofClass(label);
  const paper = palette.css("--bpv-paper");
  tracePath(context, SHAPES[label % SHAPES.length], x, y, size);
  context.fillStyle = held ? paper : ink;
  context.strokeStyle = held ? ink : paper;
  context.lineWidth = held ? 1.8 : 1;
  context.fill();
  context.stroke();
}

/** Rows of four numbers: two coordinates, class, and 1 where the example is held out. */
class DataPoints {
  numbers: Float32Array<ArrayBuffer>;
  count: number;

  constructor(numbers = new Float32Array()) {
    this.numbers = numbers;
    this.count = numbers.length / 4;
  }

  at(index: number) {
    const [x, y, label, held] = this.numbers.subarray(index * 4, index * 4 + 4);
    return { x, y, label, held: held > 0 };
  }

  /** colour: of all marks, where what is shown has no classes. */
  draw(context: CanvasRenderingContext2D, frame: PlotFrame, chosen: number, colour: string | null = null) {
    for (let index = 0; index < this.count; index += 1) {
      const point = { ...this.at(index), ...(colour && { label: 0 }) };
      drawMark(context, frame.palette, { ...point, x: frame.across(point.x), y: frame.up(point.y), colour });
    }
    if (chosen < 0 || chosen >= this.count) return;
    const { x, y } = this.at(chosen);
    context.beginPath();
    context.arc(frame.across(x), frame.up(y), MARK_SIZE + 5, 0, 2 * Math.PI);
    context.strokeStyle = frame.palette.css("--bpv-amber");
    context.lineWidth = 2.6;
    context.stroke();
  }

  /** The mark nearest to a place on the frame, or −1. */
  nearest(frame: PlotFrame, left: number, top: number) {
    let [best, distance] = [-1, REACH];
    for (let index = 0; index < this.count; index += 1) {
      const { x, y } = this.at(index);
      const away = Math.hypot(frame.across(x) - left, frame.up(y) - top);
      if (away < distance) [best, distance] = [index, away];
    }
    return best;
  }
}

/** Draws axes and examples; a picture of one kind adds what the network answers, in `drawAnswer(context, frame)`. */
export abstract class ExamplePicture {
  /** Paint what the network answers. */
  abstract drawAnswer(context: CanvasRenderingContext2D, frame: PlotFrame): void;

  palette: Palette;
  points: DataPoints;
  frame: PlotFrame;
  element: HTMLElement;
  plan!: PicturePlan;
  answer!: Part | null;
  chosen!: number;

  /**
   * markColour: name of the one colour of all marks; without it they have the colours of their classes.
   * onChoose(index): an example was clicked.
   */
  constructor({
    lifetime,
    palette,
    tallest,
    label,
    markColour,
    onChoose,
  }: PictureGiven & { tallest: number; label: string; markColour?: string }) {
    this.palette = palette;
    this.points = new DataPoints();
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: (width) => Math.min(width, palette.room ?? tallest),
      label,
      drawMoving: (context, frame) => this.drawAnswer(context, frame),
      drawStill: (context, frame) => {
        if (!this.plan) return; // a busy notebook shows a view before it hands over what is to be seen
        frame.drawAxes(context, this.plan.axes.names);
        this.points.draw(context, frame, this.chosen, markColour ? palette.css(markColour) : null);
      },
    });
    this.element = this.frame.element;
    lifetime.listen(this.element, "click", (event) => {
      const box = this.element.getBoundingClientRect();
      const index = this.points.nearest(this.frame, event.clientX - box.left, event.clientY - box.top);
      if (index >= 0) onChoose(index);
    });
  }

  /** Take another structure and its examples; what was answered before is gone. */
  lay(plan: PicturePlan, points: ArrayBufferView<ArrayBuffer>) {
    this.plan = plan;
    this.points = new DataPoints(new Float32Array(arrayOf("float32", points)));
    this.answer = null;
    this.frame.setRanges(plan.axes.x, plan.axes.y);
  }

  choose(index: number) {
    this.chosen = index;
    this.frame.redraw();
  }

  /** Show a new answer of the network; none leaves the last one. */
  showAnswer(answer: Part | undefined) {
    if (!answer) return;
    this.answer = answer;
    this.frame.redrawMoving();
  }
}
