// Which of the recorded images is shown: a button for each, named by its label.
import { makeElement } from "../dom.js";

/** The buttons of a replay's images; empty where there is nothing to choose. */
export class ImageChooser {
  /** onChoose(index): the number of an example. */
  constructor({ lifetime, onChoose }) {
    this.element = makeElement("div", { class: "bpv-images", role: "group", "aria-label": "Image" });
    this.buttons = new Map();
    this.shown = null;
    lifetime.listen(this.element, "click", ({ target }) => {
      const index = target.closest("button")?.dataset.index;
      if (index !== undefined) onChoose(Number(index));
    });
  }

  lay(examples, names) {
    const sorted = [...examples].sort((first, second) => first.label - second.label || first.index - second.index);
    this.buttons = new Map(sorted.map((example) => [example, this.makeButton(example, names)]));
    this.element.replaceChildren(...(sorted.length > 1 ? this.buttons.values() : []));
  }

  makeButton({ index, label }, names) {
    const text = names?.[label] ?? String(label);
    const naming = { "aria-label": `Image ${index}, label ${text}`, title: `example ${index}, label ${text}` };
    return makeElement("button", { type: "button", class: "bpv-image-choice", "data-index": index, text, ...naming });
  }

  show(example) {
    this.shown = example;
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", String(each === example));
  }
}
