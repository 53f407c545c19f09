// What is sent to the kernel, and when.
import { Lifetime, Saver } from "./lifetime.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const EDIT_EVERY = 40; // milliseconds: a key held down on a slider

// A page whose frames are so many milliseconds apart, edited for two seconds; gives the values that were sent.
async function edited(frameTime: number) {
  vi.stubGlobal("requestAnimationFrame", (work: (now: number) => void) =>
    setTimeout(() => work(performance.now()), frameTime - (performance.now() % frameTime)),
  );
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  const sent: number[] = [];
  const model = { value: 0, on() {}, off() {}, send() {}, save_changes: () => sent.push(model.value) };
  const saver = new Saver({ lifetime: new Lifetime((work) => work), model });
  for (let time = 0; time < 2000; time += EDIT_EVERY) {
    model.value += 1;
    saver.request();
    await vi.advanceTimersByTimeAsync(EDIT_EVERY);
  }
  await vi.advanceTimersByTimeAsync(3000);
  return { sent, last: model.value };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a page that paints at once sends some ten changes a second, and the last one always", async () => {
  const { sent, last } = await edited(16);
  expect(sent.length).toBeGreaterThan(15);
  expect(sent.at(-1)).toBe(last);
});

test("a page that paints slowly sends fewer: each message would cost it two more frames", async () => {
  const { sent, last } = await edited(100);
  expect(sent.length).toBeLessThan(8);
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
