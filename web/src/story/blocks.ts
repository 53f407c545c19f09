// A block of numbers from a spreadsheet: read, and put into an array from one entry onward.
import { readAnswer } from "./answers.js";
import { entryText } from "./entry_names.js";
import { shapeText, type Shape } from "./shapes.js";

type Block = number[][];

/** Read rows of cells with tabs between, as spreadsheets copy them; or say what cannot be read. */
export function blockFrom(
  text: string,
): { block: Block; problem?: undefined } | { block?: undefined; problem: string } {
  const lines = text.replaceAll("\r\n", "\n").replace(/\n+$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t"));
  const block: Block = [];
  for (const [row, cells] of rows.entries()) {
    if (cells.length !== rows[0].length) {
      const counts = `row ${row + 1} has ${cells.length} cells and the first has ${rows[0].length}`;
      return { problem: `The pasted rows differ in length: ${counts}. Nothing was changed.` };
    }
    block.push([]);
    for (const [column, cell] of cells.entries()) {
      // Many spreadsheets write a comma for the point.
      const { number, problem } = readAnswer(cell.replace(/^\s*([-−+]?\d+),(\d+)\s*$/, "$1.$2"));
      if (problem !== undefined) {
        const where = rows.length * cells.length > 1 ? `row ${row + 1}, column ${column + 1} of what was pasted: ` : "";
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
