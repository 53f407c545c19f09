// Words with numbers in, and only what is true.
import { expect, test } from "vitest";
import type { Condition, Segment } from "../types/specification.js";
import { gradientSymbol, holds, plainText, resolveNarration } from "./narration.js";
import type { NumberSource } from "./number_sources.js";

const FOUND: Record<string, unknown> = { value: -2, gradient: 0, partial: Infinity };
const HIDDEN = { text: "?", full: "?", hidden: true };
const source = (numbers = FOUND) =>
  ({ notation: "g_x", output: "y", number: (kind: string) => numbers[kind] }) as unknown as NumberSource;
const value = ["q", "value", 0];
const gradient = ["q", "gradient", 0];

test("segments become text: names, numbers, and what stands under a condition", () => {
  const segments = [
    ["v", "a"],
    " = ",
    ["i", ["("], ["negative", value]],
    value,
    ["i", [")"], ["negative", value]],
  ] as Segment[];
  expect(plainText(segments, source())).toBe("a = (−2)");
  expect(plainText(segments, source({ value: 2 }))).toBe("a = 2");
  expect(plainText([["g", "a"], " = ", gradient] as Segment[], source())).toBe("g_a = 0");
});

test.each([
  [null, true],
  [["negative", value], true],
  [["zero", gradient], true],
  [["finite", ["q", "partial", 0, 0]], false],
  [["not", ["finite", ["q", "partial", 0, 0]]], true],
  [["less", value, ["q", "literal", 0.5]], true],
  [["all", ["zero", gradient], ["positive", value]], false],
  [["any", ["zero", gradient], ["positive", value]], true],
])("%j holds: %s", (condition, expected) => {
  expect(holds(condition as Condition | null, source())).toBe(expected);
});

test("of a hidden number nothing is said, neither way", () => {
  const hidden = source({ value: HIDDEN });
  for (const condition of [
    ["negative", value],
    ["not", ["negative", value]],
  ]) {
    expect(holds(condition as Condition, hidden)).toBe(false);
  }
  expect(plainText([value] as Segment[], hidden)).toBe("?");
});

test("a missing number is dots, an unknown word an error", () => {
  expect(plainText([["q", "tangent", 0]] as Segment[], source())).toBe("…");
  expect(() => holds(["odd", value] as unknown as Condition, source())).toThrow('no condition "odd"');
  expect(() => plainText([["z", "a"]] as unknown as Segment[], source())).toThrow('no segment "z"');
});

test("each notation writes a gradient its way, however a bar was typed", () => {
  expect(gradientSymbol("b", "dL/dx", "y").text).toBe("∂y/∂b");
  expect(gradientSymbol("b", "δ", "y")).toEqual({ text: "δ_b", base: "δ", subscript: "b" });
  for (const bar of ["x\u0304", "x\u0304".normalize("NFC")]) expect(gradientSymbol("b", bar, "y").text).toBe("b\u0304");
});

test("notes are kept where they are true", () => {
  const notes = [
    { when: ["zero", gradient], text: ["No gradient arrives."] },
    { when: ["positive", value], text: ["It is positive."] },
  ];
  const told = resolveNarration({ title: [["v", "a"]], notes } as never, source());
  expect(told.notes.map((pieces) => pieces.map((piece) => piece.text).join(""))).toEqual(["No gradient arrives."]);
  expect([told.title[0].text, told.ledger, told.total]).toEqual(["a", [], null]);
});
