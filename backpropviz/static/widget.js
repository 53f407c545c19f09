// The entry of an explorer: a notebook calls render.
import { LaterAids } from "./later_aids.js";
import { startView } from "./start_view.js";

function render(given) {
  return startView(given, LaterAids);
}

export default { render };
