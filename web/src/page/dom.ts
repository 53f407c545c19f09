// Making elements and icons, copying and saving. Text reaches the page by textContent only, so nothing a user types can become markup.

/** Attributes by name; what is null or false is left out, and "text" sets the text. */
export type Attributes = Record<string, string | number | boolean | null | undefined>;
export type Child = Node | string | null | undefined;

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

function dressed<Made extends Element>(element: Made, attributes: Attributes, children: Child[]) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = String(value ?? "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element with attributes; the attribute "text" sets its text. */
export function makeElement<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
) {
  return dressed(document.createElement(tag), attributes, children);
}

/** An SVG element with attributes; the attribute "text" sets its text. */
export function makeSvg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
) {
  return dressed(document.createElementNS(SVG_NAMESPACE, tag), attributes, children);
}

/** Set an attribute only where it changes; null removes it. */
export function setAttributeOf(
  element: SVGElement & { shownAttributes?: Record<string, string | null> },
  name: string,
  value: string | null,
) {
  const shown = (element.shownAttributes ??= {});
  if (shown[name] === value) return;
  shown[name] = value;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** The element around an event's target, or the target itself, that a selector fits. */
export function nearest<Found extends HTMLElement | SVGElement = HTMLElement>(
  target: EventTarget | null,
  selector: string,
): Found | null {
  return target instanceof Element ? target.closest<Found>(selector) : null;
}

type Choices = (readonly [value: string | number, text: string])[];

/** Give a drop-down other choices. */
export function fillSelect(select: HTMLSelectElement, choices: Choices) {
  select.replaceChildren(...choices.map(([value, text]) => makeElement("option", { value, text })));
}

/** A labelled drop-down: choices are [value, text] pairs. */
export function makeSelect(label: string, choices: Choices, className: string) {
  const select = makeElement("select", { "aria-label": label, title: label, class: `bpv-select ${className}` });
  fillSelect(select, choices);
  return select;
}

/** Does the reader ask for less motion? Asked each time, because the setting can change while a page is open. */
export function motionIsReduced() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Slow at both ends, so that the eye can leave with the pulse and arrive with it. */
export function easeInOut(share: number) {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** Keep a number between two bounds. */
export function bounded(number: number, lowest: number, highest: number) {
  return Math.min(highest, Math.max(lowest, number));
}

const ICON_PATHS = {
  first: ["M6 5v14", "M19 5.5v13L9 12z"],
  back: ["M17.5 5.5v13L7 12z"],
  play: ["M7.5 4.8v14.4L19 12z"],
  pause: ["M8.2 5.5v13", "M15.8 5.5v13"],
  forward: ["M6.5 5.5v13L17 12z"],
  last: ["M18 5v14", "M5 5.5v13L15 12z"],
  closer: ["M12 5v14", "M5 12h14"],
  farther: ["M5 12h14"],
  follow: ["M12 7a5 5 0 1 0 0 10a5 5 0 1 0 0-10", "M12 2.5V7", "M12 17v4.5", "M2.5 12H7", "M17 12h4.5"],
  fit: ["M4.5 9V4.5H9", "M15 4.5h4.5V9", "M19.5 15v4.5H15", "M9 19.5H4.5V15"],
  again: ["M18.5 9.5A7 7 0 1 0 19 13", "M19 4.5v5h-5"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  unplugged: ["M4 4l16 16", "M9 6.5V3.5", "M15 9V3.5", "M17 12V9h-4", "M7 9v3.5a5 5 0 0 0 7.6 4.2", "M12 18v3"],
};

export type IconName = keyof typeof ICON_PATHS;

// These are shapes; the others are strokes. A pause bar is a thick stroke.
const FILLED_ICONS = new Set<IconName>(["first", "back", "play", "forward", "last"]);

/** The drawing of one icon, hidden from screen readers: its button carries the words. */
export function makeIcon(name: IconName) {
  return drawIcon(name, ICON_PATHS[name], FILLED_ICONS.has(name) ? "fill" : "line");
}

/** An icon of the paths given, for what not every page has. */
export function drawIcon(name: string, paths: string[], kind = "line") {
  const icon = makeSvg("svg", { class: `bpv-icon bpv-icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true" });
  icon.append(...paths.map((path) => makeSvg("path", { d: path, class: `bpv-icon-${kind}` })));
  return icon;
}

/** Put text on the clipboard; gives whether that worked. */
export async function copyText(text: string) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = makeElement("textarea", { class: "bpv-unseen", readonly: "" });
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

/** Offer text as a file to keep. */
export function saveText(text: string, name: string, type: string) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = makeElement("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
