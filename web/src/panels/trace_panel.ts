// The trace table: one row per node, linked with the picture both ways, copied out as Markdown, LaTeX or a spreadsheet's cells.
import { copyText, makeElement, nearest } from "../page/dom.js";
import type { View } from "../page/view.js";
import type { NodeMark } from "../picture/marks.js";
import { entryText } from "../story/primitives.js";
import { exactText, shortText } from "../story/number_sources.js";
import { ArrayNumber, formatNumber } from "../story/numerals.js";

const MOST_ROWS = 8;
const MOST_COLUMNS = 8;

function entriesTable({ shape, data }: ArrayNumber): HTMLElement {
  const columns = shape.at(-1)!;
  const rows = Math.ceil(data.length / columns);
  const isCut = columns > MOST_COLUMNS;
  const lines = Array.from({ length: Math.min(rows, MOST_ROWS) }, (_, row) => {
    const lead = shape.length > 1 ? entryText(shape, row * columns).replace(/\d+$/, ":") : ":";
    const cells = Array.from({ length: Math.min(columns, MOST_COLUMNS) }, (_, column) =>
      makeElement("td", { text: formatNumber(data[row * columns + column]) }),
    );
    const rest = isCut ? [makeElement("td", { text: "…" })] : [];
    return makeElement("tr", {}, makeElement("th", { scope: "row", text: `[${lead}]` }), ...cells, ...rest);
  });
  if (rows > MOST_ROWS) lines.push(makeElement("tr", {}, makeElement("td", { text: `and ${rows - MOST_ROWS} more` })));
  return makeElement("table", { class: "bpv-folded-entries" }, makeElement("tbody", {}, ...lines));
}

/** Show an array in a cell; one that is open stays open with its newest entries. */
function foldInto(cell: HTMLElement, found: ArrayNumber): void {
  let details = cell.querySelector("details");
  if (!details) {
    details = makeElement("details", { class: "bpv-folded" }, makeElement("summary"));
    cell.replaceChildren(details);
    details.addEventListener("toggle", () => cell.dispatchEvent(new Event("bpv-unfold", { bubbles: true })));
  }
  const summary = details.firstElementChild!;
  const text = `[${found.shape.join("×")}]`;
  if (summary.textContent !== text) summary.textContent = text;
  details.replaceChildren(summary, ...(details.open ? [entriesTable(found)] : []));
}

interface TraceRow {
  row: HTMLTableRowElement;
  cells: HTMLElement[];
  fixed: string[];
}

const NAMES = ["step", "node", "expression", "value", "local gradients"];

function escapedLatex(text: string) {
  return text.replaceAll(/[_#$%&{}]/g, (sign) => `\\${sign}`);
}

function latexNumber(text: string) {
  const plain = text.replaceAll("−", "-").replaceAll("∞", "\\infty").replaceAll("≈", "\\approx ");
  const power = plain.match(/^(.*)·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/);
  if (!power) return plain;
  const exponent = [...power[2]].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)).map((at) => (at === 0 ? "-" : at - 1));
  return `${power[1]}\\cdot 10^{${exponent.join("")}}`;
}

/** The panel. */
export class TracePanel {
  body: HTMLTableSectionElement;
  last: HTMLTableCellElement;
  said: HTMLSpanElement;
  element: HTMLElement;
  rows: Map<string, TraceRow>;

  constructor(readonly view: View) {
    this.body = makeElement("tbody");
    this.last = makeElement("th", { scope: "col" });
    const head = NAMES.map((text) => makeElement("th", { scope: "col", text }));
    const table = makeElement(
      "table",
      { class: "bpv-trace" },
      makeElement("caption", { class: "bpv-unseen", text: "Trace of the run, one row per node" }),
      makeElement("thead", {}, makeElement("tr", {}, ...head, this.last)),
      this.body,
    );
    this.said = makeElement("span", { class: "bpv-copied", role: "status" });
    const forms: [words: string, text: () => string][] = [
      ["as Markdown", () => this.markdown()],
      ["as LaTeX", () => this.latex()],
      ["for a spreadsheet", () => this.spreadsheet()],
    ];
    const buttons = forms.map(([words, text]) => {
      const button = makeElement("button", { type: "button", class: "bpv-text-button", text: `Copy ${words}` });
      view.lifetime.listen(button, "click", async () => {
        const done = await copyText(text());
        this.said.textContent = done ? `Copied ${words}.` : "The browser did not allow copying.";
      });
      return button;
    });
    const box = makeElement(
      "div",
      { class: "bpv-trace-box", tabindex: 0, role: "region", "aria-label": "Trace table" },
      table,
    );
    const foot = makeElement("div", { class: "bpv-aid-head" }, ...buttons, this.said);
    this.element = makeElement("section", { "aria-label": "Trace" }, box, foot);
    this.rows = new Map();
    view.lifetime.listen(this.body, "pointerover", (event) => this.point(nearest(event.target, "tr")));
    view.lifetime.listen(this.body, "pointerleave", () => this.point(null));
    view.lifetime.listen(this.body, "bpv-unfold", () => this.show());
    view.lifetime.listen(this.body, "click", (event) => view.select(nearest(event.target, "tr")?.dataset.row ?? ""));
  }

