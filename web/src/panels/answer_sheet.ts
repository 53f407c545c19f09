// An exercise beside the picture: fields for what is blank, feedback that names the mistake, and what was tried.
import { makeElement, saveText } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import { judgeAnswer } from "../story/answers.js";
import { gradientSymbol } from "../story/narration.js";
import { formatNumber } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { PlainBlank, PlainSheet, PlainTry } from "../types/specification.js";
import { symbolNodes } from "./explanation.js";
import type { StudyAids } from "./study_aids.js";

interface SheetRow {
  item: HTMLElement;
  label: HTMLElement;
  field: HTMLInputElement;
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
  view: ExplorerView;
  aids: StudyAids;
  typed: Map<number, string>;
  opened: number;
  list: HTMLOListElement;
  score: HTMLParagraphElement;
  another: HTMLButtonElement;
  title: HTMLHeadingElement;
  element: HTMLElement;
  rows!: SheetRow[];

  constructor(view: ExplorerView, aids: StudyAids) {
    this.view = view;
    this.aids = aids;
    this.typed = new Map();
    this.opened = performance.now();
    this.list = makeElement("ol", { class: "bpv-blanks" });
    this.score = makeElement("p", { class: "bpv-score", role: "status" });
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
    this.title = makeElement("h3", { class: "bpv-explanation-title", text: "Fill in the blanks" });
    const hint = "Numbers, fractions and expressions such as 3*e^2 are read. Enter checks.";
    this.element = makeElement(
      "section",
      { class: "bpv-sheet", "aria-label": "Exercise" },
      this.title,
      makeElement("p", { class: "bpv-aid-hint", text: hint }),
      this.list,
      this.score,
      makeElement("div", { class: "bpv-aid-head" }, ...buttons),
    );
    view.root.classList.add("bpv-exercise");
    const { lifetime, model } = view;
    lifetime.follow(model, "change:tries", () => this.showTries());
    lifetime.follow(model, "change:sheet", () => this.renew());
    lifetime.follow(model, "change:notation", () => this.showTries());
    lifetime.follow(model, "change:selected", () => this.fieldOf(model.get("selected") ?? "")?.focus());
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
    this.another.hidden = !this.view.model.get("editable") || !this.sheet.level;
    this.title.textContent = this.sheet.level ? `Fill in the blanks: ${this.sheet.level}` : "Fill in the blanks";
    this.view.goTo(this.view.session.steps);
    this.showTries();
  }

