// How an exported page starts: the notebook's view on a stand-in for the notebook's model.
import { ExplorerView } from "./explorer.js";
import { unfolded } from "./folded.js";
import { PageModel, readPageData } from "./page_model.js";
import { followPrinting, forwardKeys, reportHeight } from "./page_frame.js";

/** Read the page's data and show it. */
export function openPage(Aids) {
  const traits = readPageData("bpv-traits");
  const model = new PageModel({ ...traits, spec: unfolded(readPageData("bpv-spec")) });
  const host = document.getElementById("bpv-page");
  host.replaceChildren();
  const view = new ExplorerView(model, host, Aids);
  forwardKeys(view.root);
  followPrinting({
    hasBegun: () => (model.get("step") ?? 0) > 0 || !view.session,
    showEnd: () => {
      model.set("step", view.session.steps);
      view.refresh();
    },
    showStart: () => model.set("step", 0),
  });
  reportHeight(host, view.stage.camera);
}
