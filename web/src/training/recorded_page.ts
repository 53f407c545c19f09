// An exported page with a recorded run.
import { followPrinting, forwardKeys, pageHost, PageModel, readPageData, reportHeight } from "../page/exported_page.js";
import type { PlainRecording, ReplayTraits } from "../types/specification.js";
import { ReplayPage } from "./replay_page.js";

/** Read the page's data and show it. */
export function openReplay() {
  const { recording, frames } = readPageData<{ recording: PlainRecording; frames: string }>("bpv-spec");
  const bytes = Uint8Array.from(atob(frames), (sign) => sign.charCodeAt(0));
  const packed = new DataView(bytes.buffer);
  const model = new PageModel<ReplayTraits>({ ...readPageData<ReplayTraits>("bpv-traits"), recording, frames: packed });
  const host = pageHost();
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
