// What stands below a picture without study aids: nothing. Drawings can still be changed.
import { makeElement } from "./dom.js";
import { reasonAgainst, takeDrawing } from "./drawings.js";

/** Takes the place of StudyAids where a page has to be small. */
export class PlainAids {
  constructor(view) {
    this.view = view;
    this.element = makeElement("div", { hidden: "" });
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

  build() {}

  show() {}
}
