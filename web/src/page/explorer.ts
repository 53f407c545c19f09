// One view: the session behind, the parts in front, and the only place where they meet.
import { followAppearance, followWidth } from "./appearance.js";
import { bounded, makeElement } from "./dom.js";
import { listenToKeys } from "./keyboard.js";
import { furnish } from "./furnishing.js";
import { FrameTask, Lifetime, Saver } from "./lifetime.js";
import { LiveRegion, MessageStrip } from "./messages.js";
import { ExplanationPanel } from "../panels/explanation.js";
import { ExpressionBox, SettingsBar } from "../panels/header.js";
import { InputPanel } from "../panels/inputs.js";
import { Player, Transport } from "../panels/transport.js";
import { Stage } from "../picture/stage.js";
import { Session } from "../story/session.js";
import { isPlainSpecification, unpackSpecification } from "../story/specification.js";

const REST_BEFORE_DESCRIBING = 250;

/** A view of a model inside an element, with study aids below it, makeAids(view); see StudyAids and PlainAids. */
export class ExplorerView {
  constructor(model, host, makeAids) {
    this.model = model;
    this.root = makeElement("div", { class: "bpv" });
    this.stale = new Set();
    this.lifetime = new Lifetime((work) => this.guarded(work));
    this.makeParts(makeAids);
    host.append(this.root);
    this.lifetime.onEnd(() => this.root.remove());
    this.paint = new FrameTask(this.lifetime, () => this.refresh());
    this.lifetime.onEnd(() => clearTimeout(this.describing));
    this.followModel();
    this.guarded(() => this.start())();
  }

  /** The newest spec, then a repaint; until it is read the view stays as it is. */
  readSpec() {
    const packed = this.model.get("spec");
    if (!packed || packed.byteLength === 0) return;
    this.packed = packed;
    this.spec = null;
    const take = this.guarded((spec) => {
      // A later spec may have come while this one was unpacked.
      if (this.lifetime.ended || this.packed !== packed || !spec.graph) return;
      this.spec = spec;
      this.stale.add("spec");
      this.refresh();
    });
    if (isPlainSpecification(packed)) take(packed);
    else unpackSpecification(packed).then(take).catch((problem) => this.complain(problem));
  }

  // Jupyter swallows what a callback throws; here it is shown where the person looks.
  guarded(work) {
    return (...given) => {
      try {
        return work(...given);
      } catch (problem) {
        return this.complain(problem);
      }
    };
  }

  complain(problem) {
    console.error(problem);
    this.strip?.show({ text: `The view stopped here: ${problem?.message ?? problem}` });
  }

  makeParts(makeAids) {
    const { lifetime, model } = this;
    const onSubmit = (text) => model.send({ kind: "expression", text });
    this.strip = new MessageStrip({ lifetime, onDismiss: () => this.dismiss(), onUse: onSubmit });
    this.saver = new Saver({ lifetime, model });
    this.live = new LiveRegion({ lifetime });
    this.expression = new ExpressionBox({ lifetime, onSubmit });
    this.settings = new SettingsBar({ lifetime, onChange: (name, value) => this.choose(name, value) });
    this.explanation = new ExplanationPanel({ lifetime, onClose: () => this.select("") });
    this.inputs = new InputPanel({ lifetime, onChange: (name, value) => this.setInput(name, value) });
    this.transport = new Transport({ lifetime, actions: this.actions() });
    this.player = new Player({
      lifetime,
      isPlaying: () => Boolean(model.get("playing")),
      speed: () => this.speed,
      steps: () => this.session?.steps ?? 0,
      advance: () => this.advance(),
    });
    this.header = makeElement("div", { class: "bpv-header" }, this.expression.element, this.settings.element);
    this.controls = makeElement("div", { class: "bpv-controls" }, this.transport.element, this.inputs.element);
    this.body = makeElement("div", { class: "bpv-body" }, this.controls);
    this.aids = makeAids(this);
    const parts = [this.header, this.strip.element, this.body, this.aids.element, this.live.element];
    this.root.append(makeElement("div", { class: "bpv-frame" }, ...parts));
    followAppearance({ lifetime, root: this.root, model });
    this.isLost = false; // whether a kernel that was there is gone
    listenToKeys({ lifetime, root: this.root, actions: this.actions() });
  }

