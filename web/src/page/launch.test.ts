// What starts a view's program, and another in its place.
import { expect, test, vi } from "vitest";
import { addressOf, importText } from "./module_text.js";

test("a part finds what it shares at the address it was given", async () => {
  const texts: string[] = [];
  vi.stubGlobal(
    "Blob",
    class {
      constructor([text]: string[]) {
        texts.push(text);
      }
    },
  );
  const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("data:text/javascript,export default 7");
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
  for (const name of ["./shared.js", "./array_shared.js"]) {
    expect(await importText(`import{a}from"${name}";`, "blob:there")).toBe(7);
  }
  expect(texts).toEqual(Array(2).fill('import{a}from"blob:there";'));
  expect([addressOf("1"), made.mock.calls.length]).toEqual(["data:text/javascript,export default 7", 3]);
  vi.unstubAllGlobals();
});
