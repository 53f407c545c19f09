// Heights: the vertical position of every member, its order in the layer kept.
// Gansner, Koutsofios, North, Vo (1993); for one layer an isotonic regression, solved exactly by pooling.
import type { Lanes } from "./layers.js";
import { sum } from "./shapes.js";

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
