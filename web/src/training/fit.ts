// What the network answers along one feature, over the examples.
import { ExamplePicture, type PictureGiven } from "./example_picture.js";
import type { Parts } from "./frames.js";
import type { PlotFrame } from "./plot_frame.js";

/** The picture for one feature. */
export class FitPicture extends ExamplePicture {
  constructor(given: PictureGiven) {
    super({
      ...given,
      tallest: 400,
      label: "Answer of the network over the feature, with the examples",
      markColour: "--bpv-line",
    });
  }

  show(parts: Parts) {
    this.showAnswer(parts.curve);
  }

  drawAnswer(context: CanvasRenderingContext2D, frame: PlotFrame) {
    if (!this.answer) return;
    const { values } = this.answer;
    const { left, top, width, height } = frame.inner;
    const [low, high] = frame.ranges.x;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.beginPath();
    values.forEach((value, index) => {
      const x = frame.across(low + ((high - low) * index) / (values.length - 1));
      if (index === 0) context.moveTo(x, frame.up(value));
      else context.lineTo(x, frame.up(value));
    });
    context.strokeStyle = this.palette.css("--bpv-value");
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.stroke();
    context.restore();
  }
}
