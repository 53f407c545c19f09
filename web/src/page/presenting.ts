// Presentation: the picture fills the frame or the screen, and everything else makes way for it.
import { bounded, drawIcon, makeElement } from "./dom.js";
import type { Lifetime } from "./lifetime.js";
import { followLink } from "./link_state.js";
import { furnishAlso, parts } from "./parts.js";
import type { Filling } from "../picture/camera.js";
import { EdgeGradients } from "../picture/edge_gradients.js";
import { EdgeReading } from "../picture/edge_labels.js";
import { withFollowing } from "../picture/following.js";
import { withOverview } from "../picture/overview.js";
import type { NodeMark } from "../picture/marks.js";
import type { Picture, View } from "./view.js";
import { shortText } from "../story/number_sources.js";
import { numberWidth } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";

const TYPE_SHARE = 0.038; // numbers of the picture, as a share of the height of a 16:9 screen: 27 px of 720
const WORDS_SHARE = 0.032;
const SMALLEST_TYPE = 12; // px
const ICONS = {
  screen: ["M4.5 9.5V4.5h5", "M19.5 14.5v5h-5", "M4.5 4.5l6 6", "M19.5 19.5l-6-6"],
  ledger: ["M5 6h14", "M5 11h14", "M10 16h9", "M10 20h9"],
};
const LARGEST_TYPE = { graph: 32, network: 20 }; // scene units
const LEAST_TYPE = 20; // scene units
const LEAST_SHRINK = 0.85;
const LEAST_NEAR = 0.75; // of the type of numbers, where a node and its neighbours have no room else
const WIDEST_NUMBER = 190;
const NUMBER_GAP = 5;
const NUMBER_RISE = 13; // scene units, from the edge of a node to the middle of a number above or below it
const LINE = 26; // scene units; numbers further apart in height do not touch
const STILL_GROWS = " + …"; // stands behind a sum to which more will come
const MOST_NEIGHBOURS = 500;
const FRAME_PADDING = 12; // px, above and below the parts of a frame
const SHRINKS = ["1", "0.9", "0.8", "0.72", "0.62", "0.54"]; // of words
const IDLE = 2500; // milliseconds without a movement, after which the controls fade

/** The size of type, in px, that a room asks for: read from the last row, so a share of the screen. */
function typeFor(width: number, height: number, share = TYPE_SHARE) {
  return Math.max(SMALLEST_TYPE, share * Math.min(height, (width * 9) / 16));
}

function makeButton(lifetime: Lifetime, icon: keyof typeof ICONS, label: string, action: () => void) {
  const naming = { "aria-label": label, title: label };
  const button = makeElement(
    "button",
    { type: "button", class: "bpv-icon-button bpv-of-presenting", ...naming },
    drawIcon(icon, ICONS[icon]),
  );
  lifetime.listen(button, "click", action);
  return button;
}

/** A number of a node as it will stand: its mark, the middle of its line, and its width in scene units. */
interface Standing {
  mark: NodeMark;
  y: number;
  width: number;
}

/** Give the numbers above and below a node, as they are at the end of the run, or while they are longest. */
function standing(mark: NodeMark, session: Session, type: number): Standing[] {
  if (mark.tile) return [];
  const { id, node } = mark;
  const rise = node.height / 2 + NUMBER_RISE;
  const slope = session.isForwardMode ? session.number("tangent", id) : session.number("gradient", id);
  const sums = !session.isForwardMode && session.consumersOf[id].length > 1;
  const below = `▽ ${shortText(slope)}${sums ? STILL_GROWS : ""}`;
  return [
    { mark, y: node.y - rise, width: numberWidth(shortText(session.valueNow(id))) * type },
    { mark, y: node.y + rise, width: numberWidth(below) * type },
  ];
}

