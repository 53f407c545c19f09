// What a session says of numbers that are hidden.
import { expect, test } from "vitest";
import { Session } from "./session.js";

test("a sum that has begun stays hidden, also behind a veil that another bundle made", () => {
  const veiled = { text: "?", full: "?", hidden: true };
  const session = { number: () => veiled, compiled: {}, replay: { sums: [1] } };
  expect(Session.prototype.partialSum.call(session, 0)).toBe(veiled);
});
