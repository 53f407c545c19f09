import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guardWith, Lifetime } from "../page/lifetime.js";
import { TurnTask } from "./frame_loop.js";

const frames: (() => void)[] = [];

function passFrame(): void {
  for (const callback of frames.splice(0)) callback();
}

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
});

afterEach(() => {
  frames.length = 0;
  vi.unstubAllGlobals();
});

function lifetimeOf(): Lifetime {
  return new Lifetime(guardWith((problem) => expect(problem).toBeNull()));
}

test("what is asked for in one frame is painted one after the other, each once", () => {
  const painted: string[] = [];
  const [one, other] = ["one", "other"].map((name) => new TurnTask(lifetimeOf(), () => painted.push(name)));
  for (const task of [one, other, one]) task.request();
  passFrame();
  expect(painted).toEqual(["one"]);
  one.request(); // waits until the other has had its turn
  passFrame();
  expect(painted).toEqual(["one", "other"]);
  passFrame();
  passFrame();
  expect(painted).toEqual(["one", "other", "one"]);
  expect(frames).toEqual([]);
});

test("what has ended is not painted, and holds nobody up", () => {
  const painted: string[] = [];
  const lifetime = lifetimeOf();
  const ended = new TurnTask(lifetime, () => painted.push("ended"));
  const other = new TurnTask(lifetimeOf(), () => painted.push("other"));
  ended.request();
  lifetime.end();
  other.request();
  passFrame();
  expect(painted).toEqual(["other"]);
});
