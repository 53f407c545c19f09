// By keyboard alone: what has the focus may vanish, the focus does not; and what was drawn is told.
import { makeElement } from "./dom.js";
import type { View } from "./view.js";

const LONGEST_TOLD = 130; // characters of a formula

const isThere = (element: Element) => element.isConnected && element.closest("[hidden]") === null;

/** What stands in a view where an element stood that is gone: the same node or control of a new picture. */
function counterpart(root: HTMLElement, gone: HTMLElement | SVGElement) {
  const { node } = gone.dataset;
  const label = gone.getAttribute("aria-label");
  const isSame = (each: HTMLElement | SVGElement) =>
    node === undefined
      ? label !== null && each.getAttribute("aria-label") === label && each.tagName === gone.tagName
      : each.dataset.node === node && each.dataset.entry === gone.dataset.entry;
  const all = root.querySelectorAll<HTMLElement | SVGElement>("[tabindex], button, input");
  return [...all].find((each) => isSame(each) && isThere(each));
}

/** Put the focus of what is replaced or hidden where one would look for it: there again, or in the box. */
export function keepFocus(view: View) {
  const { lifetime, root, model, live, session } = view;
  const box = root.querySelector<HTMLElement>(".bpv-expression-box");
  let last: HTMLElement | SVGElement | null = null;
  const isFree = () => {
    const { activeElement } = root.getRootNode() as Partial<Document>;
    return !activeElement || activeElement === document.body || !isThere(activeElement);
  };
  const look = () => {
    if (!last || isThere(last) || !isFree()) return;
    const next = counterpart(root, last) ?? (box && isThere(box) ? box : view.stage.element);
    next.focus();
  };
  const tell = () => {
    const typed = model.get("expression") ?? "";
    const named = typed.length < LONGEST_TOLD ? typed : "";
    live.say(() => `Drawn: ${named} (nodes: ${session.spec.scene.nodes.length}). ${session.spokenStep()}`);
  };
  lifetime.listen(root, "focusin", ({ target }) => (last = target as HTMLElement));
  lifetime.listen(document, "pointerdown", ({ target }) => {
    if (!root.contains(target as Node)) last = null;
  });
  const nodes = root.querySelector(".bpv-nodes") ?? makeElement("i");
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ target }) => target === nodes)) tell();
    look();
  });
  for (const each of [nodes, root.querySelector(".bpv-inputs")]) if (each) observer.observe(each, { childList: true });
  for (const each of root.querySelectorAll(".bpv-message, .bpv-as-steps, .bpv-expression")) {
    observer.observe(each, { attributeFilter: ["hidden"] });
  }
  lifetime.onEnd(() => observer.disconnect());
}
