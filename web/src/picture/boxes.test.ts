// @vitest-environment happy-dom
// Where plates with contributions stand.
import { expect, test } from "vitest";
import { nodeBoxes, overlap, placePills } from "./boxes.js";
import type { NodeMark } from "./marks.js";
import type { MeasuredRoute } from "./routes.js";

const LARGE_SIGNS = 32 / 15; // of a picture that is presented

function nodeAt(x: number) {
  const node = { x, y: 0, width: 56, height: 56 };
  return { node, spread: 134, nameCorner: [-1, -1], reach: () => 40 } as unknown as NodeMark;
}

test("a plate between close nodes covers neither their large numbers nor the labels of edges", () => {
  const marks = [nodeAt(0), nodeAt(154)];
  const route = {
    length: 98,
    pointAt: (share: number) => ({ x: 126 - 98 * share, y: 0 }),
    normalAt: () => ({ x: 0, y: 1 }),
  } as unknown as MeasuredRoute;
  const pill = { edge: 0, route, text: "0.9998", kind: "backward" };
  const size = { growth: LARGE_SIGNS, type: 32 };
  const [[, , box]] = placePills([pill], marks, size);
  expect(box.right - box.left).toBeGreaterThan(80);
  for (const taken of marks.flatMap((mark) => nodeBoxes(mark, size.type))) expect(overlap(box, taken)).toBe(0);
  const [[, , other]] = placePills([pill], marks, size, [box]);
  expect(overlap(other, box)).toBe(0);
});
