// What a view says: the strip that says what went wrong, and what screen readers hear of each step.
import { makeElement, makeIcon } from "./dom.js";

// The line of a text in which a character stands, with the place counted within that line; characters are code points.
function lineAround(source, start, end) {
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
  /** onUse(text): the text that the message proposes is to be taken. */
  constructor({ lifetime, onDismiss, onUse = () => {} }) {
    this.text = makeElement("div", { class: "bpv-message-text" });
    this.source = makeElement("pre", { class: "bpv-message-source" });
    this.hint = makeElement("span", { class: "bpv-message-hint-text" });
    this.use = makeElement("button", { type: "button", class: "bpv-button bpv-draw" });
    lifetime.listen(this.use, "click", () => onUse(this.replacement));
    this.hintLine = makeElement("div", { class: "bpv-message-hint" }, this.hint, this.use);
    const naming = { "aria-label": "Dismiss", title: "Dismiss" };
    const dismiss = makeElement("button", { type: "button", class: "bpv-icon-button", ...naming });
    dismiss.append(makeIcon("close"));
    lifetime.listen(dismiss, "click", onDismiss);
    const words = makeElement("div", { class: "bpv-message-words" }, this.text, this.source, this.hintLine);
    this.element = makeElement("div", { class: "bpv-message", role: "alert", hidden: "" }, words, dismiss);
  }

  /**
   * Show a message {text, start, end, source, hint, replacement}; without a text the strip is hidden.
   *
   * `replacement` is the whole text put right, where that can be done for sure.
   */
  show(message) {
    const { text, start, end, source, hint, replacement } = message ?? {};
    this.element.hidden = !text;
    this.text.textContent = text ?? "";
    this.hintLine.hidden = !hint;
    this.hint.textContent = hint ?? "";
    this.replacement = replacement;
    this.use.hidden = !replacement;
    this.use.textContent = (replacement ?? "").length > LONGEST_SHOWN ? "Use it" : `Use ${replacement}`;
    const hasPlace = Boolean(source) && Number.isInteger(start);
    this.source.hidden = !hasPlace;
    if (!hasPlace) {
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
  constructor({ lifetime }) {
    this.element = makeElement("div", { class: "bpv-live", role: "status", "aria-live": "polite" });
    this.timer = null;
    this.guard = lifetime.guard;
    lifetime.onEnd(() => clearTimeout(this.timer));
  }

  /** Say something once the story rests; words() is asked only then. */
  say(words, playing) {
    clearTimeout(this.timer);
    const speak = this.guard(() => {
      this.element.textContent = words();
    });
    this.timer = setTimeout(speak, playing ? REST_WHILE_PLAYING : REST);
  }
}
