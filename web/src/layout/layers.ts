// What goes into a layout and comes out of it, and the layers of its nodes; the same as in backpropviz/scene/layout.

/** Source, target and slot: parallel arrows differ in their slot. */
export type Arrow = [source: number, target: number, slot: number];

/** The room one node needs; its identity is its place in the list handed to `place`. */
export interface Box {
  /** Of the drawn shape: arrows leave and arrive at its sides. */
  width: number;
  /** Of the shape together with the text above and below it. */
  height: number;
  /** An input, weight or constant: it may stand as late as its first use. */
  source: boolean;
  /** The shape is a circle of diameter `width`, so that ports follow its rim. */
  round: boolean;
}

/** The distances of a drawing, in px. */
export const SPACING = { columnGap: 105, rowGap: 40, laneGap: 22, portGap: 11, margin: 24 };

/** Centre of each box, path of each arrow, and the size of the drawing. */
export interface Placement {
  centres: [number, number][];
  paths: string[];
  width: number;
  height: number;
}

/** To a tenth, a tie to the even one, as Python rounds. */
export function toTenth(value: number): number {
  const isTie = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  if (!isTie) return Number(value.toFixed(1));
  const low = Math.floor(value * 10);
  return (low % 2 === 0 ? low : low + 1) / 10;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const ROUNDS = 4;
const LANE_BUDGET = 20_000;

/** The arguments and the consumers of every node, each once, in order of first appearance. */
export function neighbours(count: number, arrows: readonly Arrow[]): { args: number[][]; consumers: number[][] } {
  const args = Array.from({ length: count }, () => new Set<number>());
  const consumers = Array.from({ length: count }, () => new Set<number>());
  for (const [source, target] of arrows) {
    args[target].add(source);
    consumers[source].add(target);
  }
  return { args: args.map((found) => [...found]), consumers: consumers.map((found) => [...found]) };
}

function argumentsFirst(args: number[][], consumers: number[][]): number[] {
  const missing = args.map((found) => found.length);
  const order = missing.flatMap((number, node) => (number === 0 ? [node] : []));
  for (const node of order) {
    for (const consumer of consumers[node]) {
      missing[consumer] -= 1;
      if (missing[consumer] === 0) order.push(consumer); // grows while it is read
    }
  }
  return order;
}

function earliest(order: number[], args: number[][]): number[] {
  const layer = order.map(() => 0);
  for (const node of order) layer[node] = args[node].reduce((most, each) => Math.max(most, layer[each] + 1), 0);
  return layer;
}

/** Place every node as late as its consumers allow; loose nodes may leave the first layer without arguments. */
export function latest(args: number[][], consumers: number[][], loose: boolean[]): number[] {
  const order = argumentsFirst(args, consumers);
  const layer = earliest(order, args);
  for (const node of order.toReversed()) {
    if (consumers[node].length > 0 && (args[node].length > 0 || loose[node]))
      layer[node] = Math.min(...consumers[node].map((found) => layer[found])) - 1;
  }
  return layer;
}

/** Place every node so that the bundles of arrows are short, later where it makes no difference. */
export function shortest(args: number[][], consumers: number[][], loose: boolean[]): number[] {
  const order = argumentsFirst(args, consumers);
  const layer = earliest(order, args);
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = layer.join();
    for (const node of order.toReversed()) {
      if (consumers[node].length > 0 && (args[node].length > 0 || loose[node]))
        layer[node] = bestLayer(node, layer, args, consumers, loose);
    }
    if (layer.join() === before) break;
  }
  return layer;
}

/** The last of the layers in which the bundles that touch a node are shortest. */
function bestLayer(node: number, layer: number[], args: number[][], consumers: number[][], loose: boolean[]): number {
  const highest = Math.min(...consumers[node].map((found) => layer[found])) - 1;
  let lowest = loose[node] && args[node].length === 0 ? layer[node] : 0;
  const reaches: number[] = [];
  for (const found of args[node]) {
    // An input of this node alone comes along.
    if (consumers[found].length === 1 && loose[found] && args[found].length === 0) continue;
    lowest = Math.max(lowest, layer[found] + 1);
    reaches.push(consumers[found].reduce((most, other) => (other === node ? most : Math.max(most, layer[other])), 0));
  }
  // Each step to the right shortens the node's own bundle by one and stretches those of its arguments that have no
  // other consumer so far out.
  let best = lowest;
  while (best < highest && reaches.filter((reach) => reach <= best).length <= 1) best += 1;
  return best;
}

/** Boxes and lane points in layers; a lane point is where an arrow passes through a column. */
export interface Lanes {
  /** Number of boxes; indices from here on are lane points. */
  count: number;
  /** The members of each layer, in their first order. */
  layers: number[][];
  /** Neighbours of every member in the layer before and after, with repetitions. */
  left: number[][];
  right: number[][];
  /** For every arrow the lane points it passes, source and target not among them. */
  chains: number[][];
}

