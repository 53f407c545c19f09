// @vitest-environment happy-dom
// The strip that says what went wrong, and what to write instead.
import { expect, test, vi } from "vitest";
import { Lifetime } from "./lifetime.js";
import { MessageStrip } from "./messages.js";

const MISSING_SIGN = { text: "A sign is missing between these two.", source: "2x + 1", start: 0, end: 2 };
const HINT = { hint: "Write 2*x to multiply.", replacement: "2*x + 1" };

function strip() {
  const onUse = vi.fn();
  const made = new MessageStrip({ lifetime: new Lifetime((work) => work), onDismiss: () => {}, onUse });
  const use = made.element.querySelector<HTMLInputElement>("button:not(.bpv-icon-button)")!;
  return { made, onUse, use, said: () => made.element.textContent };
}

test("a hint is shown, and a button takes what it proposes", () => {
  const { made, onUse, use, said } = strip();
  made.show({ ...MISSING_SIGN, ...HINT });
  expect(said()).toContain("Write 2*x to multiply.");
  expect(use.hidden).toBe(false);
  expect(use.textContent).toBe("Use 2*x + 1");
  use.click();
  expect(onUse).toHaveBeenCalledWith("2*x + 1");
});

test("a hint that only explains has no button, and the next message keeps nothing of it", () => {
  const { made, use, said } = strip();
  made.show({ ...MISSING_SIGN, hint: "Write names, numbers, + - * / ** and parentheses." });
  expect(said()).toContain("Write names");
  expect(use.hidden).toBe(true);
  made.show({ ...MISSING_SIGN, ...HINT });
  made.show({ text: "Another fault." });
  expect(said()).not.toContain("Write");
  expect(use.hidden).toBe(true);
});
