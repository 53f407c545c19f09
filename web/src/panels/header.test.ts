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
