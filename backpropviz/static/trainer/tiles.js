// Weights as small pictures, side by side: blue for positive, orange-red for negative weights.
import { makeElement } from "../dom.js";

const GAP = 4;

/** A canvas of pictures with the same width and height in pixels, each enlarged without smoothing. */
export class Tiles {
  constructor({ lifetime, palette, label, largest = 38, fixedColumns = 0 }) {
    Object.assign(this, { palette, largest, fixedColumns });
    this.canvas = makeElement("canvas", { class: "bpv-tiles", role: "img", "aria-label": label });
    this.element = makeElement("div", { class: "bpv-tiles-holder" }, this.canvas);
    const sizes = new ResizeObserver(lifetime.guard(() => this.redraw()));
    sizes.observe(this.element);
    lifetime.onEnd(() => sizes.disconnect());
  }

  /** Signed bytes, shape [pictures, rows, columns]. */
  show(part) {
    this.part = part ?? this.part;
    this.redraw();
  }

  redraw() {
    const room = this.element.clientWidth;
    if (!this.part || room === 0) return;
    this.palette.follow();
    const [count, rows, columns] = this.part.shape;
    const side = Math.max(rows, columns);
    const perRow = this.fixedColumns || Math.max(1, Math.min(count, Math.ceil((room + GAP) / (this.largest + GAP))));
    const tile = Math.min(this.largest, (room + GAP) / perRow - GAP);
    const [width, height] = [(tile * columns) / side, (tile * rows) / side];
    const lines = Math.ceil(count / perRow);
    this.resize(perRow * (width + GAP) - GAP, lines * (height + GAP) - GAP);
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const density = window.devicePixelRatio || 1;
    for (let index = 0; index < count; index += 1) {
      const left = (index % perRow) * (width + GAP) * density;
      const top = Math.floor(index / perRow) * (height + GAP) * density;
      context.drawImage(this.picture(index, rows, columns), left, top, width * density, height * density);
    }
  }

  resize(width, height) {
    const density = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  picture(index, rows, columns) {
    this.small ??= document.createElement("canvas");
    this.small.width = columns;
    this.small.height = rows;
    const pixels = new ImageData(columns, rows);
    const size = rows * columns;
    const table = this.colourTable();
    for (let at = 0; at < size; at += 1) pixels.data.set(table[this.part.values[index * size + at] + 128], at * 4);
    this.small.getContext("2d").putImageData(pixels, 0, 0);
    return this.small;
  }

  colourTable() {
    if (this.theme !== this.palette.theme) {
      this.theme = this.palette.theme;
      const zero = this.palette.parts("--bpv-constant");
      this.table = Array.from({ length: 256 }, (_, byte) => {
        const signed = this.palette.signed((byte - 128) / 127);
        const share = Math.min(1, Math.abs(byte - 128) / 24);
        // Around zero the tile keeps a tint of its own, so that its outline can be seen.
        return [...signed.map((part, index) => Math.round(zero[index] + (part - zero[index]) * share)), 255];
      });
    }
    return this.table;
  }
}
