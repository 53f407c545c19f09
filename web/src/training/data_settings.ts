// Which examples a page trains on: data set, noise, share held out, seed; and a link to all that is set.
import { type Child, copyText, makeElement, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { readAnswer } from "../story/answers.js";
import { formatNumber } from "../story/numerals.js";
import type { PlainDataset } from "../types/specification.js";
import { isMade, usualNoise } from "./data_sets.js";
import type { PageRun } from "./page_run.js";
import { labelled, makeField } from "./run_settings.js";
import type { TrainerPage } from "./trainer_page.js";

type NumberOfSet = "noise" | "heldOut" | "seed";

const FIELDS: [name: NumberOfSet, text: string][] = [
  ["noise", "noise"],
  ["heldOut", "held out"],
  ["seed", "seed"],
];

/** The controls of the examples. */
class DataSettings {
  readonly element: HTMLDetailsElement;
  private readonly summary = makeElement("summary");
  readonly link: HTMLButtonElement;
  private readonly select: HTMLSelectElement;
  private readonly fields: Record<NumberOfSet, HTMLInputElement>;
  private shown!: PlainDataset;

  /** onChange(dataset); onProblem(text): what was typed cannot be read; address(): a link to what is set. */
  constructor({
    lifetime,
    names,
    onChange,
    onProblem,
    address,
  }: {
    lifetime: Lifetime;
    names: string[];
    onChange: (dataset: PlainDataset) => void;
    onProblem: (text: string) => void;
    address: () => string;
  }) {
    this.select = makeSelect(
      "Data set",
      names.map((name) => [name, name]),
      "bpv-select-data",
    );
    lifetime.listen(this.select, "change", () => onChange({ ...this.shown, name: this.select.value }));
    this.fields = {
      noise: makeField("Noise", "bpv-field-short"),
      heldOut: makeField("Share held out", "bpv-field-short"),
      seed: makeField("Seed", "bpv-field-short"),
    };
    const again = this.button("new seed", () => onChange({ ...this.shown, seed: this.shown.seed + 1 }), lifetime);
    this.link = this.button("copy link", () => void this.copy(address()), lifetime);
    const settings = FIELDS.map(([name, text]): Child => {
      const field = this.fields[name];
      lifetime.listen(field, "change", () => {
        const { number, problem } = readAnswer(field.value);
        if (number === undefined) onProblem(problem ?? "");
        else onChange({ ...this.shown, [name]: number });
      });
      return labelled(text, field);
    });
    const row = makeElement("div", { class: "bpv-run-settings" }, labelled("data set", this.select), ...settings);
    row.append(again, this.link);
    // Chosen once a run, if at all; the pictures need the room.
    this.element = makeElement("details", { class: "bpv-data" }, this.summary, row);
  }

  private button(text: string, action: () => void, lifetime: Lifetime) {
    const button = makeElement("button", { type: "button", class: "bpv-button bpv-button-worded", text });
    lifetime.listen(button, "click", action);
    return button;
  }

  private async copy(text: string) {
    const isDone = await copyText(text);
    this.link.textContent = isDone ? "link copied" : "copy link";
    this.link.title = isDone ? "" : text;
  }

  show(dataset: PlainDataset, isMade: boolean) {
    this.shown = dataset;
    this.select.value = dataset.name;
    for (const [name] of FIELDS) {
      this.fields[name].value = name === "seed" ? String(dataset.seed) : formatNumber(dataset[name]);
      this.fields[name].disabled = !isMade && name !== "seed";
    }
    this.link.textContent = "copy link";
    const noise = isMade ? `, noise ${formatNumber(dataset.noise)}` : "";
    this.summary.textContent = `data: ${dataset.name}${noise}, seed ${dataset.seed}`;
  }
}

/** Offer the sets of a page that trains by itself, beneath the other settings. */
export function offerData(page: TrainerPage, run: PageRun, address: (() => string) | null): void {
  const { lifetime, strip } = page;
  const names = run.get("datasets");
  if (!names?.length) return;
  const data = new DataSettings({
    lifetime,
    names,
    onChange: (dataset) => {
      const isOther = dataset.name !== run.get("dataset")?.name;
      run.set("dataset", isOther ? { ...dataset, noise: usualNoise(dataset.name) } : dataset);
    },
    onProblem: (text) => strip.show({ text }),
    address: address ?? String,
  });
  data.link.hidden = address === null;
  const show = () => {
    const dataset = run.get("dataset");
    if (dataset) data.show(dataset, isMade(dataset));
  };
  lifetime.follow(run, "change:dataset", show);
  lifetime.follow(run, "change:plan", show);
  show();
  page.settings.element.append(data.element);
}
