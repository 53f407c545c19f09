// Links that people have sent each other keep their meaning.
import { expect, test } from "vitest";
import { readLink, writeLink } from "./link_state.js";

test("a link of the first version", () => {
  expect(readLink("#v=1&x=2&z=-0.5&step=7&select=b&mode=forward")).toEqual({
    inputs: { x: 2, z: -0.5 },
    step: 7,
    selected: "b",
    mode: "forward",
    problems: [],
  });
  expect(readLink("#x=2").inputs).toEqual({ x: 2 }); // typed by hand, without a version
});

test("what is written is read again, to the last digit and whatever the names", () => {
  const inputs = { "x & y": 0.1 + 0.2, step: 1e-300, "w₁": -3 };
  const link = writeLink({ inputs, step: 4, selected: "v=1", mode: "reverse" });
  expect(readLink(`#${link}`)).toEqual({ inputs, step: 4, selected: "v=1", mode: "reverse", problems: [] });
});

test("since version 2 a link brings a formula", () => {
  const link = writeLink({ expr: "a = x & 1; a + x", inputs: { expr: 3 } });
  expect(readLink(link)).toMatchObject({ expr: "a = x & 1; a + x", inputs: { expr: 3 }, problems: [] });
  expect(readLink("#expr=x**2")).toMatchObject({ expr: "x**2", inputs: {} });
  // In a link of the first version it is an input of that name.
  expect(readLink("#v=1&expr=3")).toEqual({ inputs: { expr: 3 }, problems: [] });
  expect(writeLink({ inputs: { x: 1 } })).toMatch(/^v=1&/);
});

test("since version 3 a link brings what edges show", () => {
  const link = writeLink({ expr: "x", edges: "local", inputs: { edges: 3 } });
  expect(readLink(link)).toMatchObject({ expr: "x", edges: "local", inputs: { edges: 3 }, problems: [] });
  expect(readLink("#v=2&edges=3")).toEqual({ inputs: { edges: 3 }, problems: [] });
  expect(writeLink({ inputs: {}, edges: "plain" })).toMatch(/^v=1&/);
});

test("what cannot be read is said", () => {
  expect(readLink("#x=two").problems).toEqual(["In the link, x = two is no number."]);
  expect(readLink("#v=9&x=2")).toMatchObject({
    inputs: { x: 2 },
    problems: [expect.stringContaining("later version")],
  });
});
