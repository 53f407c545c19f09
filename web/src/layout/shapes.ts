// The values that go into a layout and come out of it; the same as in backpropviz/scene/layout.

/** Source, target and slot: parallel arrows differ in their slot. */
export type Arrow = [source: number, target: number, slot: number];

/** The room one node needs; its identity is its place in the list handed to `place`. */
export interface Box {
  /** Of the drawn shape: arrows leave and arrive at its sides. */
  width: number;
  /** Of the shape together with the text above and below it. */
  height: number;
  /** An input, weight or constant: it may stand as late as its first use. */
  source: boolean;
  /** The shape is a circle of diameter `width`, so that ports follow its rim. */
  round: boolean;
}

/** The distances of a drawing, in px. */
export const SPACING = { columnGap: 105, rowGap: 40, laneGap: 22, portGap: 11, margin: 24 };

/** Centre of each box, path of each arrow, and the size of the drawing. */
export interface Placement {
  centres: [number, number][];
  paths: string[];
  width: number;
  height: number;
}

/** To a tenth, a tie to the even one, as Python rounds. */
export function toTenth(value: number): number {
  const isTie = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  if (!isTie) return Number(value.toFixed(1));
  const low = Math.floor(value * 10);
  return (low % 2 === 0 ? low : low + 1) / 10;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
