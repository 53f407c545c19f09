// Keys inside the widget: they act here and stop here, so that a notebook's own shortcuts do not fire.
import type { Lifetime } from "./lifetime.js";

/** What keys do; a view has all or some of it. */
export interface KeyActions {
  goTo(step: number): void;
  goBy(count: number): void;
  goToEnd(): void;
  toggle(): void;
  select(name: string): void;
  deselect(): void;
  follow?(): void;
}

const STEP_KEYS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const SCROLL_KEYS = new Set(["ArrowUp", "ArrowDown"]);
const PASSED_ON = new Set(["PageUp", "PageDown"]); // clickers turn slides with these

function isTyping(target: Element) {
  return target.closest("textarea, select, input:not([type=range], [type=checkbox])") !== null;
}

/** Let keys that are pressed in a view act there, by handle(event), and nowhere else. */
function keepKeys({
  lifetime,
  root,
  handle,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  handle: (event: KeyboardEvent) => void;
}) {
  lifetime.listen(root, "keydown", (event) => {
    const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (PASSED_ON.has(event.key) || isSave) return;
    event.stopPropagation();
    handle(event);
  });
  for (const name of ["keyup", "keypress"] as const) {
    lifetime.listen(root, name, (event) => {
      if (!PASSED_ON.has(event.key)) event.stopPropagation();
    });
  }
}

/** Listen to the keys of a view; actions: {goTo, goBy, goToEnd, toggle, select, deselect, follow}. */
export function listenToKeys({
  lifetime,
  root,
  actions,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  actions: KeyActions;
}) {
  const handle = (event: KeyboardEvent) => {
    const { key } = event;
    const target = event.target as HTMLElement;
    if (isTyping(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const onRange = target.closest("input[type=range]") !== null;
    const onButton = target.closest("button, summary, [type=checkbox]") !== null;
    const node = target.closest<HTMLElement>("[data-node]");
    const own = (action: () => void) => {
      event.preventDefault();
      action();
    };
    if (key === " " && !onButton) own(() => actions.toggle());
    else if (key === "Escape") actions.deselect();
    else if (key === "f" || key === "F") own(() => actions.follow?.());
    else if (key === "Enter" && node) own(() => actions.select(node.dataset.node ?? ""));
    else if (onRange || (SCROLL_KEYS.has(key) && target.role === "region"))
      return; // these move by themselves
    else if (key in STEP_KEYS) own(() => actions.goBy(STEP_KEYS[key]));
    else if (key === "Home") own(() => actions.goTo(0));
    else if (key === "End") own(() => actions.goToEnd());
  };
  keepKeys({ lifetime, root, handle });
}

/** Let the space key start and stop a view, where isFree(event) says that nothing else uses it. */
export function listenToSpace({
  lifetime,
  root,
  isFree,
  toggle,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  isFree: (event: KeyboardEvent) => boolean;
  toggle: () => void;
}) {
  const handle = (event: KeyboardEvent) => {
    if (event.key !== " " || !isFree(event)) return;
    event.preventDefault();
    toggle();
  };
  keepKeys({ lifetime, root, handle });
}
