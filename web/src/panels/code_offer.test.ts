// @vitest-environment happy-dom
// The code of what was answered: on the clipboard, or selected in a field where the clipboard is closed.
import { Lifetime } from "../page/lifetime.js";
import { CodeOffer } from "./blank_fields.js";
import { codeOf } from "../story/answers.js";
import { unpackSpecification } from "../story/specification.js";
import { expect, test, vi } from "vitest";

const RECORD = { format: "backpropviz exercise results", blanks: [{ tries: [{ text: "−3·2 ≠ ½" }] }] };

function opened(code: string) {
  const [, packed] = code.match(/^bpv1\.([\w-]+)$/)!;
  const text = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  return unpackSpecification(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));
}

async function afterCopying(isOpen: boolean) {
  const writeText = vi.fn(() => (isOpen ? Promise.resolve() : Promise.reject(new Error("refused"))));
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  document.execCommand = () => false;
  const offer = new CodeOffer(new Lifetime((work) => work), () => RECORD);
  document.body.replaceChildren(offer.button, offer.field, offer.said);
  offer.button.click();
  await vi.waitFor(() => expect(offer.said.textContent).not.toBe(""));
  return { offer, writeText };
}

test("a code is one line that holds the record", async () => {
  expect(await opened(await codeOf(RECORD))).toEqual(RECORD);
  const long = { said: "a right answer. ".repeat(20_000) };
  const code = await codeOf(long);
  expect(await opened(code)).toEqual(long);
  expect(code.length).toBeLessThan(4_000);
});

test("it is copied, and what was copied is told until something else is answered", async () => {
  const { offer, writeText } = await afterCopying(true);
  expect(await opened((writeText.mock.calls as unknown as [string][])[0][0])).toEqual(RECORD);
  expect(offer.field.hidden).toBe(true);
  expect(offer.said.textContent).toMatch(/^Code copied/);
  offer.clear();
  expect(offer.said.textContent).toBe("");
});

test("where copying is refused, the code stands selected in a field", async () => {
  const { offer } = await afterCopying(false);
  const { field } = offer;
  expect(field.hidden).toBe(false);
  expect(await opened(field.value)).toEqual(RECORD);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, field.value.length]);
  expect(document.activeElement).toBe(field);
  expect(offer.said.textContent).toMatch(/copy it from the field/);
});
