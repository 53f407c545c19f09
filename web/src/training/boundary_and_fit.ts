// What the network answers over the plane: a heat map with the line between classes, and the examples on it.
import { ExamplePicture, type PictureGiven } from "./example_picture.js";
import type { Numbers, Part, Parts } from "./frames.js";
import { contextOf, type PlotFrame } from "./plot_frame.js";

export const LARGEST_ODDS = 8; // what the bytes 0 and 255 mean between two classes, in log-odds, as the kernel writes them

// The log-odds of a byte, as a share of the largest: bytes hold their roots, which are finest near even odds.
function oddsOf(byte: number) {
  const middle = byte / 127.5 - 1;
  return middle * Math.abs(middle);
}

const EDGES_OF_CASE = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
];

/** Line segments at which a field of numbers crosses a level, in cells; each is [x1, y1, x2, y2]. */
export function contourSegments(field: ArrayLike<number>, rows: number, columns: number, level: number) {
  const segments = [];
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column;
      let code = 0;
      if (field[at] > level) code += 1;
      if (field[at + 1] > level) code += 2;
      if (field[at + columns + 1] > level) code += 4;
      if (field[at + columns] > level) code += 8;
      if (code === 0 || code === 15) continue; // most cells: nothing is made for them
      const corners = [field[at], field[at + 1], field[at + columns + 1], field[at + columns]].map(
        (each) => each - level,
      );
      if (code > 7) code = 15 - code;
      const crossing = (side: number) => {
        const [first, second] = [corners[side], corners[(side + 1) % 4]];
        const share = first / (first - second);
        return [
          [share, 0],
          [1, share],
          [1 - share, 1],
          [0, 1 - share],
        ][side];
      };
      for (const [from, to] of EDGES_OF_CASE[code]) {
        const [one, other] = [crossing(from), crossing(to)];
        segments.push([column + one[0], row + one[1], column + other[0], row + other[1]]);
      }
    }
  }
  return segments;
}

/** The picture for two features. */
export class BoundaryPicture extends ExamplePicture {
  small: HTMLCanvasElement;
  winner!: Part | null;
  tableKey!: string;
  table!: number[][][];

  constructor(given: PictureGiven) {
    super({ ...given, tallest: 460, label: "Answer of the network over the two features, with the examples" });
    this.small = document.createElement("canvas");
  }

  show(parts: Parts) {
    if (parts.heat) this.winner = parts.winner ?? null;
    this.showAnswer(parts.heat);
  }

  drawAnswer(context: CanvasRenderingContext2D) {
    if (!this.answer) return;
    const {
      values,
      shape: [rows, columns],
    } = this.answer;
    const { left, top, width, height } = this.frame.inner;
    this.small.width = columns;
    this.small.height = rows;
    const pixels = new ImageData(columns, rows);
    const table = this.colourTable();
    for (let at = 0; at < values.length; at += 1) {
      const colours = this.winner ? table[this.winner.values[at]] : table[0];
      // The first row of the field is the lowest; of a picture it is the highest.
      const place = ((rows - 1 - Math.floor(at / columns)) * columns + (at % columns)) * 4;
      pixels.data.set(colours[values[at]], place);
    }
    contextOf(this.small).putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = true;
    // Grid points are the centres of pixels, so half a pixel hangs over at each side.
    const [overX, overY] = [width / (columns - 1) / 2, height / (rows - 1) / 2];
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.drawImage(this.small, left - overX, top - overY, width + 2 * overX, height + 2 * overY);
    if (!this.winner && this.plan.classes === 2) this.drawLine(context, values, rows, columns);
    context.restore();
  }

  drawLine(context: CanvasRenderingContext2D, values: Numbers, rows: number, columns: number) {
    const { left, top, width, height } = this.frame.inner;
    const [stepX, stepY] = [width / (columns - 1), height / (rows - 1)];
    context.beginPath();
    for (const [x1, y1, x2, y2] of contourSegments(Float64Array.from(values, oddsOf), rows, columns, 0)) {
      context.moveTo(left + x1 * stepX, top + height - y1 * stepY);
      context.lineTo(left + x2 * stepX, top + height - y2 * stepY);
    }
    context.strokeStyle = this.palette.css("--bpv-ink");
    context.lineWidth = 1.6;
    context.stroke();
  }

  // One colour per byte, made once per theme and kind: log-odds between two classes, how sure the winning one is, or
  // where a number lies between the least and the largest target.
  colourTable() {
    const key = `${this.palette.theme} ${Boolean(this.winner)} ${this.plan.classes}`;
    if (this.tableKey === key) return this.table;
    this.tableKey = key;
    const rows = this.winner ? Math.max(1, this.plan.classes) : 1;
    const colour = (row: number, byte: number) => {
      if (this.winner) return this.palette.wash(row, 0.15 + 0.85 * (byte / 255));
      // 2 p − 1 of the probability p with these log-odds is the hyperbolic tangent of half of them.
      const sure = Math.abs(this.plan.classes === 2 ? Math.tanh((oddsOf(byte) * LARGEST_ODDS) / 2) : byte / 127.5 - 1);
      return this.palette.wash(byte > 127.5 ? 1 : 0, sure);
    };
    this.table = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: 256 }, (_unused, byte) => [...colour(row, byte).map(Math.round), 255]),
    );
    return this.table;
  }
}

// What the network answers along one feature, over the examples.

/** The picture for one feature. */
export class FitPicture extends ExamplePicture {
  constructor(given: PictureGiven) {
    super({
      ...given,
      tallest: 400,
      label: "Answer of the network over the feature, with the examples",
      markColour: "--bpv-line",
    });
  }

  show(parts: Parts) {
    this.showAnswer(parts.curve);
  }

  drawAnswer(context: CanvasRenderingContext2D, frame: PlotFrame) {
    if (!this.answer) return;
    const { values } = this.answer;
    const { left, top, width, height } = frame.inner;
    const [low, high] = frame.ranges.x;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.beginPath();
    values.forEach((value, index) => {
      const x = frame.across(low + ((high - low) * index) / (values.length - 1));
      if (index === 0) context.moveTo(x, frame.up(value));
      else context.lineTo(x, frame.up(value));
    });
    context.strokeStyle = this.palette.css("--bpv-value");
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.stroke();
    context.restore();
  }
}
