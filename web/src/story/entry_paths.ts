// The chain rule by paths where nodes are arrays: what one entry of an input sends to the output along each of them.
import { type Meeting, meetingAt } from "./meeting.js";
import { largestPaths, type WeighedPath } from "./paths.js";
import { asArray } from "./quantities.js";
import type { Session } from "./session.js";

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
