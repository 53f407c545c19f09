// What a view says: the strip that says what went wrong, and what screen readers hear of each step.
import type { Message } from "../types/specification.js";
import { makeElement, makeIcon } from "./dom.js";
import type { Guard, Lifetime } from "./lifetime.js";

// The line of a text in which a character stands, with the place counted within that line; characters are code points.
function lineAround(source: string, start: number, end: number) {
  const characters = [...source];
  const from = characters.lastIndexOf("\n", start - 1) + 1;
  const next = characters.indexOf("\n", start);
  const line = characters.slice(from, next === -1 ? undefined : next);
  const width = Math.max(1, Math.min(end, from + line.length) - start);
  return { line: line.join(""), offset: start - from, width };
}

const LONGEST_SHOWN = 60; // characters of a button

/** The strip; it is hidden while there is nothing to say. */
export class MessageStrip {
  hint = makeElement("span", { class: "bpv-message-hint-text" });
  use = makeElement("button", { type: "button", class: "bpv-button bpv-draw" });
  hintLine = makeElement("div", { class: "bpv-message-hint" }, this.hint, this.use);
  replacement = "";
  text: HTMLDivElement;
  source: HTMLPreElement;
  element: HTMLDivElement;

  /** onUse(text): the text that the message proposes is to be taken. */
  constructor({
    lifetime,
    onDismiss,
    onUse = () => {},
  }: {
    lifetime: Lifetime;
    onDismiss: () => void;
    onUse?: (text: string) => void;
  }) {
    this.text = makeElement("div", { class: "bpv-message-text" });
    this.source = makeElement("pre", { class: "bpv-message-source" });
    lifetime.listen(this.use, "click", () => onUse(this.replacement));
    const naming = { "aria-label": "Dismiss", title: "Dismiss" };
    const dismiss = makeElement("button", { type: "button", class: "bpv-icon-button", ...naming });
    dismiss.append(makeIcon("close"));
    lifetime.listen(dismiss, "click", onDismiss);
    const words = makeElement("div", { class: "bpv-message-words" }, this.text, this.source, this.hintLine);
    this.element = makeElement("div", { class: "bpv-message", role: "alert", hidden: "" }, words, dismiss);
  }

  /** Show what stopped the view: the person looks here, and not into the console. */
  complain = (problem: unknown) => {
    console.error(problem);
    this.show({ text: `The view stopped here: ${problem instanceof Error ? problem.message : String(problem)}` });
  };

  /**
   * Show a message {text, start, end, source, hint, replacement}; without a text the strip is hidden.
   *
   * `replacement` is the whole text put right, where that can be done for sure.
   */
  show(message: Message | null | undefined) {
    const { text, start, end, source, hint = "", replacement = "" } = message ?? {};
    this.element.hidden = !text;
    this.text.textContent = text ?? "";
    this.hintLine.hidden = !hint;
    this.hint.textContent = hint;
    this.replacement = replacement;
    this.use.hidden = !replacement;
    this.use.textContent = replacement.length > LONGEST_SHOWN ? "Use it" : `Use ${replacement}`;
    const hasPlace = Boolean(source) && Number.isInteger(start);
    this.source.hidden = !hasPlace;
    if (!hasPlace || source === undefined || start === undefined) {
      this.source.textContent = "";
      return;
    }
    const { line, offset, width } = lineAround(source, start, end ?? start + 1);
    const caret = makeElement("span", { class: "bpv-caret", text: " ".repeat(offset) + "^".repeat(width) });
    this.source.replaceChildren(`${line}\n`, caret);
  }
}

const REST = 150;
const REST_WHILE_PLAYING = 450;

/** The polite live region of a view. */
export class LiveRegion {
  element: HTMLDivElement;
  timer: ReturnType<typeof setTimeout> | undefined;
  guard: Guard;

  constructor({ lifetime }: { lifetime: Lifetime }) {
    this.element = makeElement("div", { class: "bpv-live", role: "status", "aria-live": "polite" });
    this.timer = undefined;
    this.guard = lifetime.guard;
    lifetime.onEnd(() => clearTimeout(this.timer));
  }

  /** Say something once the story rests; words() is asked only then. */
  say(words: () => string, playing: boolean) {
    clearTimeout(this.timer);
    const speak = this.guard(() => {
      this.element.textContent = words();
    });
    this.timer = setTimeout(speak, playing ? REST_WHILE_PLAYING : REST);
  }
}
