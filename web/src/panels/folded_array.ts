// An array in a cell of a table: its shape, and opened its entries.
import { makeElement } from "../page/dom.js";
import { entryText } from "../story/entry_names.js";
import { formatNumber } from "../story/numerals.js";
import type { ArrayNumber } from "../story/quantities.js";

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
export function foldInto(cell: HTMLElement, found: ArrayNumber): void {
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
