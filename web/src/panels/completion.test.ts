// @vitest-environment happy-dom
// What is offered while a name is being typed, and which keys take it.
import { expect, test, vi } from "vitest";
import { Lifetime } from "../page/lifetime.js";
import { Completion, wordBefore, wordsFor, knownWords } from "./completion.js";
import { ExpressionBox } from "./header.js";

const named = (role: string, formula: string) => ({ arity: 1, role, formulas: [formula] });
const TYPED_TABLE = {
  functions: { sin: "sin", sinh: "sinh", sigmoid: "sigmoid", leaky: "leaky", max: "max" },
  operations: {
    sin: named("scaler", "cos(\ue000)"),
    sinh: named("scaler", "cosh(\ue000)"),
    sigmoid: named("scaler", "\uf8ff·(1 − \uf8ff)"),
    leaky: { ...named("gate", "[\ue000 > 0]"), parameters: ["slope"], defaults: [0.01] },
    max: { arity: null, role: "router", formulas: ["1 if largest"] },
  },
  constants: { pi: Math.PI },
};
const OFFERED = knownWords(TYPED_TABLE);

test("a function is told by signature, role and local gradients, in letters", () => {
  expect(OFFERED).toEqual([
    ["leaky", "leaky(x, slope=0.01)", "gate: [x > 0]"],
    ["max", "max(x, y, …)", "router: 1 if largest"],
    ["sigmoid", "sigmoid(x)", "scaler: sigmoid(x)·(1 − sigmoid(x))"],
    ["sin", "sin(x)", "scaler: cos(x)"],
    ["sinh", "sinh(x)", "scaler: cosh(x)"],
    ["pi", "pi", "3.142"],
  ]);
});

test.each([
  ["x*si", 4, "si"],
  ["x*si + 1", 4, "si"],
  ["x*2e", 4, ""],
  ["w_1", 3, "w_1"],
  ["a + ", 4, ""],
])("in %s the word up to %i is %j", (text, place, word) => {
  expect(wordBefore(text, place)).toBe(word);
});

test("functions come first, then names in use; a name alone is no offer", () => {
  const names = (word: string, text = word) => wordsFor(word, text, OFFERED, ["simple"]).map(([name]) => name);
  expect(names("si")).toEqual(["sigmoid", "sin", "sinh", "simple"]);
  expect(names("SI")).toEqual(["sigmoid", "sin", "sinh", "simple"]);
  expect(names("s")).toEqual([]);
  expect(names("sigmoid")).toEqual([]);
  expect(names("sin")).toEqual(["sin", "sinh"]);
  expect(names("lo", "loss = x; lo")).toEqual(["loss"]);
});

function typing(text: string) {
  const lifetime = new Lifetime((work) => work);
  const onSubmit = vi.fn<(text: string) => void>();
  const { element, box } = new ExpressionBox({ lifetime, onSubmit });
  document.body.replaceChildren(element);
  const session = { nodes: [{ op: "input", name: "x" }] };
  const live = { say: () => {} };
  new Completion({ lifetime, session, live, stage: { prefix: "p" }, model: { get: () => TYPED_TABLE } } as never, box);
  box.value = text;
  box.setSelectionRange(text.length, text.length);
  box.dispatchEvent(new Event("input"));
  const press = (key: string) => {
    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  };
  const list = element.querySelector("ul")!;
  return { box, list, onSubmit, press };
}

test("arrows choose, Enter takes what is chosen and else draws, Tab takes the first, Escape closes", () => {
  const one = typing("x*si");
  expect(one.box.getAttribute("role")).toBe("combobox");
  for (const key of ["ArrowDown", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown"]) one.press(key);
  expect(one.box.getAttribute("aria-activedescendant")).toBe(one.list.children[2].id);
  one.press("Enter");
  expect([one.box.value, one.list.hidden, one.onSubmit.mock.calls]).toEqual(["x*sinh(", true, []]);
  one.press("Enter");
  expect(one.onSubmit.mock.calls).toEqual([["x*sinh("]]);

  const two = typing("x*si");
  two.press("Tab");
  expect(two.box.value).toBe("x*sigmoid(");

  const three = typing("x*si");
  three.press("Escape");
  expect([three.box.value, three.list.hidden, three.box.hasAttribute("role")]).toEqual(["x*si", true, false]);
  const four = typing("x*sin");
  four.press("Enter");
  expect(four.onSubmit.mock.calls).toEqual([["x*sin"]]);
});
