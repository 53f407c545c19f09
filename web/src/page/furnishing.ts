// What a view gets once it has its picture.
import { followUndo } from "./undo.js";

export function furnish(view) {
  const { lifetime, root, model } = view;
  followUndo({ lifetime, root, model, write: (name, value) => view.write(name, value) });
}
