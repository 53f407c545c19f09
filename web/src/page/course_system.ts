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

/** Report the score of a sheet after every answer, from 0 to 100; a lower one than before is not reported. */
export function reportScore(view: ExplorerView, sheet: AnswerSheet) {
  const note = makeElement("p", { class: "bpv-aid-hint", role: "status" });
  sheet.element.append(note);
  const system = findSystem();
  if (!system) {
    note.textContent = "No course system was found around this page: the score is not reported.";
    return;
  }
  const succeeded = (answer: string) => String(answer) === "true";
  const explain = () => {
    const reason = system.LMSGetErrorString(system.LMSGetLastError());
    note.textContent = `The course system did not take the score: ${reason || "it gives no reason"}. Save the results and send them.`;
  };
  if (!succeeded(system.LMSInitialize(""))) {
    explain();
    return;
  }
  const opened = performance.now();
  let best = Number(system.LMSGetValue("cmi.core.score.raw")) || 0;
  let isEnded = ENDED.has(system.LMSGetValue("cmi.core.lesson_status"));
  const report = () => {
    best = Math.max(best, Math.round(sheet.results().score * 100));
    isEnded ||= sheet.isFilled;
    const told = {
      "cmi.core.score.min": "0",
      "cmi.core.score.max": "100",
      "cmi.core.score.raw": String(best),
      "cmi.core.lesson_status": isEnded ? "completed" : "incomplete",
    };
    const isTaken = Object.entries(told).every(([name, value]) => succeeded(system.LMSSetValue(name, value)));
    if (isTaken && succeeded(system.LMSCommit(""))) note.textContent = `Reported to the course system: ${best} of 100.`;
    else explain();
  };
  note.textContent = "The score is reported to the course system.";
  view.lifetime.follow(view.model, "change:tries", () => {
    if (sheet.tries.length > 0) report();
  });
  let isFinished = false;
  view.lifetime.listen(window, "pagehide", () => {
    if (isFinished) return;
    isFinished = true;
    system.LMSSetValue("cmi.core.session_time", spanText((performance.now() - opened) / 1000));
    system.LMSCommit("");
    system.LMSFinish("");
  });
}
