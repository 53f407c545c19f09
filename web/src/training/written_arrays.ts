// Arrays of examples and parameters as a page carries them; see backpropviz/learn/written_arrays.py.
import type { NumberArray } from "../story/prepared.js";
import type { WrittenArray } from "../types/specification.js";

const LEVEL_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/** Read an array; every bit is as it was written. */
export function readArray({ shape, levels, text }: WrittenArray): NumberArray {
  if (levels) return { shape, data: Float64Array.from(text, (sign) => levels[LEVEL_SIGNS.indexOf(sign)]) };
  const bytes = new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
  const data = Float64Array.from({ length: bytes.byteLength / 8 }, (_, place) => bytes.getFloat64(8 * place, true));
  return { shape, data };
}
