// @vitest-environment happy-dom
// A view of a trainer in a busy notebook: it is there before what it shows.
import { expect, test } from "vitest";
import type { Model } from "../types/model.js";
import type { TrainerTraits } from "../types/specification.js";
import { TrainerPage } from "./trainer_page.js";

test("a view that is shown before its plan has come waits for it", () => {
  const heard = new Map<string, () => void>();
  const traits: Record<string, unknown> = { plan: {}, message: {}, activations: ["tanh"], example: 3, theme: "light" };
  const model = {
    get: (name: string) => traits[name],
    set: () => {},
    save_changes: () => {},
    send: () => {},
    on: (name: string, callback: () => void) => void heard.set(name, callback),
    off: () => {},
  } as unknown as Model<TrainerTraits>;
  const page = new TrainerPage(model, document.body);
  const { frame } = page.pictures.boundary;
  expect(() => frame.drawStill({} as CanvasRenderingContext2D, frame)).not.toThrow();
  heard.get("change:example")?.();
  expect(page.root.textContent).not.toContain("stopped here");
  page.end();
});
