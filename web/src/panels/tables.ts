// Tables of a model: its blocks and the health of its gradients beside a graph, and plain tables in a cell of their own.
import { followAppearance } from "../page/appearance.js";
import { makeElement, makeSelect } from "../page/dom.js";
import type { View } from "../page/view.js";
import { Lifetime } from "../page/lifetime.js";
import { hideStill } from "../page/notebook.js";
import { type CarriedBlock, parts } from "../page/parts.js";
import { boundsOf } from "../picture/boxes.js";
import type { NodeMark } from "../picture/marks.js";
import { unfolded } from "../story/specification.js";
import type { Model } from "../types/model.js";
import type { PlainTable, TablesTraits } from "../types/specification.js";
import { PANELS, type StudyAids } from "./study_aids.js";
import { WeightsPanel } from "./weights_panel.js";

const SMALLEST_CHANGE = 6;
/** A table in a box that scrolls by itself. */
function makeTable({ title, head, rows }: PlainTable) {
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
  hideStill({ lifetime, root, model });
  return () => {
    lifetime.end();
    root.remove();
  };
}

// What a model has beside a graph: its blocks to search and to walk into, and the health of its gradients.

const MOST_BLOCKS = 40;

/** A button that looks like text. */
function textButton(view: View, text: string, action: () => void) {
  const button = makeElement("button", { type: "button", class: "bpv-text-button", text });
  view.lifetime.listen(button, "click", action);
  return button;
}

/** The model as a map: where one is, and the blocks that a search finds. A kernel opens all, a page those it carries. */
class MapPanel {
  crumbs: HTMLElement;
  search: HTMLInputElement;
  list: HTMLUListElement;
  more: HTMLParagraphElement;
  element: HTMLElement;
  asked: string | null = null;

  constructor(readonly view: View) {
    this.crumbs = makeElement("nav", { class: "bpv-aid-head", "aria-label": "Where you are in the model" });
    this.search = makeElement("input", { type: "search", class: "bpv-field", "aria-label": "Search a block" });
    this.search.setAttribute("placeholder", "search a block");
    this.list = makeElement("ul", { class: "bpv-block-list" });
    this.more = makeElement("p", { class: "bpv-aid-hint" });
    const head = makeElement("div", { class: "bpv-aid-head" }, this.search);
    this.element = makeElement(
      "section",
      { "aria-label": "Blocks", class: "bpv-aids" },
      this.crumbs,
      head,
      this.list,
      this.more,
    );
    view.lifetime.listen(this.search, "input", () => this.fill());
    view.lifetime.follow(view.model, "change:blocks", () => this.show());
  }

  get blocks() {
    return this.view.model.get("blocks") ?? {};
  }

  isOffered() {
    const canWalk = Boolean(this.view.model.get("editable")) || parts.carriedBlocks !== undefined;
    return canWalk && (this.blocks.known?.length ?? 0) > 0;
  }

  canOpen(path: string) {
    return !parts.carriedBlocks || parts.carriedBlocks.has(path) || path === this.blocks.path;
  }

  walk(path: string) {
    this.asked = path;
    const carried = parts.carriedBlocks?.get(path);
    if (carried) this.open(carried);
    else this.view.model.send({ kind: "walk", path });
  }

  // A run that was over stays so, as where a kernel opens the block.
  open({ spec, place, numbers }: CarriedBlock) {
    const { view } = this;
    const { model, session } = view;
    const { known, ...left } = this.blocks;
    const wasOver = session.step >= session.steps;
    parts.carriedBlocks?.set(left.path ?? "", {
      spec: session.spec,
      place: left,
      numbers: model.get("numbers") ?? {},
    });
    model.set("playing", false);
    view.select("");
    model.set("step", 0);
    model.set("blocks", { known, ...place });
    model.set("numbers", numbers);
    model.set("spec", unfolded(spec));
    if (wasOver) model.set("step", session.steps);
  }

  /** A scene was drawn: of one that is too small to read, the block that is walked into fills the stage. */
  build() {
    const { inside = [] } = this.blocks;
    const { stage, model } = this.view;
    const isInside = ({ name }: NodeMark) => inside.includes(name);
    const marks = [...stage.marks.values()].filter(isInside);
    if (marks.length < 2 || !stage.camera.isTerse) return;
    const edges = [...stage.edges.values()].filter((edge) => isInside(edge.source) && isInside(edge.target));
    stage.bounds = boundsOf(marks, edges, Boolean(stage.camera.fills));
    stage.onBounds();
    stage.camera.frame(stage.bounds, model.get("size") ?? "normal");
  }

