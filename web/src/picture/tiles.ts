// The tile of an array: a head, the grid of its values, and the grid of its gradients below.
import { makeSvg } from "../page/dom.js";
import type { Session } from "../story/session.js";
import type { SceneNode, TileGeometry } from "../types/specification.js";
import type { Camera } from "./camera.js";
import { Grid } from "./grids.js";
import type { Shown } from "./grids.js";
import { isInSight, type Placed } from "./sight.js";

/** One entry in the picture: of which grid, and its place in C order. */
interface Entry {
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
const LEAST_READ_SCALE = 0.3; // the digits of a cell, of 14 px, are then 4 px
const SIGHT_MARGIN = 0.5; // of the stage, around what is in sight

/** What a node's tile shows at the session's step. */
function tileNumbers(session: Session, node: number): TileNumbers {
  const { replay } = session;
  const isThere = replay.known[node] === 1 || session.nodes[node].op === "input"; // what is given is there
  const value = isThere ? (session.valueNow(node) ?? null) : null;
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
  private due: (() => TileNumbers) | null = null; // told, not yet shown

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

  /** Tell what is known of a node at the session's step; it shows once the tile is settled. */
  tell(session: Session, node: number): void {
    this.due = () => tileNumbers(session, node);
  }

  /** Write the numbers that the cells show as data. */
  record(): void {
    this.value.record();
    this.slope?.record();
  }

  /** Show what was told last; where nobody could read digits, its colours alone. */
  settle(isRead: boolean): void {
    const told = this.due?.();
    if (isRead) this.due = null;
    if (told) this.show(told, isRead);
  }

  show({ value, slope, isSumming }: TileNumbers, isRead = true): void {
    const gradient = slope !== null && !isSumming ? slope : null;
    this.value.show(value, gradient, isRead);
    this.slope?.show(slope, gradient, isRead);
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

interface TileHolder extends Placed {
  readonly tile: Tile | null;
}

/**
 * What draws the grids of a picture's tiles, all of them at once, or in a large picture as they come into sight, and
 * what keeps their numbers: those in sight follow every edit, the others once they come into sight or the run rests.
 *
 * It is asked whenever the camera moves or numbers are told, and without a camera when the run rests. What nobody sees,
 * every digit as data, is written once what is seen is painted: nobody who edits waits for it.
 */
export function tileDrawing(marks: Iterable<TileHolder>): (camera: Camera | null) => void {
  const tiled = [...marks].filter((mark) => mark.tile);
  const isLarge = tiled.reduce((sum, mark) => sum + mark.tile!.cellCount, 0) > MOST_CELLS;
  let due = 0;
  const record = () => {
    due = 0;
    for (const { tile } of tiled) tile!.record();
  };
  return (camera) => {
    for (const mark of tiled) {
      const tile = mark.tile!;
      if (!camera) tile.settle(true);
      else if (isInSight(mark, camera, 0)) tile.settle(camera.scale >= LEAST_READ_SCALE);
      const isNear = camera && camera.scale >= LEAST_DRAWN_SCALE && isInSight(mark, camera, SIGHT_MARGIN);
      if (!isLarge || isNear) tile.draw();
    }
    if (!camera) record();
    else due ||= requestAnimationFrame(() => setTimeout(record));
  };
}

export type TileMaker = (node: SceneNode, tile: TileGeometry, name: string, slopeSign: string) => Tile;
