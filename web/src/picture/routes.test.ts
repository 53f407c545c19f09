// The ways of edges, and what must keep clear of what.
import { expect, test } from "vitest";
import { boxAt, overlap } from "./boxes.js";
import { blendedRoute, MeasuredRoute, readPath, samplePoints, writePath } from "./routes.js";

test("a path is read and written without loss", () => {
  const text = "M84,188.3C138,188.3,138,266.1,191.9,266.1C200,266,210,260,220,250";
  expect(writePath(readPath(text))).toBe(text);
  expect(readPath("M0,0L30,0")).toHaveLength(1);
  expect(writePath([])).toBe("");
});

test("a route is walked at even speed from its start to its end", () => {
  const route = new MeasuredRoute(readPath("M0,0C0,0,100,0,100,0"));
  expect(route.length).toBeCloseTo(100, 6);
  expect(route.pointAt(0)).toEqual({ x: 0, y: 0 });
  expect(route.pointAt(0.5).x).toBeCloseTo(50, 1);
  expect(route.pointAt(1).x).toBeCloseTo(100, 6);
});

test("routes blend where they have as many pieces, else not", () => {
  const [from, to] = ["M0,0L10,0", "M0,10L10,10"].map(readPath);
  expect(samplePoints(blendedRoute(from, to, 0.25)!, 1).map((point) => point.y)).toEqual([2.5, 2.5]);
  expect(blendedRoute(from, [...to, ...to], 0.5)).toBeNull();
});

test("boxes share an area or none", () => {
  expect(overlap(boxAt(0, 0, 10, 10), boxAt(5, 5, 10, 10))).toBe(25);
  expect(overlap(boxAt(0, 0, 10, 10), boxAt(10, 0, 10, 10))).toBe(0);
});
