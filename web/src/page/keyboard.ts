// Keys inside the widget: they act here and stop here, so that a notebook's own shortcuts do not fire.

const STEP_KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const SCROLL_KEYS = new Set(["ArrowUp", "ArrowDown"]);
const PASSED_ON = new Set(["PageUp", "PageDown"]); // clickers turn slides with these

function isTyping(target) {
  return target.closest("textarea, select, input:not([type=range], [type=checkbox])") !== null;
}

/** Listen to the keys of a view; actions: {goTo, goBy, goToEnd, toggle, select, deselect, follow}. */
export function listenToKeys({ lifetime, root, actions }) {
  const own = (event) => {
    event.preventDefault();
    return true;
  };
  const handle = (event) => {
    const { key, target } = event;
    if (isTyping(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const onRange = target.closest("input[type=range]") !== null;
    const onButton = target.closest("button, summary, [type=checkbox]") !== null;
    const node = target.closest("[data-node]");
    if (key === " " && !onButton) own(event) && actions.toggle();
    else if (key === "Escape") actions.deselect();
    else if (key === "f" || key === "F") own(event) && actions.follow();
    else if (key === "Enter" && node) own(event) && actions.select(node.dataset.node);
    else if (onRange || (SCROLL_KEYS.has(key) && target.role === "region")) return; // these move by themselves
    else if (key in STEP_KEYS) own(event) && actions.goBy(STEP_KEYS[key]);
    else if (key === "Home") own(event) && actions.goTo(0);
    else if (key === "End") own(event) && actions.goToEnd();
  };
  lifetime.listen(root, "keydown", (event) => {
    const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (PASSED_ON.has(event.key) || isSave) return;
    event.stopPropagation();
    handle(event);
  });
  for (const name of ["keyup", "keypress"]) {
    lifetime.listen(root, name, (event) => {
      if (!PASSED_ON.has(event.key)) event.stopPropagation();
    });
  }
}
