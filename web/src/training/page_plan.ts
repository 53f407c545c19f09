// The plan of the pictures of a network whose layers were changed in the page; see backpropviz/runs/picture_plan.py.
import type { PicturePlan } from "../types/specification.js";
import { subscript } from "./chosen_weight.js";
import type { Form } from "./perceptron.js";

const MOST_UNITS = 16;
const SHOWN_OF_MANY = 10;

/** The same plan for other layers, as the next round. */
export function replanned(plan: PicturePlan, form: Form): PicturePlan {
  const last = form.sizes.length - 1;
  const output = form.output === "identity" ? "o" : "p";
  const layers = form.sizes.map((size, layer) => {
    const letter = layer === 0 ? "x" : layer === last ? output : "h";
    const shown = size <= MOST_UNITS ? size : SHOWN_OF_MANY;
    const units = Array.from({ length: shown }, (_, unit) => unit);
    const names = units.map((unit) => (size === 1 ? letter : letter + subscript(unit + 1)));
    return { units, hidden: size - shown, names };
  });
  const bars = form.sizes.slice(1).map((_, layer) => `W${layer + 1}`);
  return { ...plan, round: plan.round + 1, sizes: form.sizes, layers, bars };
}
