// Names that may follow what is being typed: functions, each with its signature and meaning, numbers, and the names in use.
import { makeElement } from "../page/dom.js";
import { keepFocus } from "../page/keeping_focus.js";
import type { View } from "../page/view.js";
import { formatNumber } from "../story/numerals.js";
import type { KnownNames } from "../types/specification.js";

const LEAST = 2; // letters; most names have one
const MOST = 8;
const MARKER = /[\ue000-\uf8ff]/g; // of an argument, in a formula, or of the value
const FIRST_MARKER = 0xe000;
const NAME_BEFORE = /[\p{L}_][\p{L}\p{N}_]*$/u;
const EVERY_NAME = /[\p{L}_][\p{L}\p{N}_]*/gu;

/** What may be typed: its name, how it is written, what it means. */
type Word = [name: string, signature: string, meaning: string];

/** What may be typed by name, from the table of operations: role and local gradients are what a function means here. */
export function knownWords({ functions, operations, constants }: KnownNames): Word[] {
  const told = Object.entries(functions).sort(([one], [two]) => (one < two ? -1 : 1));
  const words = told.map(([name, op]): Word => {
    const { arity, role, formulas, parameters = [], defaults = [] } = operations[op];
    const letters = arity ? [..."xyz"].slice(0, arity) : ["x", "y", "…"];
    const settings = parameters.map((setting, place) => `${setting}=${defaults[place]}`);
    const call = `${name}(${letters.join(", ")})`;
    const written = (formula: string) =>
      formula.replace(MARKER, (sign) => letters[sign.charCodeAt(0) - FIRST_MARKER] ?? call);
    const slopes = [...new Set(formulas)].map(written).join("; ");
    return [name, `${name}(${[...letters, ...settings].join(", ")})`, `${role}: ${slopes}`];
  });
  return [...words, ...Object.entries(constants).map(([name, value]): Word => [name, name, formatNumber(value)])];
}

/** The word that is being typed, up to a place in a text; empty where no name ends there. */
export function wordBefore(text: string, place: number) {
  const [word] = text.slice(0, place).match(NAME_BEFORE) ?? [""];
  const before = text[place - word.length - 1] ?? "";
  return /[\p{N}.]/u.test(before) ? "" : word; // 2exp is no name
}

/** What begins with a word, functions first, then the names that stand in the text or are inputs. */
export function wordsFor(word: string, text: string, words: readonly Word[], inputs: readonly string[]): Word[] {
  if (word.length < LEAST) return [];
  const known = new Set(words.map(([name]) => name));
  const uses: string[] = text.match(EVERY_NAME) ?? [];
  // What is being typed is one of the uses itself.
  const names = uses.filter((name) => name !== word || uses.indexOf(name) !== uses.lastIndexOf(name));
  const own = [...new Set([...inputs, ...names])].filter((name) => !known.has(name));
  const all = [...words, ...own.map((name): Word => [name, name, inputs.includes(name) ? "input" : "name"])];
  const found = all.filter(([name]) => name.toLowerCase().startsWith(word.toLowerCase()));
  return found.length === 1 && found[0][0] === word ? [] : found.slice(0, MOST);
}

/** A list below the expression box; the arrows choose, Tab or Enter take, Escape closes. */
export class Completion {
  private found: Word[] = [];
  private active = -1;
  private readonly list: HTMLUListElement;

  constructor(
    private readonly view: View,
    private readonly box: HTMLTextAreaElement,
  ) {
    const { lifetime, stage } = view;
    const id = `${stage.prefix}-words`;
    this.list = makeElement("ul", { class: "bpv-words-list", id, role: "listbox", "aria-label": "Names", hidden: "" });
    box.after(this.list);
    box.setAttribute("aria-autocomplete", "list");
    lifetime.listen(box, "input", () => this.look());
    lifetime.listen(box, "blur", () => this.show([]));
    lifetime.listen(box, "click", () => this.show([]));
    // Before the box itself, to which Enter means to draw.
    lifetime.listen(box.form!, "keydown", (event) => this.press(event), { capture: true });
    // The box keeps the focus.
    lifetime.listen(this.list, "pointerdown", (event) => event.preventDefault());
    lifetime.listen(this.list, "click", (event) => {
      const item = (event.target as Element).closest("li");
      if (item) this.take([...this.list.children].indexOf(item));
    });
  }

  private look() {
    const { box, view } = this;
    const inputs = view.session.nodes.filter(({ op }) => op === "input").map(({ name }) => name);
    const word = box.selectionStart === box.selectionEnd ? wordBefore(box.value, box.selectionStart) : "";
    this.show(wordsFor(word, box.value, this.words(), inputs));
    const names = this.found.map(([name]) => name);
    if (names.length > 0) view.live.say(() => `Names: ${names.join(", ")}. Arrow keys choose, Tab takes.`);
  }

  private words() {
    const table = this.view.model.get("names");
    return table?.functions ? knownWords(table) : [];
  }

  private show(found: Word[]) {
    const { box, list } = this;
    this.found = found;
    list.hidden = found.length === 0;
    list.replaceChildren(
      ...found.map(([, signature, meaning], place) =>
        makeElement(
          "li",
          { role: "option", id: `${list.id}-${place}`, "aria-selected": "false" },
          makeElement("b", { text: signature }),
          makeElement("span", { text: meaning }),
        ),
      ),
    );
    if (found.length === 0) {
      for (const name of ["role", "aria-expanded", "aria-controls"]) box.removeAttribute(name);
    } else {
      const lines = box.value.slice(0, box.selectionStart).split("\n");
      list.style.setProperty("--bpv-column", String(lines.at(-1)!.length));
      for (const [name, value] of [
        ["role", "combobox"],
        ["aria-expanded", "true"],
        ["aria-controls", list.id],
      ])
        box.setAttribute(name, value);
    }
    this.choose(-1);
  }

  private choose(place: number) {
    const { box, list } = this;
    this.active = place;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
    const chosen = list.children[place];
    if (chosen) {
      chosen.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", chosen.id);
    } else box.removeAttribute("aria-activedescendant");
  }

  private press(event: KeyboardEvent) {
    const { found, active } = this;
    if (found.length === 0 || event.target !== this.box || event.isComposing || event.altKey || event.shiftKey) return;
    const { key } = event;
    if (key === "ArrowDown") this.choose((active + 1) % found.length);
    else if (key === "ArrowUp") this.choose(active > 0 ? active - 1 : found.length - 1);
    else if (key === "Escape") this.show([]);
    else if (key === "Tab") this.take(Math.max(active, 0));
    else if (key === "Enter" && active >= 0) this.take(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private take(place: number) {
    const { box } = this;
    const [name, signature] = this.found[place];
    const end = box.selectionEnd;
    const isCalled = signature !== name && box.value[end] !== "(";
    box.setRangeText(name + (isCalled ? "(" : ""), end - wordBefore(box.value, box.selectionStart).length, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    this.show([]);
  }
}

/** Offer names where expressions are typed into a view, and keep the focus. */
export function completeNames(view: View) {
  const box = view.root.querySelector<HTMLTextAreaElement>("textarea.bpv-expression-box");
  if (!box) return;
  new Completion(view, box);
  keepFocus(view);
}
