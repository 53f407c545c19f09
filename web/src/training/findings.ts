// What keeps the network from learning, as the kernel found it: a sentence each, above the pictures.
import { makeElement } from "../page/dom.js";
import type { PlainFinding } from "../types/specification.js";

/** What findings are about; the numbers in their sentences move with every step. */
function keyOf(findings: PlainFinding[]) {
  return findings.map(({ kind, layer, units }) => `${kind} ${layer} ${units.join()}`).join(";");
}

/** The banner; it is hidden while there is nothing to say. */
export class FindingsBanner {
  list: HTMLUListElement;
  element: HTMLDivElement;
  key: string;

  constructor() {
    this.list = makeElement("ul", { class: "bpv-findings-list" });
    this.element = makeElement("div", { class: "bpv-findings", role: "status", hidden: "" }, this.list);
    this.key = "";
  }

  /** Show findings {kind, layer, units, text}; while the run goes on, sentences stand still as long as they are about the same. */
  show(findings: PlainFinding[], running: boolean) {
    const key = keyOf(findings);
    if (running && key === this.key) return;
    this.key = key;
    this.element.hidden = findings.length === 0;
    const texts = findings.map(({ text }) => text);
    const shown = [...this.list.children].map((item) => item.textContent);
    if (texts.length === shown.length && texts.every((text, index) => text === shown[index])) return;
    this.list.replaceChildren(...texts.map((text) => makeElement("li", { text })));
  }
}

/** The units, as "layer,unit", of which some finding says that they do not learn. */
export function idleUnits(findings: PlainFinding[]) {
  return new Set(findings.flatMap(({ layer, units }) => units.map((unit) => `${layer},${unit}`)));
}
