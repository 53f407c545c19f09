// A card: a title, sometimes a note beside it, and what it is about.
import { makeElement } from "../dom.js";

/** The parts of a card. */
export function makeCard(text, ...content) {
  const title = makeElement("span", { class: "bpv-card-title", text });
  const note = makeElement("span", { class: "bpv-card-note" });
  const head = makeElement("div", { class: "bpv-card-head" }, title, note);
  return { title, note, head, element: makeElement("section", { class: "bpv-card" }, head, ...content) };
}
