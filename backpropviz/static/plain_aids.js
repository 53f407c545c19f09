// What stands below a picture without study aids: the graph as text, out of sight until the keyboard reaches it.
import { makeElement } from "./dom.js";
import { reasonAgainst, takeDrawing } from "./drawings.js";
import { TextPanel } from "./text_panel.js";

/** Takes the place of StudyAids where a page has to be small. */
export class PlainAids {
  constructor(view) {
    this.view = view;
    this.text = new TextPanel(view);
    const panel = makeElement("div", { class: "bpv-aid" }, this.text.element);
    this.element = makeElement("details", { class: "bpv-text-form" }, makeElement("summary", { text: "Graph as text" }), panel);
    view.lifetime.listen(this.element, "toggle", () => this.show());
    view.lifetime.follow(view.model, "change:drawing", () => {
      if (view.session && takeDrawing(view.session.spec, view.model.get("drawing"))) view.showScene();
    });
  }

  accepts(name, value) {
    const reason = name === "drawing" ? reasonAgainst(this.view.spec, value) : "";
    if (!reason) return true;
    this.view.strip.show({ text: reason });
    this.view.showHeader();
    return false;
  }

  prepare(session) {
    takeDrawing(session.spec, this.view.model.get("drawing"));
  }

  build() {
    this.show();
  }

  show() {
    if (this.element.open && this.view.session) this.text.show();
  }
}
