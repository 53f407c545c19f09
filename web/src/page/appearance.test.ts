// @vitest-environment happy-dom
// How a view lies in the room there is.
import { expect, test, vi } from "vitest";
import type { Picture } from "./view.js";
import { shareHeight } from "./appearance.js";

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
  const root = document.createElement("div");
  // However high the words beside them are: what holds picture and foot is not asked.
  const stage = { element: part(300), foot: part(footEnds), camera: { limit } } as unknown as Picture;
  shareHeight({ root, stage }, 500);
  expect(limit).toHaveBeenCalledWith(room);
  expect(root.style.getPropertyValue("--bpv-words-room")).toBe("500px");
});
