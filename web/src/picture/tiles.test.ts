// @vitest-environment happy-dom
// When the grids of tiles are drawn: all of a small picture at once, those of a large one as they come into sight.
import { expect, test } from "vitest";
import { Tile, tileDrawing } from "./tiles.js";

const GEOMETRY = {
  shape: [40, 50],
  rows: 40,
  columns: 50,
  sheets: 1,
  gap: 0,
  cell: [2.6, 2.6], // as a map of heat has them
  tops: [0, 200],
  numbers: false,
  caption: "input [40×50]",
};

function markAt(x: number) {
  const node = { name: "W", x, y: 0, width: 1000, height: 1800 };
  return { tile: new Tile(node as never, GEOMETRY as never, "W", "▽"), home: { x, y: 0 }, node };
}

const lookingAt = (x: number, scale = 1) =>
  ({ scale, visible: { left: x - 500, right: x + 500, top: -500, bottom: 500 } }) as never;
const isDrawn = ({ tile }: ReturnType<typeof markAt>) => tile.value.element.childElementCount > 0;

test("a small picture is drawn at once, a large one where one looks", () => {
  const alone = markAt(9000);
  tileDrawing([alone])(lookingAt(0));
  expect(isDrawn(alone)).toBe(true);
  const marks = [markAt(0), markAt(9000)];
  const draw = tileDrawing(marks);
  draw(lookingAt(0, 0.1)); // grids of 10 px
  expect(marks.map(isDrawn)).toEqual([false, false]);
  draw(lookingAt(0, 0.85));
  expect(marks.map(isDrawn)).toEqual([true, false]);
});

test("what was told and marked before shows once a grid is drawn", () => {
  const { tile } = markAt(0);
  const data = Float64Array.from({ length: 2000 }, (_, place) => place - 1000);
  tile.show({ value: { text: "[40×50]", data }, slope: null, isSumming: false });
  tile.mark({ chosen: { kind: "value", place: 3 }, value: new Set([3, 4]), slope: new Set() });
  tile.draw();
  expect(tile.value.element.querySelector(".bpv-grid-scale")!.textContent).toBe("size ≤ 1000, struck: −");
  expect(tile.value.element.querySelector(".bpv-entry-chosen")!.getAttribute("data-value")).toBe("-997");
  expect(tile.value.element.querySelectorAll(".bpv-entry-met").length).toBe(1);
});

test("what is told shows in sight at once, elsewhere once one looks there or the run rests", () => {
  const marks = [0, 9000, 18000].map(markAt);
  const draw = tileDrawing(marks);
  let [number, asked] = [1, 0];
  const data = () => ((asked += 1), { text: "[40×50]", data: new Float64Array(2000).fill(number) });
  const replay = { known: [1], settled: [0], gradientBegun: () => false };
  const session = { replay, valueNow: data, isForwardMode: false };
  const tell = () => marks.forEach(({ tile }) => tile.tell(session as never, 0));
  const shown = () => marks.map(({ tile }) => tile.value.numberAt(7));
  tell();
  draw(lookingAt(0));
  expect([shown(), asked]).toEqual([[1, null, null], 1]);
  draw(lookingAt(9000));
  number = 2;
  tell();
  draw(lookingAt(9000));
  expect([shown(), asked]).toEqual([[1, 2, null], 3]);
  draw(null);
  expect([shown(), asked]).toEqual([[2, 2, 2], 5]);
});

test("where nobody could read digits, the colours alone follow", () => {
  const tile = { ...GEOMETRY, shape: [1, 2], rows: 1, columns: 2, cell: [54, 22], numbers: true };
  const node = { name: "b", x: 0, y: 0, width: 130, height: 80 };
  const mark = { tile: new Tile(node as never, tile as never, "b", "▽"), home: { x: 0, y: 0 }, node };
  const draw = tileDrawing([mark]);
  const replay = { known: [1], settled: [0], gradientBegun: () => false };
  const numbers = { text: "[1×2]", data: [0.5, -2] };
  mark.tile.tell({ replay, valueNow: () => numbers, isForwardMode: false } as never, 0);
  const { element } = mark.tile.value;
  const texts = () => [...element.querySelectorAll(".bpv-cell")].map((cell) => cell.textContent);
  draw(lookingAt(0));
  expect(texts()).toEqual(["0.50", "−2"]);
  numbers.data = [1, -1];
  mark.tile.tell({ replay, valueNow: () => numbers, isForwardMode: false } as never, 0);
  draw(lookingAt(0, 0.2));
  expect(texts()).toEqual(["0.50", "−2"]);
  expect(element.querySelector('.bpv-heat[fill-opacity="0.300"]')!.getAttribute("d")!.match(/M/g)!.length).toBe(2);
  draw(lookingAt(0));
  expect(texts()).toEqual(["1", "−1"]);
});

test("what is given is there before the first step, what is computed is not", () => {
  const session = {
    nodes: [{ op: "input" }, { op: "tanh" }],
    replay: { known: [0, 0], settled: [0, 0], gradientBegun: () => false },
    valueNow: () => ({ text: "[40×50]", data: new Float64Array(2000).fill(3) }),
  };
  const marks = [0, 0].map(markAt);
  marks.forEach(({ tile }, node) => tile.tell(session as never, node));
  tileDrawing(marks)(null);
  expect(marks.map(({ tile }) => tile.value.numberAt(7))).toEqual([3, null]);
  expect(marks.map(({ tile }) => tile.value.element.matches(".bpv-grid-unknown"))).toEqual([false, true]);
});

test("what nobody sees, every digit as data, is written after what is seen", async () => {
  const shape = [2, 2];
  const geometry = { ...GEOMETRY, shape, rows: 2, columns: 2, cell: [54, 22], numbers: true };
  const node = { name: "W", x: 0, y: 0, width: 200, height: 200 };
  const tile = new Tile(node as never, geometry as never, "W", "▽");
  const draw = tileDrawing([{ tile, home: { x: 0, y: 0 }, node }]);
  const data = Float64Array.of(0.375, -2, 1 / 3, NaN);
  const replay = { known: [1], settled: [1], gradientBegun: () => true };
  const session = { replay, isForwardMode: false, valueNow: () => ({ text: "[2×2]", data }) };
  tile.tell({ ...session, number: () => ({ text: "[2×2]", data: data.map((each) => 2 * each) }) } as never, 0);
  draw(lookingAt(0));
  const cells = () => [...tile.value.element.querySelectorAll<SVGElement>(".bpv-cell")];
  expect(cells().map((cell) => cell.textContent)).toEqual(["0.38", "−2", "0.33", "NaN"]);
  expect(cells().map((cell) => cell.dataset.value)).toEqual([undefined, undefined, undefined, undefined]);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  expect(cells().map((cell) => cell.dataset.value)).toEqual(["0.375", "-2", "0.3333333333333333", "NaN"]);
  expect(cells().map((cell) => cell.dataset.gradient)).toEqual(["0.75", "-4", "0.6666666666666666", "NaN"]);
  expect(tile.slope!.element.querySelector<SVGElement>("[data-entry='1,0']")!.dataset.value).toBeUndefined();
});
