// A network that learns in an exported page: the trainer's view, with the run in the page itself.
import { forwardKeys, pageHost, readPageData, reportHeight } from "../page/exported_page.js";
import { hideStill, withRoom } from "../page/notebook.js";
import { withArrays } from "../page/with_arrays.js";
import { withClosedGates } from "../page/with_closed_gates.js";
import { withFollowing } from "../picture/following.js";
import { withOverview } from "../picture/overview.js";
import { compileAnyGraph } from "../story/closed_gates.js";
import { useCompiler } from "../story/engine.js";
import { usePrimitives } from "../story/primitives.js";
import { TIGHT_PRIMITIVES } from "../story/tight_loops.js";
import type { Model, WidgetManager } from "../types/model.js";
import type { PlainPlayground, TrainerTraits } from "../types/specification.js";
import { offerData } from "./data_settings.js";
import { offerGraph } from "./graph_learner.js";
import { offerLandscape } from "./landscape_panel.js";
import { arrayStep, stepManager } from "./opened_step.js";
import { PageRun } from "./page_run.js";
import { followRunLink, runAddress } from "./run_link.js";
import { SlideRoom } from "./slide_room.js";
import { TrainerPage } from "./trainer_page.js";

const AROUND_STEP = 116; // px: the head of an opened step, and its row of choices

/** What only some pages have: the landscape or kernels, and steps that can be opened. */
interface Offers {
  offer?: typeof offerLandscape | typeof offerGraph;
  makeManager?: (run: PageRun) => WidgetManager;
}

/** Read the page's data and show it. */
export function openPlayground({ offer, makeManager }: Offers): void {
  usePrimitives(TIGHT_PRIMITIVES);
  withFollowing();
  withRoom(AROUND_STEP);
  withOverview();
  useCompiler(compileAnyGraph); // a step opens with closed gates, always as a circuit
  const plain = readPageData<PlainPlayground>("bpv-spec");
  const settings = readPageData<TrainerTraits>("bpv-traits");
  const model = new PageRun(plain, settings);
  if (makeManager) model.widget_manager = makeManager(model);
  const host = pageHost();
  const page = new TrainerPage(model, host);
  forwardKeys(page.root);
  // The address of a frame is not the reader's.
  offerData(page, model, window.parent === window ? () => runAddress(model, landscape?.link) : null);
  const landscape = offer?.(page, model);
  followRunLink(page, model, landscape?.link);
  // What a deck (reveal.js) says to the pages of a slide that is left.
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || data !== "slide:stop") return;
    model.set("playing", false);
    landscape?.rest();
  });
  reportHeight(host, null, new SlideRoom(page));
}

// A network that learns in a notebook's page: what a person sets travels between the run here and the kernel's widget.

type Traits = TrainerTraits & { playground: PlainPlayground };

const SHARED_SETTINGS = [
  "playing",
  "learning_rate",
  "batch_size",
  "l2",
  "activation",
  "activations",
  "hidden",
  "epochs",
  "epochs_per_second",
  "steps_per_second",
  "log_scale",
  "example",
  "message",
  "theme",
  "size",
  "dataset",
  "datasets",
  "race",
] as const;

/** Show a widget's run; gives what ends it. */
export function showPlayground({ model, el }: { model: Model<Traits>; el: HTMLElement }): () => void {
  withArrays();
  withClosedGates();
  withFollowing();
  withOverview();
  const plain = model.get("playground");
  const settings = Object.fromEntries(
    SHARED_SETTINGS.map((name) => [name, model.get(name)]),
  ) as unknown as TrainerTraits;
  const run = new PageRun(plain, { ...settings, earlier: [], opened: null });
  if (plain.step) run.widget_manager = stepManager(run, arrayStep);
  const page = new TrainerPage(run, el);
  offerData(page, run, null);
  offerLandscape(page, run);
  offerGraph(page, run);
  const { lifetime, root } = page;
  for (const name of SHARED_SETTINGS) {
    lifetime.follow(model, `change:${name}`, () => run.set(name, model.get(name)));
    lifetime.follow(run, `change:${name}`, () => {
      model.set(name, run.get(name));
      model.save_changes();
    });
  }
  hideStill({ lifetime, root, model });
  lifetime.onEnd(() => run.end());
  return () => page.end();
}
