// A run told in steps, forward and back.
import { expect, test } from "vitest";
import { Replay } from "./replay.js";
import { compiledExample, INPUTS, TIMELINE } from "./worked_example.js";

function replay() {
  const compiled = compiledExample();
  const made = new Replay(TIMELINE, compiled);
  made.setRun(compiled.run(INPUTS));
  return made;
}

const look = (at: Replay) => ({
  known: [...at.known],
  settled: [...at.settled],
  received: [...at.received],
  sums: Array.from(at.sums),
  edges: [0, 1, 2, 3, 4].map((edge) => at.edgeState(edge)),
});

test("seeking from anywhere to anywhere gives what walking there gives", () => {
  const walked = Array.from({ length: TIMELINE.length + 1 }, (_, step) => {
    const fresh = replay();
    for (let at = 0; at <= step; at += 1) fresh.seek(at);
    return look(fresh);
  });
  const jumping = replay();
  for (const step of [11, 3, 8, 0, 10, 9, 6, 7, 1, 11, 5]) {
    jumping.seek(step);
    expect(look(jumping)).toEqual(walked[step]);
  }
});

test("a branch adds up what arrives, and is settled when all has", () => {
  const at = replay();
  at.seek(7);
  expect([at.gradientBegun(2), at.settled[2], at.sums[2]]).toEqual([true, 0, 1]);
  at.seek(9);
  expect([at.settled[2], at.sums[2]]).toEqual([1, 1 + Math.exp(-1)]);
});

test("steps beyond the ends are the ends", () => {
  const at = replay();
  at.seek(99);
  expect(at.step).toBe(11);
  at.seek(-5);
  expect(at.step).toBe(0);
});

test("what a step touched is what may look different", () => {
  const at = replay();
  at.seek(6);
  const { nodes, edges } = at.seek(7);
  expect(nodes).toContain(2);
  expect(edges).toContain(3);
  expect(edges).not.toContain(0);
});

test("new numbers keep the step", () => {
  const at = replay();
  at.seek(9);
  at.setRun(compiledExample().run({ x: 0, z: 1 }));
  expect([at.step, at.sums[2]]).toEqual([9, 2]);
});
