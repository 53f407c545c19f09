// What each scalar operation computes, and its local partials. The twin of the operations' Python declarations.
import { logistic, logisticSlope, logOnePlusExp, normalDensity, normalProbability, raise } from "./special.js";

const DEFAULT_SLOPE = 0.01;

/** A rule of one argument: both functions take plain numbers. */
function unaryRule(value, partial) {
  return {
    value: (args, parameters) => value(args[0], parameters),
    partials: (out, args, parameters) => [partial(out, args[0], parameters)],
  };
}

/** A rule of two arguments: `partials` gives the pair. */
function binaryRule(value, partials) {
  return {
    value: (args) => value(args[0], args[1]),
    partials: (out, args, parameters, constant) => partials(out, args[0], args[1], constant ?? []),
  };
}

/** max or min: the gradient is shared equally among the arguments that attain the value; NaN everywhere beside a NaN. */
function extremeRule(select) {
  return {
    value: (args) => args.reduce((best, each) => select(best, each)),
    partials: (out, args) => {
      let tied = 0;
      for (const each of args) tied += each === out;
      return args.map((each) => (each === out ? 1 / tied : tied ? 0 : NaN));
    },
  };
}

/** Slope of a function with a kink at zero: `below` there and left of it, 1 right of it. */
function kinkedSlope(x, below) {
  return x > 0 ? 1 : below;
}

/** scale/x on the domain of a logarithm, NaN left of it, where 1/x would be finite beside a value that is not. */
function logarithmSlope(x, scale) {
  return x < 0 ? NaN : scale / Math.abs(x);
}

/** The partials of base ** exponent. A constant exponent asks for no logarithm, so a negative base stays free of NaN. */
function powerPartials(out, base, exponent, constant) {
  const inBase = exponent === 0 ? 0 : exponent * raise(base, exponent - 1);
  if (constant[1]) return [inBase, 0];
  // 0 ** y is flat in y, where 0 · ln 0 would be 0 times -∞
  const inExponent = out === 0 ? 0 : out * Math.log(base);
  return [inBase, inExponent];
}

/** At the origin the norm has a kink; its gradient there is taken as 0. */
function hypotenusePartials(out, a, b) {
  return out === 0 ? [0, 0] : [a / out, b / out];
}

/** Divides twice by the radius, since its square may overflow where the quotient does not. */
function anglePartials(out, y, x) {
  const radius = Math.hypot(y, x);
  return [x / radius / radius, -y / radius / radius];
}

function slopeOf(parameters) {
  return parameters?.slope ?? DEFAULT_SLOPE;
}

/**
 * The table of operations: `value(args, parameters)` is a number, `partials(out, args, parameters, constant)` an array
 * with one local partial per slot. `constant[slot]` says that the argument is a literal number.
 */
export const OPERATIONS = {
  add: { value: (args) => args.reduce((sum, each) => sum + each), partials: (out, args) => args.map(() => 1) },
  subtract: binaryRule((a, b) => a - b, () => [1, -1]),
  multiply: binaryRule((a, b) => a * b, (out, a, b) => [b, a]),
  divide: binaryRule((a, b) => a / b, (out, a, b) => [1 / b, -out / b]),
  power: binaryRule(raise, powerPartials),
  negate: unaryRule((x) => -x, () => -1),
  exp: unaryRule(Math.exp, (out) => out),
  ln: unaryRule(Math.log, (out, x) => logarithmSlope(x, 1)),
  log2: unaryRule(Math.log2, (out, x) => logarithmSlope(x, Math.LOG2E)),
  log10: unaryRule(Math.log10, (out, x) => logarithmSlope(x, Math.LOG10E)),
  sqrt: unaryRule(Math.sqrt, (out) => 0.5 / Math.abs(out)),
  sin: unaryRule(Math.sin, (out, x) => Math.cos(x)),
  cos: unaryRule(Math.cos, (out, x) => -Math.sin(x)),
  tan: unaryRule(Math.tan, (out) => 1 + out * out),
  asin: unaryRule(Math.asin, (out, x) => 1 / Math.sqrt((1 - x) * (1 + x))),
  acos: unaryRule(Math.acos, (out, x) => -1 / Math.sqrt((1 - x) * (1 + x))),
  atan: unaryRule(Math.atan, (out, x) => 1 / (1 + x * x)),
  sinh: unaryRule(Math.sinh, (out, x) => Math.cosh(x)),
  cosh: unaryRule(Math.cosh, (out, x) => Math.sinh(x)),
  // 4σ'(2x) is 1 - tanh²(x) without its cancellation for large x
  tanh: unaryRule(Math.tanh, (out, x) => 4 * logisticSlope(2 * x)),
  sigmoid: unaryRule(logistic, (out, x) => logisticSlope(x)),
  relu: unaryRule((x) => (x <= 0 ? 0 : x), (out, x) => kinkedSlope(x, 0)),
  leaky_relu: unaryRule(
    (x, parameters) => (x <= 0 ? slopeOf(parameters) * x : x),
    (out, x, parameters) => kinkedSlope(x, slopeOf(parameters)),
  ),
  softplus: unaryRule(logOnePlusExp, (out, x) => logistic(x)),
  gelu: unaryRule((x) => x * normalProbability(x), (out, x) => normalProbability(x) + x * normalDensity(x)),
  abs: unaryRule(Math.abs, (out, x) => (x === 0 ? 0 : Math.sign(x))),
  square: unaryRule((x) => x * x, (out, x) => 2 * x),
  reciprocal: unaryRule((x) => 1 / x, (out) => -out * out),
  atan2: binaryRule(Math.atan2, anglePartials),
  hypot: binaryRule((a, b) => Math.hypot(a, b), hypotenusePartials),
  max: extremeRule((a, b) => Math.max(a, b)),
  min: extremeRule((a, b) => Math.min(a, b)),
};
