// Undo and redo of what is put into a view: its formula, and the numbers of its inputs.

import type { Model } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";
import { nearest } from "./dom.js";
import type { Lifetime } from "./lifetime.js";

const ONE_GESTURE = 800; // milliseconds: changes of the inputs that follow each other so fast are one
const MOST_KEPT = 100;

/** What can be taken back. */
interface Entry {
  expression: string;
  inputs: Record<string, unknown>;
}

/** What was before, and what was taken back; entries are {expression, inputs}. */
export class Changes {
  past: Entry[] = [];
  future: Entry[] = [];
  latest = -Infinity;
  place = "";

  /** Keep what was before a change of a place; now is null for a change that stands alone. */
  keep(before: Entry, now: number | null, place = "") {
    const continues = now !== null && now - this.latest < ONE_GESTURE && place === this.place;
    this.latest = now ?? -Infinity;
    this.place = place;
    if (continues) return;
    this.past = [...this.past, before].slice(-MOST_KEPT);
    this.future = [];
  }

  /** Step back from the present, or forward again; undefined where nothing is left. */
  take(direction: "undo" | "redo", present: Entry) {
    const [from, to] = direction === "undo" ? [this.past, this.future] : [this.future, this.past];
    const entry = from.pop();
    if (entry !== undefined) to.push(present);
    this.latest = -Infinity;
    return entry;
  }
}

/** Which inputs differ, and of an array which entries. */
function changedPlaces(before: Entry["inputs"], after: Entry["inputs"]): string {
  const entries = (value: unknown): readonly unknown[] =>
    typeof value === "object" && value !== null && "data" in value ? (value.data as unknown[]) : [value];
  return Object.keys(after)
    .flatMap((name) => {
      const old = entries(before[name]);
      return entries(after[name]).flatMap((each, place) => (Object.is(each, old[place]) ? [] : [`${name}[${place}]`]));
    })
    .join();
}

const names = (inputs: Record<string, unknown>) => Object.keys(inputs).join("\n");

// In a field the browser undoes the typing; but a formula that stands as it was drawn is taken back like its graph.
const isTyped = (target: EventTarget | null) =>
  nearest(target, "textarea, input:not([type=range], [type=checkbox])") !== null &&
  nearest(target, ".bpv-expression")?.querySelector(".bpv-ready") !== null;

/**
 * Undo with Ctrl + Z, redo with Ctrl + Shift + Z or Ctrl + Y; write(inputs) changes the model.
 *
 * start: the inputs that were shown first. What has changed since, before anybody could follow it, is one change.
 */
export function followUndo({
  lifetime,
  root,
  model,
  start,
  write,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  model: Model<ExplorerTraits>;
  start: Entry["inputs"];
  write: (inputs: Record<string, unknown>) => void;
}) {
  const changes = new Changes();
  const read = () => ({ expression: model.get("expression") ?? "", inputs: model.get("inputs") ?? {} });
  let known = { ...read(), inputs: start };
  let isOwn = false; // what was undone is no change
  const settle = (now: number | null) => {
    const present = read();
    if (!isOwn) changes.keep(known, now, changedPlaces(known.inputs, present.inputs));
    isOwn = false;
    known = present;
  };
  const isSame = names(read().inputs) === names(start);
  if (isSame && changedPlaces(start, read().inputs)) settle(null);
  else known = read();
  lifetime.follow(model, "change:expression", () => settle(null));
  lifetime.follow(model, "change:inputs", () => {
    // Other inputs belong to another formula, of which one hears next.
    if (names(read().inputs) === names(known.inputs)) settle(performance.now());
  });
  lifetime.listen(root, "keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyped(event.target) || (key !== "z" && key !== "y"))
      return;
    event.preventDefault();
    const entry = changes.take(key === "y" || event.shiftKey ? "redo" : "undo", read());
    if (!entry) return;
    isOwn = true;
    if (entry.expression === read().expression) write(entry.inputs);
    else model.send({ kind: "expression", text: entry.expression, inputs: entry.inputs });
  });
}
