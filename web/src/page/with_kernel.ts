// Gives a notebook's view what only a kernel answers to: formulas that are typed, and changes that are saved.
import { ExpressionBox } from "../panels/expression_box.js";
import { Saver } from "./lifetime.js";
import { parts } from "./parts.js";

export function withKernel(): void {
  parts.makeExpressionBox = (given) => new ExpressionBox(given);
  parts.makeSaver = (given) => new Saver(given);
}
