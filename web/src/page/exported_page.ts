// An exported page: the notebook's view on a stand-in for the notebook's model, and what it owes its surroundings.
import { ExplorerView } from "./explorer.js";
import { unfolded } from "../story/specification.js";

/** What the page carries under a name, or null. */
export function readPageData(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** Speaks as a notebook's model does; nothing leaves the page. */
export class PageModel {
  constructor(traits) {
    this.traits = { ...traits };
    this.listeners = new Map();
  }

  get(name) {
    return this.traits[name];
  }

  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const handler of [...(this.listeners.get(`change:${name}`) ?? [])]) handler(this, value);
  }

  on(event, handler) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(handler);
  }

  off(event, handler) {
    this.listeners.get(event)?.delete(handler);
  }

  save_changes() {}

  send() {}
}

const SLIDE_METHODS = { PageDown: "next", PageUp: "prev" };

/** Keys pressed beside the view act on it; PageUp and PageDown turn the slides of a deck around the page. */
export function forwardKeys(root) {
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
export function followPrinting({ hasBegun, showEnd, showStart }) {
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

/**
 * Tell a page around this one how high the view is, so that it can make room: now, with all the room it wants, and at
 * least, all at the same width.
 *
 * camera: of a picture that becomes less high where a frame is low or where the page around says how much room there
 * is; a slide may have little.
 */
export function reportHeight(host, camera = null) {
  if (window.parent === window) return;
  let isTold = false; // of the room; until then it is what the frame has
  const stageHeight = () => camera?.stage.clientHeight ?? 0;
  const heightNow = () => host.getBoundingClientRect().bottom + window.scrollY;
  const yieldTo = (room) => camera?.limit(Math.floor(room - (heightNow() - stageHeight())));
  const report = () => {
    const height = Math.ceil(heightNow());
    const within = (room) => (camera ? height - stageHeight() + camera.heightWithin(room) : height);
    const heights = { height, natural: within(Infinity), least: within(0) };
    window.parent.postMessage(JSON.stringify({ backpropviz: "height", width: window.innerWidth, ...heights }), "*");
  };
  yieldTo(window.innerHeight);
  new ResizeObserver(report).observe(host); // which reports at once
  window.addEventListener("resize", () => {
    if (!isTold) yieldTo(window.innerHeight);
    report();
  });
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent) return;
    let told = null;
    try {
      told = JSON.parse(event.data);
    } catch {
      return; // somebody else's message
    }
    if (told?.backpropviz !== "room" || !(told.height > 0)) return;
    isTold = true;
    yieldTo(told.height);
  });
}

/** Read the page's data and show it, with study aids makeAids(view). */
export function openPage(makeAids) {
  const traits = readPageData("bpv-traits");
  const model = new PageModel({ ...traits, spec: unfolded(readPageData("bpv-spec")) });
  const host = document.getElementById("bpv-page");
  host.replaceChildren();
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
  reportHeight(host, view.stage.camera);
}
