// How many weights have which value: orange-red below zero, blue above.
import { PlotFrame } from "./plot_frame.js";

/** A histogram; bins are symmetric about zero. */
export class WeightHistogram {
  constructor({ lifetime, palette }) {
    this.palette = palette;
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: () => 150,
      label: "Histogram of the weights",
      margins: { left: 10, top: 6, bottom: 24 },
      drawMoving: (context, frame) => this.draw(context, frame),
      drawStill: () => {},
    });
    this.element = this.frame.element;
  }

  show(part, reach) {
    if (!part) return;
    this.part = part;
    this.frame.setRanges([-reach, reach], [0, 1]);
    this.frame.redrawMoving();
  }

  draw(context, frame) {
    if (!this.part) return;
    const { values } = this.part;
    const { left, top, width, height } = frame.inner;
    const largest = Math.max(1, ...values);
    const wide = width / values.length;
    values.forEach((count, index) => {
      const tall = (count / largest) * height;
      const middle = index * 2 + 1 - values.length;
      context.fillStyle = this.palette.css(middle < 0 ? "--bpv-slope-trace" : middle > 0 ? "--bpv-value-trace" : "--bpv-line");
      context.fillRect(left + index * wide + 0.5, top + height - tall, Math.max(1, wide - 1), tall);
    });
    context.strokeStyle = this.palette.css("--bpv-faint");
    context.beginPath();
    context.moveTo(left, top + height + 0.5);
    context.lineTo(left + width, top + height + 0.5);
    context.stroke();
    context.fillStyle = this.palette.css("--bpv-muted");
    context.font = `12px ${this.palette.css("--bpv-sans")}`;
    context.textBaseline = "top";
    const [low, high] = frame.ranges.x;
    for (const [value, align] of [[low, "left"], [0, "center"], [high, "right"]]) {
      context.textAlign = align;
      context.fillText(String(Number(value.toPrecision(2))).replace("-", "−"), frame.across(value), top + height + 5);
    }
  }
}
