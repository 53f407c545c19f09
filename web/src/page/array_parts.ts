// What only views of arrays need: tiles, the panel of an entry. Pages of scalar graphs leave it out and are lighter.
import type { EntryPanel } from "../panels/entry_panel.js";
import type { Tile } from "../picture/tiles.js";
import type { SceneNode, TileGeometry } from "../types/specification.js";
import type { ExplorerView } from "./explorer.js";

export interface ArrayParts {
  makeTile: (node: SceneNode, tile: TileGeometry, name: string, slopeSign: string) => Tile;
  makePanel: (view: ExplorerView) => EntryPanel;
}

let parts: ArrayParts | null = null;

export function useArrayParts(given: ArrayParts): void {
  parts = given;
}

/** The parts, where this page has them. */
export function arrayParts(): ArrayParts | null {
  return parts;
}
