// Arrays that travel beside a message as plain bytes.

const ARRAY_KINDS = { uint8: Uint8Array, int8: Int8Array, float32: Float32Array };

/** Bytes as an array of one kind, copied so that it starts where its kind may start. */
export function arrayOf(kind, view) {
  if (!view) return new ARRAY_KINDS[kind]();
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(view) ? view : new DataView(view);
  return new ARRAY_KINDS[kind](buffer.slice(byteOffset, byteOffset + byteLength));
}

/** The parts of a frame by name: descriptions are [name, kind, shape], in the order of the buffers. */
export function readParts(descriptions, buffers) {
  const parts = {};
  descriptions.forEach(([name, kind, shape], index) => {
    parts[name] = { values: arrayOf(kind, buffers[index]), shape };
  });
  return parts;
}