/** Let numbers that meet share the room between their nodes by their widths. */
function shareRooms(numbers: Standing[]) {
  numbers.forEach((one, index) => {
    for (const two of numbers.slice(index + 1)) {
      const apart = Math.abs(one.mark.node.x - two.mark.node.x);
      if (apart === 0 || Math.abs(one.y - two.y) >= LINE) continue;
      const share = (2 * (apart - NUMBER_GAP)) / (one.width + two.width);
      if (share >= 1) continue;
      for (const { mark, width } of [one, two]) mark.room = Math.min(mark.room, width * share);
    }
  });
}

/** How a view presents: while its model wants it, on the full screen, and where a notebook has little room. */
class Presenting {
  root: HTMLElement;
  model: Model<ExplorerTraits>;
  stage: Picture;
  ledger: HTMLButtonElement;
  rest: () => void;
  isOn = false;
  filling: Filling = { type: SMALLEST_TYPE, largest: LARGEST_TYPE.graph, scale: 1, least: 1 };
  resting?: ReturnType<typeof setTimeout>;

  constructor(readonly view: View) {
    const { lifetime, root, model, stage } = view;
    this.root = root;
    this.model = model;
    this.stage = stage;
    const full = makeButton(lifetime, "screen", "Full screen", () => this.toggleFullScreen());
    full.hidden = !document.fullscreenEnabled;
    this.ledger = makeButton(lifetime, "ledger", "Show the ledger", () => this.toggleLedger());
    stage.zoom.element.append(this.ledger, full);
    const arrange = stage.onBounds;
    stage.onBounds = () => {
      arrange();
      this.plan();
    };
    const apply = () => this.apply();
    lifetime.follow(model, "change:present", apply);
    lifetime.follow(model, "change:spec", () => this.showLedger(false));
    lifetime.follow(model, "change:inputs", () => {
      if (!this.isOn) return;
      this.plan();
      stage.show();
    });
    lifetime.listen(document, "fullscreenchange", apply);
    view.onRoom = apply;
    const observer = new ResizeObserver(
      lifetime.guard(() => {
        this.apply();
        if (!this.isOn) return;
        this.measure();
        this.fill(true);
        this.fitWords();
      }),
    );
    observer.observe(view.body);
    const told = new MutationObserver(lifetime.guard(() => this.fitWords()));
    told.observe(view.explanation.text, { childList: true });
    for (const event of ["pointermove", "pointerdown", "keydown", "focusin"] as const)
      lifetime.listen(root, event, () => this.wake());
    this.rest = lifetime.guard(() => root.classList.add("bpv-idle"));
    lifetime.onEnd(() => {
      observer.disconnect();
      told.disconnect();
      clearTimeout(this.resting);
    });
    this.apply();
  }

  get isFullScreen() {
    return document.fullscreenElement === this.root;
  }

  toggleFullScreen() {
    if (this.isFullScreen) void document.exitFullscreen();
    // Where it is refused, the picture fills what there is.
    else this.root.requestFullscreen().catch(() => this.model.set("present", !this.isOn));
  }

  toggleLedger() {
    this.showLedger(!this.root.classList.contains("bpv-shows-ledger"));
  }

  showLedger(isShown: boolean) {
    this.root.classList.toggle("bpv-shows-ledger", isShown);
    this.ledger.setAttribute("aria-pressed", String(isShown));
  }

  apply() {
    const isOn = Boolean(this.model.get("present")) || this.isFullScreen || Boolean(this.view.isCramped);
    this.ledger.hidden = !isOn;
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    this.root.classList.toggle("bpv-presents", isOn);
    this.root.classList.toggle("bpv-large", !isOn && this.model.get("size") === "large");
    if (!isOn) this.showLedger(false);
    this.measure();
    this.fill(isOn);
    this.wake();
  }

  // How near a part is seen, whose numbers have this type in scene units.
  nearer(type: number) {
    const { filling } = this;
    filling.scale = filling.type / type;
    filling.least = Math.max(SMALLEST_TYPE, LEAST_NEAR * filling.type) / type;
  }

