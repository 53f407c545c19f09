// @vitest-environment happy-dom
// Where the whole in a corner stands aside.
import { expect, test } from "vitest";
import { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import { withOverview } from "./overview.js";
import { hideDetails } from "./sight.js";

const standingAt = (x: number, y: number) => ({ id: 0, node: { x, y, width: 200, height: 150 } });

test("the overview stands where it covers little, of what is told about above all", () => {
  const camera = { scale: 1, width: 800, height: 500, visible: { left: 0, right: 800, top: 0, bottom: 500 } };
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
  const { style } = overview.element as SVGElement;
  expect(parseFloat(style.width)).toBe(150);
  Object.assign(camera, { width: 336, height: 440 }); // on a telephone it would cover half of the picture
  overview.fill();
  expect(parseFloat(style.width)).toBeLessThan(0.3 * 336);
});

test("of many marks, those keep their texts and tiles that somebody could read", () => {
  const shown = new Map<string, string>();
  const marks = new Map(
    [...Array(200).keys()].map((place) => {
      const spot = { x: 100 * place, y: 100, width: 80, height: 80 };
      const classes = new Set<string>();
      const toggle = (name: string, wanted: boolean) => {
        if (wanted) classes.add(name);
        else classes.delete(name);
        shown.set(`n${place}`, [...classes].join(" "));
      };
      return [`n${place}`, { id: place, node: spot, home: spot, toggle }];
    }),
  );
  const visibleAt = (scale: number) => ({ left: 0, right: 800 / scale, top: 0, bottom: 500 / scale });
  const stage = {
    camera: { scale: 1, width: 800, height: 500, visible: visibleAt(1) },
    bounds: { x: 0, y: 0, width: 20000, height: 200 },
    marks,
    markOf: new Map(),
    present: null,
    session: { replay: { known: [], settled: [], gradientBegun: () => false } },
  };
  withOverview();
  Object.assign(parts, { hideDetails });
  const overview = parts.makeOverview!({ lifetime: new Lifetime((work) => work), stage: stage as never });
  const look = (scale: number) => {
    Object.assign(stage.camera, { scale, visible: visibleAt(scale) });
    overview.place();
    return [shown.get("n3") ?? "", shown.get("n199") ?? ""];
  };
  expect(look(1)).toEqual(["", "bpv-unread bpv-speck"]);
  expect(look(0.25)).toEqual(["bpv-unread", "bpv-unread bpv-speck"]);
  expect(look(0.03)).toEqual(["bpv-unread bpv-speck", "bpv-unread bpv-speck"]);
  expect(look(1)[0]).toBe("");
});
