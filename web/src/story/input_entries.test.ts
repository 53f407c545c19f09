// Entries by their index.
import { expect, test } from "vitest";
import { blockFrom, entriesText, placed } from "./input_entries.js";
import { entryText } from "./primitives.js";

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

const MATRIX = { name: "w", shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };

test("rows and tabs are read, with arithmetic, commas and a last line end", () => {
  expect(blockFrom("1\t2/4\r\n−3\t1,5\r\n").block).toEqual([
    [1, 0.5],
    [-3, 1.5],
  ]);
  expect(blockFrom("1,5;2\n3;4").block).toEqual([
    [1.5, 2],
    [3, 4],
  ]);
});

test.each([
  ["1, 2, 3\n4, 5, 6", [[1, 2, 3], [4, 5, 6]]], // prettier-ignore
  ["1,2,3", [[1, 2, 3]]],
  ["0.5,−2\n3,4e1", [[0.5, -2], [3, 40]]], // prettier-ignore
  ["1,5, 2,5", [[1.5, 2.5]]],
  ["1,5\n2", [[1.5], [2]]],
])("commas stand between numbers or for points: %j", (text, block) => {
  expect(blockFrom(text).block).toEqual(block);
});

test.each([
  ["1, 2\n3", "row 2 has 1 cells and the first has 2"],
  ["1\t2\n3", "row 2 has 1 cells and the first has 2"],
  ["1\tmany", "Nothing was changed. In row 1, column 2 of what was pasted: “many”"],
  ["1\t\n2\t3", "row 1, column 2 of what was pasted: there is no number"],
  ["abc", "Nothing was changed. “abc”"],
])("%j is explained", (text, reason) => {
  expect(blockFrom(text).problem).toContain(reason);
});

test("a block goes in from an entry onward", () => {
  const place = 2; // [1,0]
  expect(placed([[10, 20]], { ...MATRIX, place }).data).toEqual([1, 2, 10, 20, 5, 6]);
  expect(placed([[10], [20]], { ...MATRIX, place }).data).toEqual([1, 2, 10, 4, 20, 6]);
});

test("a column goes into a vector, and a stack takes it in one of its matrices", () => {
  const vector = { name: "b", shape: [3], data: [1, 2, 3], place: 1 };
  expect(placed([[8], [9]], vector).data).toEqual([1, 8, 9]);
  const stack = { name: "s", shape: [2, 1, 2], data: [1, 2, 3, 4], place: 2 };
  expect(placed([[8, 9]], stack).data).toEqual([1, 2, 8, 9]);
  expect(placed([[8], [9]], stack).problem).toContain("from s[1,0,0] there is room for 1×2");
});

test("what does not fit says what would", () => {
  const wide = [[1, 2]];
  expect(placed(wide, { ...MATRIX, place: 5 }).problem).toBe(
    "A block of 1×2 numbers does not fit into w (3×2): from w[2,1] there is room for 1×1. Nothing was changed.",
  );
});
