// What learners type as an answer, and what is said of it.
import { expect, test } from "vitest";
import { judgeAnswer, readAnswer } from "./answers.js";

test.each([
  ["−3/4", -0.75],
  ["2·3", 6],
  ["-2^2", -4],
  ["2^3^2", 512],
  ["2**-1", 0.5],
  ["1/3/3", 1 / 9],
  ["3*e^6", 3 * Math.exp(6)],
  ["sigmoid(0)", 0.5],
  ["--3", 3],
])("“%s” is a number", (text, number) => {
  expect(readAnswer(text).number).toBeCloseTo(number, 12);
});

test.each(["", "x", "0,5", "3 4", "(1", "1 +", "1/0", "sin", "<b>3</b>", "(".repeat(200), "1".repeat(400)])(
  "“%s” is told to be none",
  (text) => expect(readAnswer(text).problem).toMatch(/\w{4}/),
);

test("a parenthesis that closes nothing is no missing number", () => {
  expect(readAnswer("3)").problem).toContain("never opened");
  expect(readAnswer("()").problem).toContain("A number is missing");
});

const asked = { answer: 1 / 3, mistakes: [["sign", "The sign is wrong.", -1 / 3]] as [string, string, number][] };

test.each([
  ["1/3", "right"],
  ["0.3333", "right"],
  ["0.3", "more digits"],
  ["-1/3", "mistaken"],
  ["7", "wrong"],
  ["x", "unreadable"],
])("“%s” is %s", (text, status) => {
  expect(judgeAnswer(text, asked, 1e-3).status).toBe(status);
});
