// @vitest-environment happy-dom
// Plates keep clear of the numbers that are told about.
import { expect, test } from "vitest";
import { makeSvg } from "../page/dom.js";
import { boxAt, overlap } from "./boxes.js";
import { drawCaptions } from "./captions.js";

const plainMark = (id: number, y: number, spread = 0) => ({
  ...{ id, name: "ab"[id], spread, edges: [], reach: () => 34 },
  node: { shape: "circle", x: 200, y, width: 60, height: 60 },
});

test("a plate does not stand on a sum that still grows, of a node that is told about", () => {
  const [sum, hidden] = [plainMark(0, 230, 140), plainMark(1, 400)];
  const marks = new Map([sum, hidden].map((mark) => [mark.name, mark]));
  const session = {
    ...{ focus: { node: 0, consumer: 1 }, active: new Set(), selected: null },
    ...{ replay: { known: [1, 1] }, valueNow: () => 1.5, slope: () => ({ text: "", tangent: null }) },
  };
  const camera = { scale: 1, type: 15, visible: { left: 0, right: 400, top: 0, bottom: 300 } };
  const stage = { camera, session, marks, markOf: new Map([sum, hidden].map((mark) => [mark.id, mark])) };
  const group = makeSvg("g", {});
  drawCaptions(group, { ...stage, edges: new Map(), hovered: null } as never, [], 1);
  const plates = [...group.querySelectorAll(".bpv-caption")];
  expect(plates.map((plate) => plate.textContent)).toEqual(["b1.5"]);
  const [x, y] = plates[0]
    .getAttribute("transform")!
    .match(/-?[\d.]+/g)!
    .map(Number);
  const width = Number(plates[0].querySelector("rect")!.getAttribute("width"));
  expect(overlap(boxAt(x, y, width, 22), boxAt(200, 230 + 30 + 17, 140, 22))).toBe(0);
});
