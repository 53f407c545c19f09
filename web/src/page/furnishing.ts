// What a view gets once it has its picture.
import { parts } from "./parts.js";
import { followUndo } from "./undo.js";
import type { View } from "./view.js";

const further: ((view: View) => void)[] = [
  (view) => {
    const { lifetime, root, model } = view;
    followUndo({ lifetime, root, model, write: (inputs) => view.write("inputs", inputs) });
  },
];

/** Give every view something more; pages that do without it are lighter. */
export function furnishAlso(part: (view: View) => void) {
  further.push(part);
}

/** Furnish a view, and again when more parts have come. */
export function furnish(view: View) {
  view.entries ??= parts.makeEntryPanel?.(view);
  for (const part of further.slice(view.furnished)) part(view);
  view.furnished = further.length;
}
