// What edges show of gradients: the local ones, and how wide what flows is drawn; nothing that is asked for.
import { expect, test } from "vitest";
import { VEILED, veiledContext } from "../story/number_sources.js";
import { Session } from "../story/session.js";
import { GRAPH, INPUTS, TIMELINE } from "../story/worked_example.js";
import { localText, wantedOn, widthsOf } from "./edge_gradients.js";
import { flowThrough, tellEdge } from "./edge_labels.js";

function runTo(step: number, isHidden: (kind: string, node: number) => boolean) {
  const spec = { mode: "reverse", graph: GRAPH, timeline: TIMELINE, narration: [] };
  const session = new Session(modelOf({ inputs: INPUTS, notation: "g_x" }), spec as never);
  session.veil = (context) => veiledContext(context, session.structure, isHidden);
  session.compute();
  session.seek(step);
  return session;
}

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

test("nothing stands on edges in an exercise", () => {
  expect(wantedOn(modelOf({ edges: "local" }))).toBe("local");
  expect(wantedOn(modelOf({}))).toBe("plain");
  expect(wantedOn(modelOf({ edges: "width", sheet: {} }))).toBe("plain");
});

test("an edge tells neither local gradient nor flow where they lead to a hidden gradient", () => {
  const session = runTo(11, (kind, node) => kind !== "value" && node === 2);
  const [ofA, ofX] = [3, 0]; // a into exp, x into a
  expect([localText(session, ofA), flowThrough(session, ofA)]).toEqual(["", VEILED]);
  expect(tellEdge(session, ofA).flatMap(([, text]) => text.match(/^\S+ × \? = \?$/) ?? [])).toHaveLength(1);
  expect(localText(session, ofX)).toBe("×−0.5");
  // Before anything has flowed, the local gradient alone would tell it.
  expect(
    tellEdge(
      runTo(5, () => true),
      ofA,
    ).map(([, text]) => text),
  ).toContain("local derivative ?");
});
