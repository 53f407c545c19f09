// What of a run's pictures changes with its layers and examples only; see backpropviz/runs/picture_plan.py.
import type { PicturePlan } from "../types/specification.js";
import type { Learner } from "./learner.js";
import { largestAt } from "./perceptron.js";
import { subscript } from "./weight_editor.js";

function endsOf(values: readonly number[]): [low: number, high: number] {
  return [values.reduce((low, each) => Math.min(low, each)), values.reduce((high, each) => Math.max(high, each))];
}

/** The least and the largest target. */
export function targetReach({ train, validation }: Learner): [number, number] {
  return endsOf([train, validation].flatMap((each) => (each ? Array.from(each.targets.data) : [])));
}

/** Tells the class of coded targets: the largest one, or whether a single one lies above the middle. */
export function classReader(learner: Learner): (targets: Float64Array) => number {
  if (learner.form.sizes.at(-1)! > 1) return largestAt;
  const [low, high] = targetReach(learner);
  return ([target]) => Number(target > (low + high) / 2);
}

/** The marks of the picture, those to train on first: rows of two coordinates, class, and 1 where it is held out. */
export function marksOf({ picture, pointStep, examples }: PicturePlan, learner: Learner): DataView<ArrayBuffer> {
  if (picture !== "boundary" && picture !== "fit") return new DataView(new ArrayBuffer(0));
  const classOf = classReader(learner);
  const marks = Array.from({ length: Math.ceil(examples / pointStep) }, (_, mark) => {
    const { features, targets } = learner.exampleAt(mark * pointStep);
    return [
      features[0],
      picture === "boundary" ? features[1] : targets[0],
      classOf(targets),
      Number(mark * pointStep >= learner.examples),
    ];
  });
  return new DataView(Float32Array.from(marks.flat()).buffer);
}

const MOST_UNITS = 16;
const SHOWN_OF_MANY = 10;
const MOST_MARKS = 2000;
const BESIDE = 0.08; // of the reach: margin at both ends of an axis
const HELD_OUT = "hollow marks: held out";

/** The same plan for other layers or examples, as the next round. */
export function replanned(plan: PicturePlan, learner: Learner): PicturePlan {
  const { form, train, validation } = learner;
  const last = form.sizes.length - 1;
  const output = form.output === "identity" ? "o" : "p";
  const layers = (form.graphs ? [] : form.sizes).map((size, layer) => {
    const letter = layer === 0 ? "x" : layer === last ? output : "h";
    const shown = size <= MOST_UNITS ? size : SHOWN_OF_MANY;
    const units = Array.from({ length: shown }, (_, unit) => unit);
    const names = units.map((unit) => (size === 1 ? letter : letter + subscript(unit + 1)));
    return { units, hidden: size - shown, names };
  });
  const bars = form.graphs ? plan.bars : form.sizes.slice(1).map((_, layer) => `W${layer + 1}`);
  const trained = learner.examples;
  const examples = trained + (validation?.features.shape[0] ?? 0);
  const column = (place: number, of: "features" | "targets") =>
    [train, validation].flatMap((each) => {
      const width = each?.[of].shape[1] ?? 1;
      return each ? Array.from(each[of].data).filter((_, at) => at % width === place) : [];
    });
  const isPlane = form.sizes[0] === 2;
  const isDrawn = plan.picture === "boundary" || plan.picture === "fit";
  const axes = isDrawn
    ? {
        ...plan.axes,
        x: axisOver(column(0, "features")),
        y: axisOver(isPlane ? column(1, "features") : column(0, "targets")),
      }
    : plan.axes;
  const held = validation ? `, ${trained} to ${examples - 1} are held out` : "";
  return {
    ...plan,
    round: plan.round + 1,
    sizes: form.sizes,
    layers,
    bars,
    axes,
    examples,
    pictureNote: isDrawn && !validation ? "" : plan.pictureNote || (isDrawn ? HELD_OUT : ""),
    exampleNote: `0 to ${trained - 1} are trained on${held}`,
    pointStep: Math.ceil(examples / MOST_MARKS),
  };
}

/** Where an axis begins and ends, with a margin. */
function axisOver(values: readonly number[]): [low: number, high: number] {
  const [low, high] = endsOf(values);
  const margin = (high - low) * BESIDE || 1;
  return [low - margin, high + margin];
}
