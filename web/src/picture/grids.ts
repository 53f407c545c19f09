// One grid of numbers in a tile: cells with digits, or a heat map whose negative entries are struck through.
import { type Attributes, makeSvg, setAttributeOf } from "../page/dom.js";
import { entryCount, entryText } from "../story/primitives.js";
import { cellText, formatNumber, numberWidth } from "../story/numerals.js";
import type { TileGeometry } from "../types/specification.js";

type GridNumbers = Float64Array | readonly number[] | null;

/** A number of the story: an array, or what stands for one that is hidden or only told. */
export type Shown = number | { text: string; data?: Float64Array | readonly number[] };

const HEAT_LEVELS = 8;
const CELL_TYPE = 14; // px
const CELL_ROOM = 48; // px of its 54
const DEPTHS = { digits: 0.3, heat: 0.95 }; // opacity; digits must stay readable on it

interface Cell {
  place: number;
  x: number;
  y: number;
  /** As part of a path. */
  outline: string;
  text: SVGElement | null; // with digits only
  value: number | null; // that is shown now
  words: string;
}

function cellType(words: string): number {
  return Math.min(CELL_TYPE, CELL_ROOM / numberWidth(words));
}

function largestOf(data: Float64Array | readonly number[]): number {
  let largest = 0;
  for (const value of data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function gridNumbers(told: Shown | null): GridNumbers {
  return typeof told === "object" && told?.data ? told.data : null;
}

/** A grid of one tile; empty until it is drawn. */
export class Grid {
  readonly element: SVGElement;
  private readonly cells: Cell[] = [];
  private readonly byPlace = new Map<number, Cell>();
  private readonly marks = makeSvg("g", { class: "bpv-entry-marks" });
  private readonly stead: SVGElement;
  private readonly scale: SVGElement;
  private readonly levels: SVGElement[] = [];
  private readonly struck: SVGElement[] = [];
  private readonly left: number;
  private told: Shown | null = null;
  private gradient: GridNumbers = null;
  private marked: [chosen: number | null, met: ReadonlySet<number>] = [null, new Set()];

  constructor(
    private readonly tile: TileGeometry,
    private readonly top: number,
    readonly kind: "value" | "slope",
    private readonly name: string,
    private readonly sign: string,
  ) {
    const height = tile.rows * tile.cell[1];
    this.left = -(tile.sheets * tile.columns * tile.cell[0] + (tile.sheets - 1) * tile.gap) / 2;
    this.element = makeSvg("g", { class: `bpv-grid bpv-grid-${kind} bpv-grid-unknown` });
    this.stead = makeSvg("text", { class: "bpv-grid-stead", x: 0, y: top + height / 2, dy: "0.35em" });
    this.scale = makeSvg("text", { class: "bpv-grid-scale", x: 0, y: top + height + 12 });
  }

  /** Draw what is told, at once or once it comes into sight. */
  draw(): void {
    if (this.cells.length > 0) return;
    const { cell, numbers } = this.tile;
    this.makeCells();
    // Cells of one depth share a path: a cell has no element of its own but its digits.
    const step = (numbers ? DEPTHS.digits : DEPTHS.heat) / HEAT_LEVELS;
    for (let level = 1; level <= HEAT_LEVELS; level += 1)
      this.levels.push(this.makePath({ class: "bpv-heat", "fill-opacity": (step * level).toFixed(3) }));
    if (numbers) {
      this.makePath({ class: "bpv-grid-lines", d: this.cells.map((each) => each.outline).join("") });
      this.element.append(...this.cells.map((each) => each.text!));
    } else {
      // A stroke is of paper through a deep cell and dark through a pale one: each is seen.
      for (const depth of ["pale", "deep"]) {
        const width = Math.max(0.5, cell[0] * 0.14);
        this.struck.push(this.makePath({ class: `bpv-heat-struck bpv-heat-struck-${depth}`, "stroke-width": width }));
      }
      this.element.append(this.scale);
    }
    this.element.append(this.makeFrames(), this.stead, this.marks);
    this.showTold();
    this.mark(...this.marked);
  }

  private makeFrames(): SVGElement {
    const { cell, columns, sheets, gap, rows } = this.tile;
    const { top: y, left, sign } = this;
    const width = columns * cell[0];
    const frames = makeSvg("g", { class: "bpv-grid-frames" });
    for (let sheet = 0; sheet < sheets; sheet += 1) {
      const x = left + sheet * (width + gap);
      frames.append(makeSvg("rect", { x, y, width, height: rows * cell[1] }));
      if (sheets > 1) frames.append(makeSvg("text", { x: x + width / 2, y: y - 4, text: this.sheetName(sheet) }));
    }
    if (sign) frames.append(makeSvg("text", { class: "bpv-grid-sign", x: left - 9, y: y + 12, text: sign }));
    return frames;
  }

  private makePath(attributes: Attributes): SVGElement {
    return this.element.appendChild(makeSvg("path", attributes));
  }

  private get sides(): [rows: number, columns: number] {
    const { shape } = this.tile;
    return [shape.length > 1 ? shape.at(-2)! : 1, shape.at(-1)!];
  }

  /** "[0]" above the first matrix of a stack; the last that has room says how many there are. */
  private sheetName(sheet: number): string {
    const { shape, sheets } = this.tile;
    const lead = shape.slice(0, -2);
    const count = lead.reduce((product, size) => product * size, 1);
    const name = `[${entryText(lead, sheet)}]`;
    return sheet === sheets - 1 && count > sheets ? `${name} of ${count}` : name;
  }

  private makeCells(): void {
    const { rows, columns, sheets, cell, gap, numbers, shape } = this.tile;
    const [allRows, allColumns] = this.sides;
    for (let sheet = 0; sheet < sheets; sheet += 1) {
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const across = Math.floor((column * allColumns) / columns);
          const place = (sheet * allRows + Math.floor((row * allRows) / rows)) * allColumns + across;
          const x = this.left + sheet * (columns * cell[0] + gap) + column * cell[0];
          const y = this.top + row * cell[1];
          const outline = `M${x.toFixed(1)} ${y.toFixed(1)}h${cell[0]}v${cell[1]}h${-cell[0]}z`;
          const made: Cell = { place, x, y, outline, text: null, value: null, words: "" };
          if (numbers) {
            const names = { class: "bpv-cell", "data-node": this.name, "data-entry": entryText(shape, place) };
            made.text = makeSvg("text", { ...names, x: x + cell[0] / 2, y: y + cell[1] / 2, dy: "0.35em" }, "");
          }
          this.cells.push(made);
          this.byPlace.set(place, made);
        }
      }
    }
  }

  /** Show numbers, or none; gradient: what a cell tells as data beside what it shows. Cells that nobody reads wait. */
  show(told: Shown | null, gradient: Shown | null, isRead = true): void {
    this.told = told;
    this.gradient = gridNumbers(gradient);
    this.element.classList.toggle("bpv-grid-unknown", told === null);
    if (this.cells.length > 0) this.showTold(isRead);
  }

  private showTold(isRead = true): void {
    const [told, data] = [this.told, gridNumbers(this.told)];
    this.stead.textContent = typeof told === "number" ? formatNumber(told) : data ? "" : (told?.text ?? "");
    const largest = data ? largestOf(data) : 0;
    this.showHeat(data, largest);
    this.scale.textContent = data ? `size ≤ ${cellText(largest)}, struck: −` : "";
    if (this.tile.numbers && isRead)
      for (const cell of this.cells) this.showValue(cell, data ? data[cell.place] : null);
    if (!this.tile.numbers) this.mark(...this.marked); // their frames tell numbers
  }

  /** Write the numbers of the cells as data: what is shown, and the gradient beside it. */
  record(): void {
    for (const { place, text } of this.tile.numbers ? this.cells : []) {
      if (this.kind === "value") this.tell(text!, "data-value", gridNumbers(this.told), place);
      this.tell(text!, "data-gradient", this.gradient, place);
    }
  }

  private showValue(cell: Cell, value: number | null): void {
    if (Object.is(value, cell.value)) return; // at an edit most cells of a picture stay as they are
    const words = value === null ? "" : cellText(value);
    if (words !== cell.words) {
      (cell.text!.firstChild as Text).data = words; // the same text node: a new one costs more
      // A long number is set smaller, so that it stays in its cell.
      const size = cellType(words);
      if (size !== cellType(cell.words)) cell.text!.style.fontSize = size < CELL_TYPE ? `${size.toFixed(1)}px` : "";
    }
    const isBroken = (number: number | null) => number !== null && !Number.isFinite(number);
    if (isBroken(value) !== isBroken(cell.value)) cell.text!.classList.toggle("bpv-cell-broken", isBroken(value));
    cell.words = words;
    cell.value = value;
  }

  private tell(element: SVGElement, name: string, numbers: GridNumbers, place: number): void {
    setAttributeOf(element, name, numbers && String(numbers[place]));
  }

  private showHeat(data: GridNumbers, largest: number): void {
    const [width, height] = this.tile.cell;
    const paths = this.levels.map((): string[] => []);
    const strokes = this.struck.map((): string[] => []);
    for (const { place, x, y, outline } of data ? this.cells : []) {
      const value = data![place];
      if (value === 0 || Number.isNaN(value)) continue;
      const level = Math.min(HEAT_LEVELS - 1, Math.floor((Math.abs(value) / (largest || 1)) * HEAT_LEVELS));
      paths[level].push(outline);
      if (value < 0 && !this.tile.numbers)
        strokes[level < HEAT_LEVELS / 2 ? 0 : 1].push(`M${x.toFixed(1)} ${y.toFixed(1)}l${width} ${height}`);
    }
    this.levels.forEach((level, index) => setAttributeOf(level, "d", paths[index].join("")));
    this.struck.forEach((struck, index) => setAttributeOf(struck, "d", strokes[index].join("")));
  }

  setSumming(isSumming: boolean): void {
    this.element.classList.toggle("bpv-grid-summing", isSumming);
  }

  /** Frame the chosen entry, and those that it meets. */
  mark(chosen: number | null, met: ReadonlySet<number>): void {
    this.marked = [chosen, met];
    const frames = [...met].filter((place) => place !== chosen).map((place) => this.frame(place, "bpv-entry-met"));
    if (chosen !== null) frames.push(this.frame(chosen, "bpv-entry-chosen"));
    this.marks.replaceChildren(...frames.filter((each) => each !== null));
  }

  // The entry whose cell stands for one where the array is sampled.
  private sampled(place: number): number {
    const [sheet, row, column] = this.standing(place);
    const [rows, columns] = this.sides;
    const shown = (at: number, cells: number, size: number) =>
      Math.floor((Math.ceil(((at + 1) * cells) / size - 1) * size) / cells);
    return this.placeOf(sheet, shown(row, this.tile.rows, rows), shown(column, this.tile.columns, columns));
  }

  private frame(place: number, className: string): SVGElement | null {
    const cell = this.byPlace.get(this.sampled(place)); // none of a matrix that a stack does not show
    if (!cell) return null;
    const [width, height] = this.tile.cell;
    const frame = makeSvg("rect", { class: className, x: cell.x, y: cell.y, width, height });
    if (!this.tile.numbers) this.describe(frame, place);
    return frame;
  }

  // A map of heat has no element for a cell, of which there may be thousands: the entries that are framed have.
  private describe(frame: SVGElement, place: number): void {
    frame.setAttribute("data-node", this.name);
    frame.setAttribute("data-entry", entryText(this.tile.shape, place));
    this.tell(frame, this.kind === "value" ? "data-value" : "data-gradient", gridNumbers(this.told), place);
  }

  /** The entry at a point, measured from the middle of the tile. */
  placeAt(x: number, y: number): number | null {
    const [width, height] = this.tile.cell;
    if (y < this.top || y >= this.top + this.tile.rows * height) return null;
    const isAt = (cell: Cell) => x >= cell.x && x < cell.x + width && y >= cell.y && y < cell.y + height;
    return this.cells.find(isAt)?.place ?? null;
  }

  /** The number that stands at a place. */
  numberAt(place: number): number | null {
    return gridNumbers(this.told)?.[place] ?? null;
  }

  // Where an entry stands: sheet, row and column.
  private standing(place: number): [sheet: number, row: number, column: number] {
    const [rows, columns] = this.sides;
    return [Math.floor(place / (rows * columns)), Math.floor(place / columns) % rows, place % columns];
  }

  private placeOf(sheet: number, row: number, column: number): number {
    const [rows, columns] = this.sides;
    return (sheet * rows + row) * columns + column;
  }

  /** The entry `across` columns and `down` rows from another, shown or not; the same where the array ends. */
  neighbour(place: number, across: number, down: number): number {
    const [rows, columns] = this.sides;
    const [sheet, row, column] = this.standing(place);
    const isInside = (at: number, size: number) => at >= 0 && at < size;
    if (!isInside(row + down, rows)) return place;
    if (isInside(column + across, columns)) return this.placeOf(sheet, row + down, column + across);
    // From one matrix of a stack to the next.
    const next = this.placeOf(sheet + across, row, across > 0 ? 0 : columns - 1);
    return isInside(next, entryCount(this.tile.shape)) ? next : place;
  }

  /** In the column of a place, the first or the last entry. */
  edgePlace(place: number, end: "first" | "last"): number {
    const [sheet, , column] = this.standing(place);
    return this.placeOf(sheet, end === "first" ? 0 : this.sides[0] - 1, column);
  }
}
