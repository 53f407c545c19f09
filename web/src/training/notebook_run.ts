// A network that learns in a notebook's page: what a person sets travels between the run here and the kernel's widget.
import { hideStill } from "../page/notebook.js";
import { withArrays, withClosedGates } from "../page/with_arrays.js";
import type { Model } from "../types/model.js";
import type { PlainPlayground, TrainerTraits } from "../types/specification.js";
import { stepManager } from "./opened_step.js";
import { PageRun } from "./page_run.js";
import { pointsOf } from "./playground.js";
import { TrainerPage } from "./trainer_page.js";

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
] as const;

/** Show a widget's run; gives what ends it. */
export function showPlayground({ model, el }: { model: Model<Traits>; el: HTMLElement }): () => void {
  withArrays();
  withClosedGates();
  const plain = model.get("playground");
  const settings = Object.fromEntries(
    SHARED_SETTINGS.map((name) => [name, model.get(name)]),
  ) as unknown as TrainerTraits;
  const { plan } = plain;
  const run = new PageRun(plain, { ...settings, plan, points: pointsOf(plain), earlier: [], opened: null });
  run.widget_manager = stepManager(run);
  const page = new TrainerPage(run, el);
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
