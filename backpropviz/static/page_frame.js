// What an exported page owes its surroundings: keys, paper, and the slide deck it may stand in.

const SLIDE_METHODS = { PageDown: "next", PageUp: "prev" };

/** Keys pressed beside the view act on it; PageUp and PageDown turn the slides of a deck around the page. */
export function forwardKeys(root) {
  const isFramed = window.parent !== window;
  document.addEventListener("keydown", (event) => {
    if (isFramed && event.key in SLIDE_METHODS) {
      event.preventDefault();
      // The deck's own message format (reveal.js); other decks can listen for it.
      window.parent.postMessage(JSON.stringify({ method: SLIDE_METHODS[event.key] }), "*");
    } else if (event.target === document.body) {
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
      const copy = new KeyboardEvent("keydown", { key, ctrlKey, metaKey, altKey, shiftKey, cancelable: true });
      root.dispatchEvent(copy);
      if (copy.defaultPrevented) event.preventDefault();
    }
  });
}

/** Paper does not play: a run that has not begun is printed at its end, where every number is known. */
export function followPrinting({ hasBegun, showEnd, showStart }) {
  let isForPaper = false;
  window.addEventListener("beforeprint", () => {
    if (hasBegun()) return;
    isForPaper = true;
    showEnd();
  });
  window.addEventListener("afterprint", () => {
    if (isForPaper) showStart();
    isForPaper = false;
  });
}

/** A slide around this page may have little room: the picture then becomes less high, and type keeps its size. */
export function followRoom(host, { stage, onRoom }) {
  if (window.parent === window) return;
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent) return;
    let told = null;
    try {
      told = JSON.parse(event.data);
    } catch {
      return; // somebody else's message
    }
    if (told?.backpropviz !== "room" || !(told.height > 0)) return;
    const others = host.getBoundingClientRect().height - stage.clientHeight;
    onRoom(told.height - others);
  });
}

/** Tell a page around this one how high the view is, so that it can make room. */
export function reportHeight(host) {
  if (window.parent === window) return;
  new ResizeObserver(() => {
    const height = Math.ceil(host.getBoundingClientRect().bottom + window.scrollY);
    window.parent.postMessage(JSON.stringify({ backpropviz: "height", height }), "*");
  }).observe(host);
}
