// What only views of arrays and networks need: tiles, the panel of an entry, weights. Other pages leave it out and are lighter.
import type { EntryPanel } from "../panels/entry_panel.js";
import type { Tile } from "../picture/tiles.js";
import type { showWeights } from "../picture/weights.js";
import type { SceneNode, TileGeometry } from "../types/specification.js";
import type { ExplorerView } from "./explorer.js";

export interface ArrayParts {
  makeTile: (node: SceneNode, tile: TileGeometry, name: string, slopeSign: string) => Tile;
  makePanel: (view: ExplorerView) => EntryPanel;
  showWeights: typeof showWeights;
}

let parts: ArrayParts | null = null;

export function useArrayParts(given: ArrayParts): void {
  parts = given;
}

/** The parts, where this page has them. */
export function arrayParts(): ArrayParts | null {
  return parts;
}
