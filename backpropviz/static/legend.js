// What the signs of the picture mean, in one line below it.
import { makeElement } from "./dom.js";

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

/** The legend of a mode, "reverse" or "forward"; sign stands before a gradient. */
export function makeLegend(mode, gradientSign) {
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
  const hint = makeElement("span", { text: "Small picture: hover, zoom or follow the run (F) for more numbers." });
  rows.push(makeElement("li", { class: "bpv-legend-small" }, hint));
  return makeElement("ul", { class: "bpv-legend", "aria-label": "Legend" }, ...rows);
}
