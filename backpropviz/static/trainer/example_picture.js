// A picture over the features, with the examples in it: what the boundary and the fit have in common.
import { arrayOf } from "./frame_parts.js";
import { DataPoints } from "./data_points.js";
import { PlotFrame } from "./plot_frame.js";

/** Draws axes and examples; a picture of one kind adds what the network answers, in `drawAnswer(context, frame)`. */
export class ExamplePicture {
  /**
   * markColour: name of the one colour of all marks; without it they have the colours of their classes.
   * onChoose(index): an example was clicked.
   */
  constructor({ lifetime, palette, tallest, label, markColour, onChoose }) {
    this.palette = palette;
    this.points = new DataPoints();
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: (width) => Math.min(width, tallest),
      label,
      drawMoving: (context, frame) => this.drawAnswer(context, frame),
      drawStill: (context, frame) => {
        frame.drawAxes(context, this.plan.axes.names);
        this.points.draw(context, frame, this.chosen, markColour && palette.css(markColour));
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
  lay(plan, points) {
    this.plan = plan;
    this.points = new DataPoints(arrayOf("float32", points));
    this.answer = null;
    this.frame.setRanges(plan.axes.x, plan.axes.y);
  }

  choose(index) {
    this.chosen = index;
    this.frame.redraw();
  }

  /** Show a new answer of the network; none leaves the last one. */
  showAnswer(answer) {
    this.answer = answer ?? this.answer;
    this.frame.redrawMoving();
  }
}
