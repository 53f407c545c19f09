// Examples made by seed, with the numbers of backpropviz.datasets; see backpropviz/learn/datasets/made.py.
import { roundHalfEven } from "../story/primitives.js";
import type { PlainDataset, PlainRun } from "../types/specification.js";
import { Learner } from "./learner.js";
import type { ExampleRows, Form } from "./perceptron.js";
import { drawNormal, drawParameters, RandomBits, Shuffles } from "./random_draws.js";

const FEWEST_TO_SPLIT = 20;
const INNER = 0.5; // radius of the ring within the ring

type Point = [features: number[], target: number];

interface Making {
  bits: RandomBits;
  count: number;
  noise: number;
  classes: number;
}

/** Points of a plane, of classes in turn; numbers between 0 and 1 are drawn for all before the noise. */
function onPlane(place: (share: number, label: number, classes: number) => [number, number], isSpread = true) {
  return ({ bits, count, noise, classes }: Making): Point[] => {
    const shares = Array.from({ length: isSpread ? count : 0 }, () => bits.share());
    return Array.from({ length: count }, (_, at) => {
      const label = at % classes;
      const [x, y] = place(shares[at], label, classes);
      return [[x + noise * drawNormal(bits), y + noise * drawNormal(bits)], label];
    });
  };
}

function onCurve(value: (x: number) => number) {
  return ({ bits, count, noise }: Making): Point[] => {
    const across = Array.from({ length: count }, () => -1 + 2 * bits.share());
    return across.map((x) => [[x], value(x) + noise * drawNormal(bits)]);
  };
}

const turned = (angle: number, radius: number): [number, number] => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];

const MAKERS: Record<string, { noise: number; make: (making: Making) => Point[] }> = {
  moons: {
    noise: 0.1,
    make: onPlane((share, label) => {
      const [x, y] = turned(Math.PI * share, 1);
      return label === 0 ? [x, y] : [1 - x, 0.5 - y];
    }),
  },
  circles: { noise: 0.05, make: onPlane((share, label) => turned(2 * Math.PI * share, label === 0 ? 1 : INNER)) },
  spiral: {
    noise: 0.02,
    make: onPlane((share, label, classes) => {
      const along = 0.05 + 0.95 * share;
      return turned(2 * Math.PI * (along + label / classes), along);
    }),
  },
  blobs: {
    noise: 0.3,
    make: onPlane((_, label, classes) => turned((2 * Math.PI * label) / classes, 1), false),
  },
  xor: {
    noise: 0,
    make: ({ bits, count, noise }) =>
      Array.from({ length: count }, (_, at) => {
        const [x, y] = [(at >> 1) & 1, at & 1];
        return [[x + noise * drawNormal(bits), y + noise * drawNormal(bits)], x ^ y];
      }),
  },
  sine: { noise: 0.05, make: onCurve((x) => Math.sin(Math.PI * x)) },
  line: { noise: 0.1, make: onCurve((x) => 2 * x - 1) },
};

/** The noise that a set has where nothing else is said. */
export function usualNoise(name: string): number {
  return MAKERS[name]?.noise ?? 0;
}

/** Whether the page makes a set, or it came along. */
export function isMade({ name }: Pick<PlainDataset, "name">): boolean {
  return Object.hasOwn(MAKERS, name);
}

/** Make a set for a network: examples to train on, and held-out ones. */
export function makeExamples(
  { name, count, noise, seed, heldOut }: PlainDataset,
  { sizes }: Form,
): [train: ExampleRows, validation: ExampleRows | null] {
  const outputs = sizes.at(-1)!;
  const points = MAKERS[name].make({ bits: RandomBits.ofSeed(seed), count, noise, classes: Math.max(2, outputs) });
  const held = count < FEWEST_TO_SPLIT ? 0 : roundHalfEven(count * heldOut);
  const order = held > 0 ? [...Shuffles.ofSeed(seed).order(count)] : points.map((_, at) => at);
  const coded = (target: number) =>
    outputs === 1 ? [target] : Array.from({ length: outputs }, (_, each) => Number(each === target));
  const rows = (places: number[]): ExampleRows => ({
    features: { shape: [places.length, sizes[0]], data: Float64Array.from(places.flatMap((at) => points[at][0])) },
    targets: { shape: [places.length, outputs], data: Float64Array.from(places.flatMap((at) => coded(points[at][1]))) },
  });
  return [rows(order.slice(0, count - held)), held > 0 ? rows(order.slice(count - held)) : null];
}

/** The run of a form on a set: from the first weights that came along, or where the form or the seed is another, new ones. */
export function learnerOf(run: PlainRun, form: Form, dataset: PlainDataset | undefined, firstSeed: number): Learner {
  const seed = dataset?.seed ?? run.seed;
  const first = run.network;
  const isSame = String([form.sizes, form.activations]) === String([first.sizes, first.activations]);
  const seeded = { ...form, seed: seed === firstSeed ? first.seed : seed };
  return new Learner(
    { ...run, seed },
    {
      form: seeded,
      first: isSame && seed === firstSeed ? undefined : drawParameters(seeded),
      examples: dataset && isMade(dataset) ? makeExamples(dataset, form) : undefined,
    },
  );
}
