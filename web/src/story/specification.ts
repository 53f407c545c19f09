// What travels to a page: specifications, compressed from a kernel or folded in an exported page, and scripts.
import type {
  Bytes,
  FoldedTemplates,
  FoldedWords,
  PlainTemplate,
  Specification,
  Words,
} from "../types/specification.js";

/** A specification as it travels. */
export type FoldedSpecification = Omit<Specification, keyof Words> & FoldedWords;

/** Are these bytes to be unpacked, and not an object that needs no unpacking? */
export function isPacked(packed: object): packed is Bytes {
  return ArrayBuffer.isView(packed) || packed instanceof ArrayBuffer;
}

// In zlib's format, which browsers call "deflate".
function unpack(packed: BlobPart): Promise<string> {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

/** The specification in compressed bytes, or the words for a graph; once something else is there. */
export async function unpackSpecification(
  packed: BlobPart,
  after?: Promise<unknown> | null,
  graph?: Specification["graph"],
): Promise<Specification> {
  await after;
  return unfolded({ graph, ...(JSON.parse(await unpack(packed)) as object) } as FoldedSpecification);
}

/** A program as the build packs it: its style, its script, and what later parts share with it. */
export async function unpackProgram(packed: BlobPart): Promise<string[]> {
  return (await unpack(packed)).split("\0");
}

// Holes are numbers: the name of a node in ["v", hole], a node in ["q", kind, hole, slot].
function filled(shape: unknown, nodes: number[], names: string[]): unknown {
  if (Array.isArray(shape)) {
    const [sign, hole, node, ...slot] = shape as unknown[];
    if (/^[vgt]$/.test(String(sign)) && typeof hole === "number") return [sign, names[nodes[hole]]];
    if (sign === "q" && hole !== "literal" && typeof node === "number") return [sign, hole, nodes[node], ...slot];
    return shape.map((each) => filled(each, nodes, names));
  }
  if (shape === null || typeof shape !== "object") return shape;
  return Object.fromEntries(Object.entries(shape).map(([key, each]) => [key, filled(each, nodes, names)]));
}

// Put together when it is looked at: a long run has thousands of steps, and one is read at a time.
function defineLazily(target: object, key: PropertyKey, make: () => unknown) {
  let made: unknown = null;
  Object.defineProperty(target, key, { get: () => (made ??= make()), enumerable: true });
}

function isFolded(spec: FoldedSpecification | Specification): spec is FoldedSpecification {
  return spec.narration !== undefined && "shapes" in spec.narration;
}

/** A specification with its narration and explanations in full; one that is not folded stays what it is. */
export function unfolded(spec: FoldedSpecification | Specification): Specification {
  if (!isFolded(spec)) return spec;
  const names = spec.graph.nodes.map((node) => node.name);
  const narration: PlainTemplate[] = [];
  const explanations: Record<string, PlainTemplate> = {};
  const fill = ({ shapes }: FoldedTemplates, [shape, ...nodes]: FoldedTemplates["told"][number]) =>
    filled(shapes[shape], nodes, names);
  spec.narration.told.forEach((row, step) => defineLazily(narration, step, () => fill(spec.narration, row)));
  spec.explanations.told.forEach((row, place) => {
    defineLazily(explanations, spec.explanations.of[place], () => fill(spec.explanations, row));
  });
  return { ...spec, narration, explanations };
}

/** Put the wished drawing in the scene's place; false where the spec does not have it, or it is there already. */
export function takeDrawing(spec: Specification, wished: string | undefined) {
  const scene = spec.scenes?.[wished ?? ""];
  if (!scene || spec.scene.drawing === wished) return false;
  spec.scenes = { ...spec.scenes, [spec.scene.drawing]: spec.scene };
  spec.scene = scene;
  return true;
}

/** Why a graph has no such drawing; empty where it has. */
export function reasonAgainst(spec: Specification | null | undefined, drawing: string) {
  return spec?.undrawable?.[drawing] ?? "";
}

// Modules that come as text in a message: a notebook has no address to load them from.

/** An address under which a module's text can be imported; whoever asks for it gives it back. */
export function addressOf(script: string) {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

/** The default export of a module given as text; what it shares with others stands at an address of its own. */
export async function importText<Exported>(script: string, shared = ""): Promise<Exported> {
  const address = addressOf(script.replace(/\.\/\w*shared\.js/, shared));
  try {
    return ((await import(address)) as { default: Exported }).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}
