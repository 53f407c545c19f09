// One entry of an array: choosing it in the picture, what it meets, its sum, and changing it where it is an input's.
import { makeElement, nearest } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import { Lifetime } from "../page/lifetime.js";
import { entryText } from "../picture/grids.js";
import { type ChosenEntry, type EntryStory, storyOf } from "../story/entry_story.js";
import { formatNumber } from "../story/numerals.js";
import { ArrayNumber } from "../story/quantities.js";
import { InputRow } from "./inputs.js";

const MOST_TERMS = 12;
const ARROWS: Record<string, [across: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const NUMBER_BEGINS = /^[-−.0-9]$/;

function ledgerRow(label: string, amount: string, kind: string, className = "bpv-ledger-line") {
  return makeElement(
    "div",
    { class: className },
    makeElement(
      "div",
      { class: "bpv-ledger-row" },
      makeElement("span", { class: "bpv-formula", text: label }),
      makeElement("span", { class: `bpv-amount bpv-is-${kind}`, text: amount }),
    ),
  );
}

/** The entry that a person looks at; it stands in the explanation's place. */
export class EntryPanel {
  private chosen: ChosenEntry | null = null;
  private readonly told = makeElement("div", { class: "bpv-explanation-text" });
  private readonly controls = makeElement("div", { class: "bpv-entry-controls" });
  private readonly element = makeElement("div", { class: "bpv-entry", hidden: "" }, this.told, this.controls);
  private row: InputRow | null = null;
  private rowLifetime: Lifetime;

  constructor(private readonly view: ExplorerView) {
    const { lifetime, stage, explanation } = view;
    this.rowLifetime = new Lifetime(lifetime.guard);
    lifetime.onEnd(() => this.rowLifetime.end());
    explanation.text.after(this.element);
    lifetime.listen(stage.element, "click", (event) => {
      if (stage.dragging.justMoved || stage.camera.justPanned) return;
      const mark = this.markAt(event.target);
      const point = stage.camera.toScene(event);
      const entry = mark?.tile?.entryAt(point.x - mark.node.x, point.y - mark.node.y) ?? null;
      this.choose(mark && entry ? { node: mark.id, ...entry } : null);
    });
    lifetime.listen(stage.element, "keydown", (event) => this.press(event));
  }

  private markAt(target: EventTarget | null) {
    return this.view.stage.marks.get(nearest(target, ".bpv-node")?.dataset.node ?? "") ?? null;
  }

  private choose(chosen: ChosenEntry | null): void {
    this.chosen = chosen;
    if (chosen) {
      this.view.select(this.view.session.nodes[chosen.node].name);
      this.view.live.say(() => this.spoken(chosen), false);
    }
    this.view.stale.add("words");
    this.view.paint.request();
  }

  // Keys of a tile that has the focus; what they do not mean goes on to the view.
  private press(event: KeyboardEvent): void {
    const mark = this.markAt(event.target);
    if (!mark?.tile || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const own = this.chosen?.node === mark.id ? this.chosen : null;
    if (key === "Enter" && !own) this.choose({ node: mark.id, kind: "value", place: 0 });
    else if (own && key in ARROWS) this.choose({ node: mark.id, ...mark.tile.neighbour(own, ...ARROWS[key]) });
    else if (own && this.row && (key === "Enter" || NUMBER_BEGINS.test(key))) this.row.edit(key === "Enter" ? "" : key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Show the chosen entry with the newest numbers; called when numbers or the selection have changed. */
  show(): void {
    const { session, stage, explanation } = this.view;
    // In forward mode the lower grid holds tangents, of which no sum is told.
    if (this.chosen?.kind === "slope" && session.isForwardMode) this.chosen = { ...this.chosen, kind: "value" };
    if (this.chosen && session.nodes[this.chosen.node]?.name !== session.selected) this.chosen = null;
    const { chosen } = this;
    const isKnown = chosen && (chosen.kind === "value" ? session.replay.known : session.replay.settled)[chosen.node];
    const story = chosen && isKnown && session.compiled ? storyOf(session, chosen) : null;
    for (const mark of stage.marks.values()) {
      const met = story?.met.get(mark.id);
      const own = chosen?.node === mark.id ? chosen : null;
      mark.tile?.mark(
        own || met ? { chosen: own, value: met?.value ?? new Set(), slope: met?.slope ?? new Set() } : null,
      );
    }
    explanation.text.hidden = chosen !== null;
    this.element.hidden = chosen === null;
    if (!chosen) return this.dropRow();
    this.tell(chosen, story);
    this.offer(chosen);
  }

  private nameOf(node: number, place: number): string {
    const value = this.view.session.number("value", node);
    const { name } = this.view.session.nodes[node];
    return value instanceof ArrayNumber ? `${name}[${entryText(value.shape, place)}]` : name;
  }

  private entry(kind: "value" | "gradient", { node, place }: { node: number; place: number }): number | null {
    const found = this.view.session.number(kind, node);
    return found instanceof ArrayNumber ? found.data[place] : null;
  }

  /** An entry as people hear it. */
  private spoken(chosen: ChosenEntry): string {
    const isSlope = chosen.kind === "slope" && !this.view.session.isForwardMode;
    const amount = this.entry(isSlope ? "gradient" : "value", chosen);
    const name = this.nameOf(chosen.node, chosen.place);
    return `${isSlope ? `gradient of ${name}` : name}: ${amount === null ? "not computed yet" : formatNumber(amount)}`;
  }

  private tell(chosen: ChosenEntry, story: EntryStory | null): void {
    const { session } = this.view;
    const name = this.nameOf(chosen.node, chosen.place);
    const isSlope = chosen.kind === "slope";
    const kind = isSlope ? "slope" : "value";
    const title = isSlope ? `▽ ${name}` : name;
    const amount = story && this.entry(isSlope ? "gradient" : "value", chosen);
    const shown = amount === null ? "not computed yet" : formatNumber(amount);
    const lines = (story?.terms ?? []).slice(0, MOST_TERMS).map(({ node, place, local, other }) => {
      const factor = `${isSlope ? "▽ " : ""}${this.nameOf(node, place)}`;
      const words = `${formatNumber(local)} · ${formatNumber(other)}`;
      return ledgerRow(`${factor}:  ${words}`, formatNumber(local * other), kind);
    });
    const rest = (story?.terms.length ?? 0) - MOST_TERMS;
    if (rest > 0) lines.push(ledgerRow(`and ${rest} more`, "…", kind));
    lines.push(ledgerRow(title, shown, kind, "bpv-ledger-line bpv-ledger-total"));
    const sentences: string[] = [];
    const count = story?.terms.length ?? 0;
    if (isSlope && count > 1) {
      sentences.push(
        `${name} is used in ${count} entries, so its gradient is a sum of ${count} products: local · upstream.`,
      );
    }
    const output = session.nodes[session.structure.output].name;
    const slope = session.replay.settled[chosen.node] ? this.entry("gradient", chosen) : null;
    if (slope !== null) {
      sentences.push(`Increase ${name} by a small h: ${output} changes by about ${formatNumber(slope)}·h.`);
    }
    this.told.replaceChildren(
      makeElement(
        "div",
        { class: "bpv-explanation-head" },
        makeElement("div", { class: "bpv-eyebrow", text: "one entry" }),
        makeElement("h3", { class: "bpv-explanation-title", text: title }),
      ),
      makeElement("div", { class: "bpv-ledger" }, ...lines),
      makeElement(
        "div",
        { class: "bpv-words" },
        ...sentences.map((text) => makeElement("p", { class: "bpv-sentence", text })),
      ),
    );
  }

  private dropRow(): void {
    this.rowLifetime.end();
    this.rowLifetime = new Lifetime(this.view.lifetime.guard);
    this.controls.replaceChildren();
    this.row = null;
  }

  // A slider and a field for an entry of an input.
  private offer(chosen: ChosenEntry): void {
    const value = this.entry("value", chosen);
    const name = this.nameOf(chosen.node, chosen.place);
    if (value === null || this.view.session.nodes[chosen.node].op !== "input") return this.dropRow();
    if (this.row?.name !== name) {
      this.dropRow();
      const reach = Math.max(3, Math.ceil(2 * Math.abs(value)));
      const onChange = (_: string, changed: number) => this.change(chosen, changed);
      const lifetime = this.rowLifetime;
      this.row = new InputRow({ lifetime, name, range: [-reach, reach, reach / 300], onChange });
      this.controls.style.setProperty("--bpv-name-width", `${name.length * 0.7 + 0.6}em`);
      this.controls.replaceChildren(this.row.element);
    }
    this.row.show(value);
  }

  private change({ node, place }: ChosenEntry, changed: number): void {
    const { name } = this.view.session.nodes[node];
    const inputs = this.view.model.get("inputs")!;
    const { shape, data } = inputs[name] as { shape: number[]; data: number[] };
    const moved = { shape, data: data.map((each, index) => (index === place ? changed : each)) };
    this.view.write("inputs", { ...inputs, [name]: moved });
  }
}
