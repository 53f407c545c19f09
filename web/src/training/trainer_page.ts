// One view of a trainer: the parts, and the only place where they meet.
import { followAppearance } from "../page/appearance.js";
import { makeElement, nearest } from "../page/dom.js";
import { listenToSpace } from "../page/keyboard.js";
import { guardWith, Lifetime } from "../page/lifetime.js";
import { MessageStrip } from "../page/messages.js";
import type { Model } from "../types/model.js";
import type { PartDescription, PicturePlan, RunFrame, TrainerTraits } from "../types/specification.js";
import { TurnTask } from "./frame_loop.js";
import { Frames, type Parts } from "./frames.js";
import { LossCurve, readLosses } from "./loss_curve.js";
import type { WeightPlace } from "./network.js";
import { EmbeddedWidget } from "./opened_step.js";
import { PictureCards } from "./picture_cards.js";
import { Palette } from "./plot_frame.js";
import { FindingsBanner, idleUnits, type RunActions, RunControls, scoresText } from "./run_controls.js";
import { ExampleChooser, RunSettings } from "./run_settings.js";
import { StepWalk } from "./step_walk.js";
import { EditsInTurn, WeightEditor } from "./weight_editor.js";

const SETTING_TRAITS = ["learning_rate", "batch_size", "l2", "activation", "hidden"];
/** The view inside an element. */
export class TrainerPage {
  root: HTMLDivElement;
  lifetime: Lifetime;
  palette: Palette;
  frames: Frames;
  paint: TurnTask;
  strip!: MessageStrip;
  banner!: FindingsBanner;
  controls!: RunControls;
  settings!: RunSettings;
  editor!: WeightEditor;
  curve!: LossCurve;
  chooser!: ExampleChooser;
  pictures!: PictureCards;
  scores!: HTMLDivElement;
  walk!: StepWalk;
  frame!: HTMLDivElement;
  opened!: EmbeddedWidget;
  plan!: PicturePlan;
  weight: WeightPlace | null = null;
  edits = new EditsInTurn((value) => this.send({ kind: "edit", value, weight: this.weight }));
  told!: RunFrame & { parts: Parts };
  /** What paints in the theme's colours. */
  readonly recoloured = [() => this.pictures.recolour(), () => this.curve.frame.redraw()];

  constructor(
    readonly model: Model<TrainerTraits>,
    host: HTMLElement,
  ) {
    this.root = makeElement("div", { class: "bpv bpv-trainer" });
    this.lifetime = new Lifetime(guardWith((problem) => this.strip.complain(problem)));
    followAppearance({ lifetime: this.lifetime, root: this.root, model });
    host.append(this.root);
    this.lifetime.onEnd(() => this.root.remove());
    this.palette = new Palette(this.root);
    this.frames = new Frames((number) => this.send({ kind: "painted", number }));
    this.paint = new TurnTask(this.lifetime, () => this.refresh());
    this.makeParts();
    this.followModel();
    this.lay();
    this.send({ kind: "ready" });
  }

  // A kernel that has just gone cannot be told anything; that it is gone, the line at the top says.
  send(content: object) {
    try {
      this.model.send(content);
    } catch (problem) {
      console.warn(problem);
    }
  }

  write<Name extends keyof TrainerTraits>(name: Name, value: TrainerTraits[Name]) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  // What was said of an earlier entry is no longer so.
  set<Name extends keyof TrainerTraits>(name: Name, value: TrainerTraits[Name]) {
    if (this.model.get("message").text) this.model.set("message", {});
    this.strip.show(null);
    this.write(name, value);
  }

  makeParts() {
    const { lifetime, model, root } = this;
    this.strip = new MessageStrip({ lifetime, onDismiss: () => this.write("message", {}) });
    this.banner = new FindingsBanner();
    const panel = this.makePanel();
    this.makePictures();
    const place = makeElement("div", { class: "bpv-opened", hidden: "" });
    this.walk = new StepWalk({ lifetime, model, send: (kind) => this.send({ kind }) });
    this.opened = new EmbeddedWidget({ lifetime, model, trait: "opened", place });
    this.frame = makeElement(
      "div",
      { class: "bpv-frame" },
      panel,
      this.strip.element,
      this.banner.element,
      this.pictures.element,
      this.walk.element,
      place,
    );
    root.append(this.frame);
    const own = "button, textarea, select, input, .bpv-opened, .bpv-landscape"; // these use the space key themselves
    const isFree = (event: KeyboardEvent) => nearest(event.target, own) === null;
    listenToSpace({ lifetime, root, isFree, toggle: () => this.actions().toggle() });
  }

  /** What moves the run, what is set of it, and which example is looked at. */
  private makePanel() {
    const { lifetime, model } = this;
    this.controls = new RunControls({ lifetime, actions: this.actions() });
    this.settings = new RunSettings({
      lifetime,
      activations: model.get("activations"),
      onChange: (name, value) => this.set(name, value as TrainerTraits[typeof name]),
      onProblem: (text) => this.strip.show({ text }),
    });
    this.chooser = new ExampleChooser({
      lifetime,
      onChoose: (index) => this.write("example", index),
      onOpen: () => {
        this.opened.isAwaited = true;
        this.send({ kind: "open" });
      },
    });
    this.chooser.open.hidden = !model.widget_manager; // a kernel lays out the graph of a step
    this.settings.element.append(...this.chooser.elements);
    return makeElement("div", { class: "bpv-controls" }, this.controls.element, this.settings.element);
  }

