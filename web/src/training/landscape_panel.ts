// The loss as a landscape: a slice of it, the way of the run, and a race of optimisers from one start.
import { bounded, type Child, makeElement, makeIcon } from "../page/dom.js";
import { FrameTask } from "../page/lifetime.js";
import { Beat, FrameLoop, TurnTask } from "./frame_loop.js";
import { LandscapePicture, RUN_PLACE } from "./landscape_picture.js";
import { pointText, RACE_LINK, shareRace, SliceSettings, sliceWords } from "./landscape_settings.js";
import { type Interval, LossMap, LossSlice, type Point } from "./loss_slice.js";
import type { PageRun } from "./page_run.js";
import { type ExampleRows, Trial } from "./perceptron.js";
import { RacePanel, Track } from "./race.js";
import { lossText, runButton } from "./run_controls.js";
import type { TrainerPage } from "./trainer_page.js";

const MOST_PRODUCTS = 1_000_000; // weights times examples, for one point of the map
const FEWEST_MEASURED = 50;
const PAINT_INTERVAL = 50; // milliseconds, while a race goes on
const FIRST_REACH = 3; // from the start, at first
const BESIDE_WAYS = 0.25; // of the reach: margin where a way has left the picture
const FARTHEST = 100; // beyond, a way leaves the picture, and the picture stays
const READ_STEPS = 48; // of the arrow keys, across the picture
const READ_KEYS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
};

/** The first rows of examples. */
function firstOf({ features, targets }: ExampleRows, count: number): ExampleRows {
  const [some, coded] = [features, targets].map(({ data, shape: [, width] }) => ({
    data: data.subarray(0, count * width),
    shape: [count, width],
  }));
  return { features: some, targets: coded };
}

/** The panel. */
class LandscapePanel {
  readonly element: HTMLDetailsElement;
  readonly race: RacePanel;
  readonly link = RACE_LINK;
  private readonly picture: LandscapePicture;
  private readonly settings: SliceSettings;
  private readonly words = makeElement("p", { class: "bpv-card-note bpv-landscape-words" });
  private readonly told = makeElement("p", { class: "bpv-card-note bpv-landscape-told", role: "status" });
  private readonly measuring = new FrameLoop({ step: () => this.measure(), limit: () => 0, look: () => {} });
  private readonly paint: TurnTask;
  private readonly painting = new Beat(PAINT_INTERVAL);
  private way!: Track;
  private start!: Float64Array;
  private slice!: LossSlice;
  private map!: LossMap;
  private trial!: Trial;
  private ranges: [x: Interval, y: Interval] = [
    [0, 1],
    [0, 1],
  ];
  private zoom = 1;
  private isStale = true;

  constructor(
    private readonly page: TrainerPage,
    private readonly run: PageRun,
  ) {
    const { lifetime, palette } = page;
    this.paint = new TurnTask(lifetime, () => this.painting.do(() => this.refresh()));
    const picture = new LandscapePicture(lifetime, palette);
    this.picture = picture;
    this.race = new RacePanel(
      page,
      run,
      picture.signs,
      () => this.start,
      () => this.show(),
    );
    const button = (label: string, content: Child[], action: () => void) =>
      runButton(lifetime, label, content, action, content[0] instanceof Element ? "" : "bpv-button-worded");
    this.settings = new SliceSettings(lifetime, () => this.cut());
    const settings = makeElement(
      "div",
      { class: "bpv-run-settings" },
      ...this.settings.elements,
      button("Closer", [makeIcon("closer")], () => this.zoomBy(2)),
      button("Farther", [makeIcon("farther")], () => this.zoomBy(0.5)),
      button("Start where the run is", ["start where the run is"], () => this.startAt(run.learner.parameters)),
    );
    const plot = picture.frame.element;
    plot.setAttribute("role", "group");
    plot.tabIndex = 0;
    const own = makeElement("div", { class: "bpv-racer" }, picture.signs[RUN_PLACE].element, "the run above");
    this.race.element.append(own, this.words);
    this.element = makeElement(
      "details",
      { class: "bpv-card bpv-landscape" },
      makeElement("summary", { class: "bpv-card-title", text: "The loss as a landscape, and a race" }),
      settings,
      makeElement("div", { class: "bpv-landscape-parts" }, makeElement("div", {}, plot, this.told), this.race.element),
    );
    this.begin();
    this.listen(plot);
    const onTaken = () => this.startAt(this.start);
    shareRace(page, run, { element: this.element, race: this.race, slice: this.settings, onTaken });
  }

