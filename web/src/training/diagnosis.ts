// What keeps a network from learning, in words, where the page itself trains; see backpropviz/learn/diagnosis.py.
import { formatNumber, roundedText } from "../story/numerals.js";
import type { NumberArray } from "../story/primitives.js";
import type { PlainFinding as Finding } from "../types/specification.js";
import type { Divergence, Learner } from "./learner.js";
import { growth, growthText } from "./loss_watch.js";
import { layerPlaces } from "./perceptron.js";

const MOST_NAMED = 6;
const SATURATED_SHARE = 0.95;
const SATURATED_MARGIN = 0.02; // of the range
const FAR_APART = 1e3; // gradients per weight of two layers
const GROWING = 10;
const LOWEST_VALUE: Record<string, number | undefined> = { sigmoid: 0, tanh: -1 };

/** What is found at the parameters that were measured last, the worst first. */
export function diagnose(learner: Learner): Finding[] {
  const found = growingLoss(learner);
  learner.form.activations.forEach((activation, place) => {
    const units = learner.measuredUnits[place];
    if (activation === "relu") found.push(...silentUnits(learner, place + 1, units));
    else if (LOWEST_VALUE[activation] !== undefined)
      found.push(...saturatedUnits(learner, place + 1, units, activation));
  });
  // Behind a layer that is silent as a whole there is no gradient at all: that has been said.
  const { sizes } = learner.form;
  const isCut = found.some(({ kind, layer, units }) => kind === "silent" && units.length === sizes[layer]);
  return isCut ? found : [...found, ...unequalGradients(learner)];
}

function growingLoss({ watch, learningRate }: Learner): Finding[] {
  const found = growth(watch.recent);
  if (found === null || found.factor < GROWING || found.reached <= watch.first) return [];
  const text = growthText(found);
  const smaller = roundedText(learningRate / 10, 2);
  const advice = `Try a smaller learning rate, such as ${smaller}, and reset.`;
  return [
    { kind: "diverging", layer: 0, units: [], where: "", text: `${text[0].toUpperCase()}${text.slice(1)}. ${advice}` },
  ];
}

/** Of each unit, in how many rows its value is as asked for. */
function countRows({ data, shape }: NumberArray, isMeant: (value: number) => boolean): number[] {
  const counts = new Array<number>(shape[1]).fill(0);
  data.forEach((value, place) => (counts[place % shape[1]] += Number(isMeant(value))));
  return counts;
}

function silentUnits(learner: Learner, layer: number, values: NumberArray): Finding[] {
  const units = countRows(values, (value) => value > 0).flatMap((count, unit) => (count === 0 ? [unit] : []));
  if (units.length === 0) return [];
  const advice =
    unscaledText(learner) ||
    "a smaller learning rate and a new start; or leaky ReLU, which passes a hundredth of the gradient";
  const text =
    `${whoAre(units, values.shape[1], layer, "silent")}: ReLU gives 0 for each of the ` +
    `${learner.examples.toLocaleString("en-GB")} training examples, so no gradient reaches ` +
    `${units.length === 1 ? "its" : "their"} weights. Try ${advice}.`;
  return [{ kind: "silent", layer, units, where: "", text }];
}

function saturatedUnits(learner: Learner, layer: number, values: NumberArray, activation: string): Finding[] {
  const low = LOWEST_VALUE[activation] ?? 0;
  const margin = SATURATED_MARGIN * (1 - low);
  const counts = countRows(values, (value) => value < low + margin || value > 1 - margin);
  const units = counts.flatMap((count, unit) => (count >= SATURATED_SHARE * values.shape[0] ? [unit] : []));
  // Some such units are how a network draws a sharp boundary.
  if (units.length === 0 || 2 * units.length < counts.length) return [];
  const advice = unscaledText(learner) || "smaller first weights, or a penalty on weights (L2)";
  const text =
    `${whoAre(units, counts.length, layer, "saturated")}: ${activation} is within 2 % of an end of its range for at ` +
    `least 95% of the training examples, where its slope is nearly 0. Try ${advice}.`;
  return [{ kind: "saturated", layer, units, where: "", text }];
}

