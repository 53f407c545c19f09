// Plain tables with titles and notes; tells the kernel how wide it is and whether the page is dark.
import { followAppearance } from "../page/appearance.js";
import { makeElement, makeSelect } from "../page/dom.js";
import { Lifetime } from "../page/lifetime.js";
import type { Model } from "../types/model.js";
import type { PlainTable, TablesTraits } from "../types/specification.js";

const SMALLEST_CHANGE = 6;

/** A table in a box that scrolls by itself. */
export function makeTable({ title, head, rows }: PlainTable) {
  const heading = head.map((text) => makeElement("th", { scope: "col", text }));
  const lines = rows.map(([first, ...cells]) =>
    makeElement(
      "tr",
      {},
      makeElement("th", { scope: "row", text: first }),
      ...cells.map((text) => makeElement("td", { text })),
    ),
  );
  const table = makeElement(
    "table",
    { class: "bpv-table" },
    makeElement("caption", { text: title }),
    makeElement("thead", {}, makeElement("tr", {}, ...heading)),
    makeElement("tbody", {}, ...lines),
  );
  // Wide tables scroll inside their own box, never the page.
  return makeElement("div", { class: "bpv-table-box", tabindex: 0, role: "region", "aria-label": title }, table);
}

function makeChoice(lifetime: Lifetime, model: Model<TablesTraits>) {
  const names = model.get("names");
  if (names.length < 2) return null;
  const select = makeSelect(
    "Input of the error curve",
    names.map((name) => [name, name] as const),
    "bpv-choice",
  );
  select.value = model.get("chosen");
  lifetime.listen(select, "change", () => {
    model.set("chosen", select.value);
    model.save_changes();
  });
  lifetime.follow(model, "change:chosen", () => {
    select.value = model.get("chosen");
  });
  return makeElement("label", { class: "bpv-choice-line" }, "Error curve of the derivative by ", select);
}

/** Tell the kernel the width and the theme, when they change by enough to matter. */
function reportPage(lifetime: Lifetime, root: HTMLElement, model: Model<TablesTraits>) {
  const report = lifetime.guard(() => {
    const known = model.get("width");
    // While JupyterLab changes its theme, or the tab is hidden, nothing has a width.
    const width = Math.round(root.clientWidth) || known;
    const dark = root.dataset.theme === "dark";
    if (Math.abs(width - known) < SMALLEST_CHANGE && dark === model.get("dark")) return;
    model.set("width", width);
    model.set("dark", dark);
    model.save_changes();
  });
  const sizes = new ResizeObserver(report);
  sizes.observe(root);
  lifetime.onEnd(() => sizes.disconnect());
  const themes = new MutationObserver(report);
  themes.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  lifetime.onEnd(() => themes.disconnect());
}

/** Show a widget of tables in its element; gives what ends it. */
export function renderTables({ model, el }: { model: Model<TablesTraits>; el: HTMLElement }) {
  const root = makeElement("div", { class: "bpv bpv-tables" });
  const lifetime = new Lifetime((work) => work);
  followAppearance({ lifetime, root, model });
  const frame = makeElement("div", { class: "bpv-frame" });
  const fill = () => {
    const { heading = "", tables = [], notes = [] } = model.get("content");
    frame.replaceChildren(
      makeElement("h3", { class: "bpv-tables-heading", text: heading }),
      makeElement("div", { class: "bpv-tables-row" }, ...tables.map(makeTable)),
      ...notes.map((text) => makeElement("p", { class: "bpv-note", text })),
    );
    const choice = makeChoice(lifetime, model);
    if (choice) frame.append(choice);
  };
  fill();
  lifetime.follow(model, "change:content", fill);
  root.append(frame);
  el.append(root);
  reportPage(lifetime, root, model);
  return () => {
    lifetime.end();
    root.remove();
  };
}
