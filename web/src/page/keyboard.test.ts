// @vitest-environment happy-dom
// Keys inside a view act there and nowhere else.
import { beforeEach, expect, test, vi } from "vitest";
import { makeElement, makeSvg } from "./dom.js";
import { listenToKeys } from "./keyboard.js";
import { Lifetime } from "./lifetime.js";

const actions = {
  goTo: vi.fn<(step: number) => void>(),
  goBy: vi.fn<(count: number) => void>(),
  goToEnd: vi.fn<() => void>(),
  toggle: vi.fn<() => void>(),
  select: vi.fn<(name: string) => void>(),
  deselect: vi.fn<() => void>(),
  follow: vi.fn<() => void>(),
};
const outside = vi.fn<(event: Event) => void>();
let root: HTMLElement;

beforeEach(() => {
  vi.clearAllMocks();
  const node = makeSvg("g", { "data-node": "a" });
  const controls = [makeElement("input", { type: "range" }), makeElement("input", { type: "text" })];
  root = makeElement("div", {}, node, ...controls, makeElement("button", { text: "Play" }));
  const page = makeElement("main", {}, root);
  document.body.replaceChildren(page);
  listenToKeys({ lifetime: new Lifetime((work) => work), root, actions });
  page.addEventListener("keydown", outside);
});

function press(key: string, selector = "g", modifiers = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers });
  root.querySelector(selector)!.dispatchEvent(event);
  return event;
}

test("arrows step, Home and End go to the ends, space plays", () => {
  for (const key of ["ArrowRight", "ArrowLeft", "Home", "End", " ", "f", "Escape"]) press(key);
  expect(actions.goBy.mock.calls).toEqual([[1], [-1]]);
  expect(actions.goTo.mock.calls).toEqual([[0]]);
  for (const name of ["goToEnd", "toggle", "follow", "deselect"] as const) expect(actions[name]).toHaveBeenCalledOnce();
  expect(outside).not.toHaveBeenCalled();
});

test("Enter chooses the node that has the focus", () => {
  press("Enter");
  expect(actions.select).toHaveBeenCalledWith("a");
});

test("fields keep their keys, sliders their arrows, buttons their space", () => {
  press("ArrowRight", "[type=text]");
  press("ArrowRight", "[type=range]");
  press(" ", "button");
  expect([actions.goBy.mock.calls.length, actions.toggle.mock.calls.length]).toEqual([0, 0]);
});

test("the keys of clickers and of saving go on to the page around", () => {
  press("PageDown");
  press("s", "g", { ctrlKey: true });
  expect(outside).toHaveBeenCalledTimes(2);
  expect(actions.goBy).not.toHaveBeenCalled();
});