  show() {
    const { path = "", around = [] } = this.blocks;
    const steps: [label: string, path: string][] = [
      ["whole model", ""],
      ...around.map((each): [string, string] => [each, each]),
    ];
    const crumbs = steps.flatMap(([label, target], depth) => {
      const button = textButton(this.view, label, () => this.walk(target));
      if (target === path) button.setAttribute("aria-current", "location");
      button.disabled = !this.canOpen(target);
      return depth === 0 ? [button] : [makeElement("span", { text: "›" }), button];
    });
    const hadFocus = this.crumbs.contains(document.activeElement) || this.list.contains(document.activeElement);
    this.crumbs.replaceChildren(...crumbs);
    this.fill();
    if (hadFocus && this.asked === path) this.crumbs.querySelector<HTMLElement>("[aria-current]")?.focus();
  }

  fill() {
    const { known = [], path = "" } = this.blocks;
    const wanted = this.search.value.trim().toLowerCase();
    // Without a search, what stands directly inside; a module that holds one other is no block of its own.
    const homes = new Map(known.map(([name, , cellOf]) => [name, cellOf]));
    const isInside = (name: string, outer: string) =>
      outer === "" || [name, homes.get(name)].some((each) => `${each}.`.startsWith(`${outer}.`));
    const isNear = (name: string) =>
      name !== path &&
      isInside(name, path) &&
      !known.some(([other]) => other !== name && other !== path && isInside(other, path) && isInside(name, other));
    const found = known.filter(([name]) => (wanted ? name.toLowerCase().includes(wanted) : isNear(name)));
    this.list.replaceChildren(
      ...found.slice(0, MOST_BLOCKS).map(([name, parameters]) =>
        makeElement(
          "li",
          {},
          this.canOpen(name)
            ? textButton(this.view, name, () => this.walk(name))
            : makeElement("span", { text: `${name} (opens in a notebook)` }),
          parameters > 0
            ? makeElement("span", {
                class: "bpv-copied",
                text: ` ${parameters.toLocaleString("en")} parameter${parameters === 1 ? "" : "s"}`,
              })
            : null,
        ),
      ),
    );
    const left = found.length - MOST_BLOCKS;
    this.more.textContent =
      left > 0
        ? `and ${left} more: search by name`
        : found.length > 0
          ? ""
          : wanted
            ? "No block of that name here."
            : "No block is inside.";
  }
}

/** How the gradients fare at the point that is shown; the kernel examines it. */
class HealthPanel {
  content = makeElement("div", { role: "status" }, "Examining …");
  element: HTMLElement;
  examined: unknown;

  constructor(
    readonly view: View,
    readonly aids: StudyAids,
  ) {
    this.element = makeElement("section", { "aria-label": "Gradient health" }, this.content);
    for (const trait of ["health", "hidden"]) view.lifetime.follow(view.model, `change:${trait}`, () => this.fill());
  }

  isOffered() {
    return Boolean(this.view.model.get("editable")) || Boolean(this.view.model.get("health")?.heading);
  }

  // The same point is examined once.
  show() {
    const { model, session } = this.view;
    const point = JSON.stringify([model.get("inputs"), session.nodes.length]);
    if (model.get("editable") && point !== this.examined) model.send({ kind: "examine" });
    this.examined = point;
    this.fill();
  }

  fill() {
    const { heading, tables = [], notes = [] } = this.view.model.get("health") ?? {};
    if (!heading) return;
    const told = [
      makeElement("h3", { class: "bpv-tables-heading", text: heading }),
      makeElement("ul", { class: "bpv-health-notes" }, ...notes.map((text) => makeElement("li", { text }))),
      ...tables.map(makeTable),
    ];
    const veiled = "It is told once every hidden number is revealed: sizes of gradients lead to them.";
    this.content.replaceChildren(...(this.aids.veil.next(this.view.session) === null ? told : [veiled]));
  }
}

/** Give the study aids these panels. */
export function withModelPanels(): void {
  PANELS.push(["Model map", MapPanel], ["Weights", WeightsPanel], ["Gradient health", HealthPanel]);
}
