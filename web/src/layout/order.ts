// Rows: the order of the members of each layer, with few crossings: barycentre sweeps, then sifting.
// Sugiyama, Tagawa, Toda (1981); Matuszewski, Schoenfeld, Molitor (1999).
import { type Arrow, type Box, cut, type Lanes, latest, neighbours, shortest, sum } from "./layers.js";
import { Shuffler } from "./shuffle.js";

const SWEEPS = 24; // at most
const IDLE_SWEEPS = 4; // so many sweeps without an improvement end the search
const SMALL = 40; // up to so many boxes the inputs stand in the first column if that costs no crossing
const STARTS = 6;
const MEMBERS = 560; // in all starting orders together
const SIFTED = 16;
const PAIRS = 100_000;

const copied = (layers: number[][]) => layers.map((members) => [...members]);

/** How many of a sorted list are at most a number. */
function atMost(sorted: number[], end: number): number {
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1;
    if (end < sorted[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

function ranksIn(layers: number[][], count: number): number[] {
  const place = new Array<number>(count).fill(0);
  for (const members of layers) members.forEach((member, index) => (place[member] = index));
  return place;
}

const sortedPlaces = (found: number[], place: number[]) => found.map((each) => place[each]).sort((a, b) => a - b);

/** Count the crossings of straight hops between neighbouring layers. */
function crossings(layers: number[][], right: number[][]): number {
  let total = 0;
  const place = ranksIn(layers, right.length);
  for (const members of layers) {
    const seen: number[] = [];
    for (const member of members) {
      for (const end of sortedPlaces(right[member], place)) {
        const above = atMost(seen, end);
        total += seen.length - above;
        seen.splice(above, 0, end);
      }
    }
  }
  return total;
}

/** Order every layer so that few hops cross; gives how many still do. */
function arrange(lanes: Lanes, start = lanes.layers): { fewest: number; best: number[][] } {
  const layers = copied(start);
  let [best, fewest, idle] = [copied(layers), crossings(layers, lanes.right), 0];
  for (let turn = 0; turn < SWEEPS && fewest > 0 && idle < IDLE_SWEEPS; turn += 1) {
    sweep(layers, lanes, turn % 2 === 0, turn % 4 >= 2);
    const found = crossings(layers, lanes.right);
    if (found < fewest) [best, fewest, idle] = [copied(layers), found, 0];
    else idle += 1;
  }
  return { fewest, best };
}

/** Sort each layer by the mean position of its neighbours in the layer just sorted. */
function sweep(layers: number[][], lanes: Lanes, isRightwards: boolean, isReversed: boolean): void {
  const [near, far] = isRightwards ? [lanes.left, lanes.right] : [lanes.right, lanes.left];
  const place = ranksIn(layers, near.length);
  const step = isRightwards ? 1 : -1;
  for (let index = isRightwards ? 1 : layers.length - 2; index >= 0 && index < layers.length; index += step) {
    const members = layers[index];
    if (members.length < 2) continue;
    const previous = layers[index - step];
    const beyond = layers[index + step];
    const scale = beyond ? previous.length / Math.max(1, beyond.length) : 1;
    const mean = (found: number[]) => sum(found.map((each) => place[each])) / found.length;
    const keys = new Map(
      members.map((member, rank) => {
        if (near[member].length > 0) return [member, mean(near[member])];
        // Nothing on this side, as with a weight: go by its consumer.
        if (far[member].length > 0) return [member, mean(far[member]) * scale];
        return [member, (rank * previous.length) / members.length];
      }),
    );
    if (isReversed) members.reverse();
    members.sort((a, b) => keys.get(a)! - keys.get(b)!);
    members.forEach((member, rank) => (place[member] = rank));
  }
}

/** Move members within their layers, in place, as long as that removes crossings. */
function sift(layers: number[][], lanes: Lanes): void {
  const place = ranksIn(layers, lanes.left.length);
  let budget = PAIRS;
  let awake = layers.map((_, index) => index);
  while (awake.length > 0 && budget > 0) {
    const stirred = new Set<number>();
    for (const index of awake) {
      budget -= Math.min(2 * SIFTED, layers[index].length) * layers[index].length;
      if (siftLayer(layers[index], lanes, place)) [index - 1, index, index + 1].forEach((each) => stirred.add(each));
      if (budget <= 0) break;
    }
    awake = layers.flatMap((_, index) => (stirred.has(index) ? [index] : []));
  }
}

/** Move each member of one layer to the best of the places within reach; tells whether any moved. */
function siftLayer(members: number[], lanes: Lanes, place: number[]): boolean {
  const ends = new Map(
    members.map((member) => [
      member,
      [sortedPlaces(lanes.left[member], place), sortedPlaces(lanes.right[member], place)],
    ]),
  );
  let hasMoved = false;
  for (const member of [...members]) {
    const rank = place[member];
    let [best, gain] = [rank, 0];
    for (const step of [-1, 1]) {
      let found = 0;
      const stop = step < 0 ? Math.max(-1, rank - SIFTED - 1) : Math.min(members.length, rank + SIFTED + 1);
      for (let other = rank + step; other !== stop && other >= 0 && other < members.length; other += step) {
        const pair = [ends.get(members[other])!, ends.get(member)!];
        const [upper, lower] = step < 0 ? pair : pair.reverse();
        for (const side of [0, 1]) found += inversions(upper[side], lower[side]) - inversions(lower[side], upper[side]);
        if (found > gain) [best, gain] = [other, found];
      }
    }
    if (gain === 0) continue;
    members.splice(best, 0, ...members.splice(rank, 1));
    for (let moved = Math.min(rank, best); moved <= Math.max(rank, best); moved += 1) place[members[moved]] = moved;
    hasMoved = true;
  }
  return hasMoved;
}

/** Count the crossings of two sorted bundles, the first leaving above the second. */
function inversions(upper: number[], lower: number[]): number {
  if (upper.length === 0 || lower.length === 0 || upper.at(-1)! <= lower[0]) return 0;
  return sum(lower.map((end) => upper.length - atMost(upper, end)));
}

/** Choose among layerings and starting orders the one with fewest crossings. */
export function bestOrder(boxes: Box[], arrows: Arrow[]): { layer: number[]; lanes: Lanes; layers: number[][] } {
  const { args, consumers } = neighbours(boxes.length, arrows);
  const loose = boxes.map(({ source }) => source);
  const layerings = [latest(args, consumers, loose), shortest(args, consumers, loose)];
  if (boxes.length <= SMALL)
    layerings.unshift(
      shortest(
        args,
        consumers,
        boxes.map(() => false),
      ),
    );
  const texts = layerings.map((layer) => layer.join());
  const found = layerings
    .filter((_, rank) => texts.indexOf(texts[rank]) === rank)
    .map((layer) => {
      const lanes = cut(layer, arrows);
      return { layer, lanes, ...arrange(lanes) };
    });
  const chosen = found.reduce((best, each) => (each.fewest < best.fewest ? each : best));
  const { layer, lanes } = chosen;
  let { fewest, best } = chosen;
  const shuffler = new Shuffler(1);
  const starts = fewest > 0 ? Math.min(STARTS, Math.floor(MEMBERS / lanes.left.length)) : 0;
  for (let turn = 0; turn < starts; turn += 1) {
    const start = copied(lanes.layers);
    for (const members of start) shuffler.shuffle(members);
    const other = arrange(lanes, start);
    if (other.fewest < fewest) ({ fewest, best } = other);
  }
  if (fewest > 0) sift(best, lanes);
  return { layer, lanes, layers: best };
}
