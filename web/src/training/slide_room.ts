// A run that stands in a slide: type that the last row reads, what learns beside its loss, and all else below.
import type { Theme } from "../types/specification.js";
import type { TrainerPage } from "./trainer_page.js";

const SLIDE_TYPE_SHARE = 0.03; // of the height of a 16:9 screen
const LEAST_SLIDE_TYPE = 14; // px
const LOW_SLIDE = 420; // px; where a page is no higher, its settings come below the pictures
const LEAST_PICTURE = 110; // px, for a picture
const FOOT = 10; // px

/** How a page fills its slide, once the slide says how much room it has. */
export class SlideRoom {
  fills = false;

  constructor(private readonly page: TrainerPage) {
    page.lifetime.listen(window, "resize", () => this.fills && this.lay());
    page.lifetime.follow(page.model, "change:plan", () => this.fills && this.lay());
  }

  /** Fill what the page around tells of, and take its theme. */
  fill(message: string): void {
    if (this.fills) return;
    const { theme } = JSON.parse(message) as { theme?: Theme };
    this.fills = true;
    const { model } = this.page;
    model.set("size", "large"); // of an opened step
    if (theme && model.get("theme") === "auto") {
      model.set("theme", theme);
      document.documentElement.dataset.theme = theme; // around the view
    }
    this.lay();
  }

  private lay(): void {
    const { root, pictures, palette, curve } = this.page;
    const { innerWidth, innerHeight } = window;
    const type = Math.max(LEAST_SLIDE_TYPE, SLIDE_TYPE_SHARE * Math.min(innerHeight, (innerWidth * 9) / 16));
    root.style.setProperty("--bpv-type", `${type.toFixed(2)}px`);
    root.classList.add("bpv-fills");
    root.classList.toggle("bpv-is-low", innerHeight <= LOW_SLIDE);
    const card = pictures.cards.curves.element.getBoundingClientRect();
    const plot = curve.element.getBoundingClientRect();
    const top = pictures.element.getBoundingClientRect().top + window.scrollY;
    const around = plot.top - card.top + FOOT;
    palette.room = Math.max(LEAST_PICTURE, Math.floor(innerHeight - top - around - FOOT));
    for (const { frame } of [pictures.boundary, pictures.fit, pictures.histogram, curve]) frame.resize();
    pictures.network.place(true);
  }
}
