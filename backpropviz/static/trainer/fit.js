// What the network answers along one feature, over the examples.
import { arrayOf } from "./frame_parts.js";
import { DataPoints } from "./data_points.js";
import { PlotFrame } from "./plot_frame.js";

/** The picture for one feature. */
export class FitPicture {
  /** onChoose(index): an example was clicked. */
  constructor({ lifetime, palette, onChoose }) {
    this.palette = palette;
    this.points = new DataPoints();
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: (width) => Math.min(width, 400),
      label: "Answer of the network over the feature, with the examples",
      drawMoving: (context, frame) => this.drawCurve(context, frame),
      drawStill: (context, frame) => {
        frame.drawAxes(context, this.plan.axes.names);
        this.points.draw(context, frame, this.chosen, palette.css("--bpv-line"));
      },
    });
    this.element = this.frame.element;
    lifetime.listen(this.element, "click", (event) => {
      const box = this.element.getBoundingClientRect();
      const index = this.points.nearest(this.frame, event.clientX - box.left, event.clientY - box.top);
      if (index >= 0) onChoose(index);
    });
  }

  lay(plan, points) {
    this.plan = plan;
    this.points = new DataPoints(arrayOf("float32", points));
    this.curve = null;
    this.frame.setRanges(plan.axes.x, plan.axes.y);
  }

  choose(index) {
    this.chosen = index;
    this.frame.redraw();
  }

  show(parts) {
    this.curve = parts.curve ?? this.curve;
    this.frame.redrawMoving();
  }

  drawCurve(context, frame) {
    if (!this.curve) return;
    const { values } = this.curve;
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
