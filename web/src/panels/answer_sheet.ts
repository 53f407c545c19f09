// An exercise beside the picture: fields for what is blank, feedback that names the mistake, and what was tried.
import { makeElement, saveText } from "../page/dom.js";
import type { View } from "../page/view.js";
import { scoreOf } from "../story/answers.js";
import { judgeBlank } from "../story/array_answers.js";
import { placeOfEntry } from "../story/input_entries.js";
import type { Session } from "../story/session.js";
import type { PlainBlank, PlainSheet, PlainTry } from "../types/specification.js";
import { answerSentence, BlankFields, blankLabel, CodeOffer, spokenBlank } from "./blank_fields.js";

interface SheetRow {
  item: HTMLElement;
  label: HTMLElement;
  fields: BlankFields;
  sign: HTMLElement;
  feedback: HTMLElement;
}

const NO_EXERCISE: PlainSheet = { tolerance: 0, level: "", seed: 0, program: "", inputs: {}, blanks: [] };
const SIGNS: Record<string, string> = {
  right: "✓",
  revealed: "•",
  mistaken: "✗",
  wrong: "✗",
  "more digits": "…",
  unreadable: "!",
};
const FINISHED = new Set(["right", "revealed"]);

/** The sheet of one view; tries are the model's trait, as {blank, text, status, kinds, seconds}. */
export class AnswerSheet {
  typed: Map<number, string>;
  opened: number;
  list: HTMLOListElement;
  score: HTMLParagraphElement;
  another: HTMLButtonElement;
  code: CodeOffer;
  title: HTMLHeadingElement;
  hint: HTMLParagraphElement;
  element: HTMLElement;
  rows!: SheetRow[];
  private leading = new WeakMap<Session, Map<number, boolean>>(); // nodes that lead to a hidden gradient; until the next try

  constructor(
    readonly view: View,
    readonly aids: { refreshNumbers(): void },
  ) {
    this.typed = new Map();
    this.opened = performance.now();
    this.list = makeElement("ol", { class: "bpv-blanks" });
    this.score = makeElement("p", { class: "bpv-tally", role: "status" });
    const actions: [text: string, action: () => void][] = [
      ["Reveal one", () => this.reveal()],
      ["Start again", () => this.startAgain()],
      ["New exercise", () => view.model.send({ kind: "next" })],
      ["Save results", () => this.save()],
    ];
    const buttons = actions.map(([text, action]) => {
      const button = makeElement("button", { type: "button", class: "bpv-text-button", text });
      view.lifetime.listen(button, "click", action);
      return button;
    });
    [, , this.another] = buttons;
    this.code = new CodeOffer(view.lifetime, () => this.results());
    this.hint = makeElement("p", { class: "bpv-aid-hint" });
    this.title = makeElement("h3", { class: "bpv-explanation-title", text: "Fill in the blanks" });
    this.element = makeElement(
      "section",
      { class: "bpv-sheet", "aria-label": "Exercise" },
      this.title,
      this.hint,
      this.list,
      this.score,
      makeElement("div", { class: "bpv-aid-head" }, ...buttons, this.code.button),
      this.code.said,
      this.code.field,
    );
    view.root.classList.add("bpv-exercise");
    const { lifetime, model } = view;
    lifetime.follow(model, "change:tries", () => this.showTries());
    lifetime.follow(model, "change:sheet", () => this.renew());
    lifetime.follow(model, "change:notation", () => this.showTries());
    lifetime.follow(model, "change:selected", () => this.fieldsOf(model.get("selected") ?? "")?.focus());
  }

  get sheet() {
    return this.view.model.get("sheet") ?? NO_EXERCISE;
  }

  get tries() {
    return this.view.model.get("tries") ?? [];
  }

  /** Another exercise: what was typed belongs to the former one. */
  renew() {
    this.typed.clear();
    this.opened = performance.now();
    if (this.view.session) this.build();
  }

  prepare(session: Session) {
    session.isQuiet = true; // everything is computed, nothing is being told
  }

