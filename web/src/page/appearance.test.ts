// @vitest-environment happy-dom
// How a view lies in the room there is.
import { expect, test, vi } from "vitest";
import type { Picture } from "./view.js";
import { followAppearance, shareHeight, wantsWholeWidth } from "./appearance.js";
import type { Size, Theme } from "../types/specification.js";
import { PageModel } from "./exported_page.js";
import { Lifetime } from "./lifetime.js";

function part(bottom: number) {
  const element = document.createElement("div");
  element.getBoundingClientRect = () => new DOMRect(0, 0, 600, bottom);
  return element;
}

test.each([
  ["a foot below the picture", 350, 450],
  ["no foot, in a small view", 0, 500],
])("picture, foot and words share a height: %s", (_, footEnds, room) => {
  const limit = vi.fn();
  const explanation = { element: document.createElement("div") };
  // However high the words beside them are: what holds picture and foot is not asked.
  const stage = { element: part(300), foot: part(footEnds), camera: { limit } } as unknown as Picture;
  const arrange = vi.fn();
  shareHeight({ explanation, stage, arrange }, 500);
  expect(arrange).toHaveBeenCalledAfter(limit);
  expect(limit).toHaveBeenCalledWith(room);
  expect(explanation.element.style.getPropertyValue("--bpv-words-room")).toBe("500px");
});

test("a wide picture has the whole width only where that makes it larger, and where it can be read", () => {
  const wide = { x: 0, y: 0, width: 1500, height: 300 };
  expect(wantsWholeWidth(1240, wide, "normal", Infinity)).toBe(true);
  expect(wantsWholeWidth(1240, wide, "normal", 150)).toBe(false); // its height is what makes it small
  expect(wantsWholeWidth(1240, { ...wide, legible: 0.95 }, "normal", Infinity)).toBe(false); // the camera follows
  expect(wantsWholeWidth(800, wide, "normal", Infinity)).toBe(false);
});

test.each([
  ["vscode-body vscode-dark", "dark"],
  ["vscode-light", "light"],
  ["light light-theme", "light"], // marimo's usual theme, also where the browser prefers a dark one
  ["dark dark-theme", "dark"],
  ["highlighted", "dark"], // what the browser prefers
  ["", "dark"],
])("the page around says whether it is dark: %j", (className, theme) => {
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
  document.body.className = className;
  const root = document.createElement("div");
  const lifetime = new Lifetime((work) => work);
  followAppearance({ lifetime, root, model: new PageModel<{ theme?: Theme; size?: Size }>({ theme: "auto" }) });
  expect(root.dataset.theme).toBe(theme);
  lifetime.end();
  vi.unstubAllGlobals();
});
