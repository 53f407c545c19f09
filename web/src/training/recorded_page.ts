// An exported page with a recorded run.
import { followPrinting, forwardKeys, PageModel, readPageData, reportHeight } from "../page/exported_page.js";
import { ReplayPage } from "./replay_page.js";

/** Read the page's data and show it. */
export function openReplay() {
  const { recording, frames } = readPageData("bpv-spec");
  const packed = Uint8Array.from(atob(frames), (sign) => sign.charCodeAt(0));
  const model = new PageModel({ ...readPageData("bpv-traits"), recording, frames: packed });
  const host = document.getElementById("bpv-page");
  host.replaceChildren();
  const page = new ReplayPage(model, host);
  forwardKeys(page.root);
  followPrinting({
    hasBegun: () => page.position > 0,
    showEnd: () => {
      page.goTo(page.last);
      page.refresh();
    },
    showStart: () => page.goTo(0),
  });
  reportHeight(host);
}
