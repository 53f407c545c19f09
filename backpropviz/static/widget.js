// The entry: a notebook calls render. What only a notebook has, a kernel and a still picture, is followed here.
import { StudyAids } from "./aids.js";
import { Connection } from "./connection.js";
import { ExplorerView } from "./explorer.js";
import { hideStill } from "./still.js";

function render({ model, el }) {
  const view = new ExplorerView(model, el, StudyAids);
  const { lifetime, root } = view;
  new Connection({ lifetime, model, root, onChange: (isLost) => view.showLost(isLost) });
  hideStill({ lifetime, root, model });
  return () => view.end();
}

export default { render };
