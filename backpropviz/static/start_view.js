// What only a notebook has, a kernel and a still picture, is followed here.
import { Connection } from "./connection.js";
import { ExplorerView } from "./explorer.js";
import { hideStill } from "./still.js";

/** Show a model with study aids of one kind; gives what ends the view. */
export function startView({ model, el }, Aids) {
  const view = new ExplorerView(model, el, Aids);
  const { lifetime, root } = view;
  new Connection({ lifetime, model, root, onChange: (isLost) => view.showLost(isLost) });
  hideStill({ lifetime, root, model });
  return () => view.end();
}
