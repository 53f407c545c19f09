// The tile of an array: a head, the grid of its values, and the grid of its gradients below.
import { makeSvg } from "../page/dom.js";
import type { Session } from "../story/session.js";
import type { SceneNode, TileGeometry } from "../types/specification.js";
import type { Camera } from "./camera.js";
import { Grid } from "./grids.js";
import type { Shown } from "./grids.js";

/** One entry in the picture: of which grid, and its place in C order. */
export interface Entry {
  kind: "value" | "slope";
  place: number;
}

/** What a tile shows now: numbers, or null where they are not known yet. */
interface TileNumbers {
  value: Shown | null;
  slope: Shown | null;
  /** Whether contributions to the gradient are still to come. */
  isSumming: boolean;
}

/** Entries to mark in one tile: the chosen one, and those it meets. */
interface TileMarks {
  chosen: Entry | null;
  value: ReadonlySet<number>;
  slope: ReadonlySet<number>;
}

const HEAD_SIDE = 14;
const MOST_CELLS = 5000; // that are drawn at once
const LEAST_DRAWN_SCALE = 0.2; // below it a grid is a speck
const SIGHT_MARGIN = 0.5; // of the stage, around what is in sight

/** What a node's tile shows at the session's step. */
function tileNumbers(session: Session, node: number): TileNumbers {
  const { replay } = session;
  const value = replay.known[node] ? (session.valueNow(node) ?? null) : null;
  if (session.isForwardMode) {
    return {
      value,
      slope: replay.tangentKnown[node] ? (session.number("tangent", node) ?? null) : null,
      isSumming: false,
    };
  }
  if (replay.settled[node]) return { value, slope: session.number("gradient", node) ?? null, isSumming: false };
  const isSumming = replay.gradientBegun(node);
  return { value, slope: isSumming ? (session.partialSum(node) ?? null) : null, isSumming };
}

/** The drawing of an array's numbers inside a node's mark. */
export class Tile {
  readonly element: SVGElement;
  readonly value: Grid;
  /** Of a constant there is none. */
  readonly slope: Grid | null;
  readonly shape: readonly number[];

  constructor(
    node: SceneNode,
    private readonly tile: TileGeometry,
    name: string,
    slopeSign: string,
  ) {
    const { width, height } = node;
    this.shape = tile.shape;
    const head = -height / 2 + 19;
    this.value = new Grid(tile, tile.tops[0], "value", name, "");
    this.slope = tile.tops.length > 1 ? new Grid(tile, tile.tops[1], "slope", name, slopeSign) : null;
    this.element = makeSvg(
      "g",
      { class: "bpv-tile" },
      makeSvg("text", { class: "bpv-tile-name", x: -width / 2 + HEAD_SIDE, y: head, text: node.name }),
      makeSvg("text", { class: "bpv-tile-caption", x: width / 2 - HEAD_SIDE, y: head, text: tile.caption }),
      this.value.element,
      this.slope?.element,
    );
  }

  get cellCount(): number {
    const { rows, columns, sheets, tops } = this.tile;
    return rows * columns * sheets * tops.length;
  }

  /** Draw the grids. */
  draw(): void {
    this.value.draw();
    this.slope?.draw();
  }

  /** Show what is known of a node at the session's step. */
  tell(session: Session, node: number): void {
    this.show(tileNumbers(session, node));
  }

  show({ value, slope, isSumming }: TileNumbers): void {
    this.value.show(value, slope !== null && !isSumming ? slope : null);
    this.slope?.show(slope, slope !== null && !isSumming ? slope : null);
    this.slope?.setSumming(isSumming);
  }

  mark(marks: TileMarks | null): void {
    const chosen = (kind: Entry["kind"]) => (marks?.chosen?.kind === kind ? marks.chosen.place : null);
    this.value.mark(chosen("value"), marks?.value ?? new Set());
    this.slope?.mark(chosen("slope"), marks?.slope ?? new Set());
  }

  /** The entry at a point, measured from the middle of the tile; null beside the grids. */
  entryAt(x: number, y: number): Entry | null {
    for (const grid of [this.value, this.slope]) {
      const place = grid?.placeAt(x, y) ?? null;
      if (grid && place !== null) return { kind: grid.kind, place };
    }
    return null;
  }

  /** The entry next to one, `across` columns and `down` rows away; below the values stand the gradients. */
  neighbour({ kind, place }: Entry, across: number, down: number): Entry {
    const found = (kind === "value" ? this.value : this.slope)!.neighbour(place, across, down);
    if (found !== place || down === 0 || !this.slope) return { kind, place: found };
    if (kind === "value" && down > 0) return { kind: "slope", place: this.slope.edgePlace(place, "first") };
    if (kind === "slope" && down < 0) return { kind: "value", place: this.value.edgePlace(place, "last") };
    return { kind, place };
  }
}

interface TileHolder {
  readonly tile: Tile | null;
  readonly home: { x: number; y: number };
  readonly node: { width: number; height: number };
}

/**
 * What draws the grids of a picture's tiles: all of them at once, or in a large picture as they come into sight.
 *
 * It is asked whenever the camera moves, and has nothing to do once all are drawn.
 */
export function tileDrawing(marks: Iterable<TileHolder>): (camera: Camera) => void {
  const waiting = new Set([...marks].filter((mark) => mark.tile));
  const isLarge = [...waiting].reduce((sum, mark) => sum + mark.tile!.cellCount, 0) > MOST_CELLS;
  return (camera) => {
    if (waiting.size === 0) return;
    const { left, right, top, bottom } = camera.visible;
    const [beside, above] = [SIGHT_MARGIN * (right - left), SIGHT_MARGIN * (bottom - top)];
    for (const mark of waiting) {
      const { tile, home, node } = mark;
      const isInSight =
        camera.scale >= LEAST_DRAWN_SCALE &&
        home.x + node.width / 2 > left - beside &&
        home.x - node.width / 2 < right + beside &&
        home.y + node.height / 2 > top - above &&
        home.y - node.height / 2 < bottom + above;
      if (isLarge && !isInSight) continue;
      tile!.draw();
      waiting.delete(mark);
    }
  };
}

export type TileMaker = (node: SceneNode, tile: TileGeometry, name: string, slopeSign: string) => Tile;
