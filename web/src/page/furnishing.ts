// What a view gets once it has its picture.
import type { ExplorerView } from "./explorer.js";
import { EntryPanel } from "../panels/entry_panel.js";
import { followUndo } from "./undo.js";

/** Furnish a view. */
export function furnish(view: ExplorerView) {
  const { lifetime, root, model } = view;
  view.entries = new EntryPanel(view);
  followUndo({ lifetime, root, model, write: (inputs) => view.write("inputs", inputs) });
}
