// What a view gets once it has its picture.
import type { ExplorerView } from "./explorer.js";
import { arrayParts } from "./array_parts.js";
import { followUndo } from "./undo.js";

/** Furnish a view. */
export function furnish(view: ExplorerView) {
  const { lifetime, root, model } = view;
  view.entries = arrayParts()?.makePanel(view);
  followUndo({ lifetime, root, model, write: (inputs) => view.write("inputs", inputs) });
}
