// Making elements. Text reaches the page by textContent only, so nothing a user types can become markup.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element with attributes; the attribute "text" sets its text. */
export function makeElement(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

/** An SVG element with attributes; the attribute "text" sets its text. */
export function makeSvg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG_NAMESPACE, tag), attributes, children);
}

/** A labelled drop-down: choices are [value, text] pairs. */
export function makeSelect(label, choices, className) {
  const select = makeElement("select", { "aria-label": label, title: label, class: `bpv-select ${className}` });
  for (const [value, text] of choices) select.append(makeElement("option", { value, text }));
  return select;
}

/** Does the reader ask for less motion? Asked each time, because the setting can change while a page is open. */
export function motionIsReduced() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Keep a number between two bounds. */
export function bounded(number, lowest, highest) {
  return Math.min(highest, Math.max(lowest, number));
}

/**
 * Listeners, observers and frames that end together.
 *
 * A notebook cell can be run a hundred times; whatever a view starts is registered here and ends with the view.
 */
export class Lifetime {
  constructor(guard) {
    this.guard = guard;
    this.endings = [];
    this.ended = false;
  }

  /** Listen to a DOM target until the view ends; the handler runs inside the view's guard. */
  listen(target, event, handler, options) {
    const guarded = this.guard(handler);
    target.addEventListener(event, guarded, options);
    this.endings.push(() => target.removeEventListener(event, guarded, options));
  }

  /** Listen to a model event until the view ends. */
  follow(model, event, handler) {
    const guarded = this.guard(handler);
    model.on(event, guarded);
    this.endings.push(() => model.off(event, guarded));
  }

  /** Register what has to happen when the view ends. */
  onEnd(ending) {
    this.endings.push(ending);
  }

  /** End everything, newest first. */
  end() {
    this.ended = true;
    while (this.endings.length > 0) this.endings.pop()();
  }
}

/** Work that is asked for many times and done once, in the next animation frame. */
export class FrameTask {
  constructor(lifetime, work) {
    this.work = lifetime.guard(work);
    this.handle = null;
    lifetime.onEnd(() => this.cancel());
  }

  request() {
    if (this.handle !== null) return;
    this.handle = requestAnimationFrame(() => {
      this.handle = null;
      this.work();
    });
  }

  cancel() {
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
  }
}
