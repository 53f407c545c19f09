// The head of a view: the box in which a formula is typed, and how the story is told.
import { bounded, makeElement, makeIcon, makeSelect } from "../page/dom.js";
import { type Lifetime, Saver } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import type { Session } from "../story/session.js";
import type { ExplorerTraits, Specification } from "../types/specification.js";

const MOST_LINES = 8;
const LONG = 130; // characters
const MOST_RECALLED = 30;

/** The expression box. */
export class ExpressionBox {
  asSteps: HTMLButtonElement;
  typed = "";
  program = "";
  showsSteps = false;
  draft: string | null = null; // what was being typed when the steps were looked at
  box: HTMLTextAreaElement;
  element: HTMLFormElement;
  submit: HTMLButtonElement;
  shown: string;
  drawn: string[] = []; // what was drawn before, the newest last
  recalled = 0; // how far back in it one is

  /** onSubmit(text): the text is to become the graph. */
  constructor({ lifetime, onSubmit }: { lifetime: Lifetime; onSubmit: (text: string) => void }) {
    this.box = makeElement("textarea", {
      class: "bpv-expression-box",
      rows: 1,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      "aria-label": "Expression",
      title: "Enter draws the graph, Shift + Enter starts a new line, Alt + ↑ and ↓ bring back what was drawn before",
    });
    const submit = makeElement("button", { type: "submit", class: "bpv-button bpv-draw", text: "Draw" });
    const title = "The formula as a program: each step by its name";
    const naming = { type: "button", class: "bpv-button bpv-draw bpv-as-steps", title };
    this.asSteps = makeElement("button", { ...naming, text: "As steps" });
    lifetime.listen(this.asSteps, "click", () => this.turn());
    this.element = makeElement("form", { class: "bpv-expression" }, this.box, this.asSteps, submit);
    this.submit = submit;
    this.shown = "";
    const send = () => onSubmit(this.box.value);
    lifetime.listen(this.element, "submit", (event) => {
      event.preventDefault();
      send();
    });
    lifetime.listen(this.box, "input", () => this.fit());
    lifetime.listen(this.box, "keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      } else if (event.key === "Escape") {
        this.box.value = this.shown;
        this.fit();
      } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        this.recall(event.key === "ArrowUp" ? 1 : -1);
      }
    });
  }

  /** Go back in what was drawn, or forward again. */
  recall(count: number) {
    this.recalled = bounded(this.recalled + count, 0, Math.max(0, this.drawn.length - 1));
    this.box.value = this.drawn.at(-1 - this.recalled) ?? this.box.value;
    this.fit();
  }

  fit() {
    this.box.rows = Math.min(MOST_LINES, this.box.value.split("\n").length);
    this.element.classList.toggle("bpv-long", this.box.value.length > LONG);
    this.submit.classList.toggle("bpv-ready", this.box.value !== this.shown);
  }

  /** Show what was typed, or the program where the person wants to see the steps. */
  show(typed: string, program = typed, origin = this.box.placeholder) {
    this.box.placeholder = origin;
    if (typed !== this.typed) {
      this.draft = null;
      this.drawn = [...this.drawn.filter((each) => each !== typed), ...(typed ? [typed] : [])].slice(-MOST_RECALLED);
      this.recalled = 0;
    }
    this.typed = typed;
    this.program = program;
    this.asSteps.hidden = program === typed || program === "";
    const isProgram = this.showsSteps && !this.asSteps.hidden;
    this.asSteps.setAttribute("aria-pressed", String(isProgram));
    const text = isProgram ? program : typed;
    if (text !== this.shown) this.box.value = text;
    this.shown = text;
    this.fit();
  }

  turn() {
    if (!this.showsSteps) this.draft = this.box.value;
    this.showsSteps = !this.showsSteps;
    this.show(this.typed, this.program);
    if (!this.showsSteps && this.draft !== null) this.box.value = this.draft;
    this.fit();
  }
}

const SELECT_NAMES = ["mode", "drawing", "notation"] as const;
type SelectName = (typeof SELECT_NAMES)[number];
/** What a person sets in the header. */
export type SettingName = SelectName | "direction";

const CHOICES: Record<SelectName, [label: string, choices: [value: string, text: string][]]> = {
  mode: [
    "Mode",
    [
      ["reverse", "reverse mode"],
      ["forward", "forward mode"],
    ],
  ],
  drawing: [
    "Drawing",
    [
      ["circuit", "circuit"],
      ["computation graph", "computation graph"],
      ["network", "network"],
    ],
  ],
  notation: [
    "Notation",
    [
      ["g_x", "gₓ"],
      ["dL/dx", "∂y/∂x"],
      ["x̄", "x̄"],
      ["δ", "δₓ"],
    ],
  ],
};
const LOST = "The kernel has stopped or was restarted. The picture still plays; run the cell again to connect it.";

/** The drop-downs of the header, and the place where a lost connection is told. */
class SettingsBar {
  selects: (readonly [name: SelectName, select: HTMLSelectElement])[];
  connection: HTMLSpanElement;
  element: HTMLDivElement;
  direction: HTMLSelectElement;
  inputs?: string[];

