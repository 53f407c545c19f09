// One view: the session behind, the parts in front, and the only place where they meet.
import { followAppearance, followWidth } from "./appearance.js";
import { bounded, makeElement } from "./dom.js";
import { type KeyActions, listenToKeys } from "./keyboard.js";
import { FrameTask, Lifetime, type Saver, guardWith } from "./lifetime.js";
import { LiveRegion, MessageStrip } from "./messages.js";
import { furnish, parts } from "./parts.js";
import type { View } from "./view.js";
import type { Aids } from "../panels/aids.js";
import { ExplanationPanel } from "../panels/explanation.js";
import { Header, type SettingName } from "../panels/header.js";
import { InputPanel } from "../panels/inputs.js";
import { Player, Transport, type TransportActions } from "../panels/transport.js";
import { Stage } from "../picture/stage.js";
import type { Changed } from "../story/replay.js";
import { Session } from "../story/session.js";
import { isPacked, unpackSpecification } from "../story/specification.js";
import type { Model } from "../types/model.js";
import type { Bytes, ExplorerTraits, Specification } from "../types/specification.js";

const REST_BEFORE_DESCRIBING = 100; // milliseconds; keys that are held repeat faster

/** A view of a model inside an element, with study aids below it, makeAids(view); see StudyAids and PlainAids. */
export class ExplorerView implements View {
  root = makeElement("div", { class: "bpv" });
  stale = new Set<string>();
  lifetime = new Lifetime(guardWith((problem) => this.strip.complain(problem)));
  paint = new FrameTask(this.lifetime, () => this.refresh(), this.root);
  packed?: Bytes | Specification;
  spec!: Specification | null;
  strip!: MessageStrip;
  saver?: Saver;
  live!: LiveRegion;
  explanation!: ExplanationPanel;
  inputs!: InputPanel;
  transport!: Transport;
  player!: Player;
  header!: Header;
  body!: HTMLDivElement;
  aids!: Aids;
  furnished = 0; // how many of the parts that every view gets it has
  isLost = false; // whether a kernel that was there is gone
  session!: Session;
  stage!: Stage;
  entries?: View["entries"];
  arrange = () => {};
  onSpec = () => {}; // once another spec is shown
  describing?: ReturnType<typeof setTimeout>;

  constructor(
    readonly model: Model<ExplorerTraits>,
    host: HTMLElement,
    makeAids: (view: ExplorerView) => Aids,
  ) {
    this.makeParts(makeAids);
    host.append(this.root);
    this.followModel();
    this.lifetime.onEnd(() => (this.root.remove(), clearTimeout(this.describing)));
    this.lifetime.guard(() => {
      this.showHeader();
      this.strip.show(model.get("message"));
      this.player.run();
      this.readSpec();
    })();
  }

  /** The newest spec, then a repaint; until it is read the view stays as it is. */
  readSpec() {
    const packed = this.model.get("spec");
    if (!packed || (isPacked(packed) && packed.byteLength === 0)) return;
    this.packed = packed;
    this.spec = null;
    const take = this.lifetime.guard((spec: Specification) => {
      // A later spec may have come while this one was unpacked.
      if (this.lifetime.ended || this.packed !== packed || !spec.graph) return;
      this.spec = spec;
      this.stale.add("spec");
      this.refresh();
      this.onSpec();
    });
    if (!isPacked(packed)) take(packed);
    else unpackSpecification(packed, this.aids.arriving).then(take, this.strip.complain);
  }

  makeParts(makeAids: (view: ExplorerView) => Aids) {
    const { lifetime, model } = this;
    const onSubmit = (text: string) => model.send({ kind: "expression", text });
    this.strip = new MessageStrip({ lifetime, onDismiss: () => this.dismiss(), onUse: onSubmit });
    this.saver = parts.makeSaver?.({ lifetime, model });
    this.live = new LiveRegion({ lifetime });
    this.header = new Header({
      lifetime,
      onSubmit,
      onChange: (name, value) => this.choose(name, value as ExplorerTraits[typeof name]),
    });
    this.explanation = new ExplanationPanel({ lifetime, onClose: () => this.select("") });
    this.inputs = new InputPanel({
      lifetime,
      onChange: (name, value) => this.write("inputs", { ...model.get("inputs"), [name]: value }),
    });
    this.transport = new Transport({ lifetime, actions: this.actions() });
    this.player = new Player({
      lifetime,
      isPlaying: () => Boolean(model.get("playing")),
      speed: () => this.speed,
      steps: () => this.session?.steps ?? 0,
      advance: () => this.advance(),
    });
    const controls = makeElement("div", { class: "bpv-controls" }, this.transport.element, this.inputs.element);
    this.body = makeElement("div", { class: "bpv-body" }, controls);
    this.aids = makeAids(this);
    const rows = [this.header.element, this.strip.element, this.body, this.aids.element, this.live.element];
    this.root.append(makeElement("div", { class: "bpv-frame" }, ...rows));
    followAppearance({ lifetime, root: this.root, model });
    listenToKeys({ lifetime, root: this.root, actions: this.actions() });
  }

