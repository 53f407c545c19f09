// Something wrong with a text: what, where, and what to write instead.

/** Replace the text between two places. */
export type Edit = [start: number, end: number, by: string];

/** Places are in UTF-16 units, end exclusive; with `edit` where what is meant is sure. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
    readonly hint: string,
    readonly edit: Edit | null = null,
  ) {
    super(message);
  }
}
