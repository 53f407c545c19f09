// @vitest-environment happy-dom
// What the expression box does with keys.
import { expect, test } from "vitest";
import { Lifetime } from "../page/lifetime.js";
import { ExpressionBox } from "./header.js";

test("Alt + ↑ and ↓ walk through what was drawn before, each text once", () => {
  const box = new ExpressionBox({ lifetime: new Lifetime((work) => work), onSubmit: (text) => box.show(text) });
  box.show("x*y");
  const press = (key: string, altKey = true) =>
    void box.box.dispatchEvent(new KeyboardEvent("keydown", { key, altKey, cancelable: true }));
  for (const text of ["x + y", "x/y", "x + y"]) {
    box.box.value = text;
    press("Enter", false);
  }
  const found = ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"].map((key) => {
    press(key);
    return box.box.value;
  });
  expect(found).toEqual(["x/y", "x*y", "x*y", "x/y", "x + y"]);
});

test("where nothing was typed and the program is long, the box says where it came from, and shows the steps if asked", () => {
  const made = new ExpressionBox({ lifetime: new Lifetime((work) => work), onSubmit: () => {} });
  made.show("", "a = x*x", "from Python (122 nodes)");
  expect([made.box.value, made.box.placeholder, made.asSteps.hidden]).toEqual(["", "from Python (122 nodes)", false]);
  made.asSteps.click();
  expect([made.box.value, made.drawn]).toEqual(["a = x*x", []]);
});
