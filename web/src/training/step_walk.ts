// The head of an opened step: from the network to a layer and to one of its units, whose gates are then seen.
import { fillSelect, makeElement, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { Model } from "../types/model.js";
import type { TrainerTraits } from "../types/specification.js";

/** Says which step is open, and lets one choose whose gates are seen. */
export class StepWalk {
  readonly element: HTMLElement;
  private readonly name = makeElement("span", { class: "bpv-card-title" });
  private readonly choices = ["Layer", "Unit"].map((label) => makeSelect(label, [], ""));

  private readonly model: Model<TrainerTraits>;

  constructor({
    lifetime,
    model,
    send,
  }: {
    lifetime: Lifetime;
    model: Model<TrainerTraits>;
    send: (kind: "open" | "close") => void;
  }) {
    this.model = model;
    const close = makeElement("button", { type: "button", class: "bpv-button bpv-button-worded", text: "Close" });
    lifetime.listen(close, "click", () => send("close"));
    this.choices.forEach((select, place) => {
      lifetime.listen(select, "change", () => {
        const [layer, unit] = this.choices.map(({ value }) => Number(value));
        model.set("unit", layer ? [layer, place && unit] : []);
        model.save_changes();
        send("open");
      });
    });
    this.element = makeElement("div", { class: "bpv-opened-head", hidden: "" }, this.name, ...this.choices, close);
  }

  show(sizes: readonly number[]) {
    const [layer = 0, unit = 0] = this.model.get("unit") ?? [];
    this.element.hidden = !this.model.get("opened");
    this.name.textContent = `One step of example ${this.model.get("example")}, gate by gate`;
    const ends: Record<number, string> = { 0: "whole network", [sizes.length - 1]: "outputs" };
    const texts = [
      sizes.map((_, at) => ends[at] ?? `layer ${at}`),
      Array.from({ length: layer && sizes[layer] }, (_, at) => `unit ${at + 1}`),
    ];
    this.choices.forEach((select, place) => {
      select.hidden = texts[place].length === 0;
      fillSelect(select, [...texts[place].entries()]);
      select.value = String([layer, unit][place]);
    });
  }
}
