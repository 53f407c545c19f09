// What a model has beside a graph: its blocks to search and to walk into, and the health of its gradients.
import { makeElement } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import { PANELS } from "./study_aids.js";
import { makeTable } from "./tables.js";

const MOST_BLOCKS = 40;

/** A button that looks like text. */
function textButton(view: ExplorerView, text: string, action: () => void) {
  const button = makeElement("button", { type: "button", class: "bpv-text-button", text });
  view.lifetime.listen(button, "click", action);
  return button;
}

/** The model as a map: where one is, and the blocks that a search finds; walking needs the kernel. */
export class MapPanel {
  view: ExplorerView;
  crumbs: HTMLElement;
  search: HTMLInputElement;
  list: HTMLUListElement;
  more: HTMLParagraphElement;
  element: HTMLElement;
  asked: string | null;

  constructor(view: ExplorerView) {
    this.view = view;
    this.asked = null;
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
    return Boolean(this.view.model.get("editable")) && (this.blocks.known?.length ?? 0) > 0;
  }

  walk(path: string) {
    this.asked = path;
    this.view.model.send({ kind: "walk", path });
  }

  show() {
    const { path = "", around = [] } = this.blocks;
    const steps: [label: string, path: string][] = [
      ["whole model", ""],
      ...around.map((each): [string, string] => [each, each]),
    ];
    const parts = steps.flatMap(([label, target], depth) => {
      const button = textButton(this.view, label, () => this.walk(target));
      if (target === path) button.setAttribute("aria-current", "location");
      return depth === 0 ? [button] : [makeElement("span", { text: "›" }), button];
    });
    const hadFocus = this.crumbs.contains(document.activeElement) || this.list.contains(document.activeElement);
    this.crumbs.replaceChildren(...parts);
    this.fill();
    if (hadFocus && this.asked === path) this.crumbs.querySelector<HTMLElement>("[aria-current]")?.focus();
  }

  fill() {
    const { known = [], path = "" } = this.blocks;
    const wanted = this.search.value.trim().toLowerCase();
    const depth = path === "" ? 0 : path.split(".").length;
    // Without a search, what stands one level below.
    const isNear = (name: string) =>
      (path === "" || name.startsWith(`${path}.`)) && name.split(".").length === depth + 1;
    const found = known.filter(([name]) => (wanted ? name.toLowerCase().includes(wanted) : isNear(name)));
    this.list.replaceChildren(
      ...found.slice(0, MOST_BLOCKS).map(([name, parameters]) =>
        makeElement(
          "li",
          {},
          textButton(this.view, name, () => this.walk(name)),
          parameters > 0
            ? makeElement("span", { class: "bpv-copied", text: ` ${parameters.toLocaleString("en")} parameters` })
            : null,
        ),
      ),
    );
    const left = found.length - MOST_BLOCKS;
    this.more.textContent =
      left > 0 ? `and ${left} more: search by name` : found.length > 0 ? "" : "No block of that name here.";
  }
}

/** How the gradients fare at the point that is shown; the kernel examines it. */
export class HealthPanel {
  view: ExplorerView;
  content: HTMLDivElement;
  element: HTMLElement;
  examined: unknown;

  constructor(view: ExplorerView) {
    this.view = view;
    this.examined = null;
    this.content = makeElement("div", { role: "status" }, "Examining …");
    this.element = makeElement("section", { "aria-label": "Gradient health" }, this.content);
    view.lifetime.follow(view.model, "change:health", () => this.fill());
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
    this.content.replaceChildren(
      makeElement("h3", { class: "bpv-tables-heading", text: heading }),
      makeElement("ul", { class: "bpv-health-notes" }, ...notes.map((text) => makeElement("li", { text }))),
      ...tables.map(makeTable),
    );
  }
}

/** Give the study aids these panels. */
export function withModelPanels(): void {
  PANELS.push(["Model map", MapPanel], ["Gradient health", HealthPanel]);
}