  /** onChange(name, value): name is "mode", "drawing", "notation" or "direction". */
  constructor({ lifetime, onChange }: { lifetime: Lifetime; onChange: (name: SettingName, value: unknown) => void }) {
    this.connection = makeElement("span", { class: "bpv-connection", role: "status", title: LOST, hidden: "" });
    this.element = makeElement("div", { class: "bpv-settings" }, this.connection);
    this.selects = SELECT_NAMES.map((name) => {
      const [label, choices] = CHOICES[name];
      const select = makeSelect(label, choices, `bpv-select-${name}`);
      lifetime.listen(select, "change", () => onChange(name, select.value));
      this.element.append(select);
      return [name, select] as const;
    });
    this.direction = makeSelect("Direction", [], "bpv-select-direction");
    lifetime.listen(this.direction, "change", () => onChange("direction", { [this.direction.value]: 1 }));
    this.element.append(this.direction);
  }

  /** Offer the inputs along which forward mode may move. */
  showDirections(inputs: string[], chosen: Record<string, number>, isForwardMode: boolean) {
    this.direction.hidden = !isForwardMode || inputs.length === 0;
    if (this.inputs?.join() !== inputs.join()) {
      this.inputs = inputs;
      this.direction.replaceChildren(
        ...inputs.map((name) => makeElement("option", { value: name, text: `along ${name}` })),
      );
    }
    this.direction.value = inputs.find((name) => Object.hasOwn(chosen, name)) ?? inputs[0] ?? "";
  }

  /** Show the model's choices; a run is told anew only where somebody does so, and no graph is offered as what it is not. */
  show(read: (name: SelectName) => string | undefined, isRead: boolean, spec: Specification | undefined) {
    // A small graph brings its drawings along; of a larger one only a kernel makes others.
    const hasDrawings = (isRead && parts.makeSaver !== undefined) || Object.keys(spec?.scenes ?? {}).length > 0;
    const isOffered = { mode: isRead, drawing: hasDrawings, notation: true };
    for (const [name, select] of this.selects) {
      select.hidden = !isOffered[name];
      if (name === "drawing") {
        for (const option of select.options) {
          option.title = spec?.undrawable?.[option.value] ?? "";
          option.disabled = option.title !== "";
        }
      }
      const value = read(name);
      const known = CHOICES[name][1].find(([each]) => each.normalize("NFD") === String(value ?? "").normalize("NFD"));
      if (known) select.value = known[0];
    }
  }

  /** Say that the kernel is gone, or nothing. */
  showConnection(isLost: boolean) {
    if (this.connection.hidden === !isLost) return;
    this.connection.hidden = !isLost;
    this.connection.replaceChildren(...(isLost ? [makeIcon("unplugged"), "not connected"] : []));
  }
}

/** Where a name of a trait leads to its value. */
type ReadTrait = <Name extends keyof ExplorerTraits>(name: Name) => ExplorerTraits[Name];

// Only what a kernel reads can be typed.
let makeExpressionBox: ((given: ConstructorParameters<typeof ExpressionBox>[0]) => ExpressionBox) | null = null;

/** Both, in one row. */
export class Header {
  expression?: ExpressionBox;
  settings: SettingsBar;
  element: HTMLDivElement;

  /** onSubmit(text): a formula was typed; onChange(name, value): a setting was chosen. */
  constructor({
    lifetime,
    onSubmit,
    onChange,
  }: {
    lifetime: Lifetime;
    onSubmit: (text: string) => void;
    onChange: (name: SettingName, value: unknown) => void;
  }) {
    this.expression = makeExpressionBox?.({ lifetime, onSubmit });
    this.settings = new SettingsBar({ lifetime, onChange });
    this.element = makeElement("div", { class: "bpv-header" }, this.expression?.element, this.settings.element);
  }

  /** Show the model's choices; a formula can be typed only where somebody reads it: a kernel, or the page itself. */
  show(read: ReadTrait, session: Session | undefined, isLost: boolean) {
    const isRead = Boolean(read("editable")) && !isLost;
    this.settings.showConnection(isLost);
    if (this.expression) {
      this.expression.element.hidden = !isRead;
      const { graph } = session?.spec ?? {};
      const origin = graph ? `from Python (${(graph.basis ?? graph).nodes.length} nodes)` : "";
      this.expression.show(read("expression") ?? "", read("assignments") ?? "", origin);
    }
    this.settings.show(read, isRead, session?.spec);
    const inputs = (session?.nodes ?? []).filter((node) => node.op === "input").map((node) => node.name);
    this.settings.showDirections(inputs, read("direction") ?? {}, Boolean(session?.isForwardMode));
  }
}

/** Formulas can be typed. */
export function withExpressionBox(): void {
  makeExpressionBox = (given) => new ExpressionBox(given);
}

export function withKernel(): void {
  withExpressionBox();
  parts.makeSaver = ({ lifetime, model }) =>
    new Saver({ lifetime, model, isAwaited: () => Object.keys(model.get("numbers") ?? {}).length > 0 });
}
