// A run that the page itself trains: it stands where a trainer's kernel stands, and speaks as its model does.
import { bounded } from "../page/dom.js";
import { PageModel } from "../page/exported_page.js";
import type { WidgetManager } from "../types/model.js";
import type { PicturePlan, PlainFinding, PlainPlayground, RunFrame, TrainerTraits } from "../types/specification.js";
import { RunCurves } from "./curve_notes.js";
import { diagnose, divergenceText } from "./diagnosis.js";
import { Beat, FrameLoop } from "./frame_loop.js";
import { describedParts, type Parts } from "./frames.js";
import { Divergence, Learner } from "./learner.js";
import type { WeightPlace } from "./network.js";
import { learnerOf } from "./data_sets.js";
import { type PagePictures, picturesOf } from "./page_pictures.js";
import { marksOf, replanned } from "./page_plan.js";
import type { Form, Measured } from "./perceptron.js";
import { problemWith, reasonAgainstWhole } from "./run_settings.js";
import { WeightUnderHand } from "./weight_editor.js";

const PICTURE_INTERVAL = 33; // milliseconds
const DETAILS_INTERVAL = 125;
const MEASURE_INTERVAL = 60;
const EARLIER_RUNS = 3;

/** What the view asks for. */
type Request =
  | { kind: "step" | "epoch" | "reset" | "ready" | "open" | "close" }
  | { kind: "painted"; number: number }
  | { kind: "choose"; weight: WeightPlace | null }
  | { kind: "edit"; weight: WeightPlace; value: number };

/** Trains between frames, and sends pictures as a kernel would. */
export class PageRun extends PageModel<TrainerTraits> {
  learner!: Learner;
  private form: Form;
  private readonly firstSeed: number;
  private pictures!: PagePictures;
  private curves = new RunCurves();
  private chosen: WeightUnderHand | null = null;
  private measured!: Measured;
  private heldOut: Measured | null = null;
  private findings: PlainFinding[] = [];
  private number = 0;
  private isSpoilt = false;
  private isEdited = false;
  private readonly loop = new FrameLoop({
    step: (count) => this.stepsOn(count),
    limit: () => this.get("steps_per_second") || this.get("epochs_per_second") * this.learner.stepsPerEpoch(),
    look: (now) => this.look(now),
  });
  private readonly beats = {
    picture: new Beat(PICTURE_INTERVAL),
    network: new Beat(DETAILS_INTERVAL),
    sizes: new Beat(DETAILS_INTERVAL),
    measure: new Beat(MEASURE_INTERVAL),
  };

  /** Makes the view of an opened step, as a notebook's manager would. */
  widget_manager?: WidgetManager;

  constructor(
    readonly plain: PlainPlayground,
    traits: Omit<TrainerTraits, "plan" | "points">,
  ) {
    super({ ...traits, plan: plain.plan, points: new DataView(new ArrayBuffer(0)) });
    this.form = { ...plain.run.network, l2: traits.l2 };
    this.firstSeed = traits.dataset?.seed ?? plain.run.seed;
    this.begin(this.makeLearner());
    if (traits.playing) this.loop.start();
  }

  override set<Name extends keyof TrainerTraits>(name: Name, value: TrainerTraits[Name]): void {
    const text = problemWith(name, value, this.learner);
    if (text !== null) {
      super.set("message", { text });
      this.tell(`change:${name}`); // so that the view shows what still holds
      return;
    }
    const { examples } = this.get("plan");
    const taken = name === "example" ? bounded(Number(value), 0, examples - 1) : value;
    super.set(name, taken as typeof value);
    this.react(name);
  }

  override send(content: object): void {
    const request = content as Request;
    if (request.kind === "step") this.advance(1);
    else if (request.kind === "epoch") this.advance(this.learner.stepsLeft());
    else if (request.kind === "reset") this.reset();
    else if (request.kind === "choose") this.choose(request.weight);
    else if (request.kind === "edit") this.edit(request.weight, request.value);
    else if (request.kind === "open") this.open();
    else if (request.kind === "close") super.set("opened", null);
    else if (request.kind === "ready") this.sendPicture();
  }

  /** Take some steps now. */
  advance(count: number): void {
    this.take(() => this.learner.step(count));
    this.refresh();
  }

  // One that is open already is written anew.
  private open(): void {
    const reason = this.get("unit")?.length ? null : reasonAgainstWhole(this.plain, this.learner);
    super.set("message", reason ? { text: reason } : {});
    super.set("opened", null);
    if (reason) super.set("unit", [1, 0]);
    super.set("opened", "this step");
  }

  /** Go back to the first weights and the first shuffles. */
  reset(): void {
    this.set("playing", false);
    this.set("message", {});
    this.start();
  }

  end(): void {
    this.loop.stop();
  }

  private react(name: keyof TrainerTraits): void {
    const { learner } = this;
    if (name === "playing") this.playOrPause();
    else if (name === "learning_rate") learner.ownRate = this.get("learning_rate");
    else if (name === "batch_size") learner.batchSize = this.get("batch_size");
    else if (name === "l2") learner.l2 = this.get("l2");
    else if (name === "hidden" || name === "activation" || name === "dataset") this.rebuild();
    else if (name === "example") this.sendPicture();
    if (name === "learning_rate" || name === "batch_size" || name === "l2") {
      this.curves.noteChange(learner.epochsDone, name, this.get(name));
      this.refresh();
    }
  }

  private rebuild(): void {
    const { sizes } = this.plain.run.network;
    const [hidden, activation] = [this.get("hidden"), this.get("activation")];
    const activations = activation === "mixed" ? this.plain.run.network.activations : hidden.map(() => activation);
    this.form = { ...this.form, sizes: [sizes[0], ...hidden, sizes.at(-1)!], activations };
    this.set("message", {});
    super.set("opened", null);
    super.set("unit", []);
    this.start();
  }

