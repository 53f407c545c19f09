// @vitest-environment happy-dom
// Where the picture is looked at from.
import { beforeEach, expect, test, vi } from "vitest";
import { Lifetime } from "../page/lifetime.js";
import { Camera, fittingScale } from "./camera.js";

const BOUNDS = { x: -50, y: 0, width: 1000, height: 400 };

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
});

function camera(width = 500, height = 200) {
  const stage = document.createElement("div");
  Object.defineProperties(stage, { clientWidth: { value: width }, clientHeight: { value: height } });
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const onChange = vi.fn<(camera: Camera) => void>();
  const made = new Camera({ lifetime: new Lifetime((work) => work), stage, groups: [group], onChange });
  made.frame(BOUNDS, "normal");
  return { made, group, onChange };
}

test("a picture fits its width, grows no larger than reads well, and keeps to the room there is", () => {
  expect(fittingScale(500, BOUNDS, "normal")).toBe(0.5);
  expect(fittingScale(9000, BOUNDS, "normal")).toBe(1.25);
  expect(fittingScale(9000, BOUNDS, "large")).toBeGreaterThan(1.25);
  expect(fittingScale(500, BOUNDS, "normal", 100)).toBe(0.25);
  const tall = { ...BOUNDS, height: 1000 };
  expect([fittingScale(900, tall, "normal"), fittingScale(900, { ...tall, legible: 0.72 }, "normal")]).toEqual([
    0.64, 0.72,
  ]);
});

test("the whole picture stands in the middle, and labels too small to read give way", () => {
  const { made, group, onChange } = camera();
  expect(group.getAttribute("transform")).toBe("translate(25,0) scale(0.5)");
  expect(made.centre).toEqual({ x: 450, y: 200 });
  expect([made.isTerse, onChange.mock.calls.length > 0]).toEqual([true, true]);
});

test("zooming keeps the point under the pointer, within bounds, and fitting forgets it", () => {
  const { made } = camera();
  const before = (100 - made.x) / made.scale;
  made.zoomAt(2, 100, 50);
  expect([made.scale, (100 - made.x) / made.scale, made.fitted]).toEqual([1, before, false]);
  for (let turn = 0; turn < 20; turn += 1) made.zoom(1);
  expect(made.scale).toBe(4);
  for (let turn = 0; turn < 40; turn += 1) made.zoom(-1);
  expect(made.scale).toBe(0.25);
  made.fit();
  expect([made.scale, made.chosen]).toEqual([0.5, null]);
});

test("a point can be brought into the middle, and what is in sight is known", () => {
  const { made } = camera();
  made.lookAt({ x: 100, y: 80, scale: 2 });
  expect(made.centre).toEqual({ x: 100, y: 80 });
  expect(made.visible).toEqual({ left: -25, right: 225, top: 30, bottom: 130 });
});