  // The picture fills the height that its stage has, or the stage has the height that the picture needs.
  fill(isOn: boolean) {
    const { stage } = this;
    const { camera } = stage;
    camera.fills = isOn ? this.filling : null;
    camera.fitted = true;
    if (stage.marks.size === 0) return; // it comes
    this.plan();
    stage.measureBounds();
    stage.following?.forget();
    camera.frame(stage.bounds, camera.size);
    stage.show();
  }

  // How large numbers can be follows from where nodes stand, so it is the same for a whole run.
  plan() {
    const { marks, session } = this.stage;
    const isNetwork = session.spec.scene.drawing === "network"; // whose edges carry labels
    this.filling.largest = isNetwork ? LARGEST_TYPE.network : LARGEST_TYPE.graph;
    if (!this.isOn || isNetwork || marks.size > MOST_NEIGHBOURS) return;
    const numbers = [...marks.values()].flatMap((mark) => standing(mark, session, this.filling.largest));
    for (const mark of marks.values()) mark.room = WIDEST_NUMBER;
    shareRooms(numbers);
    // What is followed comes so close that no number is set much smaller than the others.
    const least = Math.min(1, ...numbers.map(({ mark, width }) => mark.room / width));
    const type = bounded((LARGEST_TYPE.graph * least) / LEAST_SHRINK, LEAST_TYPE, LARGEST_TYPE.graph);
    this.nearer(type);
    parts.nearTiles?.(this.filling, this.stage);
    for (const { mark } of numbers) mark.spread = 0;
    for (const { mark, width } of numbers) mark.spread = Math.max(mark.spread, Math.min(width, mark.room));
    this.stage.measureBounds();
  }

  measure() {
    const { clientWidth, style } = this.root;
    const give = (name: string, size: number) => style.setProperty(name, this.isOn ? `${size.toFixed(1)}px` : "");
    const clientHeight = this.view.body.clientHeight + FRAME_PADDING;
    this.filling.type = typeFor(clientWidth, clientHeight);
    this.nearer(LARGEST_TYPE.graph);
    give("--bpv-type", bounded(0.022 * clientHeight, 14, 22));
    give("--bpv-caption-type", typeFor(clientWidth, clientHeight, WORDS_SHARE));
  }

  // Words that are longer than their line are set smaller, then in two lines.
  fitWords() {
    const { text, element } = this.view.explanation;
    const words = this.isOn && text.querySelector<HTMLElement>("p.bpv-sentence");
    if (words)
      for (const shrink of SHRINKS) {
        words.style.setProperty("--bpv-shrink", shrink);
        if (words.offsetHeight <= element.clientHeight) break;
      }
  }

  wake() {
    clearTimeout(this.resting);
    this.root.classList.remove("bpv-idle");
    if (this.isOn) this.resting = setTimeout(this.rest, IDLE);
  }
}

/** Views can present, and their edges can be read and show gradients. */
export function withPresenting() {
  withFollowing();
  withOverview();
  furnishAlso((view) => {
    const { lifetime, stage } = view;
    new EdgeReading({ lifetime, stage });
    new EdgeGradients(view);
    new Presenting(view);
  });
}

/** Pages present, where they are asked to and where they are small; a link leads to what they show. */
export function withPresentedPages() {
  furnishAlso(({ model }) => presentAsWished(model));
  withPresenting();
  furnishAlso(followLink);
}

// Frames and screens so small have room for the picture and little else.
function isSmall() {
  const { innerWidth, innerHeight } = window;
  return innerHeight < 480 || innerWidth < (window.parent === window ? 480 : 640);
}

// An exercise needs its sheet, and a formula its box.
function presentAsWished(model: Model<ExplorerTraits>) {
  const present = Boolean(model.get("present"));
  const isWhole = Boolean(model.get("sheet") ?? model.get("editable"));
  const choose = () => model.set("present", present || (!isWhole && isSmall()));
  const dress = () => document.documentElement.classList.toggle("presents", Boolean(model.get("present")));
  model.on("change:present", dress);
  choose();
  dress();
  window.addEventListener("resize", choose);
}
