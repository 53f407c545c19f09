// One view of a recorded run: the trainer's pictures with a transport, played by the browser's own clock.
import { followAppearance } from "../page/appearance.js";
import { bounded, makeElement } from "../page/dom.js";
import { followPrinting, forwardKeys, pageHost, PageModel, readPageData, reportHeight } from "../page/exported_page.js";
import { type KeyActions, listenToKeys } from "../page/keyboard.js";
import { FrameTask, guardWith, Lifetime, Saver } from "../page/lifetime.js";
import { LiveRegion, MessageStrip } from "../page/messages.js";
import { Player, Transport, type TransportActions } from "../panels/transport.js";
import type { Model } from "../types/model.js";
import type { PlainRecording, ReplayTraits } from "../types/specification.js";
import { readRecording, type Recording } from "./frames.js";
import { ImageChooser } from "./images.js";
import { LossCurve } from "./loss_curve.js";
import { PictureCards } from "./picture_cards.js";
import { Palette } from "./plot_frame.js";
import { scoresText } from "./run_controls.js";

const WORDS = { first: "First epoch", back: "Back", forward: "Forward", last: "Last epoch", bar: "Epoch" };
const NUMBERS = ["loss", "accuracy", "validationLoss", "validationAccuracy"] as const; // in full, for whoever reads the page
const WHOLE_RUN = 10_000; // milliseconds to play all frames at speed 1
const SHORTEST_DWELL = 60;
const LONGEST_DWELL = 400;

/** The view inside an element. */
export class ReplayPage {
  root: HTMLDivElement;
  lifetime: Lifetime;
  palette: Palette;
  paint: FrameTask;
  saver: Saver;
  strip!: MessageStrip;
  curve!: LossCurve;
  pictures!: PictureCards;
  log!: HTMLInputElement;
  scores!: HTMLDivElement;
  images!: ImageChooser;
  transport!: Transport;
  live!: LiveRegion;
  player!: Player;
  recording?: Recording;
  last!: number;
  shown?: number;

  constructor(
    readonly model: Model<ReplayTraits>,
    host: HTMLElement,
  ) {
    this.root = makeElement("div", { class: "bpv bpv-trainer bpv-replay" });
    this.lifetime = new Lifetime(guardWith((problem) => this.strip.complain(problem)));
    followAppearance({ lifetime: this.lifetime, root: this.root, model });
    host.append(this.root);
    this.lifetime.onEnd(() => this.root.remove());
    this.palette = new Palette(this.root);
    this.paint = new FrameTask(this.lifetime, () => this.refresh());
    this.saver = new Saver({ lifetime: this.lifetime, model });
    this.makeParts();
    this.followModel();
    void this.open();
  }

  makeParts() {
    const { lifetime, model, palette, root } = this;
    this.strip = new MessageStrip({ lifetime, onDismiss: () => this.strip.show(null) });
    this.curve = new LossCurve({ lifetime, palette, onLogScale: (isLog: boolean) => this.write("log_scale", isLog) });
    this.pictures = new PictureCards({ lifetime, palette, curves: this.curve.element });
    this.pictures.element.hidden = true; // nothing has a size before there is something to draw
    this.scores = makeElement("div", { class: "bpv-card-aside" });
    this.pictures.cards.curves.head.append(this.scores, this.curve.control);
    this.images = new ImageChooser({ lifetime, onChoose: (index) => this.write("example", index) });
    this.pictures.cards.image.head.append(this.images.element);
    const actions = this.actions();
    this.transport = new Transport({ lifetime, actions, words: WORDS });
    this.live = new LiveRegion({ lifetime });
    this.player = new Player({
      lifetime,
      isPlaying: () => Boolean(model.get("playing")),
      speed: () => model.get("speed") ?? 1,
      steps: () => this.last,
      advance: () => this.advance(),
      dwell: () => bounded(WHOLE_RUN / Math.max(1, this.last), SHORTEST_DWELL, LONGEST_DWELL),
    });
    const controls = makeElement("div", { class: "bpv-controls" }, this.transport.element);
    root.append(
      makeElement(
        "div",
        { class: "bpv-frame" },
        controls,
        this.strip.element,
        this.pictures.element,
        this.live.element,
      ),
    );
    listenToKeys({ lifetime, root, actions });
  }

  actions(): TransportActions & KeyActions {
    return {
      goTo: (position) => this.goByHand(position),
      goBy: (count) => this.goByHand(this.position + count),
      goToEnd: () => this.goByHand(this.last),
      toggle: () => this.toggle(),
      setSpeed: (speed) => this.write("speed", speed),
      select: () => {},
      deselect: () => {},
    };
  }

