// Another widget inside this one: the explorer of one step.
import { motionIsReduced } from "../page/dom.js";
import { ExplorerView } from "../page/explorer.js";
import { PageModel } from "../page/exported_page.js";
import type { Lifetime } from "../page/lifetime.js";
import { PlainAids } from "../panels/aids.js";
import { unfolded } from "../story/specification.js";
import type { Model, WidgetManager, WidgetModel, WidgetView } from "../types/model.js";
import type { ExplorerTraits, PlainArrayStep, Specification, TrainerTraits } from "../types/specification.js";
import { batchOf, batchTable } from "./batch_table.js";
import type { Learner } from "./learner.js";
import type { PageRun } from "./page_run.js";
import { isAsItCame } from "./run_settings.js";
import { stepAt } from "./step_specification.js";

const MODEL_PREFIX = "IPY_MODEL_";

/** A place for a widget that is named by a trait; the widget there is exchanged when the trait changes. */
export class EmbeddedWidget {
  lifetime: Lifetime;
  model: Model<TrainerTraits>;
  trait: "opened";
  place: HTMLElement;
  /** Whether somebody waits for what comes next: then it is brought into sight, with its head. */
  isAwaited = false;
  /** Whether what comes next was chosen in the table of the batch. */
  private isReadOn = false;
  view: WidgetView | null;
  round: number;

  constructor({
    lifetime,
    model,
    trait,
    place,
  }: {
    lifetime: Lifetime;
    model: Model<TrainerTraits>;
    trait: "opened";
    place: HTMLElement;
  }) {
    this.lifetime = lifetime;
    this.model = model;
    this.trait = trait;
    this.place = place;
    this.view = null;
    this.round = 0;
    lifetime.follow(model, `change:${trait}`, () => this.follow());
    lifetime.onEnd(() => this.remove());
    void this.follow();
  }

  async follow() {
    this.round += 1;
    const { round } = this;
    const reference = this.model.get(this.trait);
    const manager = this.model.widget_manager;
    if (!reference || !manager) {
      this.remove();
      return;
    }
    const view = await this.createView(manager, reference.slice(MODEL_PREFIX.length));
    // Another widget may have been named meanwhile, or the page closed.
    if (view === null || this.round !== round || this.lifetime.ended) {
      view?.remove();
      return;
    }
    this.remove();
    this.view = view;
    this.place.append(view.el);
    const batch = this.model.get("batch");
    if (batch) {
      const table = batchTable(batch, (example) => this.open(example));
      table.open = this.isReadOn;
      this.place.append(table);
    }
    this.isReadOn = false;
    this.place.hidden = false;
    view.trigger?.("displayed");
    const behavior = motionIsReduced() ? "auto" : "smooth";
    const bring = () => this.place.previousElementSibling?.scrollIntoView({ behavior });
    // How high it is, it knows once it has been laid out.
    if (this.isAwaited) requestAnimationFrame(() => requestAnimationFrame(bring));
    this.isAwaited = false;
  }

  // A cell that is run again closes its widgets, and then there is nothing to show: null.
  async createView(manager: WidgetManager, id: string) {
    try {
      const child = await manager.get_model(id);
      return await manager.create_view(child);
    } catch (problem) {
      console.warn(problem);
      return null;
    }
  }

  private open(example: number) {
    this.isReadOn = true;
    this.model.set("example", example);
    this.model.save_changes();
    this.model.send({ kind: "open" });
  }

  remove() {
    this.view?.remove();
    this.view = null;
    this.place.replaceChildren();
    this.place.hidden = true;
  }
}

// One step of a run that the page trains, gate by gate, with the numbers of the moment.

/** The step's graph of arrays with a learning rate in the place of the number that stands for it. */
function specificationAt({ spec, rate: mark }: PlainArrayStep, rate: number): Specification {
  const text = JSON.stringify(spec);
  const written = JSON.parse(text, (_, value: unknown) => (value === mark ? rate : value)) as PlainArrayStep["spec"];
  return unfolded(written);
}

/** The numbers of one example and of the present weights, as inputs of that graph. */
function stepInputs({ inputs }: PlainArrayStep, { learner }: PageRun, example: ReturnType<Learner["exampleAt"]>) {
  const sources = { parameters: learner.parameters, ...example };
  const input = ([from, start, shape]: PlainArrayStep["inputs"][string]) => {
    if (shape.length === 0) return sources[from][start];
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, data: [...sources[from].subarray(start, start + size)] };
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, place]) => [name, input(place)]));
}

interface Shown {
  spec: Specification;
  inputs: Record<string, unknown>;
}

/** The step on an example as the graph of arrays that the page came with; null where this is another network. */
export function arrayStep(run: PageRun, example: number): Shown | null {
  const { plain, learner } = run;
  if (!isAsItCame(plain, learner)) return null;
  const { arrays } = plain.step!;
  return {
    spec: specificationAt(arrays!, learner.learningRate),
    inputs: stepInputs(arrays!, run, learner.exampleAt(example)),
  };
}

/** Makes views of the run's opened step, as a notebook's widget manager makes them of a kernel's. */
export function stepManager(run: PageRun, openArrays?: typeof arrayStep): WidgetManager {
  const showIn = (el: HTMLElement): WidgetView => {
    const example = run.get("example");
    const unit = run.get("unit")?.length ? run.get("unit") : undefined;
    const arrays = unit ? null : openArrays?.(run, example);
    const model = new PageModel<ExplorerTraits>({
      ...(arrays ?? stepAt(run.learner, example, run.plain.step!.operations, unit)),
      follow: true, // where the whole would be too small to read
      step: 1, // at which there is something to follow
      theme: run.get("theme"),
      size: run.get("size"),
    });
    const view = new ExplorerView(model, el, (made) => new PlainAids(made));
    return { el, remove: () => view.lifetime.end() };
  };
  return {
    get_model: () => {
      run.set("batch", batchOf(run.learner));
      return Promise.resolve({} as WidgetModel);
    },
    create_view: () => Promise.resolve(showIn(document.createElement("div"))),
  };
}
