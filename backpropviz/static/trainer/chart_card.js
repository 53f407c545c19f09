// The plotly chart of the curves: shown when it has come, and measured, since it does not fit itself to its card.
import { makeElement } from "../dom.js";
import { EmbeddedWidget } from "./embedding.js";

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
