// What a session knows at a step, and what it says of numbers that are hidden.
import { expect, test } from "vitest";
import { Session } from "./session.js";
import { GRAPH, INPUTS, TIMELINE } from "./worked_example.js";

test("a sum that has begun stays hidden, also behind a veil that another bundle made", () => {
  const veiled = { text: "?", full: "?", hidden: true };
  const session = { number: () => veiled, compiled: {}, replay: { sums: [1] } };
  expect(Session.prototype.partialSum.call(session, 0)).toBe(veiled);
});

function session(traits: object = {}) {
  const spec = {
    mode: "reverse",
    graph: GRAPH,
    timeline: TIMELINE,
    narration: TIMELINE.map((_, step) => ({ sentence: [`Step ${step}.`] })).concat({ sentence: ["The end."] }),
    explanations: {
      2: { title: [["v", "a"]], notes: [{ when: ["zero", ["q", "value", 2]], text: ["0"], sign: "zero" }] },
    },
  };
  const values: Record<string, unknown> = { inputs: INPUTS, notation: "g_x", ...traits };
  const model = { get: (name: string) => values[name] };
  return { made: new Session(model as never, spec as never), values };
}

test("a step says what it is about, which edges carry it, and how nodes look then", () => {
  const { made } = session();
  made.seek(3);
  expect(made.focus).toMatchObject({ phase: "forward", node: 2, edges: [0, 1] });
  expect([made.edgeLook(0), made.edgeLook(3), made.carried(0).text]).toEqual(["forward", "future", "2"]);
  made.seek(8);
  expect(made.focus).toMatchObject({ phase: "backward", node: 3, consumer: 4 });
  expect(made.slope(2)).toMatchObject({ text: "▽ 1 + …", summing: true });
  made.seek(made.steps);
  expect(made.slope(2)).toMatchObject({ text: "▽ 1.368", summing: false });
  expect(made.describe(2)).toBe("a, multiply, value −1, gradient 1.368");
});

test("what is chosen is told about, and nothing else can be chosen", () => {
  const { made } = session();
  made.select("a");
  expect([made.told().isSelection, made.told().title[0].text]).toEqual([true, "a"]);
  made.select("nobody");
  expect([made.selected, made.told().isSelection]).toEqual(["", false]);
});

test("new inputs give new numbers at the same step, and cautions where they are due", () => {
  const { made, values } = session();
  made.seek(made.steps);
  expect(made.caution(2)).toBe("");
  values.inputs = { x: 0, z: 3 };
  made.compute();
  expect([made.step, made.number("gradient", 0), made.caution(2)]).toEqual([made.steps, 6, "zero"]);
});

test("each notation has its sign, and phases their stretches", () => {
  expect(session({ notation: "δ" }).made.gradientSign(2)).toBe("δ ");
  expect(session({ notation: "x\u0304" }).made.gradientSign(2)).toBe("a\u0304 = ");
  expect(session().made.phases()).toEqual([
    { phase: "forward", from: 0, to: 5 },
    { phase: "backward", from: 5, to: 11 },
  ]);
});
