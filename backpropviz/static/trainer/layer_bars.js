// The size of each layer's gradient as bars on a logarithmic scale, with the size of an update against the weights.
import { bounded, makeElement } from "../dom.js";
import { formatNumber } from "../format.js";

const LOWEST = -7; // powers of ten at the ends of the scale
const HIGHEST = 2;

/** Bars, one per layer. */
export class LayerBars {
  constructor() {
    this.element = makeElement("div", { class: "bpv-bars" });
    this.rows = [];
  }

  lay(names) {
    this.rows = names.map((name) => {
      const fill = makeElement("div", { class: "bpv-bar-fill" });
      const number = makeElement("span", { class: "bpv-bar-number" });
      const track = makeElement("div", { class: "bpv-bar-track" }, fill);
      const row = makeElement("div", { class: "bpv-bar" }, makeElement("span", { class: "bpv-bar-name", text: name }), track, number);
      return { row, fill, number };
    });
    const scale = makeElement(
      "div",
      { class: "bpv-bar bpv-bar-scale" },
      makeElement("span", {}),
      makeElement("div", { class: "bpv-bar-ends" }, makeElement("span", { text: "10⁻⁷" }), makeElement("span", { text: "10²" })),
      makeElement("span", {}),
    );
    this.element.replaceChildren(...this.rows.map(({ row }) => row), scale);
  }

  show(part) {
    if (!part) return;
    this.rows.forEach(({ fill, number }, index) => {
      const size = part.values[index];
      const share = size > 0 ? bounded((Math.log10(size) - LOWEST) / (HIGHEST - LOWEST), 0.004, 1) : 0;
      fill.style.transform = `scaleX(${share.toFixed(4)})`;
      number.textContent = Number.isFinite(size) ? `▽ ${formatNumber(Number(size.toPrecision(3)))}` : "";
    });
  }
}