  /** Curves, pictures, and what changes a weight in them. */
  private makePictures() {
    const { lifetime, palette } = this;
    this.editor = new WeightEditor({
      lifetime,
      onEdit: (value) => this.edits.offer(value),
      onClose: () => this.chooseWeight(null),
      onProblem: (text) => this.strip.show({ text }),
    });
    this.curve = new LossCurve({ lifetime, palette, onLogScale: (isLog) => this.write("log_scale", isLog) });
    this.pictures = new PictureCards({
      lifetime,
      palette,
      onExample: (mark) => this.write("example", mark * this.plan.pointStep),
      onWeight: (weight) => this.chooseWeight(weight),
      beneathNetwork: [this.editor.element],
      curves: this.curve.element,
    });
    this.scores = makeElement("div", { class: "bpv-card-aside" });
    this.pictures.cards.curves.head.append(this.scores, this.curve.control);
  }

  actions(): RunActions {
    return {
      toggle: () => this.write("playing", !this.model.get("playing")),
      step: () => this.send({ kind: "step" }),
      epoch: () => this.send({ kind: "epoch" }),
      reset: () => this.send({ kind: "reset" }),
      limit: ({ epochs, steps }) => {
        this.model.set("epochs_per_second", epochs);
        this.write("steps_per_second", steps);
      },
    };
  }

  followModel() {
    const { lifetime, model } = this;
    lifetime.follow(model, "msg:custom", (content, buffers) => this.receive(content, buffers));
    lifetime.follow(model, "change:plan", () => this.lay());
    for (const trait of ["playing", "epochs", "epochs_per_second", "steps_per_second"])
      lifetime.follow(model, `change:${trait}`, () => this.showRun());
    lifetime.follow(model, "change:message", () => this.strip.show(model.get("message")));
    lifetime.follow(model, "change:example", () => this.showExample());
    for (const trait of ["opened", "unit"]) lifetime.follow(model, `change:${trait}`, () => this.showOpened());
    lifetime.follow(model, "change:log_scale", () => this.curve.setLog(Boolean(model.get("log_scale"))));
    for (const trait of SETTING_TRAITS)
      lifetime.follow(model, `change:${trait}`, () => this.settings.show((name) => model.get(name)));
    const themes = new MutationObserver(lifetime.guard(() => this.recolour()));
    themes.observe(this.root, { attributes: true, attributeFilter: ["data-theme"] });
    lifetime.onEnd(() => themes.disconnect());
  }

  /** The structure has changed: other sizes, other data. */
  lay() {
    const { model } = this;
    const plan = model.get("plan");
    if (!plan?.layers) return;
    this.plan = plan;
    this.weight = null;
    this.pictures.lay(plan, model.get("points"));
    this.editor.show(null);
    this.settings.show((name) => model.get(name));
    this.strip.show(model.get("message"));
    this.curve.setLog(Boolean(model.get("log_scale")));
    this.showExample();
    this.showOpened();
    this.showRun();
    this.paint.request();
  }

  showExample() {
    if (!this.plan) return;
    const chosen = this.model.get("example");
    this.chooser.show(chosen, this.plan);
    // In a large set only every so many examples has a mark.
    this.pictures.picture?.choose(chosen % this.plan.pointStep === 0 ? chosen / this.plan.pointStep : -1);
  }

  showOpened() {
    this.walk.show(this.plan.sizes);
  }

  chooseWeight(weight: WeightPlace | null) {
    this.weight = weight;
    this.pictures.network.mark(weight);
    if (weight === null) this.editor.show(null);
    this.send({ kind: "choose", weight });
  }

  receive(content: RunFrame & { kind: string; parts: PartDescription[] }, buffers: DataView<ArrayBuffer>[]) {
    if (content.kind !== "frame") return;
    this.frames.add(content, buffers);
    this.paint.request();
  }

  /** Paint the newest frame, then say so: the kernel waits for it. */
  refresh() {
    const news = this.plan ? this.frames.take(this.plan.round) : null;
    if (news === null) return;
    this.told = news;
    const { parts } = news;
    this.pictures.showPicture(parts, news.example);
    if (this.weight) this.editor.show(news.weight);
    if (news.edited) this.edits.arrived(this.weight !== null);
    this.pictures.showDetails(parts, news.reach);
    this.showCurve(news);
    if (parts.gradients) this.showRun();
    this.markProgress();
    requestAnimationFrame(() => this.frames.painted(news));
  }

  showCurve({ parts, changes }: RunFrame & { parts: Parts }) {
    if (parts.losses) this.curve.lay(readLosses(parts.losses), { changes, earlier: this.model.get("earlier") ?? [] });
  }

  markProgress() {
    const { running, steps, number, loss, validationAccuracy } = this.told;
    Object.assign(this.root.dataset, { running, trainingStep: steps, frames: number, loss, validationAccuracy });
  }

  showRun() {
    const playing = Boolean(this.model.get("playing"));
    this.controls.showPlaying(playing);
    this.controls.showLimit(this.model.get("epochs_per_second") ?? 0, this.model.get("steps_per_second") ?? 0);
    this.root.dataset.playing = String(playing);
    const { told } = this;
    if (!told) return;
    this.markProgress();
    this.controls.show(told, this.model.get("epochs"), told.running);
    this.scores.textContent = scoresText(told);
    const findings = told.findings ?? [];
    this.banner.show(findings, told.running);
    this.pictures.network.grey(idleUnits(findings));
  }

  recolour() {
    if (this.palette.theme === null || this.palette.theme === this.root.dataset.theme) return;
    for (const repaint of this.recoloured) repaint();
  }

  end() {
    this.lifetime.end();
  }
}
