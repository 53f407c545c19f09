// How an exported page starts: the notebook's view on a stand-in for the notebook's model.
import { ExplorerView } from "./explorer.js";
import { unfolded } from "./folded.js";
import { PageModel } from "./page_model.js";
import { followPrinting, forwardKeys, reportHeight } from "./page_frame.js";

function readJson(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** Read the page's data and show it. */
export function openPage(Aids) {
  const traits = readJson("bpv-traits");
  const model = new PageModel({ ...traits, spec: unfolded(readJson("bpv-spec")) });
  const host = document.getElementById("bpv-page");
  host.replaceChildren();
  const view = new ExplorerView(model, host, Aids);
  forwardKeys(view.root);
  followPrinting(view, model);
  reportHeight(host);
}
