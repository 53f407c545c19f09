// A specification as exported pages hold it: sentences of one shape once, with holes for nodes.
import { expect, test, vi } from "vitest";
import {
  addressOf,
  importText,
  isPacked,
  reasonAgainst,
  takeDrawing,
  unfolded,
  unpackSpecification,
} from "./specification.js";

const nodes = [{ name: "x" }, { name: "a" }, { name: "y" }];
const shape = {
  title: [["v", 0], " = ", ["q", "partial", 1, 0]],
  notes: [{ when: ["less", ["q", "value", 1], ["q", "literal", 3]], text: [["g", 0]] }],
  ledger: [{ label: ["from ", ["v", "elsewhere"]] }],
};

test("holes are filled with names in words and with numbers in references, and literals stay", () => {
  const folded = {
    graph: { nodes },
    narration: { shapes: [shape], told: [[0, 1, 2]] },
    explanations: { shapes: [shape], told: [[0, 2, 0]], of: [2] },
  };
  const spec = unfolded(folded as never);
  expect(spec.narration[0]).toEqual({
    title: [["v", "a"], " = ", ["q", "partial", 2, 0]],
    notes: [{ when: ["less", ["q", "value", 2], ["q", "literal", 3]], text: [["g", "a"]] }],
    ledger: [{ label: ["from ", ["v", "elsewhere"]] }],
  });
  expect(spec.explanations?.[2].title).toEqual([["v", "y"], " = ", ["q", "partial", 0, 0]]);
});

test("a drawing takes the place of another, and both stay", () => {
  const spec = { scene: { drawing: "circuit" }, scenes: { network: { drawing: "network" } } } as never;
  expect(takeDrawing(spec, "network")).toBe(true);
  expect(takeDrawing(spec, "network")).toBe(false);
  expect(takeDrawing(spec, "sketch")).toBe(false);
  expect(takeDrawing(spec, "circuit")).toBe(true);
  expect(reasonAgainst({ undrawable: { network: "no units" } } as never, "network")).toBe("no units");
  expect(reasonAgainst(null, "network")).toBe("");
});

test("compressed bytes are unpacked once what they wait for is there", async () => {
  const stream = new Blob(['{"graph":{}}']).stream().pipeThrough(new CompressionStream("deflate"));
  const packed = await new Response(stream).arrayBuffer();
  expect([isPacked(packed), isPacked({})]).toEqual([true, false]);
  const order: string[] = [];
  const after = new Promise((resolve) => setTimeout(resolve, 1)).then(() => order.push("parts"));
  const spec = await unpackSpecification(packed, after);
  order.push("spec");
  expect([spec, order]).toEqual([{ graph: {} }, ["parts", "spec"]]);
});

test("a part finds what it shares at the address it was given", async () => {
  const texts: string[] = [];
  vi.stubGlobal(
    "Blob",
    class {
      constructor([text]: string[]) {
        texts.push(text);
      }
    },
  );
  const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("data:text/javascript,export default 7");
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
  for (const name of ["./shared.js", "./array_shared.js"]) {
    expect(await importText(`import{a}from"${name}";`, "blob:there")).toBe(7);
  }
  expect(texts).toEqual(Array(2).fill('import{a}from"blob:there";'));
  expect([addressOf("1"), made.mock.calls.length]).toEqual(["data:text/javascript,export default 7", 3]);
  vi.unstubAllGlobals();
});
