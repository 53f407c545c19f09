// Entries as people index them, from 0, as NumPy does: one, "2,0", or many at once, ":,0".
import type { Shape } from "./shapes.js";

function indexOf(shape: Shape, place: number): number[] {
  const index: number[] = [];
  let rest = place;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** An entry: "2,0". */
export function entryText(shape: Shape, place: number): string {
  return indexOf(shape, place).join(",");
}

/** Entries that stand together, as one index: ":,0" of a column, "1,:" of a row; null where no index gives them. */
export function entriesText(shape: Shape, places: readonly number[]): string | null {
  const indices = places.map((place) => indexOf(shape, place));
  let count = 1;
  const parts = shape.map((size, axis) => {
    const along = [...new Set(indices.map((index) => index[axis]))].sort((one, other) => one - other);
    const [first, last] = [along[0], along.at(-1)!];
    count *= along.length;
    if (along.length === 1) return String(first);
    if (last - first + 1 !== along.length) return null;
    return along.length === size ? ":" : `${first}:${last + 1}`;
  });
  return places.length > 0 && count === new Set(places).size && !parts.includes(null) ? parts.join(",") : null;
}
