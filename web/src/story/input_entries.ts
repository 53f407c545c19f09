// Entries of inputs: as people index them, moved one by one, or pasted as a block from a spreadsheet.
import { readAnswer } from "./answers.js";
import { entryText, indexAt, type Shape, shapeText } from "./primitives.js";
import type { Inputs } from "./engine.js";
import { ArrayNumber } from "./numerals.js";
import type { Session } from "./session.js";

/** The place of an entry in C order. */
export function placeOfEntry(shape: Shape, entry: readonly number[]): number {
  return shape.reduce((place, size, axis) => place * size + entry[axis], 0);
}

/** Entries that stand together, as one index: ":,0" of a column, "1,:" of a row; null where no index gives them. */
export function entriesText(shape: Shape, places: readonly number[]): string | null {
  const indices = places.map((place) => indexAt(shape, place));
  let count = 1;
  const parts = shape.map((size, axis) => {
    const along = [...new Set(indices.map((index) => index[axis]))].sort((one, other) => one - other);
    const [first, last] = [along[0], along.at(-1)!];
    count *= along.length;
    if (along.length === 1) return String(first);
    if (last - first + 1 !== along.length) return null;
    return along.length === size ? ":" : `${first}:${last + 1}`;
  });
  return places.length > 0 && count === new Set(places).size && !parts.includes(null) ? parts.join(",") : null;
}

const MOST_OF_ONE = 64; // entries of one array that can be chosen from a list

/** One number of an input. */
export interface InputEntry {
  label: string;
  name: string;
  node: number;
  /** In C order; null of a scalar. */
  place: number | null;
}

/** All that may be moved; of a large array the first entries. */
export function inputEntries(session: Session, inputs: Inputs): InputEntry[] {
  return session.nodes.flatMap(({ op, name }, node): InputEntry[] => {
    if (op !== "input") return [];
    const given = inputs[name];
    if (typeof given === "number") return [{ label: name, name, node, place: null }];
    const { shape, data } = given as ArrayNumber;
    return Array.from({ length: Math.min(MOST_OF_ONE, data.length) }, (_, place) => {
      return { label: `${name}[${entryText(shape, place)}]`, name, node, place };
    });
  });
}

/** The number that stands at an entry. */
export function entryOf(inputs: Inputs, { name, place }: InputEntry): number {
  const given = inputs[name];
  return Number(place === null ? given : (given as ArrayNumber).data[place]);
}

/** The same inputs with another number at an entry. */
export function withEntry(inputs: Inputs, { name, place }: InputEntry, changed: number): Inputs {
  if (place === null) return { ...inputs, [name]: changed };
  const { shape, data } = inputs[name] as ArrayNumber;
  return { ...inputs, [name]: { shape, data: Array.from(data, (each, at) => (at === place ? changed : each)) } };
}

// A block of numbers from a spreadsheet: read, and put into an array from one entry onward.

type Block = number[][];

const DECIMAL_COMMA = /^\s*([-−+]?\d+),(\d+)\s*$/; // many spreadsheets write a comma for the point

/**
 * Read rows of cells with tabs between, as spreadsheets copy them, semicolons, as they save them, or commas, as programs
 * write them, where they do not stand for points; or say what cannot be read.
 */
export function blockFrom(
  text: string,
): { block: Block; problem?: undefined } | { block?: undefined; problem: string } {
  const lines = text.replaceAll("\r\n", "\n").replace(/\n+$/, "").split("\n");
  const isListed = !/[\t;]/.test(text) && lines.some((line) => line.includes(",") && !DECIMAL_COMMA.test(line));
  const rows = lines.map((line) => line.split(!isListed ? /[\t;]/ : /,\s/.test(text) ? /,\s+/ : ","));
  const block: Block = [];
  for (const [row, cells] of rows.entries()) {
    if (cells.length !== rows[0].length) {
      const counts = `row ${row + 1} has ${cells.length} cells and the first has ${rows[0].length}`;
      return { problem: `The pasted rows differ in length: ${counts}. Nothing was changed.` };
    }
    block.push([]);
    for (const [column, cell] of cells.entries()) {
      const { number, problem } = readAnswer(cell.replace(DECIMAL_COMMA, "$1.$2"));
      if (problem !== undefined) {
        const where =
          rows.length * cells.length > 1 ? `In row ${row + 1}, column ${column + 1} of what was pasted: ` : "";
        const said = cell.trim() === "" ? "there is no number" : problem;
        return { problem: `Nothing was changed. ${where}${said}` };
      }
      block[row].push(number);
    }
  }
  return { block };
}

/** The entries of an array with a block put in from a place onward; or what would fit. */
export function placed(
  block: Block,
  { name, shape, data, place }: { name: string; shape: Shape; data: readonly number[]; place: number },
): { data: number[]; problem?: undefined } | { data?: undefined; problem: string } {
  // A column goes into a vector as a row does.
  const isColumn = shape.length === 1 && block.length > 1 && block[0].length === 1;
  const rows = isColumn ? [block.map(([number]) => number)] : block;
  const [height, width] = [shape.length > 1 ? shape.at(-2)! : 1, shape.at(-1)!];
  const [row, column] = [Math.floor(place / width) % height, place % width];
  if (row + rows.length > height || column + rows[0].length > width) {
    const size = (down: number, across: number) => (shape.length > 1 ? `${down}×${across}` : String(across));
    const given = `A block of ${block.length}×${block[0].length} numbers`;
    const room = `${name}[${entryText(shape, place)}] there is room for ${size(height - row, width - column)}`;
    return { problem: `${given} does not fit into ${name} (${shapeText(shape)}): from ${room}. Nothing was changed.` };
  }
  const result = [...data];
  rows.forEach((numbers, down) => {
    numbers.forEach((number, across) => (result[place + down * width + across] = number));
  });
  return { data: result };
}