  actions() {
    return {
      goTo: (step) => this.goTo(step),
      goBy: (count) => this.goTo(Number(this.model.get("step") ?? 0) + count), // the view may be a frame behind
      goToEnd: () => this.goTo(this.session?.steps ?? 0),
      toggle: () => this.toggle(),
      setSpeed: (speed) => this.write("speed", speed),
      select: (name) => this.select(name),
      deselect: () => this.select(""),
      follow: () => this.write("follow", !this.model.get("follow")),
    };
  }

  followModel() {
    const { lifetime, model } = this;
    lifetime.follow(model, "change:spec", () => this.readSpec());
    const repaintOn = { step: "step", selected: "words", follow: "words" };
    for (const trait of ["numbers", "inputs", "notation", "direction"]) repaintOn[trait] = "numbers";
    for (const [trait, part] of Object.entries(repaintOn)) {
      lifetime.follow(model, `change:${trait}`, () => {
        this.stale.add(part);
        this.paint.request();
      });
    }
    lifetime.follow(model, "change:playing", () => this.showPlaying());
    lifetime.follow(model, "change:speed", () => this.showTransport());
    lifetime.follow(model, "change:message", () => this.strip.show(model.get("message")));
    for (const trait of ["expression", "assignments", "editable", "mode", "drawing", "notation", "direction"]) {
      lifetime.follow(model, `change:${trait}`, () => this.showHeader());
    }
    lifetime.follow(model, "change:size", () => this.showSize());
  }

  start() {
    this.showHeader();
    this.strip.show(this.model.get("message"));
    this.player.run();
    this.readSpec();
  }

  makeStage() {
    this.session = new Session(this.model, this.spec);
    const { lifetime, session, root, model } = this;
    const onBounds = () => this.arrange();
    const follow = { isWanted: () => Boolean(model.get("follow")), want: (isOn) => this.write("follow", isOn) };
    this.stage = new Stage({ lifetime, session, follow, onBounds, onSelect: (name) => this.select(name) });
    this.arrange = followWidth({ lifetime, root, bounds: () => this.stage.bounds, size: () => model.get("size") });
    this.body.prepend(this.stage.holder, this.explanation.element);
    furnish(this);
  }

  get speed() {
    return bounded(Number(this.model.get("speed")) || 1, 0.25, 4);
  }

  /** Change the model from this view; every view of the model hears of it, the kernel a little later. */
  write(name, value) {
    this.model.set(name, value);
    this.saver.request();
  }

  choose(name, value) {
    if (!this.aids.accepts(name, value)) return;
    this.dismiss(); // what was said of an earlier choice is no longer so
    this.write(name, value);
  }

  setInput(name, value) {
    this.write("inputs", { ...this.model.get("inputs"), [name]: value });
  }

  select(name) {
    if ((this.model.get("selected") ?? "") !== name) this.write("selected", name);
  }

  goTo(step) {
    const target = bounded(step, 0, this.session?.steps ?? 0);
    this.select(""); // to go on is to ask about the step, no longer about the node
    if (target !== this.model.get("step")) this.write("step", target);
  }

  toggle() {
    const playing = !this.model.get("playing");
    if (playing && this.session && this.session.step >= this.session.steps) this.model.set("step", 0);
    if (playing && this.model.get("selected")) this.model.set("selected", "");
    this.write("playing", playing);
  }

