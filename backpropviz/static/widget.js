// The entry: a notebook calls render.
import { StudyAids } from "./aids.js";
import { ExplorerView } from "./explorer.js";

function render({ model, el }) {
  const view = new ExplorerView(model, el, StudyAids);
  return () => view.end();
}

export default { render };
