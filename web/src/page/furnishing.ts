// What a view gets once it has its picture.
import type { ExplorerView } from "./explorer.js";
import { parts } from "./parts.js";
import { followUndo } from "./undo.js";

const further: ((view: ExplorerView) => void)[] = [
  (view) => {
    const { lifetime, root, model } = view;
    followUndo({ lifetime, root, model, write: (inputs) => view.write("inputs", inputs) });
  },
];

/** Give every view something more; pages that do without it are lighter. */
export function furnishAlso(part: (view: ExplorerView) => void) {
  further.push(part);
}

/** Furnish a view, and again when more parts have come. */
export function furnish(view: ExplorerView) {
  view.entries ??= parts.makeEntryPanel?.(view);
  for (const part of further.slice(view.furnished)) part(view);
  view.furnished = further.length;
}
