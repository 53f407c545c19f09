// An exported page: the notebook's view on a stand-in for the notebook's model, and what it owes its surroundings.
import type { Aids } from "../panels/aids.js";
import type { Camera } from "../picture/camera.js";
import { type FoldedSpecification, unfolded } from "../story/specification.js";
import type { Handler, Model } from "../types/model.js";
import type { ExplorerTraits, Specification } from "../types/specification.js";
import { shareHeight } from "./appearance.js";
import { ExplorerView } from "./explorer.js";

interface Printing {
  hasBegun: () => boolean;
  showEnd: () => void;
  showStart: () => void;
}

/** What the page carries under a name, or null. */
export function readPageData<Data>(id: string): Data {
  const element = document.getElementById(id);
  return JSON.parse(element?.textContent ?? "null") as Data;
}

/** Speaks as a notebook's model does; nothing leaves the page. */
export class PageModel<Traits extends object> implements Model<Traits> {
  traits: Traits;
  listeners: Map<string, Set<Handler>>;

  constructor(traits: Traits) {
    this.traits = { ...traits };
    this.listeners = new Map();
  }

  get<Name extends keyof Traits>(name: Name): Traits[Name] {
    return this.traits[name];
  }

  set<Name extends keyof Traits>(name: Name, value: Traits[Name]) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const handler of [...(this.listeners.get(`change:${String(name)}`) ?? [])])
      (handler as (...given: unknown[]) => void)(this, value);
  }

  on(event: string, handler: Handler) {
    const handlers = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, handlers.add(handler));
  }

  off(event: string, handler: Handler) {
    this.listeners.get(event)?.delete(handler);
  }

  save_changes() {}

  send(_content: object) {}
}

const SLIDE_METHODS: Record<string, string> = { PageDown: "next", PageUp: "prev" };

/** Keys pressed beside the view act on it; PageUp and PageDown turn the slides of a deck around the page. */
export function forwardKeys(root: HTMLElement) {
  const isFramed = window.parent !== window;
  document.addEventListener("keydown", (event) => {
    if (isFramed && event.key in SLIDE_METHODS) {
      event.preventDefault();
      // The deck's own message format (reveal.js); other decks can listen for it.
      window.parent.postMessage(JSON.stringify({ method: SLIDE_METHODS[event.key] }), "*");
    } else if (event.target === document.body) {
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
      const copy = new KeyboardEvent("keydown", { key, ctrlKey, metaKey, altKey, shiftKey, cancelable: true });
      root.dispatchEvent(copy);
      if (copy.defaultPrevented) event.preventDefault();
    }
  });
}

/** Paper does not play: a run that has not begun is printed at its end, where every number is known. */
export function followPrinting({ hasBegun, showEnd, showStart }: Printing) {
  let isForPaper = false;
  window.addEventListener("beforeprint", () => {
    if (hasBegun()) return;
    isForPaper = true;
    showEnd();
  });
  window.addEventListener("afterprint", () => {
    if (isForPaper) showStart();
    isForPaper = false;
  });
}

interface Slide {
  fills: boolean;
  fill(message: string): void;
}

/**
 * Tell a page around this one how high the view is, so that it can make room: now, with all the room it wants, and at
 * least, all at the same width.
 *
 * camera: of a picture that becomes less high where a frame is low or where the page around says how much room there
 * is; a slide may have little. slide: what fills the room of a slide once it is told of it.
 */
export function reportHeight(host: HTMLElement, camera: Camera | null = null, slide: Slide | null = null) {
  if (window.parent === window) return;
  let isTold = false; // of the room; until then it is what the frame has
  const stageHeight = () => camera?.stage.clientHeight ?? 0;
  const heightNow = () => host.getBoundingClientRect().bottom + window.scrollY;
  // The sheet of an exercise stands beside its picture, and may be higher.
  const spare = () => {
    const [sheet, picture] = [host.querySelector(".bpv-sheet"), camera?.stage.parentElement];
    const [beside, own] = [sheet, picture].map((part) => part?.getBoundingClientRect());
    return beside && own && beside.top < own.bottom ? Math.max(0, beside.bottom - own.bottom) : 0;
  };
  const around = () => heightNow() - stageHeight() - spare();
  const yieldTo = (room: number) => camera?.limit(Math.floor(room - around()));
  const report = () => {
    const height = Math.ceil(heightNow());
    const rest = Math.ceil(around());
    const beside = spare() > 0 ? height : 0;
    const within = (room: number) => (camera ? Math.max(beside, rest + camera.heightWithin(room)) : height);
    const heights = { height, natural: within(Infinity), least: within(0), fills: (slide ?? camera)?.fills };
    window.parent.postMessage(JSON.stringify({ backpropviz: "height", width: window.innerWidth, ...heights }), "*");
  };
  yieldTo(window.innerHeight);
  new ResizeObserver(report).observe(host); // which reports at once
  window.addEventListener("resize", () => {
    if (!isTold) yieldTo(window.innerHeight);
    report();
  });
  window.addEventListener("message", (event) => {
    const height = event.source === window.parent ? roomIn(event.data) : 0;
    if (!(height > 0)) return;
    isTold = true;
    slide?.fill(event.data as string);
    yieldTo(height);
  });
}

// How high the page around says that there is room for; 0 in somebody else's message.
function roomIn(message: unknown) {
  try {
    const told = JSON.parse(String(message)) as { backpropviz?: string; height?: number } | null;
    return told?.backpropviz === "room" ? (told.height ?? 0) : 0;
  } catch {
    return 0;
  }
}

const AROUND_CONTROLS = 22; // px above the controls and below them

// On a screen of its own: picture and controls fit it together, and words that need more than it has scroll.
function keepControlsInSight(view: ExplorerView) {
  const { model, stage, root } = view;
  const controls = root.querySelector(".bpv-controls");
  if (window.parent !== window || !controls) return;
  const yieldNow = () => {
    const { height } = controls.getBoundingClientRect();
    if (height === 0) return; // an exercise has none
    const top = stage.element.getBoundingClientRect().top + window.scrollY;
    shareHeight(view, window.innerHeight - top - height - AROUND_CONTROLS);
  };
  yieldNow();
  window.addEventListener("resize", yieldNow);
  model.on("change:spec", yieldNow); // other inputs take other room
  model.on("change:message", yieldNow); // as a complaint does
}

/** The element in which an exported page shows something, emptied. */
export function pageHost() {
  const host = document.getElementById("bpv-page");
  if (host === null) throw new Error("this page has no place for a view");
  host.replaceChildren();
  return host;
}

/** Read the page's data and show it, with study aids makeAids(view), on the model makeModel(traits). */
export function openPage(
  makeAids: (view: ExplorerView) => Aids,
  makeModel = (traits: ExplorerTraits) => new PageModel(traits),
) {
  const spec = unfolded(readPageData<Specification | FoldedSpecification>("bpv-spec"));
  const model = makeModel({ ...readPageData<ExplorerTraits>("bpv-traits"), spec });
  const host = pageHost();
  const view = new ExplorerView(model, host, makeAids);
  forwardKeys(view.root);
  followPrinting({
    hasBegun: () => (model.get("step") ?? 0) > 0 || !view.session,
    showEnd: () => {
      model.set("step", view.session.steps);
      view.refresh();
    },
    showStart: () => model.set("step", 0),
  });
  keepControlsInSight(view);
  reportHeight(host, view.stage.camera);
}
