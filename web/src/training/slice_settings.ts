// Which slice of the loss is shown: two weights, or two directions.
import { makeElement, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { type LossSlice, sliceAlong, sliceDownhill, sliceOfTwo } from "./loss_slice.js";
import type { PlainRace } from "../types/specification.js";
import type { Form } from "./perceptron.js";
import { runButton } from "./run_controls.js";
import { labelled } from "./run_settings.js";
import { parameterName } from "./weight_editor.js";

const KINDS: [kind: string, text: string][] = [
  ["downhill", "down the gradient"],
  ["weights", "two weights"],
  ["path", "along the paths"],
];
export const SLICE_KINDS = KINDS.map(([kind]) => kind);
const MOST_OFFERED = 200; // that a list offers: those with the largest gradients
const MOST_ALONG = 60; // places that say which way paths go

/** A slice as it was chosen. */
export interface ChosenSlice {
  slice: LossSlice;
  /** Names of the two weights that are its axes; null where its axes are directions. */
  weights: string[] | null;
  /** Of the paths, shown by the two directions along them; null where the directions are others. */
  share: number | null;
  /** Directions along the paths were wanted, and there is no path. */
  isPathMissing: boolean;
}

/** The controls of the slice. */
export class SliceSettings {
  readonly elements: HTMLElement[];
  private readonly kind = makeSelect("Slice", KINDS, "bpv-select-slice");
  private readonly pair = ["across", "up"].map((name) => makeSelect(`Weight ${name}`, [], "bpv-select-weight"));
  private readonly fields: HTMLElement[];
  private readonly another: HTMLButtonElement;
  private drawing = 0; // counts directions drawn at random
  private wanted: number[] = [];

  constructor(lifetime: Lifetime, onChange: () => void) {
    this.fields = this.pair.map((select, at) => labelled(at === 0 ? "across" : "up", select));
    this.another = runButton(lifetime, "Another direction", ["another direction"], () => {
      this.drawing += 1;
      onChange();
    });
    this.elements = [labelled("slice", this.kind), ...this.fields, this.another];
    for (const select of [this.kind, ...this.pair]) lifetime.listen(select, "change", onChange);
  }

  get chosen(): Omit<PlainRace, "racers"> {
    const weights = this.kind.value === "weights" ? this.pair.map(({ value }) => Number(value)) : this.wanted;
    return { slice: this.kind.value, weights, drawing: this.drawing };
  }

  take({ slice, weights, drawing }: PlainRace): void {
    this.kind.value = slice;
    this.wanted = weights;
    this.drawing = drawing;
  }

  /** Let two weights be chosen, at first those with the largest gradients. */
  offer(form: Form, gradient: Float64Array): void {
    // Of two numbers, the map is the whole loss.
    if (gradient.length === 2) this.kind.value = "weights";
    const sizes = gradient.map(Math.abs);
    const bySize = Array.from(sizes.keys()).sort((one, other) => sizes[other] - sizes[one]);
    const before = this.wanted.length > 0 ? this.wanted.map(String) : this.pair.map(({ value }) => value);
    const offered = [...new Set([...this.wanted, ...bySize.slice(0, MOST_OFFERED)])].sort((one, other) => one - other);
    this.wanted = [];
    this.pair.forEach((select, at) => {
      const options = offered.map((place) => makeElement("option", { value: place, text: parameterName(form, place) }));
      select.replaceChildren(...options);
      select.value = options.some(({ value }) => value === before[at]) ? before[at] : String(bySize[at]);
    });
  }

  /** Cut the loss as it is chosen; places: where paths have been. */
  cut(start: Float64Array, gradient: Float64Array, places: Float64Array[]): ChosenSlice {
    const kind = this.kind.value;
    const [first, second] = this.pair.map(({ value }) => Number(value));
    const isOfWeights = kind === "weights" && first !== second;
    const apart = Math.ceil(places.length / MOST_ALONG);
    const some = places.filter((_, at) => at % apart === 0);
    const along = kind === "path" ? sliceAlong(start, some, this.drawing) : null;
    for (const field of this.fields) field.hidden = kind !== "weights";
    this.another.hidden = isOfWeights || along !== null;
    return {
      slice: isOfWeights
        ? sliceOfTwo(start, first, second)
        : (along?.slice ?? sliceDownhill(start, gradient, this.drawing)),
      weights: isOfWeights ? this.pair.map(({ selectedOptions: [option] }) => option.text) : null,
      share: along?.share ?? null,
      isPathMissing: kind === "path" && along === null,
    };
  }
}
