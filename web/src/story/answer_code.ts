// The results of an exercise as one line to paste; `backpropviz.exercises.answer_codes` reads it.

const PREFIX = "bpv1.";

/**
 * A record as a code: a prefix with the version, then its JSON text in zlib's format, whose checksum tells a code that
 * was cut off or changed, in base64 for addresses (RFC 4648, section 5), which no form takes for anything else.
 */
export async function codeOf(record: object) {
  const stream = new Blob([JSON.stringify(record)]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return PREFIX + text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
