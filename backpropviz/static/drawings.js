// The drawings of one graph: a small graph brings all of them, and the page switches by itself.

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
