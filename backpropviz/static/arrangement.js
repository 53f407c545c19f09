// Beside or below: where the explanation stands, so that the picture keeps a readable size.
import { fittingScale } from "./camera.js";

const COMFORTABLE_SCALE = 0.72;
const WORTHWHILE = 1.15;
const SIDE_BY_SIDE = 900; // px; the style sheet knows the same widths
const GAPS = 36;
const COLUMN = { normal: [300, 0.27], large: [360, 0.32] };

/** Should a wide picture have the whole width of a view, and the explanation go below? */
export function wantsWholeWidth(width, bounds, size) {
  if (width < SIDE_BY_SIDE) return false;
  const [narrowest, share] = COLUMN[size] ?? COLUMN.normal;
  const beside = fittingScale(width - Math.max(narrowest, share * width) - GAPS, bounds, size);
  return beside < COMFORTABLE_SCALE && fittingScale(width - GAPS, bounds, size) > WORTHWHILE * beside;
}

/** Keep the arrangement of a root element right for a stage, whatever the width becomes; returns how to ask again. */
export function followWidth({ lifetime, root, bounds, size }) {
  const arrange = lifetime.guard(() => {
    const shown = bounds();
    if (shown) root.classList.toggle("bpv-stacked", wantsWholeWidth(root.clientWidth, shown, size()));
  });
  const observer = new ResizeObserver(arrange);
  observer.observe(root);
  lifetime.onEnd(() => observer.disconnect());
  return arrange;
}
