// What is painted and when, and what is sent to the kernel, and when.
import { FrameTask, Lifetime, Saver } from "./lifetime.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const EDIT_EVERY = 40; // milliseconds: a key held down on a slider

// A page whose frames take so many milliseconds of work, edited for two seconds; gives what was sent, and when.
async function edited(frameTime: number, isAwaited?: () => boolean) {
  // As in a browser that is busy: a frame's time is when it was due, and it may be late.
  vi.stubGlobal("requestAnimationFrame", (work: (now: number) => void) =>
    setTimeout(() => work(performance.now() - frameTime), frameTime),
  );
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  const sent: number[] = [];
  const times: number[] = [];
  const save_changes = () => (sent.push(model.value), times.push(performance.now()));
  const model = { value: 0, on() {}, off() {}, send() {}, save_changes };
  const saver = new Saver({ lifetime: new Lifetime((work) => work), model, isAwaited });
  for (let time = 0; time < 2000; time += EDIT_EVERY) {
    model.value += 1;
    saver.request();
    await vi.advanceTimersByTimeAsync(EDIT_EVERY);
  }
  const ended = performance.now();
  await vi.advanceTimersByTimeAsync(3000);
  return { sent, last: model.value, late: times.at(-1)! - ended };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a page that paints at once sends some ten changes a second, and the last one always", async () => {
  const { sent, last } = await edited(6);
  expect(sent.length).toBeGreaterThan(15);
  expect(sent.at(-1)).toBe(last);
});

test("a page that paints slowly sends few, and soon once the hand rests: each message costs it two more frames", async () => {
  const { sent, last, late } = await edited(21); // though a screen at 60 Hz misses one frame of two only
  expect(sent.length).toBeLessThanOrEqual(4);
  expect(sent.at(-1)).toBe(last);
  expect(late).toBeLessThan(200);
});

test("a page that waits for the kernel's numbers sends on", async () => {
  const { sent, last } = await edited(40, () => true);
  expect(sent.length).toBeGreaterThan(6);
  expect(sent.at(-1)).toBe(last);
});

test("a change is painted before it is told", async () => {
  vi.stubGlobal("requestAnimationFrame", (work: (now: number) => void) =>
    setTimeout(() => work(performance.now()), 16),
  );
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  const happened: string[] = [];
  const model = { on() {}, off() {}, send() {}, save_changes: () => happened.push("told") };
  const saver = new Saver({ lifetime: new Lifetime((work) => work), model });
  requestAnimationFrame(() => happened.push("painted"));
  saver.request();
  await vi.advanceTimersByTimeAsync(50);
  expect(happened).toEqual(["painted", "told"]);
});

test("what is asked for first is painted ahead of the frame, what follows once in it", async () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => frames.push(work));
  const happened: string[] = [];
  const task = new FrameTask(new Lifetime((work) => work), () => happened.push("painted"), {
    getBoundingClientRect: () => happened.push("laid out"),
  });
  for (let time = 0; time < 2; time += 1) task.request();
  expect(happened).toEqual([]); // who asks ends first: it may ask for more
  await Promise.resolve();
  expect(happened).toEqual(["painted", "laid out"]);
  for (let time = 0; time < 2; time += 1) task.request();
  await Promise.resolve();
  expect(happened.length).toBe(2);
  frames.splice(0).forEach((frame) => frame());
  expect(happened.slice(2)).toEqual(["painted"]);
  task.request();
  await Promise.resolve();
  frames.splice(0).forEach((frame) => frame());
  expect(happened.slice(3)).toEqual(["painted", "laid out"]); // and not again in its frame
});

test("without somebody who lays out, all is painted in the frame", async () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (work: () => void) => frames.push(work));
  let painted = 0;
  const task = new FrameTask(new Lifetime((work) => work), () => (painted += 1));
  task.request();
  await Promise.resolve();
  expect(painted).toBe(0);
  frames.splice(0).forEach((frame) => frame());
  expect(painted).toBe(1);
});