  followModel() {
    const { lifetime, model } = this;
    for (const trait of ["epoch", "example", "speed"])
      lifetime.follow(model, `change:${trait}`, () => this.paint.request());
    lifetime.follow(model, "change:log_scale", () => this.showScale());
    lifetime.follow(model, "change:playing", () => {
      this.paint.request();
      this.player.start();
    });
    const themes = new MutationObserver(lifetime.guard(() => this.recolour()));
    themes.observe(this.root, { attributes: true, attributeFilter: ["data-theme"] });
    lifetime.onEnd(() => themes.disconnect());
  }

  async open() {
    const { model } = this;
    try {
      const recording = await readRecording(model.get("recording"), model.get("frames"));
      if (!this.lifetime.ended) this.lay(recording);
    } catch (problem) {
      this.strip.complain(problem);
    }
  }

  lay(recording: Recording) {
    this.recording = recording;
    this.last = recording.frames.length - 1;
    this.pictures.element.hidden = false;
    this.pictures.lay(recording.plan, recording.still.points);
    this.pictures.picture?.choose(-1);
    this.images.lay(recording.examples, recording.plan.classNames);
    this.curve.lay(recording.curve);
    this.transport.lay(this.last > 0 ? [{ phase: "epochs", from: 0, to: this.last }] : [], this.last);
    this.root.dataset.frames = String(this.last + 1);
    if (recording.divergence) this.strip.show({ text: `The run ended early. ${recording.divergence}` });
    this.showScale();
    this.refresh();
  }

  write<Name extends keyof ReplayTraits>(name: Name, value: ReplayTraits[Name]) {
    this.model.set(name, value);
    this.saver.request();
  }

  /** Which of the recorded images is shown: its place among them. */
  get image() {
    const chosen = this.model.get("example");
    return Math.max(
      0,
      (this.recording?.examples ?? []).findIndex(({ index }) => index === chosen),
    );
  }

  get position() {
    return this.recording?.positionOf(this.model.get("epoch") ?? 0) ?? 0;
  }

  // While it plays, the kernel is not told of each frame; it hears of the last one.
  goTo(position: number) {
    if (this.recording) this.model.set("epoch", this.recording.frames[bounded(position, 0, this.last)].epoch);
  }

  goByHand(position: number) {
    this.model.set("playing", false);
    this.goTo(position);
    this.saver.request();
  }

  toggle() {
    const playing = !this.model.get("playing");
    if (playing && this.position === this.last) this.goTo(0);
    this.write("playing", playing);
  }

  advance() {
    this.goTo(this.position + 1);
    if (this.position >= this.last) this.write("playing", false);
  }

  showScale() {
    this.curve.setLog(Boolean(this.model.get("log_scale")));
  }

  /** Paint the present frame. */
  refresh() {
    const { recording, position, model, root } = this;
    if (!recording) return;
    const playing = Boolean(model.get("playing"));
    const told = recording.frames[position];
    const where = `epoch ${told.epoch} of ${recording.frames[this.last].epoch}`;
    const example = recording.examples[this.image];
    const parts = recording.partsAt(position, this.image);
    if (position !== this.shown || example !== this.images.shown) this.pictures.showPicture(parts, example);
    this.images.show(example);
    if (position !== this.shown) {
      this.shown = position;
      this.pictures.showDetails(parts, told.reach);
      this.curve.mark(told);
      this.scores.textContent = scoresText(told);
      this.live.say(() => `${where}, loss ${scoresText(told)}`, playing);
    }
    this.transport.show({ step: position, playing, speed: model.get("speed") ?? 1, where });
    Object.assign(root.dataset, { playing: String(playing), epoch: String(told.epoch) });
    for (const name of NUMBERS) root.dataset[name] = String(told[name] ?? "");
    this.player.arm(0);
  }

  recolour() {
    if (this.palette.theme === null || this.palette.theme === this.root.dataset.theme) return;
    this.pictures.recolour();
    this.curve.frame.redraw();
  }

  end() {
    this.lifetime.end();
  }
}

// An exported page with a recorded run.

/** Read the page's data and show it. */
export function openReplay() {
  const { recording, frames } = readPageData<{ recording: PlainRecording; frames: string }>("bpv-spec");
  const bytes = Uint8Array.from(atob(frames), (sign) => sign.charCodeAt(0));
  const packed = new DataView(bytes.buffer);
  const model = new PageModel<ReplayTraits>({ ...readPageData<ReplayTraits>("bpv-traits"), recording, frames: packed });
  const host = pageHost();
  const page = new ReplayPage(model, host);
  forwardKeys(page.root);
  followPrinting({
    hasBegun: () => page.position > 0,
    showEnd: () => {
      page.goTo(page.last);
      page.refresh();
    },
    showStart: () => page.goTo(0),
  });
  reportHeight(host);
}
