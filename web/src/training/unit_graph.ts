// What one unit of a network computes, every number of it a node, and where its value goes: learn/unit_form.py.
import { largestPlaces, Predictor } from "./perceptron.js";
import type { Sketch } from "./step_sketch.js";

const MOST_SHOWN = 64; // products before and behind a unit

/** The scores as the weights into a unit and out of it make them; all others are plain numbers. */
export function unitScores(sketch: Sketch, features: Float64Array, [layer, own]: readonly number[]): number[] {
  const { builder, places } = sketch;
  const { form, plain, parameters } = sketch.learner;
  const one = new Predictor(form, plain.programs, parameters, 1);
  one.features.data.set(features);
  one.run();
  const known = [features, ...one.units.map(({ data }) => data)];
  const [given, besides] = [known[layer - 1], known[layer]];
  const { after: width, weights: start, biases: ground } = places[layer - 1];
  const products = given.map((value, from) => value * parameters[start + from * width + own]);
  const shown = largestPlaces(products, MOST_SHOWN);
  const terms = shown.map((from) => {
    const weight = sketch.weight(start + from * width + own);
    return sketch.gate(
      "multiply",
      weight,
      sketch.input(sketch.unit(layer > 1 ? "h" : "x", layer - 1, from), given[from]),
    );
  });
  if (shown.length < products.length) {
    for (const from of shown) products[from] = 0;
    terms.push(
      sketch.input(
        "rest",
        products.reduce((sum, each) => sum + each),
      ),
    );
  }
  const total = sketch.gate("add", ...terms, sketch.parameter(ground + own));
  const value = sketch.activated(sketch.named(total, sketch.unit("t", layer, own)), layer);
  sketch.named(value, sketch.unit("h", layer, own));
  let values = [value];
  if (layer === places.length)
    values = Array.from(besides, (each, at) => (at === own ? value : builder.constant(each)));
  places.slice(layer).forEach(({ after, weights, biases }, index) => {
    const isNext = index === 0;
    const ways = isNext
      ? largestPlaces(parameters.subarray(weights + own * after, weights + (own + 1) * after), MOST_SHOWN)
      : [];
    values = Array.from({ length: after }, (_, to) => {
      const at = (from: number) => weights + (isNext ? own : from) * after + to;
      let ground = parameters[biases + to];
      if (isNext)
        besides.forEach((each, from) => (ground += from === own ? 0 : each * parameters[weights + from * after + to]));
      const terms = values.map((each, from) => {
        const weight = ways.includes(to) ? sketch.weight(at(from)) : builder.constant(parameters[at(from)]);
        return sketch.gate("multiply", weight, each);
      });
      return sketch.activated(sketch.gate("add", ...terms, builder.constant(ground)), layer + index + 1);
    });
  });
  return values;
}

/** The squares of all weights that are no nodes, added. */
export function otherSquares({ places, names, parameters: shown, learner: { parameters } }: Sketch): number {
  let sum = 0;
  for (const { before, after, weights } of places) {
    for (let place = weights; place < weights + before * after; place += 1)
      if (!shown.has(names[place])) sum += parameters[place] ** 2;
  }
  return sum;
}
