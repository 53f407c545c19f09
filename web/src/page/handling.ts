// What a reader moves and types, and what moves then: a notebook's first picture is there before it.
import { useReader } from "../panels/inputs.js";
import { NodeDragging, PulseLayer, moveScene } from "../picture/motion.js";
import { readAnswer } from "../story/answers.js";
import { furnishAlso, parts } from "./parts.js";
import { followUndo } from "./undo.js";
import type { View } from "./view.js";

function furnishHandling(view: View) {
  const { lifetime, root, model, stage } = view;
  const { start } = view.session;
  followUndo({ lifetime, root, model, start, write: (inputs) => view.write("inputs", inputs) });
  stage.overlay.pulses = new PulseLayer({ lifetime, group: stage.overlay.pulseGroup });
  stage.dragging = new NodeDragging({
    lifetime,
    stage: stage.element,
    findMark: (target) => stage.markAt(target),
    camera: stage.camera,
    onMove: () => stage.overlay.refresh(),
  });
  stage.overview = parts.makeOverview?.({ lifetime, stage });
  if (!stage.overview) return;
  stage.overlay.tooltip.before(stage.overview.element);
  if (stage.marks.size > 0) stage.overview.place(); // it comes after the picture
}

/** Formulas are read where numbers are typed, edits are taken back, nodes are dragged, and numbers travel. */
export function withHandling() {
  useReader(readAnswer);
  parts.moveScene = moveScene;
  furnishAlso(furnishHandling);
}
