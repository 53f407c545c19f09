// The weights of a network on its edges, as the trainer draws them: width for size, dashes for minus; the value in its label.
import { type FoundNumber, shortText } from "../story/number_sources.js";
import type { Changed } from "../story/replay.js";
import type { Session } from "../story/session.js";
import { setTextOf } from "./marks.js";
import type { EdgeMark } from "./marks.js";

const THINNEST_WEIGHT = 1;
const WIDEST_WEIGHT = 6.5;
const MINUS_DASHES = "9 6";

function weightOf(number: FoundNumber) {
  const size = typeof number === "number" ? number : Number(number?.full ?? NaN);
  return Number.isFinite(size) ? size : 0;
}

/** Show what the edges of a network weigh; where only some nodes changed, they are told. */
export function showWeights(session: Session, edges: Iterable<EdgeMark>, changed: Changed | null) {
  const weighted = [...edges].filter(({ edge }) => edge.weight !== undefined);
  if (changed && !weighted.some(({ edge }) => changed.nodes.has(edge.weight!))) return;
  const numbers = weighted.map(({ edge }) => session.valueNow(edge.weight!));
  const sizes = numbers.map(weightOf);
  const largest = Math.max(...sizes.map(Math.abs)) || 1;
  weighted.forEach((mark, index) => {
    const { style } = mark.element;
    style.strokeWidth = `${(THINNEST_WEIGHT + ((WIDEST_WEIGHT - THINNEST_WEIGHT) * Math.abs(sizes[index])) / largest).toFixed(2)}px`;
    style.strokeDasharray = sizes[index] < 0 ? MINUS_DASHES : "";
    if (mark.label) setTextOf(mark.label, `${mark.edge.label} ${shortText(numbers[index])}`.trim());
  });
}
