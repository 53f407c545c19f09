// Gives a view of a picture that cannot be read at once what it takes to find one's way.
import { Following } from "../picture/following.js";
import { Overview } from "../picture/overview.js";
import { parts } from "./parts.js";

/** The camera can follow the run through a large picture, and the whole shows in a corner. */
export function withFollowing() {
  parts.makeFollowing = (given) => new Following(given);
  parts.makeOverview = (given) => new Overview(given);
}
