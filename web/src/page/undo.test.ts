// @vitest-environment happy-dom
// What Ctrl + Z brings back.
import { expect, test, vi } from "vitest";
import { PageModel } from "./exported_page.js";
import type { ExplorerTraits } from "../types/specification.js";
import { Lifetime } from "./lifetime.js";
import { Changes, followUndo } from "./undo.js";

const at = (x: number, expression = "x*z") => ({ expression, inputs: { x } });

test("what follows in one gesture is one change", () => {
  const changes = new Changes();
  changes.keep(at(2), 0);
  changes.keep(at(2.1), 50);
  expect(changes.take("undo", at(2.3))).toEqual(at(2));
  expect(changes.take("undo", at(2))).toBeUndefined();
  expect(changes.take("redo", at(2))).toEqual(at(2.3));
});

test("a new change takes the way forward away", () => {
  const changes = new Changes();
  changes.keep(at(1), null);
  changes.take("undo", at(2));
  changes.keep(at(1), null);
  expect(changes.take("redo", at(3))).toBeUndefined();
});

function followed(start: Record<string, unknown> = { x: 2, z: 3 }) {
  const root = document.createElement("div");
  const model = new PageModel<ExplorerTraits>({ expression: "x*z", inputs: { x: 2, z: 3 } });
  const sent = vi.spyOn(model, "send");
  const write = (inputs: Record<string, unknown>) => model.set("inputs", inputs);
  followUndo({ lifetime: new Lifetime((work) => work), root, model, start, write });
  const press = (key: string, shiftKey = false) =>
    root.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, shiftKey }));
  return { model, press, sent };
}

test("an input goes back and forth", () => {
  const { model, press } = followed();
  model.set("inputs", { x: 2.5, z: 3 });
  press("z");
  expect(model.get("inputs")).toEqual({ x: 2, z: 3 });
  press("z", true);
  expect(model.get("inputs")).toEqual({ x: 2.5, z: 3 });
});

test("what was changed before anybody followed goes back too", () => {
  const { model, press } = followed({ x: 1, z: 3 });
  press("z");
  expect(model.get("inputs")).toEqual({ x: 1, z: 3 });
  press("z", true);
  expect(model.get("inputs")).toEqual({ x: 2, z: 3 });
  const other = followed({ y: 7 }); // of another formula
  other.press("z");
  expect(other.model.get("inputs")).toEqual({ x: 2, z: 3 });
});

test("a formula goes back with its inputs", () => {
  const { model, press, sent } = followed();
  model.set("inputs", { x: 2, w: 1 });
  model.set("expression", "x*w");
  press("z");
  expect(sent).toHaveBeenCalledWith({ kind: "expression", text: "x*z", inputs: { x: 2, z: 3 } });
});

test("two entries of an array changed at once go back one by one", () => {
  const { model, press } = followed();
  const w = (...data: number[]) => ({ x: 2, z: { shape: [2], data } });
  model.set("inputs", w(1, 2));
  model.set("inputs", w(5, 2));
  model.set("inputs", w(5.5, 2));
  model.set("inputs", w(5.5, 7));
  press("z");
  expect(model.get("inputs")).toEqual(w(5.5, 2));
  press("z");
  expect(model.get("inputs")).toEqual(w(1, 2));
  press("z", true);
  press("z", true);
  expect(model.get("inputs")).toEqual(w(5.5, 7));
});