  private listen(plot: HTMLElement): void {
    const { run, element, picture } = this;
    const { lifetime } = this.page;
    lifetime.listen(element, "toggle", () => (element.open ? this.open() : this.rest()));
    // Another network, other examples or a run that begins again: nothing of before holds.
    lifetime.follow(run, "change:plan", () => this.begin());
    const renewal = new FrameTask(lifetime, () => this.startAt(this.start));
    for (const name of ["l2", "batch_size"]) lifetime.follow(run, `change:${name}`, () => renewal.request());
    lifetime.follow(run, "msg:custom", () => this.followRun());
    const readAt = ({ clientX, clientY }: PointerEvent) => {
      const box = plot.getBoundingClientRect();
      this.read(picture.frame.pointAt(clientX - box.left, clientY - box.top));
    };
    lifetime.listen(plot, "pointerdown", readAt);
    lifetime.listen(plot, "pointermove", readAt);
    lifetime.listen(element, "keydown", (event) => this.press(event));
    this.page.recoloured.push(() => picture.frame.redraw());
    lifetime.onEnd(() => this.rest());
  }

  private press(event: KeyboardEvent): void {
    const { key } = event;
    const target = event.target as HTMLElement;
    if (target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = target === this.picture.frame.element ? READ_KEYS[key] : undefined;
    if (arrow) {
      const from = this.picture.read ?? this.picture.start;
      const size = ([low, high]: Interval) => (high - low) / READ_STEPS;
      this.read([from[0] + arrow[0] * size(this.map.x), from[1] + arrow[1] * size(this.map.y)]);
    } else if (key === " " && !target.matches("button, summary")) this.race.toggle();
    else if (key === "s") this.race.step();
    else if (key === "r") this.race.muster();
    else return;
    event.preventDefault();
  }

  /** The run has begun anew. */
  private begin(): void {
    const { parameters } = this.run.learner;
    this.way = new Track();
    this.way.add(parameters);
    this.startAt(parameters);
  }

  private followRun(): void {
    this.way.add(this.run.learner.parameters);
    if (this.element.open) this.show();
  }

  private show(): void {
    if (!this.race.playing || this.painting.isDue(performance.now())) this.paint.request();
  }

  private open(): void {
    if (this.isStale) this.startAt(this.start);
    else this.measuring.start();
  }

  rest(): void {
    this.race.pause();
    this.measuring.stop();
  }

  /** Let the race begin at parameters. */
  private startAt(parameters: Float64Array): void {
    this.start = parameters.slice();
    this.isStale = !this.element?.open;
    if (this.isStale) return;
    const { learner } = this.run;
    const count = Math.max(FEWEST_MEASURED, Math.floor(MOST_PRODUCTS / this.start.length));
    this.trial = new Trial(
      learner.plain,
      learner.form,
      firstOf(learner.train, Math.min(count, learner.train.features.shape[0])),
    );
    this.settings.offer(learner.form, this.gradient());
    this.race.muster();
    this.cut();
  }

  private gradient(): Float64Array {
    const gradient = new Float64Array(this.start.length);
    this.run.learner.gradientAt(this.start, gradient);
    return gradient;
  }

  // -- where the slice lies ------------------------------------------------------------------------------------

  /** Cut the loss as it is chosen. */
  private cut(): void {
    const { start } = this;
    const places = [this.way, ...this.race.racers.map(({ track }) => track)].flatMap((track) => track.places);
    const chosen = this.settings.cut(start, this.gradient(), places);
    this.slice = chosen.slice;
    this.picture.clear();
    this.picture.start = this.slice.shadow(start);
    const shadows = places.map((place) => this.slice.shadow(place));
    this.ranges = this.picture.start.map((each, axis): Interval => {
      const farthest = shadows.reduce((most, shadow) => Math.max(most, Math.abs(shadow[axis] - each)), 0);
      const reach = chosen.share !== null ? BESIDE_WAYS * farthest || FIRST_REACH : FIRST_REACH;
      return [each - reach, each + reach];
    }) as [Interval, Interval];
    this.reach(shadows);
    const told = sliceWords(chosen, {
      numbers: start.length,
      measured: this.trial.examples.features.shape[0],
      examples: this.run.learner.examples,
      hasPenalty: this.run.get("l2") > 0,
    });
    this.picture.names = told.names;
    this.words.textContent = told.text;
    this.survey();
  }

  /** Let the picture reach as far as points do; gives whether it had to grow. */
  private reach(points: readonly Point[]): boolean {
    const { start } = this.picture;
    const before = this.ranges;
    this.ranges = before.map(([low, high], axis): Interval => {
      const near = points.map((point) => point[axis]).filter((each) => Math.abs(each - start[axis]) < FARTHEST);
      const [least, most] = [Math.min(low, ...near), Math.max(high, ...near)];
      const margin = BESIDE_WAYS * (most - least);
      return [least < low ? least - margin : low, most > high ? most + margin : high];
    }) as [Interval, Interval];
    return String(before) !== String(this.ranges);
  }

  private zoomBy(factor: number): void {
    this.zoom *= factor;
    this.survey();
  }

  // -- the loss on it ------------------------------------------------------------------------------------------

  private survey(): void {
    const [x, y] = this.ranges.map(([low, high]): Interval => {
      const [middle, half] = [(low + high) / 2, (high - low) / 2 / this.zoom];
      return [middle - half, middle + half];
    });
    this.map = new LossMap(this.slice, x, y, (parameters) => this.lossAt(parameters));
    this.picture.setRanges(x, y);
    this.measuring.start();
    this.paint.request();
  }

  private lossAt(parameters: Float64Array): number {
    const { loss, penalty } = this.trial.measure(parameters, this.run.get("l2"));
    return loss + penalty;
  }

  private measure(): boolean {
    if (this.map.measure()) {
      this.picture.showMap(this.map);
      this.paint.request();
    }
    if (this.map.isDone && !this.picture.read) {
      const { loss, point } = this.map.lowest;
      this.told.textContent = `Lowest on this map: ${lossText(loss)}, at ${pointText(point)}. Point at it, or press arrow keys, to read it.`;
    }
    return !this.map.isDone;
  }

  private read([a, b]: Point): void {
    const point: Point = [bounded(a, ...this.map.x), bounded(b, ...this.map.y)];
    this.picture.read = point;
    this.told.textContent = `At ${pointText(point)}: loss ${lossText(this.lossAt(this.slice.at(point)))}.`;
    this.paint.request();
  }

  private refresh(): void {
    if (!this.element.open || !this.slice) return;
    const { race, run, slice } = this;
    const own = { place: RUN_PLACE, shadows: this.way.castOn(slice), end: slice.shadow(run.learner.parameters) };
    const ways = [...(run.learner.steps > 0 ? [own] : []), ...race.ways(slice)];
    this.picture.ways = ways;
    if (this.reach(ways.map(({ end }) => end))) this.survey();
    this.picture.paint();
    race.tell(slice);
  }
}

/** Put the landscape beneath a run's pictures. */
export function offerLandscape(page: TrainerPage, run: PageRun): LandscapePanel | null {
  if (!run.plain.racers) return null; // not asked for
  const panel = new LandscapePanel(page, run);
  page.pictures.element.after(panel.element);
  return panel;
}
