// A specification as it travels: an object in an exported page, compressed JSON from a kernel.

/** Is this an object that needs no unpacking? */
export function isPlainSpecification(packed) {
  return Boolean(packed) && !ArrayBuffer.isView(packed) && !(packed instanceof ArrayBuffer);
}

/** The specification in compressed bytes (zlib's format, which browsers call "deflate"). */
export async function unpackSpecification(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
