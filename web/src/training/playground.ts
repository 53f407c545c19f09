// A network that learns in an exported page: the trainer's view, with the run in the page itself.
import { ARRAY_PRIMITIVES } from "../story/array_primitives.js";
import { compileAnyGraph } from "../story/closed_gates.js";
import { useCompiler } from "../story/engine.js";
import { usePrimitives } from "../story/primitives.js";
import { forwardKeys, pageHost, readPageData, reportHeight } from "../page/exported_page.js";
import type { PlainPlayground, TrainerTraits } from "../types/specification.js";
import { stepManager } from "./opened_step.js";
import { PageRun } from "./page_run.js";
import { TrainerPage } from "./trainer_page.js";

/** The marks of the picture, as a trainer's trait has them. */
export function pointsOf({ points }: PlainPlayground): DataView<ArrayBuffer> {
  return new DataView(Uint8Array.from(atob(points), (sign) => sign.charCodeAt(0)).buffer);
}

/** Read the page's data and show it. */
export function openPlayground(): void {
  usePrimitives(ARRAY_PRIMITIVES);
  useCompiler(compileAnyGraph); // a step opens with closed gates, always as a circuit
  const plain = readPageData<PlainPlayground>("bpv-spec");
  const settings = readPageData<TrainerTraits>("bpv-traits");
  const model = new PageRun(plain, { ...settings, plan: plain.plan, points: pointsOf(plain) });
  model.widget_manager = stepManager(model);
  const host = pageHost();
  const page = new TrainerPage(model, host);
  forwardKeys(page.root);
  // What a deck (reveal.js) says to the pages of a slide that is left.
  window.addEventListener("message", ({ source, data }) => {
    if (source === window.parent && data === "slide:stop") model.set("playing", false);
  });
  reportHeight(host);
}
