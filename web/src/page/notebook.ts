// What only a notebook has: a kernel that can be lost, and a still picture for places without one.
import type { Aids } from "../panels/plain_aids.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";
import { Connection } from "./connection.js";
import { ExplorerView } from "./explorer.js";
import type { Lifetime } from "./lifetime.js";

const OUTPUT_AREAS = ".jp-OutputArea, .output, .cell-output-container, .cell";
const OUTPUTS = ".jp-OutputArea-child, .output_subarea, .output-element, .cell-output";

function findPicture(area: Element, mark: string): HTMLElement | null {
  for (const image of area.querySelectorAll<HTMLImageElement>("img")) {
    if (image.src.startsWith("data:image/svg") && image.src.includes(mark)) return image;
  }
  return area.querySelector<HTMLElement>(`[id="${CSS.escape(mark)}"]`);
}

/** Hide the picture that stands in for a view until the view ends. */
export function hideStill<Traits extends { still?: string }>({
  lifetime,
  root,
  model,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  model: Model<Traits>;
}) {
  let hidden: HTMLElement | null = null;
  const show = () => {
    hidden?.style.removeProperty("display");
    hidden = null;
  };
  const hide = () => {
    const mark = model.get("still");
    const area = root.parentElement?.closest(OUTPUT_AREAS);
    if (!mark || !area || hidden?.isConnected) return;
    const picture = findPicture(area, mark);
    hidden = picture ? (picture.closest<HTMLElement>(OUTPUTS) ?? picture) : null;
    // The view itself may stand in the same output; then the picture alone goes.
    if (hidden?.contains(root)) hidden = picture;
    hidden?.style.setProperty("display", "none");
  };
  const observer = new MutationObserver(lifetime.guard(hide));
  lifetime.follow(model, "change:still", hide);
  const frame = requestAnimationFrame(() => {
    // The picture comes after the widget, as an output of its own.
    const area = root.parentElement?.closest(OUTPUT_AREAS);
    if (area) observer.observe(area, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
    hide();
  });
  lifetime.onEnd(() => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    show();
  });
}

/** Show a model with study aids, makeAids(view); gives what ends the view. */
export function startView(
  { model, el }: { model: Model<ExplorerTraits>; el: HTMLElement },
  makeAids: (view: ExplorerView) => Aids,
) {
  const view = new ExplorerView(model, el, makeAids);
  const { lifetime, root } = view;
  new Connection({ lifetime, model, root, onChange: (isLost) => view.showLost(isLost) });
  hideStill({ lifetime, root, model });
  return () => lifetime.end();
}

/** Show a model as a page of its own kind, of a class that takes a model and its element; gives what ends it. */
export function showPage<Traits extends { still?: string }>(
  { model, el }: { model: Model<Traits>; el: HTMLElement },
  Page: new (model: Model<Traits>, host: HTMLElement) => { lifetime: Lifetime; root: HTMLElement; end(): void },
) {
  const page = new Page(model, el);
  hideStill({ lifetime: page.lifetime, root: page.root, model });
  return () => page.end();
}
