// @vitest-environment happy-dom
// What may be typed into the field of an input.
import { expect, test, vi } from "vitest";
import { InputPanel, useReader } from "./inputs.js";
import { Lifetime } from "../page/lifetime.js";
import { readAnswer } from "../story/answers.js";

function typed(text: string) {
  const onChange = vi.fn<(name: string, value: number) => void>();
  const panel = new InputPanel({ lifetime: new Lifetime((work) => work), onChange });
  document.body.replaceChildren(panel.element);
  panel.build({ x: [0, 4, 0.1] }, { x: 2 });
  panel.show({ x: 2 });
  const field = panel.element.querySelector<HTMLInputElement>(".bpv-field")!;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  if (onChange.mock.calls.length > 0) panel.show({ x: onChange.mock.calls.at(-1)?.[1] });
  field.dispatchEvent(new Event("change"));
  field.dispatchEvent(new Event("blur"));
  const problem = panel.element.querySelector<HTMLInputElement>(".bpv-field-problem")!;
  return { panel, field, problem: problem.hidden ? "" : problem.textContent, value: onChange.mock.calls.at(-1)?.[1] };
}

test("numbers are read before what reads formulas is there", () => {
  expect(typed("−1.5e-3").value).toBe(-0.0015);
  expect(typed("2/3")).toMatchObject({ value: undefined, problem: "Formulas are not there yet." });
  useReader(readAnswer);
});

test.each([
  ["2/3", 2 / 3],
  ["pi", Math.PI],
  ["−1.5e-3", -0.0015],
  ["2*sqrt(2)", 2 * Math.SQRT2],
  [" .5 ", 0.5],
])("%s is a number", (text, number) => {
  const { value, problem } = typed(text);
  expect(value).toBeCloseTo(number, 14);
  expect(problem).toBe("");
});

test.each([
  ["1,5", "write 1.5"],
  ["abc", "“abc” is a name"],
  ["1/0", "not a finite number"],
  ["2x", "A sign is missing"],
])("%s stays in the field and is explained", (text, reason) => {
  const { field, problem, value } = typed(text);
  expect(value).toBeUndefined();
  expect(field.value).toBe(text);
  expect(problem).toContain(reason);
  expect(field.getAttribute("aria-invalid")).toBe("true");
});

test("the next number takes the explanation away", () => {
  const { panel, field } = typed("1,5");
  panel.show({ x: 3 });
  expect(field.value).toBe("3");
  expect(panel.element.querySelector<HTMLInputElement>(".bpv-field-problem")!.hidden).toBe(true);
});
