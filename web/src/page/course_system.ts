// Tells a course system how an exercise went, as SCORM 1.2 asks (ADL, SCORM Run-Time Environment 1.2, section 3.3).
import type { AnswerSheet } from "../panels/answer_sheet.js";
import { makeElement } from "./dom.js";
import type { ExplorerView } from "./explorer.js";

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