  // The player's beat: one step on, or the end of the story.
  advance() {
    const { steps } = this.session;
    const next = Math.min(this.model.get("step") ?? 0, steps) + 1;
    if (next <= steps) this.model.set("step", next);
    if (next >= steps) this.model.set("playing", false);
    this.saver.request();
  }

  dismiss() {
    this.strip.show(null);
    if (this.model.get("message")?.text) this.write("message", {});
  }

  /** Do what the model's changes since the last frame ask for, each thing once. */
  refresh() {
    if (!this.spec) return;
    const { stale, session } = this;
    this.stale = new Set();
    if (stale.has("spec")) {
      if (session) session.load(this.spec);
      else this.makeStage();
      this.showScene();
    } else if (session) {
      if (stale.has("numbers")) session.compute();
      const before = session.step;
      const changed = stale.has("step") ? session.seek(this.model.get("step") ?? 0) : null;
      this.showNumbers(stale.has("numbers") || stale.has("words") ? null : changed);
      if (stale.has("step") && session.step !== before) this.showStep(session.step === before + 1);
    }
  }

  showScene() {
    const { model, session } = this;
    this.aids.prepare(session);
    session.seek(model.get("step") ?? 0);
    this.explanation.reset();
    this.stage.build(session.spec, model.get("size"));
    this.showHeader();
    this.transport.lay(session.phases(), session.steps);
    this.inputs.build(session.spec.ranges, model.get("inputs") ?? {});
    this.root.dataset.steps = session.steps;
    this.aids.build();
    this.showNumbers();
    this.showStep(false);
  }

  showSize() {
    if (!this.stage) return;
    this.arrange();
    this.stage.camera.frame(this.stage.bounds, this.model.get("size"));
    this.stage.show();
  }

  // changed: what a step touched; null where any number may differ.
  showNumbers(changed = null) {
    const { model, session } = this;
    const selected = model.get("selected") ?? "";
    session.selected = session.indexOf.has(selected) ? selected : "";
    this.inputs.show(model.get("inputs") ?? {});
    this.stage.show(changed);
    this.showWords();
    this.aids.show();
    clearTimeout(this.describing);
    this.describing = setTimeout(this.guarded(() => this.stage.describe()), REST_BEFORE_DESCRIBING);
  }

  showWords() {
    const told = this.session.told();
    const { phase } = this.session.focus;
    const places = { start: "before the first step", update: "update" };
    const where = places[phase] ?? `${phase} sweep`;
    this.explanation.show(told, told.isSelection ? "selected" : where);
  }

  showStep(isNextStep) {
    const travel = isNextStep ? this.stage.animate(this.speed) : 0;
    if (!isNextStep) this.stage.overlay.halt();
    this.root.dataset.step = this.session.step;
    this.showTransport();
    this.player.arm(travel);
    this.live.say(() => this.session.spokenStep(), Boolean(this.model.get("playing")));
  }

  showTransport() {
    const playing = Boolean(this.model.get("playing"));
    this.root.dataset.playing = playing;
    if (this.session) this.transport.show({ step: this.session.step, playing, speed: this.speed });
  }

  showPlaying() {
    this.showTransport();
    if (this.model.get("playing")) this.player.start();
    else this.player.rest();
  }

  showLost(isLost) {
    this.isLost = isLost;
    this.showHeader();
  }

  showHeader() {
    const read = (name) => this.model.get(name);
    const hasKernel = Boolean(read("editable")) && !this.isLost;
    this.settings.showConnection(this.isLost);
    this.expression.element.hidden = !hasKernel;
    this.expression.show(read("expression") ?? "", read("assignments") ?? "");
    const { session } = this;
    this.settings.show(read, hasKernel, session?.spec);
    const inputs = (session?.nodes ?? []).filter((node) => node.op === "input").map((node) => node.name);
    this.settings.showDirections(inputs, read("direction") ?? {}, Boolean(session?.isForwardMode));
  }

  end() {
    this.lifetime.end();
  }
}
