// Changing one entry of an input in place: its slider and field, keys, a drag on its cell, and a pasted block.
import { makeElement, nearest } from "../page/dom.js";
import type { View } from "../page/view.js";
import { Lifetime } from "../page/lifetime.js";
import { type Dial, dragNumbers } from "../picture/number_drag.js";
import type { ChosenEntry } from "../story/entries.js";
import { blockFrom, placed } from "../story/input_entries.js";
import { entryName, entryNumber } from "./entry_words.js";
import { InputRow } from "./inputs.js";

interface Entries {
  shape: number[];
  data: number[];
}

/** The controls of the chosen entry, where it is an input's. */
export class EntryEditor {
  readonly element = makeElement("div", { class: "bpv-entry-controls bpv-long-names" });
  private row: InputRow | null = null;
  private rowLifetime: Lifetime;

  constructor(
    private readonly view: View,
    private readonly chosen: () => ChosenEntry | null,
  ) {
    const { lifetime, stage, root } = view;
    this.rowLifetime = new Lifetime(lifetime.guard);
    lifetime.onEnd(() => this.rowLifetime.end());
    // The drag of a chosen entry changes its value.
    dragNumbers(lifetime, stage.element, (event) => this.dialAt(event));
    lifetime.listen(root, "paste", (event) => this.paste(event));
  }

  /** Show the controls of an entry; none for a gradient, and of what is computed. */
  show(chosen: ChosenEntry | null): void {
    const { session } = this.view;
    const isInput = chosen !== null && session.nodes[chosen.node].op === "input";
    const value = isInput ? entryNumber(session, "value", chosen) : null;
    if (!isInput || value === null) {
      this.drop();
      return;
    }
    const name = entryName(session, chosen);
    if (this.row?.name !== name) {
      this.drop();
      const reach = Math.max(3, Math.ceil(2 * Math.abs(value)));
      const lifetime = this.rowLifetime;
      const onChange = (_: string, changed: number) => this.change(changed);
      this.row = new InputRow({ lifetime, name, range: [-reach, reach, reach / 300], onChange });
      lifetime.listen(this.row.field, "keydown", (event) => this.leave(event));
      this.element.replaceChildren(this.row.element);
    }
    this.row.show(value);
  }

  /** Whether the chosen entry can be changed. */
  get isOpen(): boolean {
    return this.row !== null;
  }

  private drop(): void {
    this.rowLifetime.end();
    this.rowLifetime = new Lifetime(this.view.lifetime.guard);
    this.element.replaceChildren();
    this.row = null;
  }

  /** Go into the field, with what was typed already; false where there is none. */
  type(typed: string): boolean {
    if (!this.row) return false;
    this.row.edit(typed);
    if (typed) this.row.read((_, changed) => this.change(changed));
    return true;
  }

  /** Alt + arrow up or down: a step of the value. */
  nudge(event: KeyboardEvent): boolean {
    if (!this.row || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return false;
    this.row.nudge(event, (_, changed) => this.change(changed));
    return true;
  }

  // Enter and Escape lead back to the cell, as in a spreadsheet.
  private leave({ key }: KeyboardEvent): void {
    const chosen = this.chosen();
    if ((key !== "Enter" && key !== "Escape") || !chosen || this.row?.field.ariaInvalid === "true") return;
    this.view.stage.markOf.get(chosen.node)?.element.focus();
  }

  private entriesOf(node: number): Entries {
    return this.view.model.get("inputs")![this.view.session.nodes[node].name] as Entries;
  }

  private write(node: number, data: number[]): void {
    const { name } = this.view.session.nodes[node];
    const inputs = this.view.model.get("inputs")!;
    this.view.write("inputs", { ...inputs, [name]: { shape: this.entriesOf(node).shape, data } });
  }

  private change(changed: number): void {
    const chosen = this.chosen();
    if (!chosen) return;
    this.write(
      chosen.node,
      this.entriesOf(chosen.node).data.map((each, place) => (place === chosen.place ? changed : each)),
    );
  }

  private dialAt(event: PointerEvent): Dial | null {
    const { row } = this;
    const chosen = this.chosen();
    const mark = this.view.stage.marks.get(nearest(event.target, ".bpv-node")?.dataset.node ?? "");
    if (!row || chosen?.kind !== "value" || mark?.id !== chosen.node || !mark.tile) return null;
    const point = this.view.stage.camera.toScene(event);
    const entry = mark.tile.entryAt(point.x - mark.node.x, point.y - mark.node.y);
    if (entry?.kind !== "value" || entry.place !== chosen.place) return null;
    return { value: row.value, step: row.step, change: (value) => this.change(value) };
  }

  // A block from a spreadsheet goes into the chosen entry and onward; a number goes where the cursor is.
  private paste(event: ClipboardEvent): void {
    const chosen = this.chosen();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isField = nearest(event.target, "input, textarea") !== null;
    if (!chosen || !this.row || (isField && (event.target !== this.row.field || !/[\t\n;]|, /.test(text.trim()))))
      return;
    event.preventDefault();
    const { shape, data } = this.entriesOf(chosen.node);
    const { block, problem } = blockFrom(text);
    const { name } = this.view.session.nodes[chosen.node];
    const found = problem === undefined ? placed(block, { name, shape, data, place: chosen.place }) : { problem };
    if (found.problem !== undefined) this.view.strip.show({ text: found.problem });
    else {
      this.view.strip.show(null);
      this.write(chosen.node, found.data);
    }
  }
}
