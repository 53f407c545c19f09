// A small amber mark on a node where a convention decides, or where the gradient is in trouble.
import { makeSvg } from "./dom.js";

const RADIUS = 9;

/** Show a badge on a mark of the picture, with a word for it; an empty word takes it away. */
export function showBadge(mark, word) {
  if ((mark.badgeWord ?? "") === word) return;
  mark.badgeWord = word;
  mark.badge?.remove();
  mark.badge = null;
  if (!word) return;
  const { node } = mark;
  const reach = node.shape === "circle" ? 0.71 : 1;
  const x = (node.width / 2) * reach;
  const y = (node.height / 2) * reach;
  mark.badge = makeSvg(
    "g",
    { class: "bpv-badge", transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
    makeSvg("title", { text: word }),
    makeSvg("circle", { r: RADIUS }),
    makeSvg("text", { dy: "0.35em", text: "!" }),
  );
  mark.element.append(mark.badge);
}
