// Signs beside nodes where a convention decides or a gradient is in trouble, and the legend of all signs.
import { makeElement, makeSvg } from "../page/dom.js";
import type { NodeMark } from "./marks.js";

const RADIUS = 9;

/** Show a badge on a mark of the picture, with a word for it; an empty word takes it away. */
export function showBadge(mark: NodeMark, word: string) {
  if (mark.badgeWord === word) return;
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

const LEGEND = {
  reverse: [
    ["value", "blue", " above", "value, forward"],
    ["slope", "▽ orange", " below", "gradient, backward"],
  ],
  forward: [
    ["value", "blue", " above", "value"],
    ["tangent", "▷ green", " below", "tangent"],
  ],
};

/** The legend of a mode, "reverse" or "forward"; sign stands before a gradient; can the camera follow the run? */
export function makeLegend(mode: string, gradientSign: string, canFollow: boolean) {
  const rows = LEGEND[mode === "forward" ? "forward" : "reverse"].map(([colour, sign, place, meaning]) =>
    makeElement(
      "li",
      {},
      makeElement(
        "b",
        { class: `bpv-is-${colour}` },
        sign.replace("▽", gradientSign),
        makeElement("span", { class: "bpv-legend-place", text: place }),
      ),
      makeElement("span", { text: meaning }),
    ),
  );
  const ring = makeElement("b", { class: "bpv-is-current", text: "amber ring" });
  rows.push(makeElement("li", {}, ring, makeElement("span", { text: "current step" })));
  // Shown by the style sheet where labels have no room.
  const hint = makeElement("span", {
    text: `Small picture: for more, point, zoom${canFollow ? " or follow the run (F)" : ""}.`,
  });
  rows.push(makeElement("li", { class: "bpv-legend-small" }, hint));
  return makeElement("ul", { class: "bpv-legend", "aria-label": "Legend" }, ...rows);
}
