// How near tiles are seen where one presents.
import { parts } from "../page/parts.js";
import type { Picture } from "../page/view.js";
import { boundsOf } from "./boxes.js";
import type { Filling } from "./camera.js";

const DIGITS = 14; // scene units: the type of a cell
const OF_TYPE = 0.75; // of the type of other numbers, at most: a tile needs its neighbours beside it
const LEAST_OF_TYPE = 0.5;
const LEAST_DIGITS = 12; // px

/** So near that digits of cells are read, and a tile that is larger is seen as a whole wherever they are read then. */
export function nearTiles(filling: Filling, { marks, camera }: Pick<Picture, "marks" | "camera">) {
  const tiles = [...marks.values()].filter((mark) => mark.tile);
  if (tiles.length === 0) return;
  const fitting = tiles.map((mark) => {
    const { width, height } = boundsOf([mark], [], true);
    return Math.min(camera.width / width, camera.stage.clientHeight / height);
  });
  filling.least = Math.max(LEAST_DIGITS, LEAST_OF_TYPE * filling.type) / DIGITS;
  filling.scale = Math.max(filling.least, Math.min((OF_TYPE * filling.type) / DIGITS, ...fitting));
}

/** Views that present come close to tiles. */
export function withNearTiles() {
  parts.nearTiles = nearTiles;
}
