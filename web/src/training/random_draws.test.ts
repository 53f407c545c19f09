import { describe, expect, it } from "vitest";
import cases from "./shuffle_cases.json";
import { Shuffles } from "./random_draws";

describe("orders of examples", () => {
  it.each(cases)("are NumPy's for the seed $seed", ({ seed, orders, after }) => {
    const shuffles = Shuffles.ofSeed(seed);
    for (const [size, expected] of orders as [number, number[]][]) {
      const order = shuffles.order(size);
      expect([...order].slice(0, 24)).toEqual(expected);
      expect([...order].sort((one, other) => one - other)).toEqual(Array.from({ length: size }, (_, place) => place));
    }
    expect(shuffles.toPlain()).toEqual(after);
  });

  it("go on where the kernel stood", () => {
    const shuffles = Shuffles.ofSeed(3);
    shuffles.order(4);
    const twin = Shuffles.from(shuffles.toPlain());
    expect(twin.order(100)).toEqual(shuffles.order(100));
  });
});
