// A network of one object per neuron and per link, to compare a page's step with.

interface Activation {
  output: (total: number) => number;
  slope: (total: number) => number;
}

const TANH: Activation = {
  output: (total) => Math.tanh(total),
  slope: (total) => {
    const output = TANH.output(total);
    return 1 - output * output;
  },
};
const IDENTITY: Activation = { output: (total) => total, slope: () => 1 };
const HALF_SQUARE = {
  slope: (output: number, target: number) => output - target,
};

interface Link {
  from: Unit;
  to: Unit;
  weight: number;
  isDead: boolean;
  slope: number;
  slopes: number;
  count: number;
  penalty: { slope: (weight: number) => number } | null;
}

/** A unit as an object that knows its links and its activation. */
class Unit {
  incoming: Link[] = [];
  outgoing: Link[] = [];
  bias = 0;
  total = 0;
  output = 0;
  outputSlope = 0;
  totalSlope = 0;
  totalSlopes = 0;
  count = 0;
  constructor(readonly activation: Activation) {}

  update(): number {
    this.total = this.bias;
    for (const link of this.incoming)
      this.total += link.weight * link.from.output;
    this.output = this.activation.output(this.total);
    return this.output;
  }
}

/**
 * One object per neuron and per link, with the work that TensorFlow's Playground does for each: slopes of activations
 * from totals, sums and counts of slopes at every link, penalties looked for at every update. With half the squared
 * error, so that all networks take the same steps.
 */
export class UnitNetwork {
  readonly layers: Unit[][];
  constructor(sizes: number[], row: Float64Array) {
    const last = sizes.length - 1;
    this.layers = sizes.map((size, layer) =>
      Array.from(
        { length: size },
        () => new Unit(layer === last ? IDENTITY : TANH),
      ),
    );
    let start = 0;
    this.layers.slice(1).forEach((units, layer) => {
      const before = this.layers[layer];
      before.forEach((from, place) =>
        units.forEach((to, column) => {
          const weight = row[start + place * units.length + column];
          const link: Link = {
            from,
            to,
            weight,
            isDead: false,
            slope: 0,
            slopes: 0,
            count: 0,
            penalty: null,
          };
          from.outgoing.push(link);
          to.incoming.push(link);
        }),
      );
      start += before.length * units.length;
      units.forEach((unit, column) => (unit.bias = row[start + column]));
      start += units.length;
    });
  }

  step(
    features: Float64Array,
    targets: Float64Array,
    order: number[],
    rate: number,
  ) {
    const width = this.layers[0].length;
    for (const example of order) {
      this.forward(
        Array.from(
          { length: width },
          (_, place) => features[example * width + place],
        ),
      );
      this.backward(targets[example]);
    }
    this.update(rate, 0);
  }

  private forward(inputs: number[]) {
    this.layers[0].forEach((unit, place) => (unit.output = inputs[place]));
    for (let layer = 1; layer < this.layers.length; layer += 1)
      for (const unit of this.layers[layer]) unit.update();
  }

  private backward(target: number) {
    const last = this.layers.at(-1)![0];
    last.outputSlope = HALF_SQUARE.slope(last.output, target);
    for (let layer = this.layers.length - 1; layer > 0; layer -= 1) {
      for (const unit of this.layers[layer]) {
        unit.totalSlope = unit.outputSlope * unit.activation.slope(unit.total);
        unit.totalSlopes += unit.totalSlope;
        unit.count += 1;
      }
      for (const unit of this.layers[layer]) {
        for (const link of unit.incoming) {
          if (link.isDead) continue;
          link.slope = unit.totalSlope * link.from.output;
          link.slopes += link.slope;
          link.count += 1;
        }
      }
      if (layer === 1) continue;
      for (const unit of this.layers[layer - 1]) {
        unit.outputSlope = 0;
        for (const link of unit.outgoing)
          unit.outputSlope += link.weight * link.to.totalSlope;
      }
    }
  }

  private update(rate: number, strength: number) {
    for (let layer = 1; layer < this.layers.length; layer += 1) {
      for (const unit of this.layers[layer]) {
        if (unit.count > 0) {
          unit.bias -= (rate * unit.totalSlopes) / unit.count;
          unit.totalSlopes = unit.count = 0;
        }
        for (const link of unit.incoming) {
          if (link.isDead) continue;
          const cost = link.penalty ? link.penalty.slope(link.weight) : 0;
          if (link.count > 0) {
            link.weight -= (rate / link.count) * link.slopes;
            link.weight -= rate * strength * cost;
            link.slopes = link.count = 0;
          }
        }
      }
    }
  }

  get row(): number[] {
    return this.layers
      .slice(1)
      .flatMap((units, layer) => [
        ...this.layers[layer].flatMap((unit) =>
          unit.outgoing.map(({ weight }) => weight),
        ),
        ...units.map(({ bias }) => bias),
      ]);
  }
}
