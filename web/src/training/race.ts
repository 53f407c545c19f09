// Several optimisers from one start, on the same batches: the ways that runs go, and who takes part.
import { bounded, makeElement, makeIcon, makeSelect } from "../page/dom.js";
import { readAnswer } from "../story/answers.js";
import { formatNumber, roundedText } from "../story/numerals.js";
import type { PlainEntrant, PlainRacer, PlainUpdate } from "../types/specification.js";
import { Beat, FrameLoop } from "./frame_loop.js";
import type { ShownWay, WaySign } from "./landscape_picture.js";
import { Divergence, Learner } from "./learner.js";
import type { LossSlice, Point } from "./loss_slice.js";
import type { PageRun } from "./page_run.js";
import { lossText, runButton } from "./run_controls.js";
import { makeField } from "./run_settings.js";
import type { TrainerPage } from "./trainer_page.js";

const MOST_NUMBERS = 400_000; // that a track keeps in all
const FEWEST_PLACES = 40;
const MOST_PLACES = 300;

/** Where parameters were, thinned as the way grows longer, and their shadows on a slice. */
export class Track {
  places: Float64Array[] = [];
  private shadows: Point[] = [];
  private slice: LossSlice | null = null;
  private apart = 1;
  private passed = 0;

  add(parameters: Float64Array): void {
    const isMarked = this.passed % this.apart === 0;
    this.passed += 1;
    if (!isMarked) return;
    this.places.push(parameters.slice());
    if (this.slice) this.shadows.push(this.slice.shadow(parameters));
    const most = bounded(MOST_NUMBERS / parameters.length, FEWEST_PLACES, MOST_PLACES);
    if (this.places.length <= most) return;
    this.apart *= 2;
    this.places = this.places.filter((_, at) => at % 2 === 0);
    this.shadows = this.shadows.filter((_, at) => at % 2 === 0);
  }

  /** The shadows of the way on a slice. */
  castOn(slice: LossSlice): readonly Point[] {
    if (this.slice !== slice) this.shadows = this.places.map((place) => slice.shadow(place));
    this.slice = slice;
    return this.shadows;
  }
}

/** Who races: a rule, and its learning rate. */
interface Entrant {
  name: string;
  update: PlainUpdate;
  rate: number;
}

/** One optimiser on its way. */
export class Racer {
  readonly track = new Track();
  readonly learner: Learner;
  /** The step at which it left all bounds. */
  divergedAt: number | null = null;

  /** run: whose network, examples and batches these are. */
  constructor(
    readonly entrant: Entrant,
    start: Float64Array,
    run: Learner,
    { l2, batchSize }: { l2: number; batchSize: number },
  ) {
    this.learner = new Learner(
      { ...run.plain, update: entrant.update },
      { form: { ...run.form, l2 }, first: start, examples: [run.train, run.validation] },
    );
    this.learner.ownRate = entrant.rate;
    this.learner.batchSize = batchSize;
    this.track.add(start);
  }

  step(): void {
    if (this.divergedAt !== null) return;
    try {
      this.learner.step();
      this.track.add(this.learner.parameters);
    } catch (problem) {
      if (!(problem instanceof Divergence)) throw problem;
      this.divergedAt = problem.step;
    }
  }

  /** On all training examples, with what weights cost: what is made small. */
  loss(): number {
    const { loss, penalty } = this.learner.lossAt(this.learner.parameters);
    return loss + penalty;
  }
}

const MOST_RACERS = 3;
export const NOBODY = "nobody";
const RACE_PACES: [pace: number, text: string][] = [
  [5, "5 steps/s"],
  [30, "30 steps/s"],
  [200, "200 steps/s"],
  [0, "full speed"],
];
const USUAL_RACE_PACE = 30;
const TOLD_INTERVAL = 100; // milliseconds
const ON_SLICE = 0.005; // a distance that is not worth a word

/** One place in the race: its rule and rate, and what is told of it. */
export class RacerRow {
  readonly rule: HTMLSelectElement;
  readonly rate: HTMLInputElement;
  readonly loss = makeElement("b", { class: "bpv-racer-loss" });
  readonly note = makeElement("span", { class: "bpv-card-note" });
  readonly element: HTMLDivElement;
  racer: Racer | null = null;

  constructor(
    private readonly rules: PlainRacer[],
    place: number,
    sign: HTMLElement,
  ) {
    const names = [...rules.map(({ name }) => name), NOBODY].map((name) => [name, name] as const);
    this.rule = makeSelect(`Optimiser ${place + 1}`, names, "bpv-select-racer");
    this.rate = makeField(`Learning rate ${place + 1}`, "bpv-field-number");
    this.rule.value = rules[place]?.name ?? NOBODY;
    this.element = makeElement("div", { class: "bpv-racer" }, sign, this.rule, this.rate, this.loss, this.note);
    this.takeUsualRate();
  }

  get chosen(): PlainRacer | undefined {
    return this.rules.find(({ name }) => name === this.rule.value);
  }

  get entrant(): PlainEntrant {
    return { name: this.rule.value, rate: (this.chosen && readAnswer(this.rate.value).number) ?? 0 };
  }

  take({ name, rate }: PlainEntrant): void {
    this.rule.value = name;
    this.takeUsualRate();
    if (this.chosen) this.rate.value = formatNumber(rate);
  }

  takeUsualRate(): void {
    this.rate.disabled = !this.chosen;
    if (this.chosen) this.rate.value = formatNumber(this.chosen.update.rates[0][1]);
  }

