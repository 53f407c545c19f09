// A slice of the loss seen from above, in bands of one colour that darkens as the loss grows, and the ways across it.
import { makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { formatNumber } from "../story/numerals.js";
import { contourSegments } from "./boundary_and_fit.js";
import { drawMark } from "./example_picture.js";
import type { Interval, LossMap, Point } from "./loss_slice.js";
import { contextOf, mixColours, type Palette, PlotFrame, roundTicks } from "./plot_frame.js";

const TALLEST_MAP = 420;
const DARKEST = 0.8; // share of the colour that the highest band has
const MOST_LEVELS = 9;
const LOG_FROM = 8; // largest over smallest loss
const LEADS = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

// By place in the race; the last one is the run that the page trains. Never told apart by colour alone.
const COLOURS = ["--bpv-slope", "--bpv-tangent", "--bpv-ink", "--bpv-muted"];
const DASHES = [[], [8, 4], [2, 3.5], [10, 3, 2, 3]];
export const RUN_PLACE = 3;

/** One way: where it went, and where it stands. */
export interface ShownWay {
  /** Which colour, dashes and mark it has. */
  place: number;
  shadows: readonly Point[];
  end: Point;
}

/** Losses at which one band ends and the next begins: round numbers, by ratio where losses differ by much. */
function levelsBetween(low: number, high: number): number[] {
  if (!(high > low)) return [];
  if (!(low > 0 && high / low > LOG_FROM)) return roundTicks(low, high, MOST_LEVELS - 2).filter((each) => each > low);
  const powers = Array.from({ length: 1 + Math.ceil(Math.log10(high / low)) + 1 }, (_, at) =>
    Math.floor(Math.log10(low) + at),
  );
  const sets = LEADS.map((leads) =>
    powers
      .flatMap((power) => leads.map((lead) => Number(`${lead}e${power}`)))
      .filter((each) => low < each && each < high),
  );
  return sets.find(({ length }) => length <= MOST_LEVELS) ?? sets.at(-1)!;
}

function trace(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
}

/** The line and the mark of a way, also beside its name. */
function drawWay(context: CanvasRenderingContext2D, palette: Palette, place: number, points: readonly Point[]): void {
  context.lineJoin = "round";
  trace(context, points);
  context.strokeStyle = palette.css("--bpv-paper");
  context.lineWidth = 4.6;
  context.globalAlpha = 0.8;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash(DASHES[place]);
  context.strokeStyle = palette.css(COLOURS[place]);
  context.lineWidth = 2.2;
  context.stroke();
  context.setLineDash([]);
  const [x, y] = points.at(-1)!;
  drawMark(context, palette, { x, y, label: place, held: false, size: 6, colour: palette.css(COLOURS[place]) });
}

const SIGN = { width: 46, height: 18 };

/** The sign of a way, to stand beside its name. */
export class WaySign {
  readonly element = makeElement("canvas", { class: "bpv-way-sign", "aria-hidden": "true" });

  constructor(
    private readonly palette: Palette,
    private readonly place: number,
  ) {}

  draw(density: number): void {
    const { element, palette, place } = this;
    element.width = SIGN.width * density;
    element.height = SIGN.height * density;
    const context = contextOf(element);
    context.scale(density, density);
    drawWay(context, palette, place, [
      [2, SIGN.height / 2],
      [SIGN.width - 9, SIGN.height / 2],
    ]);
  }
}

/** The picture. */
export class LandscapePicture {
  readonly frame: PlotFrame;
  readonly signs: WaySign[];
  names: [across: string, up: string] = ["", ""];
  ways: ShownWay[] = [];
  start: Point = [0, 0];
  /** The point that is read. */
  read: Point | null = null;
  private map: LossMap | null = null;
  private levels: number[] = [];
  private isStale = true;
  private painted: unknown[] = [];
  private readonly bands = document.createElement("canvas");

  constructor(
    lifetime: Lifetime,
    private readonly palette: Palette,
  ) {
    this.frame = new PlotFrame({
      lifetime,
      palette,
      aspect: (width) => Math.min(0.9 * width, TALLEST_MAP),
      label: "Map of the loss; arrow keys read it",
      margins: { left: 48, right: 66 },
      drawMoving: (context, frame) => this.drawMoving(context, frame),
      drawStill: (context, frame) => this.drawStill(context, frame),
    });
    this.signs = COLOURS.map((_, place) => new WaySign(palette, place));
  }

  /** Where the picture lies has changed: it is painted whole with the next frame. */
  setRanges(x: Interval, y: Interval): void {
    this.frame.setRanges(x, y);
    this.isStale = true;
  }

  /** Paint what has changed: bands and scale as well where they have. */
  paint(): void {
    if (this.isStale) this.frame.redraw();
    else this.frame.redrawMoving();
  }

  /** What was measured of another slice does not hold. */
  clear(): void {
    this.map = null;
    this.read = null;
    this.levels = [];
  }

  /** Show what is measured of a map so far, once it is painted. */
  showMap(map: LossMap): void {
    this.map = map;
    const finite = map.values.filter(Number.isFinite);
    this.levels = levelsBetween(
      finite.reduce((least, each) => Math.min(least, each), Infinity),
      finite.reduce((most, each) => Math.max(most, each), -Infinity),
    );
    this.isStale = true;
  }

  private bandColour(band: number): number[] {
    const share = (DARKEST * band) / Math.max(1, this.levels.length);
    return mixColours(this.palette.paper, this.palette.positive, share).map(Math.round);
  }

  private drawStill(context: CanvasRenderingContext2D, frame: PlotFrame): void {
    this.isStale = false;
    this.paintBands();
    for (const sign of this.signs) sign.draw(frame.density);
    frame.drawAxes(context, this.names);
    this.drawScale(context, frame);
  }

  /** Which colour means which loss. */
  private drawScale(context: CanvasRenderingContext2D, frame: PlotFrame): void {
    const { left, top, width, height } = frame.inner;
    const { palette, levels } = this;
    const x = left + width + 10;
    const tall = (height - 20) / (levels.length + 1);
    context.font = frame.font();
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.strokeStyle = palette.css("--bpv-line");
    context.lineWidth = 1;
    for (let band = 0; band <= levels.length; band += 1) {
      const y = top + height - (band + 1) * tall;
      context.fillStyle = `rgb(${this.bandColour(band).join(" ")})`;
      context.fillRect(x, y, 14, tall);
      context.strokeRect(x + 0.5, y + 0.5, 14, tall);
      context.fillStyle = palette.css("--bpv-ink");
      if (band < levels.length) context.fillText(formatNumber(levels[band]), x + 19, y);
    }
    context.fillStyle = palette.css("--bpv-muted");
    context.fillText("loss", x, top + 6);
  }

  /** Painted once for a map, not for each frame. Between the points of the grid the loss is taken as bilinear. */
  private paintBands(): void {
    const { map, bands, levels } = this;
    if (!map) return;
    const { side, values } = map;
    // As large as they are shown: scaling them would take most of a frame.
    const [wide, tall] = [this.frame.inner.width, this.frame.inner.height].map((size) => Math.max(2, Math.round(size)));
    const wanted = [values, wide, tall, this.palette.theme];
    if (wanted.every((each, at) => each === this.painted[at])) return;
    this.painted = wanted;
    Object.assign(bands, { width: wide, height: tall });
    const pixels = new ImageData(wide, tall);
    // Whole pixels at once, and each band looked for from its neighbour's: this is a good part of a million numbers.
    const painted = new Uint32Array(pixels.data.buffer);
    const ends = Float64Array.of(-Infinity, ...levels, Infinity);
    const bytes = levels.concat(0).flatMap((_, band) => [...this.bandColour(band), 255]);
    const colours = new Uint32Array(Uint8ClampedArray.from(bytes).buffer);
    let band = 0;
    const [stepX, stepY] = [wide, tall].map((size) => (side - 1) / (size - 1));
    for (let line = 0; line < tall; line += 1) {
      const row = Math.min(side - 2, Math.floor((tall - 1 - line) * stepY));
      const up = (tall - 1 - line) * stepY - row;
      for (let column = 0; column < wide; column += 1) {
        const cell = Math.min(side - 2, Math.floor(column * stepX));
        const along = column * stepX - cell;
        const at = row * side + cell;
        const below = values[at] + along * (values[at + 1] - values[at]);
        const above = values[at + side] + along * (values[at + side + 1] - values[at + side]);
        const loss = below + up * (above - below);
        // What is beyond all numbers lies in the highest band.
        if (Number.isNaN(loss)) band = levels.length;
        while (loss < ends[band]) band -= 1;
        while (loss >= ends[band + 1] && band < levels.length) band += 1;
        painted[line * wide + column] = colours[band];
      }
    }
    const context = contextOf(bands);
    context.putImageData(pixels, 0, 0);
    context.strokeStyle = this.palette.css("--bpv-ink");
    context.globalAlpha = 0.45;
    context.beginPath();
    for (const level of levels) {
      for (const [x1, y1, x2, y2] of contourSegments(values, side, side, level)) {
        context.moveTo(x1 / stepX, tall - 1 - y1 / stepY);
        context.lineTo(x2 / stepX, tall - 1 - y2 / stepY);
      }
    }
    context.stroke();
  }

  private drawMoving(context: CanvasRenderingContext2D, frame: PlotFrame): void {
    const { left, top, width, height } = frame.inner;
    const { map, palette } = this;
    if (!map) return;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    const onFrame = ([x, y]: Point): Point => [frame.across(x), frame.up(y)];
    const [[west, south], [east, north]] = [map.pointAt(0, 0), map.pointAt(map.side - 1, map.side - 1)].map(onFrame);
    context.drawImage(this.bands, west, north, east - west, south - north);
    for (const { place, shadows, end } of this.ways) {
      drawWay(context, palette, place, [...shadows, end].map(onFrame));
    }
    this.drawStart(context, onFrame(this.start));
    if (this.read) this.drawRead(context, onFrame(this.read));
    context.restore();
  }

  private drawStart(context: CanvasRenderingContext2D, [x, y]: Point): void {
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fillStyle = this.palette.css("--bpv-paper");
    context.strokeStyle = this.palette.css("--bpv-ink");
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }

  private drawRead(context: CanvasRenderingContext2D, [x, y]: Point): void {
    for (const [colour, width] of [
      ["--bpv-paper", 5],
      ["--bpv-amber", 2.4],
    ] as const) {
      context.strokeStyle = this.palette.css(colour);
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(x - 9, y);
      context.lineTo(x + 9, y);
      context.moveTo(x, y - 9);
      context.lineTo(x, y + 9);
      context.stroke();
    }
  }
}
