// The entry: a notebook, or an exported page through a small stand-in for the model, calls render.
import { ExplorerView } from "./explorer.js";

function render({ model, el }) {
  const view = new ExplorerView(model, el);
  return () => view.end();
}

export default { render };