  tell(slice: LossSlice): void {
    const { racer } = this;
    this.loss.textContent = racer ? lossText(racer.loss()) : "";
    const away = racer?.divergedAt === null ? slice.distance(racer.learner.parameters) : 0;
    if (racer?.divergedAt) this.note.textContent = `diverged at step ${racer.divergedAt}`;
    else this.note.textContent = away > ON_SLICE ? `${roundedText(away, 2)} off the slice` : "";
  }
}

/** The race. */
export class RacePanel {
  readonly element: HTMLDivElement;
  steps = 0;
  playing = false;
  private readonly rows: RacerRow[];
  private readonly play: HTMLButtonElement;
  private readonly pace = makeSelect("Speed of the race", RACE_PACES, "bpv-select-limit");
  private readonly count = makeElement("span", { class: "bpv-where" });
  private readonly telling = new Beat(TOLD_INTERVAL);
  private readonly loop: FrameLoop;

  /** start(): where everybody begins; onChange(): somebody has moved. */
  constructor(
    page: TrainerPage,
    private readonly run: PageRun,
    signs: readonly WaySign[],
    private readonly start: () => Float64Array,
    private readonly onChange: () => void,
  ) {
    const { lifetime, strip } = page;
    const rules = run.plain.racers ?? [];
    this.rows = Array.from({ length: MOST_RACERS }, (_, place) => new RacerRow(rules, place, signs[place].element));
    this.play = runButton(lifetime, "Race", [makeIcon("play")], () => this.toggle(), "bpv-button-main");
    const step = runButton(lifetime, "One step of the race (s)", [makeIcon("forward"), "step"], () => this.step());
    const reset = runButton(lifetime, "Race from the start again (r)", [makeIcon("again"), "reset"], () =>
      this.muster(),
    );
    const buttons = makeElement("div", { class: "bpv-buttons", role: "group", "aria-label": "Race" });
    buttons.append(this.play, step, reset);
    this.pace.value = String(USUAL_RACE_PACE);
    const controls = makeElement("div", { class: "bpv-run-settings" }, buttons, this.pace, this.count);
    this.element = makeElement("div", { class: "bpv-race" }, controls, ...this.rows.map(({ element }) => element));
    this.loop = new FrameLoop({
      step: (count) => this.advance(count),
      limit: () => Number(this.pace.value),
      look: () => this.onChange(),
    });
    for (const row of this.rows) {
      lifetime.listen(row.rule, "change", () => {
        row.takeUsualRate();
        this.muster();
      });
      lifetime.listen(row.rate, "change", () => {
        const { number, problem } = readAnswer(row.rate.value);
        const isRate = number !== undefined && number >= 0;
        row.rate.classList.toggle("bpv-invalid", !isRate);
        if (isRate) this.muster();
        else strip.show({ text: problem ?? `A learning rate is a number, 0 or more; not ${row.rate.value}.` });
      });
    }
    lifetime.onEnd(() => this.pause());
  }

  get racers(): Racer[] {
    return this.rows.flatMap(({ racer }) => racer ?? []);
  }

  get entrants(): PlainEntrant[] {
    return this.rows.map(({ entrant }) => entrant);
  }

  take(entrants: readonly PlainEntrant[]): void {
    entrants.forEach((entrant, place) => this.rows[place]?.take(entrant));
  }

  /** Line everybody up at the start. */
  muster(): void {
    this.pause();
    const { run } = this;
    const settings = { l2: run.get("l2"), batchSize: run.get("batch_size") };
    for (const row of this.rows) {
      const { chosen, entrant } = row;
      row.racer = chosen ? new Racer({ ...chosen, ...entrant }, this.start(), run.learner, settings) : null;
    }
    this.steps = 0;
    this.onChange();
  }

  /** The ways of all who race. */
  ways(slice: LossSlice): ShownWay[] {
    return this.rows.flatMap(({ racer }, place) =>
      racer ? { place, shadows: racer.track.castOn(slice), end: slice.shadow(racer.learner.parameters) } : [],
    );
  }

  toggle(): void {
    if (this.playing) this.pause();
    else {
      this.loop.start();
      this.showPlaying(true);
    }
  }

  step(): void {
    this.pause();
    this.advance(1);
  }

  pause(): void {
    this.loop.stop();
    this.showPlaying(false);
    this.onChange();
  }

  private advance(count: number): boolean {
    for (const { racer } of this.rows) for (let taken = 0; taken < count; taken += 1) racer?.step();
    this.steps += count;
    const goesOn = this.racers.some(({ divergedAt }) => divergedAt === null);
    if (!goesOn) this.pause();
    return goesOn;
  }

  private showPlaying(playing: boolean): void {
    this.playing = playing;
    const label = playing ? "Pause the race" : "Race";
    this.play.setAttribute("aria-label", label);
    this.play.title = `${label} (space)`;
    this.play.replaceChildren(makeIcon(playing ? "pause" : "play"));
  }

  /** Say how everybody does; while they race, as often as one can read it. */
  tell(slice: LossSlice): void {
    this.count.textContent = `${this.steps.toLocaleString("en-GB")} ${this.steps === 1 ? "step" : "steps"}`;
    if (this.playing && !this.telling.isDue(performance.now())) return;
    this.telling.do(() => {
      for (const row of this.rows) row.tell(slice);
    });
  }
}
