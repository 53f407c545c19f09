// One step of a run that the page trains, gate by gate: the graph came laid out, the numbers are those of the moment.
import { PageModel } from "../page/exported_page.js";
import { ExplorerView } from "../page/explorer.js";
import { PlainAids } from "../panels/plain_aids.js";
import { unfolded } from "../story/specification.js";
import type { WidgetManager, WidgetModel, WidgetView } from "../types/model.js";
import type { ExplorerTraits, PlainOpenedStep, Specification } from "../types/specification.js";
import type { PageRun } from "./page_run.js";

/** The step's graph with a learning rate in the place of the number that stands for it. */
function specificationAt({ spec, rate: mark }: PlainOpenedStep, rate: number): Specification {
  const text = JSON.stringify(spec);
  const written = JSON.parse(text, (_, value: unknown) => (value === mark ? rate : value)) as PlainOpenedStep["spec"];
  return unfolded(written);
}

/** The numbers of one example and of the present weights, as inputs of the step's graph. */
export function stepInputs({ plain, learner }: PageRun, example: ReturnType<PageRun["learner"]["exampleAt"]>) {
  const sources = { parameters: learner.parameters, ...example };
  const input = ([from, start, shape]: PlainOpenedStep["inputs"][string]) => {
    if (shape.length === 0) return sources[from][start];
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, data: [...sources[from].subarray(start, start + size)] };
  };
  return Object.fromEntries(Object.entries(plain.step.inputs).map(([name, place]) => [name, input(place)]));
}

/** Makes views of the run's opened step, as a notebook's widget manager makes them of a kernel's. */
export function stepManager(run: PageRun): WidgetManager {
  const showIn = (el: HTMLElement): WidgetView => {
    const model = new PageModel<ExplorerTraits>({
      spec: specificationAt(run.plain.step, run.learner.learningRate),
      inputs: stepInputs(run, run.learner.exampleAt(run.get("example"))),
      theme: run.get("theme"),
      size: run.get("size"),
    });
    const view = new ExplorerView(model, el, (made) => new PlainAids(made));
    return { el, remove: () => view.lifetime.end() };
  };
  return {
    get_model: () => Promise.resolve({} as WidgetModel),
    create_view: () => Promise.resolve(showIn(document.createElement("div"))),
  };
}
