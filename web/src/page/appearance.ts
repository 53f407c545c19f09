// Light or dark, the size, and where the explanation stands: from the model, the notebook and the width there is.
import { type Bounds, fittingScale } from "../picture/camera.js";
import type { Picture } from "./view.js";
import type { Model } from "../types/model.js";
import type { Size, Theme } from "../types/specification.js";
import type { Lifetime } from "./lifetime.js";

interface LookTraits {
  theme?: Theme;
  size?: Size;
}

interface Look<Traits> {
  lifetime: Lifetime;
  root: HTMLElement;
  model: Model<Traits>;
}

const DARK_SCHEME = "(prefers-color-scheme: dark)";

function pageTheme() {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false" ? "dark" : "light";
  // VS Code says vscode-dark, marimo dark-theme, whatever the browser prefers.
  const told = document.body.className.match(/\b(?:dark|light)\b/)?.[0];
  return told ?? (window.matchMedia(DARK_SCHEME).matches ? "dark" : "light");
}

/** Keep a root element in the theme and size of its model. */
export function followAppearance<Traits extends LookTraits>({ lifetime, root, model }: Look<Traits>) {
  const apply = lifetime.guard(() => {
    const theme = model.get("theme");
    root.dataset.theme = theme === "light" || theme === "dark" ? theme : pageTheme();
    const isPresented = root.classList.contains("bpv-presents"); // which has sizes of its own
    root.classList.toggle("bpv-large", !isPresented && model.get("size") === "large");
  });
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  lifetime.onEnd(() => observer.disconnect());
  lifetime.listen(window.matchMedia(DARK_SCHEME), "change", apply);
  lifetime.follow(model, "change:theme", apply);
  lifetime.follow(model, "change:size", apply);
  apply();
}

const COMFORTABLE_SCALE = 0.72;
const WORTHWHILE = 1.15;
const SIDE_BY_SIDE = 900; // px; the style sheet knows the same widths
const GAPS = 36;
const COLUMN = { normal: [300, 0.27], large: [360, 0.32] };

/** Should a wide picture, no taller than the room, have the whole width of a view, and the explanation go below? */
export function wantsWholeWidth(width: number, bounds: Bounds, size: Size, room: number) {
  if (width < SIDE_BY_SIDE) return false;
  const [narrowest, share] = COLUMN[size] ?? COLUMN.normal;
  const beside = fittingScale(width - Math.max(narrowest, share * width) - GAPS, bounds, size, room);
  const whole = fittingScale(width - GAPS, bounds, size, room);
  // Where digits are too small even then, the camera walks along, and words are read beside it.
  return beside < COMFORTABLE_SCALE && whole > WORTHWHILE * beside && whole >= (bounds.legible ?? 0);
}

/** Keep the arrangement of a root element right for a stage, whatever the width becomes; returns how to ask again. */
export function followWidth({
  lifetime,
  root,
  stage,
  size,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  stage: Picture;
  size: () => Size;
}) {
  const arrange = lifetime.guard(() => {
    const { bounds, camera } = stage;
    if (bounds) root.classList.toggle("bpv-stacked", wantsWholeWidth(root.clientWidth, bounds, size(), camera.room));
  });
  const observer = new ResizeObserver(arrange);
  observer.observe(root);
  lifetime.onEnd(() => observer.disconnect());
  return arrange;
}

interface Shared {
  explanation: { element: HTMLElement };
  stage: Picture;
  arrange: () => void;
}

/** Let the picture with its foot, or words beside it, be no higher than so much: words that need more scroll. */
export function shareHeight({ explanation, stage, arrange }: Shared, height: number) {
  // Beside the picture, not around it: each of a thousand nodes would get its style anew.
  explanation.element.style.setProperty("--bpv-words-room", `${height}px`);
  const [picture, foot] = [stage.element, stage.foot].map((part) => part.getBoundingClientRect());
  // What holds both is as high as the words; and a small view has no foot.
  stage.camera.limit(height - Math.max(0, foot.bottom - picture.bottom));
  arrange();
}
