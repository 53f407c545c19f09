// How well the network does, in one line of text.
import { formatNumber } from "../format.js";

function lossText(loss) {
  return loss === null ? "not finite" : formatNumber(Number(loss.toPrecision(3)));
}

function percent(share) {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

function withHeldOut(text, heldOut, format) {
  return heldOut === null || heldOut === undefined ? text : `${text} (held out ${format(heldOut)})`;
}

/** Loss and accuracy of {loss, accuracy, validationLoss, validationAccuracy}; what is null or missing is left out. */
export function scoresText({ loss, accuracy, validationLoss, validationAccuracy }) {
  const losses = withHeldOut(lossText(loss), validationLoss, lossText);
  if (accuracy === null || accuracy === undefined) return losses;
  return `${losses} · accuracy ${withHeldOut(percent(accuracy), validationAccuracy, percent)}`;
}
