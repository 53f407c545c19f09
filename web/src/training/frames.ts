// Frames of a run as bytes: those that a kernel sends, and those of a recording.
import type {
  PartDescription,
  PicturePlan,
  PlainCurvePoint,
  PlainRecording,
  RecordedFrame,
  RunFrame,
  ShownExample,
} from "../types/specification.js";

interface MovingPart {
  name: string;
  shape: number[];
  size: number;
  values: Numbers;
}

type Kind = "uint8" | "int8" | "float32";
export type Numbers = Uint8Array<ArrayBuffer> | Int8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** An array of a frame. */
export interface Part {
  values: Numbers;
  shape: number[];
}

/** Arrays of a frame by name. */
export type Parts = Record<string, Part | undefined>;

/** An example of a recording, by its number. */
export type RecordedExample = ShownExample & { index: number; label: number };

const ARRAY_KINDS = { uint8: Uint8Array, int8: Int8Array, float32: Float32Array };

/** Bytes as an array of one kind, copied so that it starts where its kind may start. */
export function arrayOf(kind: Kind, view: ArrayBufferView<ArrayBuffer> | ArrayBuffer | undefined): Numbers {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(view) ? view : new DataView(view ?? new ArrayBuffer(0));
  return new ARRAY_KINDS[kind](buffer.slice(byteOffset, byteOffset + byteLength));
}

/** The parts of a frame by name: descriptions are [name, kind, shape], in the order of the buffers. */
function readParts(descriptions: PartDescription[], buffers: DataView<ArrayBuffer>[]) {
  const parts: Parts = {};
  descriptions.forEach(([name, kind, shape], index) => {
    parts[name] = { values: arrayOf(kind, buffers[index]), shape };
  });
  return parts;
}

/** The same the other way round: descriptions and buffers of parts, as a kernel sends them. */
export function describedParts(parts: Parts): { parts: PartDescription[]; buffers: DataView<ArrayBuffer>[] } {
  const described: PartDescription[] = [];
  const buffers: DataView<ArrayBuffer>[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (!part) continue;
    const { values, shape } = part;
    const kind = values instanceof Float32Array ? "float32" : values instanceof Int8Array ? "int8" : "uint8";
    described.push([name, kind, shape]);
    buffers.push(new DataView(values.buffer, values.byteOffset, values.byteLength));
  }
  return { parts: described, buffers };
}

// Each answer makes the kernel busy and idle again, and the notebook shows that: one for three frames is enough.
const FRAMES_PER_ANSWER = 3;

/** Keeps the newest frame until it is painted, and answers the kernel. */
export class Frames {
  answered: number;
  newest: (RunFrame & { parts: Parts }) | null;

  /** answer(number): tell the kernel that all frames up to this one are painted. */
  constructor(readonly answer: (number: number) => void) {
    this.answered = 0;
    this.newest = null;
  }

  /** Take a frame in; parts of one that was never painted, and that it does not bring itself, stay. */
  add(content: RunFrame & { parts: PartDescription[] }, buffers: DataView<ArrayBuffer>[] | undefined) {
    const waiting = this.newest?.round === content.round ? this.newest.parts : {};
    this.newest = { ...content, parts: { ...waiting, ...readParts(content.parts, buffers ?? []) } };
  }

  /** Give the newest frame of this round to be painted, or null; one that has overtaken its round stays. */
  take(round: number) {
    const { newest } = this;
    if (newest === null || newest.round > round) return null;
    this.newest = null;
    return newest.round === round ? newest : null;
  }

  /** A frame has been painted. For one of a run that stands still the kernel has more to send. */
  painted({ number, running }: Pick<RunFrame, "number" | "running">) {
    if (running && number - this.answered < FRAMES_PER_ANSWER) return;
    this.answered = number;
    this.answer(number);
  }
}

const OF_EACH_IMAGE = new Set(["image", "features", "scores", "answer"]); // one after the other
const WIDTHS = { uint8: 1, int8: 1, float32: 4 }; // bytes of one number

/** Frames of arrays, cut from one block of bytes. */
export class Recording {
  plan: PicturePlan;
  frames: RecordedFrame[];
  curve: PlainCurvePoint[];
  examples: RecordedExample[];
  divergence: string | null;
  still: Record<string, Numbers>;
  moving: MovingPart[];

  /** plain: {plan, frames, curve, examples, divergence, still, moving}; still and moving list [name, kind, shape]. */
  constructor(plain: PlainRecording, bytes: Uint8Array<ArrayBuffer>) {
    this.plan = plain.plan;
    this.frames = plain.frames;
    this.curve = plain.curve;
    this.examples = plain.examples as RecordedExample[];
    this.divergence = plain.divergence;
    let at = 0;
    const take = (kind: Kind, count: number) => {
      const end = at + count * WIDTHS[kind];
      const values = arrayOf(kind, bytes.subarray(at, end));
      at = end;
      return values;
    };
    const sizeOf = (shape: number[]) => shape.reduce((product, length) => product * length, 1);
    this.still = Object.fromEntries(plain.still.map(([name, kind, shape]) => [name, take(kind, sizeOf(shape))]));
    this.moving = plain.moving.map(([name, kind, shape]) => {
      const size = sizeOf(shape);
      const values = take(kind, size * this.frames.length);
      // Bytes came as differences from the frame before; sums of bytes wrap around, as the differences did.
      if (WIDTHS[kind] === 1)
        for (let place = size; place < values.length; place += 1) values[place] += values[place - size];
      return { name, shape, size, values };
    });
  }

  /** The arrays of one frame by name, with those of one of its images. */
  partsAt(position: number, image: number): Parts {
    const cut = ({ name, shape, size, values }: MovingPart): [name: string, part: Part] => {
      const frame = values.subarray(position * size, (position + 1) * size);
      if (!OF_EACH_IMAGE.has(name)) return [name, { shape, values: frame }];
      const share = size / shape[0];
      return [name, { shape: shape.slice(1), values: frame.subarray(image * share, (image + 1) * share) }];
    };
    return Object.fromEntries(this.moving.map(cut));
  }

  /** Which frame shows an epoch: the last that is not later. */
  positionOf(epoch: number) {
    return Math.max(
      0,
      this.frames.findLastIndex((frame) => frame.epoch <= epoch),
    );
  }
}

/** Unpack a recording; its bytes are in zlib's format, which browsers call "deflate". */
export async function readRecording(plain: PlainRecording, packed: BlobPart) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Recording(plain, new Uint8Array(await new Response(stream).arrayBuffer()));
}
