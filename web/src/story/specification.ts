// A specification as it travels: compressed from a kernel, folded in an exported page, with several drawings of one graph.

/** Is this an object that needs no unpacking? */
export function isPlainSpecification(packed) {
  return Boolean(packed) && !ArrayBuffer.isView(packed) && !(packed instanceof ArrayBuffer);
}

/** The specification in compressed bytes (zlib's format, which browsers call "deflate"). */
export async function unpackSpecification(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function filled(shape, nodes, names) {
  if (Array.isArray(shape)) return shape.map((each) => filled(each, nodes, names));
  if (shape === null || typeof shape !== "object") return shape;
  if (shape.node !== undefined) return nodes[shape.node];
  if (typeof shape.name === "number") return names[nodes[shape.name]];
  return Object.fromEntries(Object.entries(shape).map(([key, each]) => [key, filled(each, nodes, names)]));
}

// Put together when it is looked at: a long run has thousands of steps, and one is read at a time.
function defineLazily(target, key, make) {
  let made = null;
  Object.defineProperty(target, key, { get: () => (made ??= make()), enumerable: true });
}

/** A specification with its narration and explanations in full; one that is not folded stays what it is. */
export function unfolded(spec) {
  if (!spec.narration?.shapes) return spec;
  const names = spec.graph.nodes.map((node) => node.name);
  const narration = [];
  const explanations = {};
  const fill = ({ shapes }, [shape, ...nodes]) => filled(shapes[shape], nodes, names);
  spec.narration.told.forEach((row, step) => defineLazily(narration, step, () => fill(spec.narration, row)));
  spec.explanations.told.forEach((row, place) => {
    defineLazily(explanations, spec.explanations.of[place], () => fill(spec.explanations, row));
  });
  return { ...spec, narration, explanations };
}

/** Put the wished drawing in the scene's place; false where the spec does not have it, or it is there already. */
export function takeDrawing(spec, wished) {
  const scene = spec.scenes?.[wished];
  if (!scene || spec.scene.drawing === wished) return false;
  spec.scenes = { ...spec.scenes, [spec.scene.drawing]: spec.scene };
  spec.scene = scene;
  return true;
}

/** Why a graph has no such drawing; empty where it has. */
export function reasonAgainst(spec, drawing) {
  return spec?.undrawable?.[drawing] ?? "";
}
