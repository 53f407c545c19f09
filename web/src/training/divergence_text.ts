// What is said when training leaves all bounds; see backpropviz/learn/diverging.py.
import { formatNumber } from "../story/numerals.js";
import type { Divergence, Learner } from "./learner.js";
import { growth, growthText } from "./loss_watch.js";

const LARGE = 10; // of a feature
const TOLD = 2; // a smaller growth says nothing

/** Advice to scale features, where they are large; empty where they are not. */
export function unscaledText({ train }: Learner): string {
  const largest = train.features.data.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  if (largest <= LARGE) return "";
  const told = Number(largest.toPrecision(4)).toLocaleString("en-GB");
  return `features of size about 1 (the largest here is ${told}): subtract the mean, divide by the standard deviation`;
}

/** A sentence that names the step, and what to try. */
export function divergenceText({ step, epoch, rate, losses }: Divergence, learner: Learner): string {
  const loss = losses.at(-1) ?? NaN;
  const grown = growth(losses);
  let what = Number.isFinite(loss)
    ? `the loss has grown to ${formatNumber(Number(loss.toPrecision(3)))}`
    : "the loss is not finite";
  if (grown !== null && grown.factor >= TOLD) {
    what = Number.isFinite(loss)
      ? `${growthText(grown)}, to ${formatNumber(Number(loss.toPrecision(3)))}`
      : `${what}; before, ${growthText(grown)}`;
  }
  const smaller = formatNumber(Number(Math.min(rate / 10, 0.1).toPrecision(2)));
  const advice = [`a smaller learning rate, such as ${smaller}`, unscaledText(learner), "smaller first weights"];
  return (
    `Training diverged at step ${step} (epoch ${epoch}, learning rate ${formatNumber(rate)}): ${what}. ` +
    `Try ${advice.filter(Boolean).join("; or ")}. Then reset: the weights are spoilt.`
  );
}