  build() {
    if (!this.element.isConnected) this.view.body.append(this.element);
    this.rows = this.sheet.blanks.map((blank, place) => this.row(blank, place));
    this.list.replaceChildren(...this.rows.map(({ item }) => item));
    this.another.hidden = !this.view.model.get("editable");
    this.title.textContent = this.sheet.level ? `Fill in the blanks: ${this.sheet.level}` : "Fill in the blanks";
    this.hint.textContent = this.hintText();
    this.view.goTo(this.view.session.steps);
    this.showTries();
  }

  hintText() {
    const { blanks } = this.sheet;
    const hints = ["Numbers, fractions and expressions such as 3*e^2 are read. Enter checks."];
    if (blanks.some(({ numbers }) => numbers)) hints.push("Of an array, every right entry counts.");
    if (blanks.some(({ kind }) => kind === "shape")) hints.push("Write a shape as 3x2.");
    if (blanks.some(({ kind }) => kind === "product")) hints.push("Write a product as X^T G, entry by entry as G * Y.");
    return hints.join(" ");
  }

  row(blank: PlainBlank, place: number) {
    const { lifetime, session, stage } = this.view;
    const { name } = session.nodes[blank.node];
    const label = makeElement("span", { class: "bpv-blank-label" });
    const sign = makeElement("span", { class: "bpv-blank-sign", "aria-hidden": "true" });
    const feedback = makeElement("p", { class: "bpv-feedback", id: `${stage.prefix}-blank-${place}` });
    const fields = new BlankFields(blank, name, feedback.id, lifetime, {
      typed: () => this.typed.set(place, fields.text),
      entered: (entry) => this.point(blank, entry),
      check: () => this.check(place),
    });
    fields.text = this.typed.get(place) ?? "";
    const line = makeElement("div", { class: "bpv-blank-line" }, label, fields.element, sign);
    const isWide = blank.numbers !== undefined || blank.kind === "product" || blank.kind === "shape" || blank.entry;
    const item = makeElement("li", { class: `bpv-blank${isWide ? " bpv-blank-wide" : ""}` }, line, feedback);
    return { item, label, fields, sign, feedback };
  }

  /** Show in the picture what is asked for: the node, and of an array the entry. */
  point({ node, kind, entry }: PlainBlank, place: number | null) {
    const { session, stage } = this.view;
    const { name } = session.nodes[node];
    for (const mark of stage.marks.values()) {
      mark.element.classList.toggle("bpv-pointed", mark.name === name);
      const { tile } = mark;
      const asked = entry && tile ? placeOfEntry(tile.shape, entry) : place;
      const isAsked = mark.name === name && asked !== null;
      const chosen = isAsked
        ? { kind: kind === "value" ? ("value" as const) : ("slope" as const), place: asked }
        : null;
      tile?.mark(chosen && { chosen, value: new Set(), slope: new Set() });
    }
  }

  fieldsOf(name: string) {
    const node = this.view.session?.placeOf(name);
    const place = this.sheet.blanks.findIndex((blank, at) => blank.node === node && !this.isFinished(at));
    return this.rows?.[place]?.fields;
  }

  spoken(place: number) {
    const blank = this.sheet.blanks[place];
    return spokenBlank(blank, this.view.session.nodes[blank.node].name);
  }

  isFinished(place: number) {
    return this.tries.some(({ blank, status }) => blank === place && FINISHED.has(status));
  }

  /** Is every blank answered or revealed? */
  get isFilled() {
    return this.sheet.blanks.every((_, place) => this.isFinished(place));
  }

  /** A revealed blank takes no more answers, so what is right was not revealed before. */
  isSolved(place: number) {
    return this.tries.some(({ blank, status }) => blank === place && status === "right");
  }

  /** Is a number hidden? One that is asked for is, and a gradient that one which is asked for still leads to. */
  hides(kind: string, node: number): boolean {
    const asked = this.sheet.blanks.flatMap((blank, place) =>
      blank.node === node && blank.kind === kind ? [this.isFinished(place)] : [],
    );
    if (asked.length > 0) return asked.includes(false);
    return kind === "gradient" && this.leadsToHidden(node);
  }

