// What scores say of an image.
import { expect, test } from "vitest";
import { answerOf } from "./images.js";

const row = (...numbers: number[]) => Float32Array.from(numbers);

test("the largest score wins, and one alone tells two classes apart by its sign", () => {
  expect(answerOf(row(1, 3, 2), row(0.25, 0.5, 0.25))).toEqual([1, 0.5]);
  expect(answerOf(row(1, 3, 2))).toEqual([1, null]);
  expect(answerOf(row(2), row(0.75))).toEqual([1, 0.75]);
  expect(answerOf(row(-2), row(0.25))).toEqual([0, 0.75]);
});