/** Cut the arrows at every layer they pass, from the shortest to the longest until the budget is spent. */
export function cut(layer: number[], arrows: readonly Arrow[]): Lanes {
  const count = layer.length;
  const layers: number[][] = Array.from({ length: Math.max(-1, ...layer) + 1 }, () => []);
  layer.forEach((index, box) => layers[index].push(box));
  const left: number[][] = layer.map(() => []);
  const right: number[][] = layer.map(() => []);
  const chains: number[][] = arrows.map(() => []);
  const spans = arrows.map(([source, target]) => layer[target] - layer[source]);
  let spent = 0;
  const whole = new Set<number>();
  for (const index of arrows.map((_, each) => each).sort((a, b) => spans[a] - spans[b])) {
    spent += spans[index] - 1;
    if (spent > LANE_BUDGET) whole.add(index);
  }
  arrows.forEach(([source, target], index) => {
    if (whole.has(index)) return;
    let previous = source;
    for (let column = layer[source] + 1; column < layer[target]; column += 1) {
      const point = left.length;
      left.push([previous]);
      right.push([]);
      right[previous].push(point);
      layers[column].push(point);
      chains[index].push(point);
      previous = point;
    }
    right[previous].push(target);
    left[target].push(previous);
  });
  return { count, layers, left, right, chains };
}

// Heights: the vertical position of every member, its order in the layer kept.
// Gansner, Koutsofios, North, Vo (1993); for one layer an isotonic regression, solved exactly by pooling.

const TURNS = 10;
const WEIGHTS = [1, 3, 9]; // pull of a hop by how many of its two ends are lane points: long arrows want to be straight
const FAINT = 0.01; // weight of a member that nothing pulls

/** The positions nearest to the wishes that keep their order and their gaps; the first gap is not used. */
export function spreadApart(wishes: number[], gaps: number[], weights: number[]): number[] {
  let offset = 0;
  const offsets: number[] = [];
  const pools: { mean: number; weight: number; size: number }[] = [];
  wishes.forEach((wish, index) => {
    offset += index > 0 ? gaps[index] : 0;
    offsets.push(offset);
    let [mean, weight, size] = [wish - offset, weights[index], 1];
    while (pools.length > 0 && pools.at(-1)!.mean > mean) {
      const other = pools.pop()!;
      mean = (mean * weight + other.mean * other.weight) / (weight + other.weight);
      weight += other.weight;
      size += other.size;
    }
    pools.push({ mean, weight, size });
  });
  const means = pools.flatMap(({ mean, size }) => new Array<number>(size).fill(mean));
  return means.map((mean, index) => mean + offsets[index]);
}

type Tie = [other: number, pull: number];
type Pull = [wish: number, weight: number];

/** The vertical centre of every box and lane point; rooms are the heights that members need. */
export function heights(lanes: Lanes, layers: number[][], rooms: number[]): number[] {
  const tie = (member: number, found: number[]) =>
    found.map((other): Tie => [other, WEIGHTS[Number(member >= lanes.count) + Number(other >= lanes.count)]]);
  const ties = rooms.map((_, member) => [tie(member, lanes.left[member]), tie(member, lanes.right[member])]);
  const gaps = layers.map((members) =>
    members.map((member, rank) => (rank > 0 ? (rooms[members[rank - 1]] + rooms[member]) / 2 : 0)),
  );
  const y = rooms.map(() => 0);
  layers.forEach((members, index) => {
    let total = -sum(gaps[index]) / 2;
    members.forEach((member, rank) => {
      total += gaps[index][rank];
      y[member] = total;
    });
  });
  const move = (index: number, pulls: Pull[]) => {
    const [wishes, weights] = [pulls.map(([wish]) => wish), pulls.map(([, weight]) => weight)];
    const found = spreadApart(wishes, gaps[index], weights);
    layers[index].forEach((member, rank) => (y[member] = found[rank]));
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    // First to and fro, so that far pulls arrive; then both sides at once.
    const isBoth = turn >= TURNS / 2;
    const side = turn % 2;
    for (let step = 0; step < layers.length; step += 1) {
      const index = side === 0 ? step : layers.length - 1 - step;
      const pulls = layers[index].map((member) => {
        const [left, right] = ties[member];
        const [own, other] = side === 0 ? [left, right] : [right, left];
        return pull(y, isBoth ? [...left, ...right] : own.length > 0 ? own : other, y[member]);
      });
      move(index, pulls);
    }
  }
  // At last each by its arguments, which stand still: a node is centred among them and a chain is level.
  layers.forEach((members, index) => {
    const pulls = members.map((member): Pull => {
      const near = lanes.left[member].length > 0 ? lanes.left[member] : lanes.right[member];
      return near.length > 0 ? [sum(near.map((other) => y[other])) / near.length, 1 + near.length] : [y[member], FAINT];
    });
    move(index, pulls);
  });
  return y;
}

/** Where the neighbours pull a member, and how strongly. */
function pull(y: number[], near: Tie[], stay: number): Pull {
  const weight = sum(near.map(([, each]) => each));
  return weight > 0 ? [sum(near.map(([other, each]) => y[other] * each)) / weight, weight] : [stay, FAINT];
}