  // Of each node once: the ways to the output can be many more than there are nodes.
  private leadsToHidden(node: number): boolean {
    const { session } = this.view;
    const known = this.leading.get(session) ?? new Map<number, boolean>();
    this.leading.set(session, known);
    let found = known.get(node);
    if (found === undefined) {
      const { structure, consumersOf } = session;
      found = consumersOf[node].some((edge) => this.hides("gradient", structure.consumers[edge]));
      known.set(node, found);
    }
    return found;
  }

  check(place: number) {
    if (this.isFinished(place)) return;
    const { text } = this.rows[place].fields;
    const verdict = judgeBlank(text, this.sheet.blanks[place], this.sheet.tolerance);
    const { status, kinds, entries, credit } = verdict;
    this.add({ blank: place, text, status, kinds, ...(entries && { entries, credit }) }, verdict.text);
    this.view.live.say(() => `${this.spoken(place)}: ${verdict.text}${this.closingWords()}`, false);
    if (status === "right") this.focusNext(place);
    else if (entries) this.rows[place].fields.focus();
  }

  add(entry: Omit<PlainTry, "said" | "seconds">, text: string) {
    const seconds = Math.round((performance.now() - this.opened) / 100) / 10;
    this.view.write("tries", [...this.tries, { ...entry, said: text, seconds }]);
  }

  reveal() {
    const place = this.sheet.blanks.findIndex((_, at) => !this.isFinished(at));
    if (place < 0) return;
    const text = answerSentence(this.sheet.blanks[place]);
    this.add({ blank: place, text: "", status: "revealed", kinds: [] }, text);
    this.view.live.say(() => `${this.spoken(place)}: ${text}`, false);
  }

  startAgain() {
    this.typed.clear();
    this.opened = performance.now();
    for (const { fields } of this.rows) fields.text = "";
    this.view.write("tries", []);
    this.rows[0].fields.focus();
  }

  focusNext(place: number) {
    const count = this.rows.length;
    for (let ahead = 1; ahead < count; ahead += 1) {
      const next = (place + ahead) % count;
      if (!this.isFinished(next)) {
        this.rows[next].fields.focus();
        return;
      }
    }
  }

  closingWords() {
    return this.isFilled ? " All blanks are filled." : "";
  }

  // What stands in a field is never taken away by an answer that is not right.
  showTries() {
    this.leading = new WeakMap();
    if (!this.rows) return;
    this.code.clear();
    const latest = new Map(this.tries.map((entry) => [entry.blank, entry]));
    this.rows.forEach(({ item, label, fields, sign, feedback }, place) => {
      const entry = latest.get(place);
      label.replaceChildren(...blankLabel(this.sheet.blanks[place], this.view.session));
      item.dataset.status = entry?.status ?? "";
      sign.textContent = entry ? SIGNS[entry.status] : "";
      feedback.textContent = entry?.said ?? "";
      fields.show(entry, this.isFinished(place));
    });
    const done = this.rows.filter((_, place) => this.isSolved(place));
    const parts = scoreOf(this.tries, this.rows.length) - done.length / this.rows.length;
    this.score.textContent = `${done.length} of ${this.rows.length} right${parts > 0 ? ", and parts of others" : ""}`;
    this.aids.refreshNumbers();
  }

  /** What was tried and how it went, in the format of `backpropviz.exercises.results`. */
  results() {
    const { blanks, ...exercise } = this.sheet;
    const named = blanks.map(({ node, kind, entry, answer, numbers, shape, told }, place) => ({
      node: this.view.session.nodes[node].name,
      kind,
      ...(entry && { entry }),
      answer: answer ?? numbers ?? (kind === "shape" ? shape : told),
      solved: this.isSolved(place),
      tries: this.tries.filter(({ blank }) => blank === place),
    }));
    const score = scoreOf(this.tries, named.length);
    return { format: "backpropviz exercise results", version: 1, ...exercise, score, blanks: named };
  }

  save() {
    saveText(JSON.stringify(this.results(), null, 1), "exercise-results.json", "application/json");
  }
}
