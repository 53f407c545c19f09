// First weights, drawn by seed; see backpropviz/learn/initial.py.
import { drawNormal } from "./normal_draws.js";
import { type Form, layerPlaces, parameterCount } from "./perceptron.js";
import { RandomBits } from "./random_bits.js";

const NORMAL_DEVIATION = 0.1;

/** One weight between layers of so many units. */
function drawer(how: string, before: number, after: number, bits: RandomBits): () => number {
  if (how === "zeros") return () => 0;
  if (how === "xavier") {
    const limit = Math.sqrt(6 / (before + after));
    return () => -limit + 2 * limit * bits.share();
  }
  const deviation = how === "he" ? Math.sqrt(2 / before) : NORMAL_DEVIATION;
  return () => deviation * drawNormal(bits);
}

/** All parameters in one row; biases start at 0. */
export function drawParameters(form: Form): Float64Array {
  const bits = RandomBits.ofSeed(form.seed);
  const row = new Float64Array(parameterCount(form.sizes));
  layerPlaces(form).forEach(({ before, after, weights }, layer) => {
    const usual = form.cutting.includes(form.activations[layer] ?? "") ? "he" : "xavier";
    const draw = drawer(form.initial === "auto" ? usual : form.initial, before, after, bits);
    for (let place = weights; place < weights + before * after; place += 1) row[place] = draw();
  });
  return row;
}