  row(blank: PlainBlank, place: number) {
    const name = this.view.session.nodes[blank.node].name;
    const { lifetime } = this.view;
    const label = makeElement("label", { class: "bpv-blank-label" });
    const field = makeElement("input", {
      type: "text",
      class: "bpv-field",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": `${blank.kind} of ${name}`,
    });
    const sign = makeElement("span", { class: "bpv-blank-sign", "aria-hidden": "true" });
    const feedback = makeElement("p", { class: "bpv-feedback", id: `${this.view.stage.prefix}-blank-${place}` });
    field.setAttribute("aria-describedby", feedback.id);
    field.value = this.typed.get(place) ?? "";
    const line = makeElement("div", { class: "bpv-blank-line" }, label, field, sign);
    lifetime.listen(field, "input", () => this.typed.set(place, field.value));
    lifetime.listen(field, "focus", () => this.point(blank.node));
    lifetime.listen(field, "keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.check(place);
    });
    return { item: makeElement("li", { class: "bpv-blank" }, line, feedback), label, field, sign, feedback };
  }

  point(node: number) {
    const name = this.view.session.nodes[node].name;
    for (const mark of this.view.stage.marks.values()) mark.element.classList.toggle("bpv-pointed", mark.name === name);
  }

  fieldOf(name: string) {
    const node = this.view.session?.placeOf(name);
    const place = this.sheet.blanks.findIndex((blank, at) => blank.node === node && !this.isFinished(at));
    return this.rows?.[place]?.field;
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

  hides(kind: string, node: number) {
    const place = this.sheet.blanks.findIndex((blank) => blank.node === node && blank.kind === kind);
    return place >= 0 && !this.isFinished(place);
  }

  check(place: number) {
    if (this.isFinished(place)) return;
    const { field } = this.rows[place];
    const verdict = judgeAnswer(field.value, this.sheet.blanks[place], this.sheet.tolerance);
    const about = field.getAttribute("aria-label");
    this.add({ blank: place, text: field.value, status: verdict.status, kinds: verdict.kinds }, verdict.text);
    this.view.live.say(() => `${about}: ${verdict.text}${this.closingWords()}`, false);
    if (verdict.status === "right") this.focusNext(place);
  }

  add(entry: Pick<PlainTry, "blank" | "text" | "status" | "kinds">, text: string) {
    const seconds = Math.round((performance.now() - this.opened) / 100) / 10;
    this.view.write("tries", [...this.tries, { ...entry, said: text, seconds }]);
  }

  reveal() {
    const place = this.sheet.blanks.findIndex((_, at) => !this.isFinished(at));
    if (place < 0) return;
    const text = `The answer is ${formatNumber(this.sheet.blanks[place].answer)}.`;
    const about = this.rows[place].field.getAttribute("aria-label");
    this.add({ blank: place, text: "", status: "revealed", kinds: [] }, text);
    this.view.live.say(() => `${about}: ${text}`, false);
  }

  startAgain() {
    this.typed.clear();
    this.opened = performance.now();
    for (const { field } of this.rows) field.value = "";
    this.view.write("tries", []);
    this.rows[0].field.focus();
  }

  focusNext(place: number) {
    const count = this.rows.length;
    for (let ahead = 1; ahead < count; ahead += 1) {
      const next = (place + ahead) % count;
      if (!this.isFinished(next)) {
        this.rows[next].field.focus();
        return;
      }
    }
  }

  closingWords() {
    return this.isFilled ? " All blanks are filled." : "";
  }

  // What stands in a field is never taken away by an answer that is not right.
  showTries() {
    if (!this.rows) return;
    const latest = new Map(this.tries.map((entry) => [entry.blank, entry]));
    const { session } = this.view;
    this.rows.forEach(({ item, label, field, sign, feedback }, place) => {
      const blank = this.sheet.blanks[place];
      const entry = latest.get(place);
      const finished = this.isFinished(place);
      const { name } = session.nodes[blank.node];
      const output = session.nodes[session.structure.output].name;
      const symbol = gradientSymbol(name, session.context.notation, output);
      label.replaceChildren(...(blank.kind === "value" ? [name] : symbolNodes(symbol)));
      item.dataset.status = entry?.status ?? "";
      sign.textContent = entry ? SIGNS[entry.status] : "";
      feedback.textContent = entry?.said ?? "";
      field.readOnly = finished;
      field.setAttribute("aria-invalid", String(Boolean(entry) && !finished));
      if (finished) field.value = formatNumber(blank.answer);
    });
    const done = this.rows.filter((_, place) => this.isSolved(place));
    this.score.textContent = `${done.length} of ${this.rows.length} right`;
    this.aids.refreshNumbers();
  }

  /** What was tried and how it went, in the format of `backpropviz.exercises.results`. */
  results() {
    const { blanks, ...exercise } = this.sheet;
    const named = blanks.map(({ node, kind, answer }, place) => ({
      node: this.view.session.nodes[node].name,
      kind,
      answer,
      solved: this.isSolved(place),
      tries: this.tries.filter(({ blank }) => blank === place),
    }));
    const score = named.filter(({ solved }) => solved).length / named.length;
    return { format: "backpropviz exercise results", version: 1, ...exercise, score, blanks: named };
  }

  save() {
    saveText(JSON.stringify(this.results(), null, 1), "exercise-results.json", "application/json");
  }
}
