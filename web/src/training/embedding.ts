// Other widgets inside this one: the explorer of one step, and the plotly chart of the curves in its card.
import { makeElement } from "../page/dom.js";

const MODEL_PREFIX = "IPY_MODEL_";

// After each update plotly reports all the defaults it has filled in. Nobody reads them, but each report makes the
// kernel busy and idle again, and the notebook shows that.
const UNREAD = ["_js2py_traceDeltas", "_js2py_layoutDelta", "_js2py_widget_layoutDelta"];

// Where messages leave, since the widget's own handle on its model was taken when it was made.
function hushReports(child) {
  if (Object.hasOwn(child, "sync")) return;
  const sync = child.sync.bind(child);
  child.sync = (method, model, options) => {
    for (const name of UNREAD) delete options?.attrs?.[name];
    return sync(method, model, options);
  };
}

/** A place for a widget that is named by a trait; the widget there is exchanged when the trait changes. */
export class EmbeddedWidget {
  /** onShown(element): the widget's own element has been put in place. */
  constructor({ lifetime, model, trait, place, onShown = () => {} }) {
    Object.assign(this, { lifetime, model, trait, place, onShown });
    this.view = null;
    this.round = 0;
    lifetime.follow(model, `change:${trait}`, () => this.follow());
    lifetime.onEnd(() => this.remove());
    this.follow();
  }

  async follow() {
    this.round += 1;
    const { round } = this;
    const reference = this.model.get(this.trait);
    if (!reference || !this.model.widget_manager) {
      this.remove();
      return;
    }
    const view = await this.createView(reference.slice(MODEL_PREFIX.length));
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
    this.onShown(view.el);
  }

  // A cell that is run again closes its widgets, and then there is nothing to show: null.
  async createView(id) {
    try {
      const child = await this.model.widget_manager.get_model(id);
      hushReports(child);
      return await this.model.widget_manager.create_view(child);
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

const SMALLEST_RESIZE = 6;

/** The card around the chart. */
export class ChartCard {
  /** onLogScale(on): the switch was used. */
  constructor({ lifetime, model, root, onLogScale }) {
    Object.assign(this, { model, root, lifetime });
    this.log = makeElement("input", { type: "checkbox", "aria-label": "Log scale" });
    lifetime.listen(this.log, "change", () => onLogScale(this.log.checked));
    this.waiting = makeElement("div", { class: "bpv-chart-waiting", text: "loading the chart …" });
    this.place = makeElement("div", { class: "bpv-chart-place", hidden: "" });
    this.holder = makeElement("div", { class: "bpv-chart" }, this.waiting, this.place);
    this.control = makeElement("label", { class: "bpv-log-scale" }, this.log, "log scale");
    this.embedded = new EmbeddedWidget({
      lifetime,
      model,
      trait: "chart",
      place: this.place,
      onShown: () => {
        this.waiting.hidden = true;
      },
    });
    this.reportPage();
    this.showLogScale();
    lifetime.follow(model, "change:log_scale", () => this.showLogScale());
  }

  showLogScale() {
    this.log.checked = Boolean(this.model.get("log_scale"));
  }

  /** Tell the kernel the width and the theme, when they change by enough to matter. */
  reportPage() {
    const { lifetime, model, root, holder } = this;
    const report = lifetime.guard(() => {
      const width = Math.round(holder.clientWidth);
      const dark = root.dataset.theme === "dark";
      const moved = Math.abs(width - model.get("width")) >= SMALLEST_RESIZE;
      if (width === 0 || (!moved && dark === model.get("dark"))) return;
      model.set("width", width);
      model.set("dark", dark);
      model.save_changes();
    });
    const sizes = new ResizeObserver(report);
    sizes.observe(holder);
    const themes = new MutationObserver(report);
    themes.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    lifetime.onEnd(() => {
      sizes.disconnect();
      themes.disconnect();
    });
  }
}
