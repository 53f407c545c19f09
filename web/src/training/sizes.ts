// How large things are: gradients per layer as bars, weights as a histogram.
import { bounded, makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { formatNumber } from "../story/numerals.js";
import type { Part } from "./frames.js";
import type { Palette } from "./palette.js";
import { PlotFrame } from "./plot_frame.js";

const LOWEST = -7; // powers of ten at the ends of the scale
const HIGHEST = 2;

/** Bars, one per layer. */
export class LayerBars {
  element: HTMLDivElement;
  rows: { row: HTMLElement; fill: HTMLElement; number: HTMLElement }[];

  constructor() {
    this.element = makeElement("div", { class: "bpv-bars" });
    this.rows = [];
  }

  lay(names: string[]) {
    this.rows = names.map((name) => {
      const fill = makeElement("div", { class: "bpv-bar-fill" });
      const number = makeElement("span", { class: "bpv-bar-number" });
      const track = makeElement("div", { class: "bpv-bar-track" }, fill);
      const row = makeElement(
        "div",
        { class: "bpv-bar" },
        makeElement("span", { class: "bpv-bar-name", text: name }),
        track,
        number,
      );
      return { row, fill, number };
    });
    const scale = makeElement(
      "div",
      { class: "bpv-bar bpv-bar-scale" },
      makeElement("span", {}),
      makeElement(
        "div",
        { class: "bpv-bar-ends" },
        makeElement("span", { text: "10⁻⁷" }),
        makeElement("span", { text: "10²" }),
      ),
      makeElement("span", {}),
    );
    this.element.replaceChildren(...this.rows.map(({ row }) => row), scale);
  }

  show(part: Part | undefined) {
    if (!part) return;
    this.rows.forEach(({ fill, number }, index) => {
      const size = part.values[index];
      const share = size > 0 ? bounded((Math.log10(size) - LOWEST) / (HIGHEST - LOWEST), 0.004, 1) : 0;
      fill.style.transform = `scaleX(${share.toFixed(4)})`;
      number.textContent = Number.isFinite(size) ? `▽ ${formatNumber(Number(size.toPrecision(3)))}` : "";
    });
  }
}

/** A histogram; bins are symmetric about zero. */
export class WeightHistogram {
  palette: Palette;
  frame: PlotFrame;
  element: HTMLElement;
  part?: Part;

  constructor({ lifetime, palette }: { lifetime: Lifetime; palette: Palette }) {
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

  show(part: Part | undefined, reach: number) {
    if (!part) return;
    this.part = part;
    this.frame.setRanges([-reach, reach], [0, 1]);
    this.frame.redrawMoving();
  }

  draw(context: CanvasRenderingContext2D, frame: PlotFrame) {
    if (!this.part) return;
    const { values } = this.part;
    const { left, top, width, height } = frame.inner;
    const largest = Math.max(1, ...values);
    const wide = width / values.length;
    values.forEach((count, index) => {
      const tall = (count / largest) * height;
      const middle = index * 2 + 1 - values.length;
      context.fillStyle = this.palette.css(
        middle < 0 ? "--bpv-slope-trace" : middle > 0 ? "--bpv-value-trace" : "--bpv-line",
      );
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
    const ends: [value: number, align: CanvasTextAlign][] = [
      [low, "left"],
      [0, "center"],
      [high, "right"],
    ];
    for (const [value, align] of ends) {
      context.textAlign = align;
      context.fillText(String(Number(value.toPrecision(2))).replace("-", "−"), frame.across(value), top + height + 5);
    }
  }
}
