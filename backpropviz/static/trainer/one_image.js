// One image: what it looks like, what the hidden units make of it, and the scores.
import { makeElement } from "../dom.js";
import { formatNumber } from "../format.js";
import { Tiles } from "./tiles.js";

/** The chosen image with its features and scores. */
export class OneImage {
  constructor({ lifetime, palette }) {
    this.image = new Tiles({ lifetime, palette, label: "The chosen image", largest: 132, fixedColumns: 1 });
    this.features = new Tiles({ lifetime, palette, label: "Activations of the hidden units", largest: 18 });
    this.outputs = new Tiles({ lifetime, palette, label: "Weights of the outputs", largest: 10_000, fixedColumns: 1 });
    this.scores = makeElement("div", { class: "bpv-scores" });
    this.caption = makeElement("div", { class: "bpv-card-note" });
    const named = (title, ...parts) =>
      makeElement("div", { class: "bpv-named" }, makeElement("div", { class: "bpv-card-note", text: title }), ...parts);
    const left = makeElement("div", { class: "bpv-image-side" }, this.image.element, this.caption);
    const middle = makeElement("div", { class: "bpv-image-middle" }, named("hidden units", this.features.element));
    this.element = makeElement(
      "div",
      { class: "bpv-one-image" },
      left,
      middle,
      named("scores o", this.scores),
      makeElement("div", { class: "bpv-image-outputs" }, named("output weights: a row per class, a column per hidden unit", this.outputs.element)),
    );
  }

  lay(plan) {
    this.rows = Array.from({ length: plan.sizes.at(-1) }, (_, index) => {
      const fill = makeElement("div", { class: "bpv-score-fill" });
      const number = makeElement("span", { class: "bpv-score-number" });
      const name = makeElement("span", { class: "bpv-score-name", text: plan.classNames?.[index] ?? String(index) });
      const row = makeElement("div", { class: "bpv-score" }, name, makeElement("div", { class: "bpv-score-track" }, fill), number);
      return { row, fill, number };
    });
    this.scores.replaceChildren(...this.rows.map(({ row }) => row));
  }

  show(parts, example) {
    this.image.show(parts.image);
    this.features.show(parts.features);
    this.outputs.show(parts.outputs);
    if (!parts.scores) return;
    const { values } = parts.scores;
    const largest = Math.max(1e-9, ...values.map(Math.abs));
    const winner = values.indexOf(Math.max(...values));
    this.rows.forEach(({ row, fill, number }, index) => {
      const share = values[index] / largest;
      fill.style.transform = `scaleX(${share.toFixed(4)})`;
      fill.classList.toggle("bpv-is-negative", share < 0);
      number.textContent = formatNumber(Number(values[index].toPrecision(3)));
      row.classList.toggle("bpv-is-winner", index === winner);
      row.classList.toggle("bpv-is-label", index === example?.label);
    });
    const sure = example?.isProbability ? `, p = ${parts.answer.values[winner].toFixed(3)}` : "";
    this.caption.replaceChildren(
      makeElement("div", { text: `label ${example?.label}` }),
      makeElement("div", { class: winner === example?.label ? "" : "bpv-is-slope", text: `answer ${winner}${sure}` }),
    );
  }
}
