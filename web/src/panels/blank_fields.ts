// The fields of one blank: one for a number, a shape or a product, a grid of them for an array. And the button that copies the
// results of an exercise as a code, with a field for it where copying is refused.
import { copyText, makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { codeOf } from "../story/answers.js";
import { entryCount, entryText } from "../story/primitives.js";
import { gradientSymbol } from "../story/narration.js";
import { formatNumber } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { PlainBlank, PlainTry } from "../types/specification.js";
import { symbolNodes } from "./explanation.js";

/** What fields do with what happens in them. */
interface BlankActions {
  /** What was typed has changed. */
  typed(): void;
  /** Somebody stands in the field of this entry, or of no entry in particular. */
  entered(place: number | null): void;
  check(): void;
}

const ARROW_ROWS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

/** What a finished blank shows: its answer as text, the entries of an array in a line each. */
function answerLines({ answer, numbers, told }: PlainBlank) {
  if (numbers) return numbers.map((number) => formatNumber(number)).join("\n");
  return told ?? formatNumber(answer!);
}

/** The answer in a sentence. */
export function answerSentence(blank: PlainBlank) {
  if (blank.numbers) return "The entries are filled in.";
  return `The answer is ${answerLines(blank)}.`;
}

/** What is asked, as the page says it to those who do not see the symbol: "gradient of W, entry 2,0". */
export function spokenBlank({ kind, entry }: PlainBlank, name: string) {
  if (kind === "shape") return `shape of the gradient of ${name}`;
  if (kind === "product") return `product that gives the gradient of ${name}`;
  return `${kind} of ${name}${entry ? `, entry ${entry.join(",")}` : ""}`;
}

/** What a blank is called beside its fields. */
export function blankLabel({ node, kind, entry, consumer, product }: PlainBlank, session: Session): (Node | string)[] {
  const symbolOf = (each: number) => {
    const output = session.nodes[session.structure.output].name;
    const { name } = session.nodes[each];
    return makeElement("i", {}, ...symbolNodes(gradientSymbol(name, session.context.notation, output)));
  };
  const index = entry ? `[${entry.join(",")}]` : "";
  if (kind === "value") return [makeElement("i", { text: session.nodes[node].name }), index];
  if (kind === "shape") return ["shape of ", symbolOf(node)];
  if (kind !== "product") return [symbolOf(node), index];
  const upstream = Object.values(product!.names).at(-1)!;
  return [symbolOf(node), " as a product, with ", upstream, " = ", symbolOf(consumer!)];
}

/** The fields of a blank, with their choices where it is a product. */
export class BlankFields {
  readonly element: HTMLElement;
  private readonly fields: HTMLInputElement[];
  private readonly choices: HTMLButtonElement[];

  constructor(
    private readonly blank: PlainBlank,
    name: string,
    describedBy: string,
    private readonly lifetime: Lifetime,
    private readonly actions: BlankActions,
  ) {
    const label = spokenBlank(blank, name);
    const shape = blank.numbers ? blank.shape! : [];
    const count = blank.numbers ? entryCount(shape) : 1;
    this.fields = Array.from({ length: count }, (_, place) => {
      const entry = blank.numbers ? `, entry ${entryText(shape, place)}` : "";
      return this.field(`${label}${entry}`, describedBy, place);
    });
    this.choices = (blank.product?.choices ?? []).map((choice) => this.choice(choice));
    if (blank.numbers) {
      this.element = makeElement(
        "div",
        { class: "bpv-blank-grid", role: "group", "aria-label": label },
        ...this.fields,
      );
      this.element.style.setProperty("--bpv-columns", String(shape.at(-1)));
    } else if (this.choices.length > 0) {
      const offered = makeElement("div", { class: "bpv-blank-choices" }, ...this.choices);
      this.element = makeElement("div", { class: "bpv-blank-product" }, ...this.fields, offered);
    } else [this.element] = this.fields;
  }

  /** What was typed; the entries of an array in a line each. */
  get text() {
    return this.fields.map(({ value }) => value).join("\n");
  }

  set text(text: string) {
    const lines = text.split("\n");
    this.fields.forEach((field, place) => (field.value = lines[place] ?? ""));
  }

  /** Go where something is to be written. */
  focus() {
    const open = this.fields.find(({ value, readOnly }) => !readOnly && value.trim() === "");
    (open ?? this.fields.find(({ readOnly }) => !readOnly) ?? this.fields[0]).focus();
  }

  /** Show how the latest try went. */
  show(latest: PlainTry | undefined, isFinished: boolean) {
    if (isFinished && (!this.blank.product || latest?.status === "revealed")) this.text = answerLines(this.blank);
    this.fields.forEach((field, place) => {
      const status = isFinished ? "right" : (latest?.entries?.[place] ?? (this.blank.numbers ? "" : latest?.status));
      field.readOnly = isFinished || (status === "right" && this.blank.numbers !== undefined);
      field.setAttribute("aria-invalid", String(Boolean(status) && status !== "right" && status !== "empty"));
      field.dataset.status = status ?? "";
    });
    for (const choice of this.choices) choice.disabled = isFinished;
  }

  private field(label: string, describedBy: string, place: number) {
    const field = makeElement("input", {
      type: "text",
      class: "bpv-field",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-label": label,
      "aria-describedby": describedBy,
    });
    const { lifetime, actions } = this;
    lifetime.listen(field, "input", () => actions.typed());
    lifetime.listen(field, "focus", () => actions.entered(this.blank.numbers ? place : null));
    lifetime.listen(field, "keydown", (event) => this.press(event, place));
    if (this.blank.numbers) lifetime.listen(field, "paste", (event) => this.paste(event, place));
    return field;
  }

  private choice(text: string) {
    const button = makeElement("button", { type: "button", class: "bpv-text-button", text });
    this.lifetime.listen(button, "click", () => {
      this.fields[0].value = text;
      this.actions.typed();
      this.actions.check();
    });
    return button;
  }

  private press(event: KeyboardEvent, place: number) {
    const columns = this.blank.numbers ? this.blank.shape!.at(-1)! : 0;
    const target = event.key in ARROW_ROWS ? this.fields[place + ARROW_ROWS[event.key] * columns] : undefined;
    if (event.key === "Enter") this.actions.check();
    else if (columns > 0 && target) target.focus();
    else return;
    event.preventDefault();
  }

  // Cells of a spreadsheet go into the entries from here on, row by row.
  private paste(event: ClipboardEvent, place: number) {
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/[\r\n]+$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const columns = this.blank.shape!.at(-1)!;
    text.split(/\r?\n/).forEach((row, down) => {
      row.split("\t").forEach((cell, across) => {
        const field = (place % columns) + across < columns ? this.fields[place + down * columns + across] : undefined;
        if (field && !field.readOnly) field.value = cell.trim();
      });
    });
    this.actions.typed();
  }
}

/** Offers what results() gives, as one line to paste. */
export class CodeOffer {
  button: HTMLButtonElement;
  field: HTMLInputElement;
  said: HTMLParagraphElement;

  constructor(lifetime: Lifetime, results: () => object) {
    this.button = makeElement("button", { type: "button", class: "bpv-text-button", text: "Copy code" });
    this.field = makeElement("input", {
      class: "bpv-field bpv-code",
      readonly: "",
      spellcheck: "false",
      "aria-label": "Code of your answers",
    });
    this.said = makeElement("p", { class: "bpv-aid-hint", role: "status" });
    this.clear();
    lifetime.listen(this.button, "click", () => this.copy(results()));
  }

  /** What was copied is no longer what was answered. */
  clear() {
    this.field.hidden = true;
    this.said.textContent = "";
  }

  async copy(record: object) {
    const code = await codeOf(record);
    const isDone = await copyText(code);
    this.field.value = code;
    this.field.hidden = isDone;
    if (isDone) {
      this.said.textContent = "Code copied. Paste it where your teacher asks for it.";
      this.button.focus();
    } else {
      this.said.textContent = "The browser did not allow copying. The code is selected: copy it from the field.";
      this.field.focus();
      this.field.select();
    }
  }
}
