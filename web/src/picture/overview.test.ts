// @vitest-environment happy-dom
// Where the whole in a corner stands aside.
import { expect, test } from "vitest";
import { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import { withOverview } from "./overview.js";

const standingAt = (x: number, y: number) => ({ id: 0, node: { x, y, width: 200, height: 150 } });

test("the overview stands where it covers little, of what is told about above all", () => {
  const camera = { scale: 1, visible: { left: 0, right: 800, top: 0, bottom: 500 } };
  const [low, high, left] = [standingAt(700, 425), standingAt(700, 75), standingAt(100, 425)];
  const replay = { known: [], settled: [], gradientBegun: () => false };
  const stage = {
    camera,
    bounds: { x: 0, y: 0, width: 1500, height: 500 },
    marks: new Map([["low", low]]),
    markOf: new Map(),
    present: null as unknown,
    session: { replay },
  };
  withOverview();
  const overview = parts.makeOverview!({ lifetime: new Lifetime((work) => work), stage: stage as never });
  const corner = () => {
    overview.place();
    return ["left", "top"].filter((side) => overview.element.classList.contains(`bpv-overview-${side}`)).join(" ");
  };
  expect(corner()).toBe("left"); // though nothing is told about yet
  stage.marks = new Map([["high", high]]);
  expect(corner()).toBe("left"); // it stays where it covers nothing
  stage.marks = new Map(Object.entries({ low, high, left, other: standingAt(100, 75) }));
  stage.present = left;
  expect(corner()).not.toBe("left");
});
