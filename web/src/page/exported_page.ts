// An exported page: the notebook's view on a stand-in for the notebook's model, and what it owes its surroundings.
import type { Aids } from "../panels/aids.js";
import type { AnswerSheet } from "../panels/answer_sheet.js";
import type { Camera } from "../picture/camera.js";
import { type FoldedSpecification, unfolded } from "../story/specification.js";
import type { Handler, Model } from "../types/model.js";
import type { ExplorerTraits, Specification } from "../types/specification.js";
import { shareHeight } from "./appearance.js";
import { makeElement } from "./dom.js";
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

/**
 * Tell a page around this one how high the view is, so that it can make room: now, with all the room it wants, and at
 * least, all at the same width.
 *
 * camera: of a picture that becomes less high where a frame is low or where the page around says how much room there
 * is; a slide may have little.
 */
export function reportHeight(host: HTMLElement, camera: Camera | null = null) {
  if (window.parent === window) return;
  let isTold = false; // of the room; until then it is what the frame has
  const stageHeight = () => camera?.stage.clientHeight ?? 0;
  const heightNow = () => host.getBoundingClientRect().bottom + window.scrollY;
  const yieldTo = (room: number) => camera?.limit(Math.floor(room - (heightNow() - stageHeight())));
  const report = () => {
    const height = Math.ceil(heightNow());
    const within = (room: number) => (camera ? height - stageHeight() + camera.heightWithin(room) : height);
    const heights = { height, natural: within(Infinity), least: within(0), fills: camera?.fills };
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
function keepControlsInSight({ model, stage, root }: ExplorerView) {
  const controls = root.querySelector(".bpv-controls");
  if (window.parent !== window || !controls) return;
  const yieldNow = () => {
    const { height } = controls.getBoundingClientRect();
    if (height === 0) return; // an exercise has none
    const top = stage.element.getBoundingClientRect().top + window.scrollY;
    shareHeight({ root, stage }, window.innerHeight - top - height - AROUND_CONTROLS);
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

// Tells a course system how an exercise went, as SCORM 1.2 asks (ADL, SCORM Run-Time Environment 1.2, section 3.3).

/** What a course system offers; every answer is a text, "true" or "false" where something was asked for. */
interface CourseSystem {
  LMSInitialize(nothing: ""): string;
  LMSGetValue(name: string): string;
  LMSSetValue(name: string, value: string): string;
  LMSCommit(nothing: ""): string;
  LMSFinish(nothing: ""): string;
  LMSGetLastError(): string;
  LMSGetErrorString(code: string): string;
}

type Surrounding = Window & { API?: CourseSystem };

const MOST_FRAMES = 500; // frames that hold each other in a ring have no end
const ENDED = new Set(["passed", "completed"]);

/** The object API of a window or of what stands around it; a window of another address may not be looked into. */
function systemAround(start: Window | null): CourseSystem | null {
  try {
    let window: Surrounding | null = start;
    for (let count = 0; window && count < MOST_FRAMES; count += 1) {
      if (window.API) return window.API;
      if (window.parent === window) return null;
      window = window.parent;
    }
  } catch {
    // Of another address: there is nothing to report to on this way.
  }
  return null;
}

// The window that opened this one, or the one in which the frames stand, is another way.
function findSystem() {
  const openers = [window.opener, window.top?.opener] as (Window | null | undefined)[];
  return [window, ...openers].map((start) => systemAround(start ?? null)).find((found) => found !== null);
}

// SCORM 1.2 writes a span of time as HHHH:MM:SS.
function spanText(seconds: number) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return parts.map((part, place) => String(part).padStart(place ? 2 : 4, "0")).join(":");
}

const MOST_SUSPENDED = 4096; // characters that a course system keeps (cmi.suspend_data)

// What was tried, as far as a course system keeps it: wrong answers of long ago go first.
function suspended(sheet: AnswerSheet) {
  const kept = [...sheet.tries];
  for (;;) {
    const text = JSON.stringify(kept);
    if (text.length <= MOST_SUSPENDED) return text;
    const first = kept.findIndex(({ status }) => status !== "right" && status !== "revealed");
    kept.splice(Math.max(0, first), 1);
  }
}

// What was tried before, of blanks that this sheet has; nothing where it cannot be read.
function resumed(text: string, sheet: AnswerSheet) {
  try {
    const tries = JSON.parse(text) as AnswerSheet["tries"];
    return tries.filter(({ blank, status }) => blank in sheet.sheet.blanks && typeof status === "string");
  } catch {
    return [];
  }
}

/**
 * Report the score of a sheet after every answer, from 0 to 100; a lower one than before is not reported. What was
 * tried is kept with it, so that the exercise goes on where it was left.
 */
export function reportScore(view: ExplorerView, sheet: AnswerSheet) {
  const note = makeElement("p", { class: "bpv-aid-hint", role: "status" });
  sheet.element.append(note);
  const system = findSystem();
  if (!system) {
    note.textContent = "No course system was found around this page: the score is not reported.";
    return;
  }
  // A system may answer with a truth value, lack a function, or fail: the exercise goes on without it.
  const ask = (question: (system: CourseSystem) => string) => {
    try {
      return String(question(system));
    } catch (fault) {
      return String(fault);
    }
  };
  const explain = () => {
    const reason = ask((system) => system.LMSGetErrorString(system.LMSGetLastError()));
    note.textContent = `The course system did not take the score: ${reason || "it gives no reason"}. Save the results and send them.`;
  };
  const isTaken = (told: Record<string, string>) =>
    Object.entries(told).every(([name, value]) => ask((system) => system.LMSSetValue(name, value)) === "true") &&
    ask((system) => system.LMSCommit("")) === "true";
  if (ask((system) => system.LMSInitialize("")) !== "true") {
    explain();
    return;
  }
  const opened = performance.now();
  let best = Number(ask((system) => system.LMSGetValue("cmi.core.score.raw"))) || 0;
  let isEnded = ENDED.has(ask((system) => system.LMSGetValue("cmi.core.lesson_status")));
  const status = () => ({ "cmi.core.lesson_status": isEnded ? "completed" : "incomplete" });
  const report = () => {
    best = Math.max(best, Math.round(sheet.results().score * 100));
    isEnded ||= sheet.isFilled;
    const score = { "cmi.core.score.min": "0", "cmi.core.score.max": "100", "cmi.core.score.raw": String(best) };
    if (isTaken({ ...score, ...status() })) note.textContent = `Reported to the course system: ${best} of 100.`;
    else explain();
    isTaken({ "cmi.suspend_data": suspended(sheet) }); // which a system need not keep
  };
  const before = resumed(
    ask((system) => system.LMSGetValue("cmi.suspend_data")),
    sheet,
  );
  if (before.length > 0) view.model.set("tries", before);
  note.textContent = "The score is reported to the course system.";
  // Where nothing is said of it, a course system takes a lesson that is left for a completed one.
  if (!isTaken(status())) explain();
  view.lifetime.follow(view.model, "change:tries", () => {
    if (sheet.tries.length > 0) report();
  });
  let isFinished = false;
  view.lifetime.listen(window, "pagehide", () => {
    if (isFinished) return;
    isFinished = true;
    const time = { "cmi.core.session_time": spanText((performance.now() - opened) / 1000) };
    isTaken({ "cmi.core.exit": isEnded ? "" : "suspend", ...time });
    ask((system) => system.LMSFinish(""));
  });
}
