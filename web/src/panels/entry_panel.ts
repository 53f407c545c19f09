// One entry of an array: choosing it in the picture, what it meets, its sum, and changing it where it is an input's.
import { makeElement, nearest } from "../page/dom.js";
import type { Picture, View } from "../page/view.js";
import { captionWords } from "../picture/captions.js";
import { EdgeShapes } from "../picture/edge_labels.js";
import { type ChosenEntry, EntryStories, type EntryStory } from "../story/entries.js";
import type { NumberSource } from "../story/number_sources.js";
import { formatNumber } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import { EntryEditor } from "./entry_editor.js";
import { entryName, entryNumber, entryWords, metSentences } from "./entry_words.js";

/** Where arrow keys lead in a grid. */
export const ARROWS: Record<string, [across: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const NUMBER_BEGINS = /^[-−.0-9]$/;

interface Shown {
  chosen: ChosenEntry;
  numbers: NumberSource;
  isKnown: boolean;
  isSettled: boolean;
  marks: object; // another scene has others
}

/** The entry that a person looks at; it stands in the explanation's place. */
export class EntryPanel {
  chosen: ChosenEntry | null = null;
  private shown: Shown | null = null; // what the panel and the marks tell of now
  private described: object | null = null; // the marks that say how to reach their entries
  private stories: EntryStories | null = null;
  private readonly told = makeElement("div", { class: "bpv-explanation-text" });
  private readonly hint = makeElement("p", { class: "bpv-role bpv-entry-keys" });
  private readonly editor: EntryEditor;
  private readonly shapes: EdgeShapes;
  private readonly element: HTMLElement;

  constructor(private readonly view: View) {
    const { lifetime, stage, explanation } = view;
    this.editor = new EntryEditor(view, () => this.chosen);
    this.shapes = new EdgeShapes(lifetime, stage, view.root);
    this.element = makeElement("div", { class: "bpv-entry", hidden: "" }, this.told, this.editor.element, this.hint);
    explanation.text.after(this.element);
    lifetime.listen(stage.element, "click", (event) => {
      if (stage.dragging?.justMoved || stage.camera.justPanned) return;
      this.choose(this.entryAt(event));
    });
    lifetime.listen(stage.element, "keydown", (event) => this.press(event));
  }

  private markAt(target: EventTarget | null) {
    return this.view.stage.marks.get(nearest(target, ".bpv-node")?.dataset.node ?? "") ?? null;
  }

  /** The entry under a pointer. */
  private entryAt(event: MouseEvent): ChosenEntry | null {
    const mark = this.markAt(event.target);
    const point = this.view.stage.camera.toScene(event);
    const entry = mark?.tile?.entryAt(point.x - mark.node.x, point.y - mark.node.y) ?? null;
    return mark && entry ? { node: mark.id, ...entry } : null;
  }

  /** Choose an entry, or none. */
  choose(chosen: ChosenEntry | null): void {
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
    if (!mark?.tile || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const own = this.chosen?.node === mark.id ? this.chosen : null;
    if (event.altKey) {
      if (!own || !this.editor.nudge(event)) return;
    } else if (key === "Enter" && !own) this.choose({ node: mark.id, kind: "value", place: 0 });
    else if (own && key in ARROWS) this.choose({ node: mark.id, ...mark.tile.neighbour(own, ...ARROWS[key]) });
    else if (!own || !(key === "Enter" || NUMBER_BEGINS.test(key)) || !this.editor.type(key === "Enter" ? "" : key))
      return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Show the chosen entry with the newest numbers; called when numbers, the step or the selection have changed. */
  show(): void {
    this.shapes.show();
    this.describe();
    const { session, stage, explanation } = this.view;
    // In forward mode the lower grid holds tangents, of which no sum is told.
    if (this.chosen?.kind === "slope" && session.isForwardMode) this.chosen = { ...this.chosen, kind: "value" };
    if (this.chosen && session.nodes[this.chosen.node]?.name !== session.selected) this.chosen = null;
    const { chosen } = this;
    const wasAway = explanation.text.hidden;
    explanation.text.hidden = chosen !== null;
    if (wasAway) explanation.show(session.told(), session.focus.phase);
    this.element.hidden = chosen === null;
    if (!chosen) {
      if (this.shown) this.markAll(null, null);
      this.shown = null;
      this.editor.show(null);
      return;
    }
    this.stories ??= new EntryStories(session);
    const isSettled = session.replay.settled[chosen.node] === 1;
    const isKnown = chosen.kind === "value" ? session.replay.known[chosen.node] === 1 : isSettled;
    const now: Shown = { chosen, numbers: session.context, isKnown, isSettled, marks: stage.marks };
    // A step that says nothing new of the entry leaves panel and marks as they are.
    if (this.shown && (Object.keys(now) as (keyof Shown)[]).every((key) => this.shown![key] === now[key])) return;
    this.shown = now;
    const story = isKnown && session.compiled ? this.stories.tell(chosen) : null;
    this.markAll(chosen, story);
    this.told.replaceChildren(...entryWords(session, chosen, story));
    this.editor.show(chosen);
    this.hint.textContent = `← → ↑ ↓ other entries${this.editor.isOpen ? " · Enter, a digit or a drag changes it" : ""}`;
  }

  // What Enter does at a tile, for those who hear it.
  private describe(): void {
    const { marks } = this.view.stage;
    if (this.described === marks) return;
    this.described = marks;
    for (const mark of marks.values())
      if (mark.tile) mark.element.setAttribute("aria-description", "Enter: its entries");
  }

  /** Put the marks back where something else has marked entries. */
  showAgain(): void {
    const { chosen } = this;
    this.markAll(null, null);
    this.shown = null;
    if (chosen && this.view.session) this.show();
  }

  private markAll(chosen: ChosenEntry | null, story: EntryStory | null): void {
    for (const mark of this.view.stage.marks.values()) {
      const met = story?.met.get(mark.id);
      const own = chosen?.node === mark.id ? chosen : null;
      mark.tile?.mark(
        own || met ? { chosen: own, value: met?.value ?? new Set(), slope: met?.slope ?? new Set() } : null,
      );
    }
  }

  /** An entry as people hear it. */
  private spoken(chosen: ChosenEntry): string {
    const { session } = this.view;
    const isSlope = chosen.kind === "slope" && !session.isForwardMode;
    const amount = entryNumber(session, isSlope ? "gradient" : "value", chosen);
    const name = entryName(session, chosen);
    const number = `${isSlope ? `gradient of ${name}` : name}: ${amount === null ? "not computed yet" : formatNumber(amount)}`;
    const met =
      isSlope && amount !== null && this.stories ? metSentences(session, chosen, this.stories.tell(chosen)) : [];
    return [number, ...met].join(". ");
  }
}

/** Whether the layer above a picture would say what it says, and about the same; it remembers what it says now. */
export function saysTheSame(overlay: { said: string; session: Session; stage: Picture }): boolean {
  const { session, stage, said } = overlay;
  const carried = [...session.active].map((edge) => session.carried(edge));
  overlay.said = JSON.stringify([session.step, session.selected, carried, captionWords(stage)]);
  return overlay.said === said && stage.hovered?.tile !== null; // beside a tile no numbers stand
}
