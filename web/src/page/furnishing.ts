// What a view gets once it has its picture.
import type { ExplorerView } from "./explorer.js";
import { parts } from "./parts.js";
import { followUndo } from "./undo.js";

const further: ((view: ExplorerView) => void)[] = [];

/** Give every view something more; pages that do without it are lighter. */
export function furnishAlso(part: (view: ExplorerView) => void) {
  further.push(part);
}

/** Furnish a view. */
export function furnish(view: ExplorerView) {
  const { lifetime, root, model } = view;
  view.entries = parts.makeEntryPanel?.(view);
  followUndo({ lifetime, root, model, write: (inputs) => view.write("inputs", inputs) });
  for (const part of further) part(view);
}
