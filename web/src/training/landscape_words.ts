// What a slice of the loss shows, and what it does not, in words.
import { formatNumber } from "../story/numerals.js";
import type { Point } from "./loss_slice.js";
import type { ChosenSlice } from "./slice_settings.js";

/** How a slice is measured, and what of. */
interface Measuring {
  /** Weights and biases in all. */
  numbers: number;
  /** Examples on which the map is measured, and all that are trained on. */
  measured: number;
  examples: number;
  hasPenalty: boolean;
}

/** Names of the axes, and sentences: which numbers move on the map, which are held, and what the ways on it are. */
export function sliceWords(
  { weights, share, isPathMissing }: ChosenSlice,
  { numbers, measured, examples, hasPenalty }: Measuring,
): { names: [across: string, up: string]; text: string } {
  const texts: string[] = [];
  let names: [string, string] = ["down the gradient", "at random"];
  if (weights !== null) {
    names = [weights[0], weights[1]];
    const others = numbers - 2;
    if (others > 0) texts.push(`The other ${others === 1 ? "number is" : `${others} numbers are`} held at the start.`);
  } else if (share !== null) {
    names = ["along the paths", "across them"];
    const percent = formatNumber(Number((100 * share).toPrecision(3)));
    texts.push(
      "The two directions in which the paths go farthest from the start: " +
        `they show ${percent} % of the squared distances.`,
    );
  } else {
    if (isPathMissing) texts.push("There is no path yet: race, then choose this again.");
    texts.push("Right: down the gradient at the start. Up: a direction drawn at random, at a right angle to it.");
  }
  if (numbers === 2) texts.push("This network has two numbers: the map is its whole loss.");
  else {
    texts.push(
      `A slice is not the whole: racers move all ${numbers} numbers, and a path is only the shadow of one on the slice. ` +
        "Its loss may differ from the colour beneath.",
    );
  }
  if (measured < examples) texts.push(`The map is measured on the first ${measured} of ${examples} training examples.`);
  if (hasPenalty) texts.push("The loss is told with its penalty.");
  return { names, text: texts.join(" ") };
}

/** A point of a slice, in three digits. */
export function pointText(point: Point): string {
  return point.map((each) => formatNumber(Number(each.toPrecision(3)))).join(", ");
}