  build() {
    const { session, stage } = this.view;
    stage.onHover = (mark: NodeMark | null) => this.mark(mark?.name ?? null);
    let told = 0;
    this.rows = new Map();
    for (const node of session.nodes) {
      if (node.op !== "constant") told += 1;
      const step = node.op === "constant" ? "" : String(told);
      const cells = Array.from({ length: NAMES.length + 1 }, (_, column) => makeElement(column === 1 ? "th" : "td"));
      cells[1].setAttribute("scope", "row");
      const row = makeElement("tr", { "data-row": node.name }, ...cells);
      const equation = session.equation(session.placeOf(node.name)) || node.name;
      const expression = equation.startsWith(`${node.name} = `) ? equation.slice(node.name.length + 3) : equation;
      this.rows.set(node.name, { row, cells, fixed: [step, node.name, expression] });
    }
    this.body.replaceChildren(...[...this.rows.values()].map(({ row }) => row));
    if (this.element.isConnected) this.show();
  }

  show() {
    const { session } = this.view;
    this.last.textContent = session.isForwardMode ? "tangent" : "gradient";
    for (const [name, { row, cells }] of this.rows) {
      const texts = this.texts(name);
      const arrays = this.arrays(name, texts);
      texts.forEach((text, column) => {
        const found = arrays[column];
        if (found) foldInto(cells[column], found);
        else if (cells[column].textContent !== text) cells[column].textContent = text;
      });
      const node = session.placeOf(name);
      row.classList.toggle("bpv-is-now", session.focus.node === node);
    }
  }

  // What is known at this step.
  texts(name: string) {
    const { session } = this.view;
    const node = session.placeOf(name);
    const known = session.replay.known[node] === 1;
    const value = known ? shortText(session.number("value", node)) : "";
    const count = session.structure.offsets[node + 1] - session.structure.offsets[node];
    const slots = known ? Array.from({ length: count }, (_, slot) => session.number("partial", node, slot)) : [];
    const partials = slots
      .map((partial) => shortText(partial))
      .filter(Boolean)
      .join(", ");
    const kind = session.isForwardMode ? "tangent" : "gradient";
    const isThere = session.isForwardMode ? session.replay.tangentKnown[node] : session.replay.settled[node];
    return [
      ...(this.rows.get(name)?.fixed ?? []),
      value,
      partials,
      isThere ? shortText(session.number(kind, node)) : "",
    ];
  }

  // What is an array among the values and gradients that are there.
  arrays(name: string, texts: string[]): Record<number, ArrayNumber> {
    const { session } = this.view;
    const kinds: Record<number, string> = { 3: "value", 5: session.isForwardMode ? "tangent" : "gradient" };
    const there = Object.entries(kinds).filter(([column]) => texts[Number(column)] !== "");
    const found = there.map(([column, kind]) => [column, session.number(kind, session.placeOf(name))] as const);
    return Object.fromEntries(found.filter(([, number]) => number instanceof ArrayNumber)) as Record<
      number,
      ArrayNumber
    >;
  }

  point(row: HTMLElement | null) {
    const { stage } = this.view;
    const mark = row ? stage.marks.get(row.dataset.row ?? "") : undefined;
    stage.hover(mark ?? null);
    for (const each of stage.marks.values()) each.element.classList.toggle("bpv-pointed", each === mark);
    this.mark(row?.dataset.row ?? null);
  }

  mark(name: string | null) {
    for (const [each, { row }] of this.rows) row.classList.toggle("bpv-is-pointed", each === name);
  }

  markdown() {
    const head = [...NAMES, this.last.textContent];
    const lines = [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`];
    for (const name of this.rows.keys()) {
      lines.push(
        `| ${this.texts(name)
          .map((text) => text.replaceAll("|", "\\|"))
          .join(" | ")} |`,
      );
    }
    return lines.join("\n");
  }

  /** Cells with tabs between, in every digit; of an array a row for each entry. */
  spreadsheet() {
    const { session } = this.view;
    const lines = [["step", "node", "entry", "definition", "value", this.last.textContent]];
    for (const [name, { fixed }] of this.rows) {
      const [step, , expression] = fixed;
      const [, , , value, , slope] = this.texts(name);
      const { 3: values, 5: slopes } = this.arrays(name, this.texts(name));
      // A definition begins with its name: what begins with a sign would be a formula to the spreadsheet.
      const definition = expression === name ? name : `${name} = ${expression}`;
      const whole = values ?? slopes;
      const plain = (kind: string, text: string) => text && exactText(session.number(kind, session.placeOf(name)));
      if (whole) {
        whole.data.forEach((_, place) => {
          const numbers = [values, slopes].map((found, at) => String(found?.data[place] ?? [value, slope][at]));
          lines.push([step, name, entryText(whole.shape, place), definition, ...numbers]);
        });
      } else {
        const kind = session.isForwardMode ? "tangent" : "gradient";
        lines.push([step, name, "", definition, plain("value", value), plain(kind, slope)]);
      }
    }
    return lines.map((cells) => cells.join("\t")).join("\n");
  }

  latex() {
    const { session } = this.view;
    const lines = ["\\begin{tabular}{rllrrr}", `${[...NAMES, this.last.textContent].join(" & ")} \\\\ \\hline`];
    for (const name of this.rows.keys()) {
      const [step, , expression, value, partials, slope] = this.texts(name);
      const [symbol, definition] = session.spec.latex?.[session.placeOf(name)] ?? [
        escapedLatex(name),
        escapedLatex(expression),
      ];
      const numbers = [value, ...[partials, slope]].map(
        (text) => text && `$${text.split(", ").map(latexNumber).join("$, $")}$`,
      );
      lines.push(`${step} & $${symbol}$ & $${definition}$ & ${numbers.join(" & ")} \\\\`);
    }
    return [...lines, "\\end{tabular}"].join("\n");
  }
}