/** Compare the gradient per weight of each layer with that of the last one. */
function unequalGradients(learner: Learner): Finding[] {
  if (learner.steps === 0) return [];
  const { form, gradient } = learner;
  const each = layerPlaces(form).map(({ before, after, weights, biases }) => {
    const own = gradient.subarray(form.isBiasFirst ? biases : weights, weights + before * after);
    return Math.sqrt(own.reduce((sum, slope) => sum + slope * slope, 0) / own.length);
  });
  const last = each.at(-1)!;
  if (!each.every(Number.isFinite) || last === 0) return [];
  const told = (kind: string, what: string, size: number, advice: string): Finding => {
    const layer = each.indexOf(size) + 1;
    const sizes = `${written(size)} per weight in layer ${layer}, against ${written(last)} in layer ${each.length}`;
    return {
      kind,
      layer,
      units: [],
      where: "",
      text: `Gradients ${what} on the way back: ${sizes}, the last. Try ${advice}.`,
    };
  };
  const [smallest, largest] = [Math.min(...each), Math.max(...each)];
  const found: Finding[] = [];
  const gentler =
    'ReLU or tanh rather than sigmoid, first weights that fit the activation (initial="auto"), or fewer layers';
  if (smallest < last / FAR_APART) found.push(told("vanishing", "vanish", smallest, gentler));
  const smaller = "smaller first weights, a smaller learning rate, or fewer layers";
  if (largest > last * FAR_APART) found.push(told("exploding", "explode", largest, smaller));
  return found;
}

/** A size as Python writes it in ".1e": "3.0e-07". */
function written(size: number): string {
  const [lead, power] = size.toExponential(1).split("e");
  return `${lead}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** Units of a layer, as the subject of a sentence. */
function whoAre(units: number[], total: number, layer: number, what: string): string {
  const of = `of hidden layer ${layer}`;
  if (units.length === total)
    return total === 1 ? `The one unit ${of} is ${what}` : `All ${total} units ${of} are ${what}`;
  if (units.length === 1) return `Unit ${units[0] + 1} ${of} is ${what}`;
  if (units.length > MOST_NAMED) return `${units.length} of ${total} units ${of} are ${what}`;
  const names = units.map((unit) => String(unit + 1));
  return `Units ${names.slice(0, -1).join(", ")} and ${names.at(-1)} ${of} are ${what}`;
}

// What is said when training leaves all bounds; see backpropviz/learn/diverging.py.

const LARGE = 5; // of a feature
const TOLD = 2; // a smaller growth says nothing

/** Advice to scale features, where they are large; empty where they are not. */
function unscaledText({ train }: Learner): string {
  const largest = train.features.data.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  if (largest <= LARGE) return "";
  const told = Number(largest.toPrecision(4)).toLocaleString("en-GB");
  return `features of size about 1 (the largest here is ${told}): subtract the mean, divide by the standard deviation`;
}

/** A sentence that names the step, and what to try. */
export function divergenceText({ step, epoch, rate, losses }: Divergence, learner: Learner): string {
  const loss = losses.at(-1) ?? NaN;
  const grown = growth(losses);
  let what = Number.isFinite(loss) ? `the loss has grown to ${roundedText(loss)}` : "the loss is not finite";
  if (grown !== null && grown.factor >= TOLD) {
    what = Number.isFinite(loss)
      ? `${growthText(grown)}, to ${roundedText(loss)}`
      : `${what}; before, ${growthText(grown)}`;
  }
  const smaller = roundedText(Math.min(rate / 10, 0.1), 2);
  const advice = [`a smaller learning rate, such as ${smaller}`, unscaledText(learner), "smaller first weights"];
  return (
    `Training diverged at step ${step} (epoch ${epoch}, learning rate ${formatNumber(rate)}): ${what}. ` +
    `Try ${advice.filter(Boolean).join("; or ")}. Then reset: the weights are spoilt.`
  );
}