  actions(): TransportActions & KeyActions {
    return {
      goTo: (step) => this.goTo(step),
      goBy: (count) => this.goTo(Number(this.model.get("step") ?? 0) + count), // the view may be a frame behind
      goToEnd: () => this.goTo(this.session?.steps ?? 0),
      toggle: () => this.toggle(),
      setSpeed: (speed) => this.write("speed", speed),
      select: (name) => this.select(name),
      deselect: () => this.select(""),
      follow: () => this.stage?.turnFollowing(),
    };
  }

  followModel() {
    const { lifetime, model } = this;
    lifetime.follow(model, "change:spec", () => this.readSpec());
    const repaintOn: Record<string, string> = { step: "step", selected: "words", follow: "words" };
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

  makeStage(spec: Specification) {
    this.session = new Session(this.model, spec);
    const { lifetime, session, root, model } = this;
    const onBounds = () => this.arrange();
    const follow = {
      isWanted: () => model.get("follow") ?? null,
      want: (isOn: boolean) => this.write("follow", isOn),
    };
    this.stage = new Stage({ lifetime, session, follow, onBounds, onSelect: (name) => this.select(name) });
    this.arrange = followWidth({ lifetime, root, stage: this.stage, size: () => this.size });
    this.body.prepend(this.stage.holder, this.explanation.element);
    furnish(this);
  }

  get size() {
    return this.model.get("size") ?? "normal";
  }

  get speed() {
    return bounded(Number(this.model.get("speed")) || 1, 0.25, 4);
  }

  /** Change the model from this view; every view of the model hears of it, the kernel a little later. */
  write<Name extends keyof ExplorerTraits>(name: Name, value: ExplorerTraits[Name]) {
    this.model.set(name, value);
    this.saver?.request();
  }

  choose<Name extends SettingName>(name: Name, value: ExplorerTraits[Name]) {
    if (!this.aids.accepts(name, value)) return;
    this.dismiss(); // what was said of an earlier choice is no longer so
    this.write(name, value);
  }

  select(name: string) {
    if ((this.model.get("selected") ?? "") !== name) this.write("selected", name);
  }

  goTo(step: number) {
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
    this.saver?.request();
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
      else this.makeStage(this.spec);
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
    this.stage.build(session.spec, this.size);
    this.showHeader();
    this.transport.lay(session.phases(), session.steps);
    this.inputs.build(session.spec.ranges, model.get("inputs") ?? {});
    this.root.dataset.steps = String(session.steps);
    this.aids.build();
    this.showNumbers();
    this.showStep(false);
  }

  showSize() {
    this.arrange();
    this.stage?.camera.frame(this.stage.bounds, this.size);
    this.stage?.show();
  }

  // changed: what a step touched; null where any number may differ.
  showNumbers(changed: Changed | null = null) {
    const { model, session } = this;
    session.select(model.get("selected") ?? "");
    this.inputs.show(model.get("inputs") ?? {});
    this.stage.show(changed);
    this.explanation.show(session.told(), session.focus.phase);
    this.entries?.show();
    this.aids.show();
    clearTimeout(this.describing);
    const describe = this.lifetime.guard(() => this.stage.describe());
    this.describing = setTimeout(describe, REST_BEFORE_DESCRIBING);
  }

  showStep(isNextStep: boolean) {
    const travel = isNextStep ? this.stage.animate(this.speed) : 0;
    if (!isNextStep) this.stage.overlay.halt();
    this.root.dataset.step = String(this.session.step);
    this.showTransport();
    this.player.arm(travel);
    this.live.say(() => this.session.spokenStep(), Boolean(this.model.get("playing")));
  }

  showTransport() {
    const playing = Boolean(this.model.get("playing"));
    this.root.dataset.playing = String(playing);
    if (this.session) this.transport.show({ step: this.session.step, playing, speed: this.speed });
  }

  showPlaying() {
    this.showTransport();
    if (this.model.get("playing")) this.player.start();
    else this.player.rest();
  }

  /** Tell that the kernel is gone, or is there. */
  showLost(isLost: boolean) {
    this.isLost = isLost;
    this.showHeader();
  }

  showHeader() {
    this.header.show((name) => this.model.get(name), this.session, this.isLost);
  }
}
