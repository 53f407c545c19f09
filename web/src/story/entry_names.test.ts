// Entries by their index.
import { expect, test } from "vitest";
import { entriesText, entryText } from "./entry_names.js";

test("one entry is named from 0", () => {
  expect(entryText([4, 3], 11)).toBe("3,2");
  expect(entryText([2, 3, 4], 23)).toBe("1,2,3");
});

test.each([
  [[4, 3], [2, 5, 8, 11], ":,2"],
  [[4, 3], [3, 4, 5], "1,:"],
  [[4, 3], [0, 1, 3, 4], "0:2,0:2"],
  [[5], [1, 2], "1:3"],
  [[4, 3], [7], "2,1"],
])("of %j the entries %j are [%s]", (shape, places, text) => {
  expect(entriesText(shape, places)).toBe(text);
});

test("scattered entries have no name", () => {
  expect(entriesText([4, 3], [0, 4])).toBeNull();
  expect(entriesText([4], [0, 2])).toBeNull();
  expect(entriesText([4], [])).toBeNull();
});
