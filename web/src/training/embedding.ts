// Another widget inside this one: the explorer of one step.
import type { Lifetime } from "../page/lifetime.js";
import type { Model, WidgetManager, WidgetView } from "../types/model.js";
import type { TrainerTraits } from "../types/specification.js";

const MODEL_PREFIX = "IPY_MODEL_";

/** A place for a widget that is named by a trait; the widget there is exchanged when the trait changes. */
export class EmbeddedWidget {
  lifetime: Lifetime;
  model: Model<TrainerTraits>;
  trait: "opened";
  place: HTMLElement;
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
    this.place.hidden = false;
    view.trigger?.("displayed");
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

  remove() {
    this.view?.remove();
    this.view = null;
    this.place.replaceChildren();
    this.place.hidden = true;
  }
}
