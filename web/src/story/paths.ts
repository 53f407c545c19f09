// The chain rule by paths: how many lead from a node to the output, which weigh most, and what an entry sends.
import type { Structure } from "./engine.js";
import { type Meeting, meetingAt } from "./meeting.js";
import { asArray } from "./numerals.js";
import type { Session } from "./session.js";

/** A path to the output, with the product of its local partials. */
export interface WeighedPath {
  edges: number[];
  product: number;
}

interface BegunPath {
  rank: number;
  ticket: number;
  size: number;
  node: number;
  edges: number[];
}

/** How many ways lead to the output, from every node, exactly. */
export function countPaths({ size, output, offsets, sources }: Structure) {
  const ways = new Array<bigint>(size).fill(0n);
  ways[output] = 1n;
  for (let node = size - 1; node >= 0; node -= 1) {
    if (ways[node] === 0n) continue;
    for (let edge = offsets[node]; edge < offsets[node + 1]; edge += 1) ways[sources[edge]] += ways[node];
  }
  return ways;
}

// Logarithm of a factor's size; one that is no number counts as nothing.
function sizeOf(partial: number) {
  const magnitude = Math.abs(partial);
  if (!(magnitude > 0)) return -Infinity;
  return magnitude < Infinity ? Math.log(magnitude) : 1e6;
}

// The largest product from every node to the output, as logarithms.
function reachOf({ size, output, offsets, sources }: Structure, partials: ArrayLike<number>, ways: bigint[]) {
  const reach = new Array<number>(size).fill(-Infinity);
  reach[output] = 0;
  for (let node = size - 1; node >= 0; node -= 1) {
    if (ways[node] === 0n) continue;
    for (let edge = offsets[node]; edge < offsets[node + 1]; edge += 1) {
      reach[sources[edge]] = Math.max(reach[sources[edge]], sizeOf(partials[edge]) + reach[node]);
    }
  }
  return reach;
}

function insert(waiting: BegunPath[], begun: BegunPath) {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(waiting[middle], begun)) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, begun);
}

// The last one is taken first: the largest, and among equals the longest, or all paths of product 0 would be begun.
function isBefore(first: BegunPath, second: BegunPath) {
  if (first.rank !== second.rank) return first.rank < second.rank;
  if (first.edges.length !== second.edges.length) return first.edges.length < second.edges.length;
  return first.ticket > second.ticket;
}

/**
 * The paths of largest absolute product from a node to the output, largest first, without listing the others.
 * @param structure from graphStructure
 * @param partials per edge
 * @returns edges from the source on
 */
export function largestPaths(structure: Structure, partials: ArrayLike<number>, source: number, most: number) {
  const { offsets, sources, consumers, edges, output } = structure;
  const ways = countPaths(structure);
  const reach = reachOf(structure, partials, ways);
  const leaving = Array.from({ length: offsets.length - 1 }, (): number[] => []);
  for (let edge = 0; edge < edges; edge += 1) if (ways[consumers[edge]] > 0n) leaving[sources[edge]].push(edge);
  const found: WeighedPath[] = [];
  let ticket = 0;
  const waiting: BegunPath[] = ways[source] > 0n ? [{ rank: 0, ticket, size: 0, node: source, edges: [] }] : [];
  for (let begun = waiting.pop(); begun && found.length < most; begun = waiting.pop()) {
    if (begun.node === output) {
      found.push({ edges: begun.edges, product: begun.edges.reduce((product, edge) => product * partials[edge], 1) });
      continue;
    }
    for (const edge of leaving[begun.node]) {
      ticket += 1;
      const node = consumers[edge];
      const size = begun.size + sizeOf(partials[edge]);
      const rank = size + reach[node];
      insert(waiting, { rank, ticket, size, node, edges: [...begun.edges, edge] });
    }
  }
  return found;
}

// The chain rule by paths where nodes are arrays: what one entry of an input sends to the output along each of them.

/** A path with the entries that it touches, node by node from the input on. */
export interface EntryPath extends WeighedPath {
  touched: [node: number, places: Set<number>][];
}

/** Can paths of entries be told: has every gate come with its program? */
export function hasEntryPaths(session: Session): boolean {
  const { nodes } = session.spec.graph;
  return nodes.every(({ op, program }) => op === "input" || op === "constant" || program !== undefined);
}

const nonZeros = (data: Float64Array) => new Set([...data.keys()].filter((place) => data[place] !== 0));

/** At most so many paths from an entry to the output, the largest first. */
export function entryPaths(session: Session, source: number, place: number, most: number): EntryPath[] {
  const { structure } = session;
  const meetings = new Map<number, Meeting | null>();
  const meeting = (node: number) => {
    if (!meetings.has(node)) meetings.set(node, meetingAt(session, node));
    return meetings.get(node)!;
  };
  const alike = new Float64Array(structure.edges).fill(1);
  const start = new Float64Array(asArray(session.number("value", source))?.data.length ?? 0);
  start[place] = 1;
  const paths = largestPaths(structure, alike, source, most).map(({ edges }): EntryPath => {
    let moving: Float64Array = start;
    const touched: EntryPath["touched"] = [[source, nonZeros(moving)]];
    for (const edge of edges) {
      const node = structure.consumers[edge];
      moving = meeting(node)?.push(edge - structure.offsets[node], moving) ?? new Float64Array(1).fill(NaN);
      touched.push([node, nonZeros(moving)]);
    }
    return { edges, product: moving[0], touched };
  });
  return paths.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
}
