// What is chosen of the landscape: its slice, with words about it, and the race; the run keeps it, and a link tells it.
import { makeElement, makeSelect } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { roundedText } from "../story/numerals.js";
import type { PlainRace } from "../types/specification.js";
import { type LossSlice, type Point, sliceAlong, sliceDownhill, sliceOfTwo } from "./loss_slice.js";
import type { PageRun } from "./page_run.js";
import type { Form } from "./perceptron.js";
import { NOBODY, type RacePanel } from "./race.js";
import { runButton } from "./run_controls.js";
import type { LinkPart } from "./run_link.js";
import { labelled } from "./run_settings.js";
import type { TrainerPage } from "./trainer_page.js";
import { parameterName } from "./weight_editor.js";

const KINDS: [kind: string, text: string][] = [
  ["downhill", "down the gradient"],
  ["weights", "two weights"],
  ["path", "along the paths"],
];
const SLICE_KINDS = KINDS.map(([kind]) => kind);
const MOST_OFFERED = 200; // that a list offers: those with the largest gradients
const MOST_ALONG = 60; // places that say which way paths go

/** A slice as it was chosen. */
interface ChosenSlice {
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

/** How a slice is measured, and what of. */
interface Measuring {
  /** Weights and biases in all. */
  numbers: number;
  /** Examples on which the map is measured, and all that are trained on. */
  measured: number;
  examples: number;
  hasPenalty: boolean;
}

/** Names of the axes, and sentences: which numbers move on the map, which are held, and what the ways on it are. */
export function sliceWords(
  { weights, share, isPathMissing }: ChosenSlice,
  { numbers, measured, examples, hasPenalty }: Measuring,
): { names: [across: string, up: string]; text: string } {
  const texts: string[] = [];
  let names: [string, string] = ["down the gradient", "at random"];
  if (weights !== null) {
    names = [weights[0], weights[1]];
    const others = numbers - 2;
    if (others > 0) texts.push(`The other ${others === 1 ? "number is" : `${others} numbers are`} held at the start.`);
  } else if (share !== null) {
    names = ["along the paths", "across them"];
    const percent = roundedText(100 * share);
    texts.push(
      "The two directions in which the paths go farthest from the start: " +
        `they show ${percent} % of the squared distances.`,
    );
  } else {
    if (isPathMissing) texts.push("There is no path yet: race, then choose this again.");
    texts.push("Right: down the gradient at the start. Up: a direction drawn at random, at a right angle to it.");
  }
  if (numbers === 2) texts.push("This network has two numbers: the map is its whole loss.");
  else {
    texts.push(
      `A slice is not the whole: racers move all ${numbers} numbers, and a path is only the shadow of one on the slice. ` +
        "Its loss may differ from the colour beneath.",
    );
  }
  if (measured < examples) texts.push(`The map is measured on the first ${measured} of ${examples} training examples.`);
  if (hasPenalty) texts.push("The loss is told with its penalty.");
  return { names, text: texts.join(" ") };
}

/** A point of a slice, in three digits. */
export function pointText(point: Point): string {
  return point.map((each) => roundedText(each)).join(", ");
}

/** Keep what the run holds of a race and what its controls show the same; onTaken(): the controls show another one. */
export function shareRace(
  { lifetime }: TrainerPage,
  run: PageRun,
  {
    element,
    race,
    slice,
    onTaken,
  }: { element: HTMLElement; race: RacePanel; slice: SliceSettings; onTaken: () => void },
): void {
  const shown = (): PlainRace => ({ racers: race.entrants, ...slice.chosen });
  const isShown = (told: PlainRace) => JSON.stringify(told) === JSON.stringify(shown());
  const tell = () => {
    const told = run.get("race");
    if (told && !isShown(told)) run.set("race", shown());
  };
  // The controls themselves have heard of it before.
  for (const event of ["change", "click"]) lifetime.listen(element, event, tell);
  const take = () => {
    const told = run.get("race");
    if (!told || isShown(told)) return;
    race.take(told.racers);
    slice.take(told);
    onTaken();
  };
  lifetime.follow(run, "change:race", take);
  take();
}

/** As in racers=SGD:0.1,Adam:0.02,nobody:0&slice=weights,3,5 or slice=downhill,2: the second direction drawn. */
export const RACE_LINK: LinkPart = {
  write(run, fields) {
    const race = run.get("race");
    if (!race) return;
    fields.set("racers", race.racers.map(({ name, rate }) => `${name}:${rate}`).join());
    fields.set("slice", [race.slice, ...(race.slice === "weights" ? race.weights : [race.drawing])].join());
  },
  take(run, fields, problems) {
    const race = run.get("race");
    if (!race) return;
    const known = [...run.plain.racers!.map(({ name }) => name), NOBODY];
    const found = { ...race };
    const read = (name: string, use: (parts: string[]) => boolean) => {
      const text = fields.get(name);
      if (text !== null && !use(text.split(","))) problems.push(`In the link, ${name} = ${text} cannot be read.`);
    };
    read("racers", (parts) => {
      const racers = parts.map((each) => ({ name: each.split(":")[0], rate: Number(each.split(":")[1]) }));
      const isRead = racers.every(({ name, rate }) => known.includes(name) && rate >= 0 && rate < Infinity);
      if (isRead) found.racers = racers;
      return isRead;
    });
    read("slice", ([slice, ...places]) => {
      const numbers = places.map(Number);
      const isOfWeights = slice === "weights";
      const end = isOfWeights ? run.learner.parameters.length : Infinity;
      const isRead =
        SLICE_KINDS.includes(slice) &&
        numbers.length === (isOfWeights ? 2 : 1) &&
        numbers.every((each) => Number.isInteger(each) && each >= 0 && each < end);
      if (isRead) Object.assign(found, { slice }, isOfWeights ? { weights: numbers } : { drawing: numbers[0] });
      return isRead;
    });
    run.set("race", found);
  },
};
