// A recorded run: what the kernel packed once, as pictures of any of its frames.
import { arrayOf } from "./frame_parts.js";

const OF_EACH_IMAGE = new Set(["image", "features", "scores", "answer"]); // one after the other
const WIDTHS = { uint8: 1, int8: 1, float32: 4 }; // bytes of one number

/** Frames of arrays, cut from one block of bytes. */
export class Recording {
  /** plain: {plan, frames, curve, examples, divergence, still, moving}; still and moving list [name, kind, shape]. */
  constructor(plain, bytes) {
    Object.assign(this, plain);
    let at = 0;
    const take = (kind, count) => {
      const end = at + count * WIDTHS[kind];
      const values = arrayOf(kind, bytes.subarray(at, end));
      at = end;
      return values;
    };
    const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);
    this.still = Object.fromEntries(plain.still.map(([name, kind, shape]) => [name, take(kind, sizeOf(shape))]));
    this.moving = plain.moving.map(([name, kind, shape]) => {
      const size = sizeOf(shape);
      const values = take(kind, size * this.frames.length);
      // Bytes came as differences from the frame before; sums of bytes wrap around, as the differences did.
      if (WIDTHS[kind] === 1) for (let place = size; place < values.length; place += 1) values[place] += values[place - size];
      return { name, shape, size, values };
    });
  }

  /** The arrays of one frame by name, with those of one of its images. */
  partsAt(position, image) {
    const cut = ({ name, shape, size, values }) => {
      const frame = values.subarray(position * size, (position + 1) * size);
      if (!OF_EACH_IMAGE.has(name)) return [name, { shape, values: frame }];
      const share = size / shape[0];
      return [name, { shape: shape.slice(1), values: frame.subarray(image * share, (image + 1) * share) }];
    };
    return Object.fromEntries(this.moving.map(cut));
  }

  /** Which frame shows an epoch: the last that is not later. */
  positionOf(epoch) {
    return Math.max(0, this.frames.findLastIndex((frame) => frame.epoch <= epoch));
  }
}

/** Unpack a recording; its bytes are in zlib's format, which browsers call "deflate". */
export async function readRecording(plain, packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Recording(plain, new Uint8Array(await new Response(stream).arrayBuffer()));
}
