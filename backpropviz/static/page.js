// The entry of an exported page: the notebook's view on a stand-in for the notebook's model.
import { ExplorerView } from "./explorer.js";
import { PageModel } from "./page_model.js";
import { followPrinting, forwardKeys, reportHeight } from "./page_frame.js";

function readJson(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

function openPage() {
  const traits = readJson("bpv-traits");
  const model = new PageModel({ ...traits, spec: readJson("bpv-spec") ?? traits.spec });
  const host = document.getElementById("bpv-page");
  host.replaceChildren();
  const view = new ExplorerView(model, host);
  forwardKeys(view.root);
  followPrinting(view, model);
  reportHeight(host);
}

openPage();
