// The entry of an exported page with a recorded run.
import { PageModel, readPageData } from "../page_model.js";
import { followPrinting, forwardKeys, reportHeight } from "../page_frame.js";
import { ReplayPage } from "./replay_page.js";

function openReplay() {
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

openReplay();
