// What plain pages of small graphs do without: edges that tell what travels along them, presentation, a link to what is shown.
import { EdgeReading } from "../picture/edge_reading.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";
import { furnishAlso } from "./furnishing.js";
import { followLink } from "./link_state.js";
import { Presenting } from "./presenting.js";
import { withFollowing } from "./with_following.js";

/** Views can present, and their edges can be read. */
export function withPresenting() {
  withFollowing();
  furnishAlso((view) => {
    const { lifetime, root, model, stage } = view;
    new EdgeReading({ lifetime, stage });
    new Presenting({ lifetime, root, model, stage, follow: () => view.write("follow", true) });
  });
}

/** Pages present, where they are asked to and where they are small; a link leads to what they show. */
export function withPresentedPages() {
  furnishAlso(({ model }) => presentAsWished(model));
  withPresenting();
  furnishAlso(followLink);
}

// Frames and screens so small have room for the picture and little else.
function isSmall() {
  const { innerWidth, innerHeight } = window;
  return innerHeight < 480 || innerWidth < (window.parent === window ? 480 : 640);
}

// An exercise needs its sheet.
function presentAsWished(model: Model<ExplorerTraits>) {
  const [present, sheet] = [model.get("present"), model.get("sheet")];
  const choose = () => model.set("present", Boolean(present) || (!sheet && isSmall()));
  const dress = () => document.documentElement.classList.toggle("presents", Boolean(model.get("present")));
  model.on("change:present", dress);
  choose();
  dress();
  window.addEventListener("resize", choose);
}