  private makeLearner(): Learner {
    return learnerOf(this.plain.run, { ...this.form, l2: this.get("l2") }, this.get("dataset"), this.firstSeed);
  }

  private start(): void {
    const learner = this.makeLearner();
    if (this.get("batch_size") > learner.examples) super.set("batch_size", learner.examples);
    learner.ownRate = this.learner.ownRate;
    learner.batchSize = this.get("batch_size");
    const earlier =
      this.curves.points.length > 1 ? [...this.get("earlier"), this.curves.outline()] : this.get("earlier");
    super.set("earlier", earlier.slice(-EARLIER_RUNS));
    this.begin(learner);
  }

  private begin(learner: Learner): void {
    this.learner = learner;
    this.curves = new RunCurves();
    this.chosen = null;
    this.isSpoilt = false;
    const plan: PicturePlan = replanned(this.get("plan"), learner);
    if (this.get("example") >= plan.examples) super.set("example", 0);
    this.pictures = picturesOf(plan, learner);
    this.measure();
    super.set("points", marksOf(plan, learner));
    super.set("plan", plan);
    this.sendPicture();
  }

  // -- the run -------------------------------------------------------------------------------------------------

  private playOrPause(): void {
    if (!this.get("playing")) {
      this.loop.stop();
      this.refresh();
      return;
    }
    super.set("message", {});
    const last = this.get("epochs");
    if (last > 0 && this.learner.epoch >= last) super.set("epochs", 2 * last);
    this.loop.start();
  }

  private stepsOn(count: number): boolean {
    const last = this.get("epochs");
    this.take(() => {
      for (let taken = 0; taken < count && !(last > 0 && this.learner.epoch >= last); taken += 1) this.learner.step();
    });
    if (last > 0 && this.learner.epoch >= last) this.set("playing", false);
    return this.get("playing");
  }

  private look(now: number): void {
    const { measure, picture, network, sizes } = this.beats;
    if (measure.isDue(now)) measure.do(() => this.measure());
    // One after the other: all would be much for a frame.
    if (network.isDue(now)) network.do(() => this.sendParts(this.pictures.network()));
    else if (sizes.isDue(now)) sizes.do(() => this.sendParts(this.besides()));
    else if (picture.isDue(now)) picture.do(() => this.sendParts(this.pictures.picture(this.get("example"))));
  }

  /** Train, and say so where the run leaves all bounds. */
  private take(train: () => void): void {
    if (this.chosen) this.chosen.before = null;
    try {
      train();
    } catch (problem) {
      if (!(problem instanceof Divergence)) throw problem;
      this.isSpoilt = true;
      super.set("message", { text: divergenceText(problem, this.learner) });
      this.set("playing", false);
    }
  }

  private measure(): void {
    if (this.isSpoilt) return;
    const { learner } = this;
    this.heldOut = learner.heldOutAt(learner.parameters);
    this.measured = learner.lossAt(learner.parameters);
    this.findings = diagnose(learner);
    const { loss } = this.measured;
    this.curves.add({ epoch: learner.epochsDone, loss, validationLoss: this.heldOut?.loss ?? null });
  }

  private refresh(): void {
    this.measure();
    this.sendPicture();
  }

  // -- one weight ----------------------------------------------------------------------------------------------

  private choose(place: WeightPlace | null): void {
    this.chosen = place && new WeightUnderHand(this.learner, place);
    this.sendPicture();
  }

  private edit(place: WeightPlace, value: number): void {
    const known = this.chosen?.isAt(place) ? this.chosen : new WeightUnderHand(this.learner, place);
    known.before ??= this.measured.loss + this.measured.penalty;
    known.write(value);
    this.chosen = known;
    this.isEdited = true;
    this.refresh();
  }

  // -- sending -------------------------------------------------------------------------------------------------

  private sendPicture(): void {
    const { pictures } = this;
    this.sendParts({ ...pictures.picture(this.get("example")), ...pictures.network(), ...this.besides() });
  }

  private besides(): Parts {
    return { ...this.pictures.sizes(), losses: this.curves.numbers() };
  }

  private sendParts(parts: Parts): void {
    this.number += 1;
    const { parts: described, buffers } = describedParts(parts);
    this.tell("msg:custom", { kind: "frame", ...this.told(), parts: described }, buffers);
    this.isEdited = false;
  }

  private told(): RunFrame {
    const { learner, measured, chosen } = this;
    const running = this.get("playing");
    const epoch = learner.epochsDone;
    const { pace } = this.loop;
    const last = this.get("epochs");
    return {
      round: this.get("plan").round,
      number: this.number,
      running,
      epoch,
      steps: learner.steps,
      pace,
      left: pace > 0 && last > 0 ? ((last - epoch) * learner.stepsPerEpoch()) / pace : null,
      loss: measured.loss,
      penalty: measured.penalty,
      accuracy: measured.accuracy,
      validationAccuracy: this.heldOut?.accuracy ?? null,
      reach: this.pictures.reach,
      example: { label: this.pictures.labelOf(this.get("example")), isProbability: learner.form.output !== "identity" },
      weight: chosen?.toPlain(measured.loss + measured.penalty, running) ?? null,
      edited: this.isEdited,
      findings: this.findings,
      changes: this.curves.changes,
    };
  }

  private tell(event: string, ...given: unknown[]): void {
    for (const handler of [...(this.listeners.get(event) ?? [])]) (handler as (...given: unknown[]) => void)(...given);
  }
}
