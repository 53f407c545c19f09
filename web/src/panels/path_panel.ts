// Paths from an input, or an entry of one, to the output: each lights up with what it carries; they sum to the gradient.
import { makeElement, makeSelect, motionIsReduced, nearest } from "../page/dom.js";
import type { View } from "../page/view.js";
import { inputEntries, type InputEntry } from "../story/input_entries.js";
import { gradientSymbol } from "../story/narration.js";
import { VEILED } from "../story/number_sources.js";
import { ArrayNumber, formatNumber } from "../story/numerals.js";
import {
  countPaths,
  type EntryPath,
  entryPaths,
  hasEntryPaths,
  largestPaths,
  type WeighedPath,
} from "../story/paths.js";
import type { Hiding } from "./aids.js";
import { symbolNodes } from "./explanation.js";

const MOST_LISTED = 50;
const BEAT = 1300;

function grouped(count: bigint) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The panel; enter and leave are called as it opens and closes. */
export class PathPanel {
  from: HTMLSelectElement;
  count: HTMLSpanElement;
  play: HTMLButtonElement;
  list: HTMLOListElement;
  sum: HTMLParagraphElement;
  element: HTMLElement;
  paths: (WeighedPath | EntryPath)[];
  entries: InputEntry[] = [];
  timer?: ReturnType<typeof setTimeout>;
  chosen!: number | null;

  constructor(
    readonly view: View,
    private readonly aids: Hiding,
  ) {
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
    const { session } = this.view;
    return Boolean(session?.compiled && (session.compiled.isScalar || hasEntryPaths(session)));
  }

  build() {
    this.entries = inputEntries(this.view.session, this.view.model.get("inputs") ?? {});
    const names = this.entries.map(({ label }) => label);
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
    const entry = this.entries.find(({ label }) => label === this.from.value);
    if (!entry || !this.isOffered()) return;
    const { structure, nodes } = session;
    const source = entry.node;
    const count = countPaths(structure)[source];
    const isScalar = session.compiled?.isScalar === true;
    const partials = isScalar ? Array.from({ length: structure.edges }, (_, edge) => this.partial(edge)) : [];
    this.paths = isScalar
      ? largestPaths(structure, partials, source, MOST_LISTED)
      : entryPaths(session, source, entry.place ?? 0, MOST_LISTED);
    const output = nodes[structure.output].name;
    const few = count <= BigInt(MOST_LISTED);
    this.count.textContent = ` to ${output}: ${grouped(count)}${few ? "" : `; the ${MOST_LISTED} largest are listed`}`;
    this.list.replaceChildren(...this.paths.map((path) => this.row(path, partials)));
    this.showSum(entry, few);
    this.light(this.chosen ?? null);
  }

  partial(edge: number): number {
    const { structure } = this.view.session;
    const consumer = structure.consumers[edge];
    return Number(this.view.session.number("partial", consumer, edge - structure.offsets[consumer]));
  }

  row(path: WeighedPath | EntryPath, partials: number[]) {
    const { structure, nodes } = this.view.session;
    const names = path.edges.map((edge) => nodes[structure.consumers[edge]].name);
    const isHidden = this.isHidden(path);
    const factors = path.edges.map((edge) => {
      const text = isHidden ? VEILED.text : formatNumber(partials[edge]);
      return text.startsWith("−") ? `(${text})` : text;
    });
    const counts = "touched" in path ? path.touched.map(([, places]) => places.size) : null;
    const through = counts ? `entries: ${counts.join(" → ")}` : factors.join("·");
    const way = makeElement("span", { class: "bpv-path-way", text: [this.from.value, ...names].join(" → ") });
    const product = makeElement("span", { class: "bpv-path-factors", text: through });
    const amount = makeElement("span", {
      class: "bpv-amount bpv-is-slope",
      text: isHidden ? VEILED.text : formatNumber(path.product),
    });
    return makeElement("li", {}, makeElement("button", { type: "button", class: "bpv-path" }, way, product, amount));
  }

  /** Does a path leave a node whose gradient is hidden? Then its factors would tell it. */
  isHidden({ edges }: WeighedPath) {
    const { sources } = this.view.session.structure;
    return edges.some((edge) => this.aids.hides("gradient", sources[edge]));
  }

  showSum({ label, node, place }: InputEntry, isComplete: boolean) {
    const { context, structure, nodes } = this.view.session;
    const symbol = symbolNodes(gradientSymbol(label, context.notation, nodes[structure.output].name));
    const isHidden = this.paths.some((path) => this.isHidden(path));
    const listed = isHidden ? VEILED.text : formatNumber(this.paths.reduce((sum, path) => sum + path.product, 0));
    const found = context.number("gradient", node);
    const adjoint = found instanceof ArrayNumber ? found.data[place ?? 0] : found;
    const shown = typeof adjoint === "number" ? formatNumber(adjoint) : (adjoint?.text ?? "");
    const begin = isComplete ? "Sum over the paths = " : `Sum of the paths listed: ${listed}. Sum over all paths = `;
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
    this.lightEntries(path);
  }

  // Of arrays the entries on the way shine as well; without a path those that were marked before.
  lightEntries(path: WeighedPath | EntryPath | undefined) {
    const { stage, entries } = this.view;
    if (path && "touched" in path) {
      const touched = new Map(path.touched);
      for (const [node, mark] of stage.markOf) {
        const value = touched.get(node);
        mark.tile?.mark(value ? { chosen: null, value, slope: new Set() } : null);
      }
    } else entries?.showAgain();
  }
}
