// Paths from an input to the output: each lights up with its product of local partials, and they sum to the gradient.
import { makeElement, makeSelect, motionIsReduced, nearest } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import { gradientSymbol } from "../story/narration.js";
import { formatNumber } from "../story/numerals.js";
import { countPaths, largestPaths, type WeighedPath } from "../story/paths.js";
import { symbolNodes } from "./pieces.js";

const MOST_LISTED = 50;
const BEAT = 1300;

function grouped(count: bigint) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The panel; enter and leave are called as it opens and closes. */
export class PathPanel {
  view: ExplorerView;
  from: HTMLSelectElement;
  count: HTMLSpanElement;
  play: HTMLButtonElement;
  list: HTMLOListElement;
  sum: HTMLParagraphElement;
  element: HTMLElement;
  paths: WeighedPath[];
  timer?: ReturnType<typeof setTimeout>;
  chosen!: number | null;

  constructor(view: ExplorerView) {
    this.view = view;
    this.from = makeSelect("Paths from", [], "bpv-select-from");
    this.count = makeElement("span", { class: "bpv-path-count", role: "status" });
    this.play = makeElement("button", { type: "button", class: "bpv-text-button", text: "Light up one by one" });
    this.list = makeElement("ol", { class: "bpv-path-list" });
    this.sum = makeElement("p", { class: "bpv-path-sum" });
    const head = makeElement("div", { class: "bpv-aid-head" }, "Paths from ", this.from, this.count, this.play);
    this.element = makeElement("section", { class: "bpv-paths", "aria-label": "Paths" }, head, this.list, this.sum);
    const { lifetime } = view;
    lifetime.listen(this.from, "change", () => this.show());
    lifetime.listen(this.play, "click", () => this.toggleShow());
    lifetime.listen(this.list, "pointerover", (event) => this.light(this.indexOf(event.target)));
    lifetime.listen(this.list, "pointerleave", () => this.light(this.chosen ?? null));
    lifetime.listen(this.list, "focusin", (event) => this.light(this.indexOf(event.target)));
    lifetime.listen(this.list, "click", (event) => this.choose(this.indexOf(event.target)));
    lifetime.onEnd(() => clearTimeout(this.timer));
    this.paths = [];
  }

  isOffered() {
    return this.view.session?.compiled?.isScalar === true;
  }

  build() {
    const { nodes } = this.view.session;
    const names = nodes.filter((node) => node.op === "input").map((node) => node.name);
    const former = this.from.value;
    this.from.replaceChildren(...names.map((name) => makeElement("option", { value: name, text: name })));
    if (names.includes(former)) this.from.value = former;
    this.leave();
    if (this.element.isConnected) this.show();
  }

  leave() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.chosen = null;
    this.play.textContent = "Light up one by one";
    this.light(null);
  }

  show() {
    const { session } = this.view;
    if (session.compiled?.isScalar !== true || this.from.value === "") return;
    const { structure, nodes } = session;
    const source = session.placeOf(this.from.value);
    const count = countPaths(structure)[source];
    const partials = Array.from({ length: structure.edges }, (_, edge) => this.partial(edge));
    this.paths = largestPaths(structure, partials, source, MOST_LISTED);
    const output = nodes[structure.output].name;
    const few = count <= BigInt(MOST_LISTED);
    this.count.textContent = ` to ${output}: ${grouped(count)}${few ? "" : `; the ${MOST_LISTED} largest are listed`}`;
    this.list.replaceChildren(...this.paths.map((path) => this.row(path, partials)));
    this.showSum(source, few);
    this.light(this.chosen ?? null);
  }

  partial(edge: number): number {
    const { structure } = this.view.session;
    const consumer = structure.consumers[edge];
    return Number(this.view.session.number("partial", consumer, edge - structure.offsets[consumer]));
  }

  row(path: WeighedPath, partials: number[]) {
    const { structure, nodes } = this.view.session;
    const names = path.edges.map((edge) => nodes[structure.consumers[edge]].name);
    const factors = path.edges.map((edge) => {
      const text = formatNumber(partials[edge]);
      return text.startsWith("−") ? `(${text})` : text;
    });
    const way = makeElement("span", { class: "bpv-path-way", text: [this.from.value, ...names].join(" → ") });
    const product = makeElement("span", { class: "bpv-path-factors", text: factors.join("·") });
    const amount = makeElement("span", { class: "bpv-amount bpv-is-slope", text: formatNumber(path.product) });
    return makeElement("li", {}, makeElement("button", { type: "button", class: "bpv-path" }, way, product, amount));
  }

  showSum(source: number, isComplete: boolean) {
    const { context, structure, nodes } = this.view.session;
    const symbol = symbolNodes(gradientSymbol(nodes[source].name, context.notation, nodes[structure.output].name));
    const listed = this.paths.reduce((sum, path) => sum + path.product, 0);
    const adjoint = context.number("gradient", source);
    const shown = typeof adjoint === "number" ? formatNumber(adjoint) : (adjoint?.text ?? "");
    const begin = isComplete
      ? "Sum over the paths = "
      : `Sum of the paths listed: ${formatNumber(listed)}. Sum over all paths = `;
    this.sum.replaceChildren(begin, ...symbol, ` = ${shown}`);
  }

  indexOf(target: EventTarget | null) {
    const item = nearest(target, "li");
    return item ? [...this.list.children].indexOf(item) : null;
  }

  choose(index: number | null) {
    if (index === null) return;
    this.chosen = this.chosen === index ? null : index;
    this.light(index);
  }

  // One after the other; a second press stops.
  toggleShow() {
    if (this.timer) {
      this.leave();
      return;
    }
    this.play.textContent = "Stop";
    const beat = this.view.lifetime.guard((index: number) => {
      if (index >= this.paths.length) {
        this.leave();
        return;
      }
      this.chosen = index;
      this.light(index);
      this.list.children[index]?.scrollIntoView({ block: "nearest", behavior: motionIsReduced() ? "auto" : "smooth" });
      this.timer = setTimeout(() => beat(index + 1), BEAT);
    });
    beat(0);
  }

  /** Let one path shine and the rest fade; null for none. */
  light(index: number | null) {
    const { session, stage } = this.view;
    const path = index === null ? undefined : this.paths[index];
    [...this.list.children].forEach((item, place) => item.classList.toggle("bpv-is-lit", place === index));
    if (!stage) return;
    stage.graph.classList.toggle("bpv-lighting", path !== undefined);
    const edges = new Set(path?.edges ?? []);
    const { consumers, sources } = session.structure;
    const nodes = new Set(
      [...edges].flatMap((edge) => [sources[edge], consumers[edge]].map((node) => stage.drawn(node))),
    );
    for (const [key, edge] of stage.edges) edge.element.toggleAttribute("data-lit", edges.has(key));
    for (const [id, mark] of stage.markOf) mark.element.toggleAttribute("data-lit", nodes.has(id));
  }
}
