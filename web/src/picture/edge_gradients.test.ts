// What edges show of gradients: the local ones, and how wide what flows is drawn; nothing that is asked for.
import { expect, test } from "vitest";
import { Session } from "../story/session.js";
import { GRAPH, INPUTS, TIMELINE } from "../story/worked_example.js";
import { localText, wantedOn, widthsOf } from "./edge_gradients.js";
import { tellEdge } from "./edge_labels.js";

const modelOf = (traits: object) => ({ get: (name: string) => (traits as Record<string, unknown>)[name] }) as never;

test("an edge has its local gradient once the value behind it is known, and tells what it multiplies", () => {
  const spec = { mode: "reverse", graph: GRAPH, timeline: TIMELINE, narration: [] };
  const session = new Session(modelOf({ inputs: INPUTS, notation: "g_x" }), spec as never);
  expect(localText(session, 0)).toBe("");
  session.seek(session.steps);
  const [, , told] = tellEdge(session, 0).map(([, text]) => text);
  expect(told).toBe("upstream × local = contribution");
  const [first, local, product] = tellEdge(session, 0)[3][1].split(/ [×=] /);
  expect(localText(session, 0)).toBe(`×${local}`);
  const number = (text: string) => Number(text.replace("−", "-"));
  expect(number(first) * number(local)).toBeCloseTo(number(product), 2);
});

test("a tenth is a step thinner, and nothing is thinnest", () => {
  expect(widthsOf([100, 10, 1, 0, 1e-9])).toEqual([9, 7, 5, 1, 1]);
  expect(widthsOf([0, 0])).toEqual([1, 1]);
  expect(widthsOf([2, Infinity])).toEqual([9, 9]);
});

test("nothing stands on edges in an exercise, and while numbers are hidden", () => {
  expect(wantedOn(modelOf({ edges: "local" }))).toBe("local");
  expect(wantedOn(modelOf({}))).toBe("plain");
  for (const asking of [{ sheet: {} }, { hidden: { gradients: true } }, { hidden: { nodes: ["x"], shown: [] } }])
    expect(wantedOn(modelOf({ edges: "width", ...asking }))).toBe("plain");
});
