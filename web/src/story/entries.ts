// Entries of arrays: which of them one meets and its sum, and those of inputs, moved one by one or pasted as a block.
import { readAnswer } from "./answers.js";
import type { Inputs } from "./engine.js";
import { type Meeting, meetingAt } from "./meeting.js";
import { isVeiled, type NumberSource } from "./number_sources.js";
import { ArrayNumber, asArray } from "./numerals.js";
import { type Shape, shapeText } from "./primitives.js";
import type { Session } from "./session.js";

/** An entry by its node and its place in C order. */
export interface EntryPlace {
  node: number;
  place: number;
}

/** An entry of a node's value or gradient. */
export interface ChosenEntry extends EntryPlace {
  kind: "value" | "slope";
}

/** local · other: of a gradient, other is the upstream gradient; of a value, an entry of the argument. */
export interface EntryTerm extends EntryPlace {
  local: number;
  other: number;
  /** The entry whose value the local gradient is, as in a product. */
  by?: EntryPlace;
}

/** The terms that one edge brings, or of a value all of them. */
export interface EntrySum {
  /** Of a gradient. */
  edge?: number;
  terms: EntryTerm[];
  /** Whether the terms only stand beside each other, and add up to nothing. */
  isList?: boolean;
}

/** Entries by node. */
type MetEntries = Map<number, { value: Set<number>; slope: Set<number> }>;

export interface EntryStory {
  met: MetEntries;
  sums: EntrySum[];
}

function add(met: MetEntries, node: number, kind: "value" | "slope", places: Iterable<number>): void {
  const found = met.get(node) ?? { value: new Set<number>(), slope: new Set<number>() };
  for (const place of places) found[kind].add(place);
  met.set(node, found);
}

const inOrder = (places: Iterable<number>) => [...places].sort((one, other) => one - other);

/** Stories of the entries of one graph; what is told is kept until the numbers change. */
export class EntryStories {
  private meetings = new Map<number, Meeting>();
  private of: Session["compiled"] = null;
  private told: { chosen: ChosenEntry; context: NumberSource; story: EntryStory } | null = null;

  constructor(private readonly session: Session) {}

  /** Tell of an entry; the same story for the same entry and numbers. */
  tell(chosen: ChosenEntry): EntryStory {
    const { context } = this.session;
    if (this.told?.chosen !== chosen || this.told.context !== context) {
      const story = chosen.kind === "value" ? this.ofValue(chosen) : this.ofGradient(chosen);
      this.told = { chosen, context, story };
    }
    return this.told.story;
  }

  private meetingAt(node: number): Meeting | null {
    const { session } = this;
    if (this.of !== session.compiled) this.meetings = new Map();
    this.of = session.compiled;
    const meeting = meetingAt(session, node, this.meetings.get(node));
    if (meeting) this.meetings.set(node, meeting);
    return meeting;
  }

  // A local gradient that is the value of an entry met in another argument, as in a product.
  private sources(locals: readonly number[], others: readonly (readonly number[])[], gate: number) {
    for (const [slot, places] of others.entries()) {
      const node = this.session.nodes[gate].arguments![slot];
      const data = asArray(this.session.number("value", node))!.data;
      if (places.length === locals.length && places.every((place, at) => data[place] === locals[at])) {
        return places.map((place) => ({ node, place }));
      }
    }
    return null;
  }

  private ofValue({ node, place }: ChosenEntry): EntryStory {
    const met: MetEntries = new Map();
    const meeting = this.meetingAt(node);
    if (!meeting) return { met, sums: [] };
    const sources = this.session.nodes[node].arguments!;
    const makers = meeting.makers(place).map(inOrder);
    makers.forEach((places, slot) => add(met, sources[slot], "value", places));
    const value = asArray(this.session.number("value", node))!.data[place];
    const rows = meeting.row(place);
    const termsOf = (slot: number, others: number[][]) => {
      const row = rows[slot];
      const { data } = asArray(this.session.number("value", sources[slot]))!;
      const by =
        row &&
        this.sources(
          makers[slot].map((at) => row[at]),
          others,
          node,
        );
      return makers[slot].map((at, count): EntryTerm => {
        return { node: sources[slot], place: at, local: row?.[at] ?? NaN, other: data[at], by: by?.[count] };
      });
    };
    const adds = (terms: EntryTerm[]) => {
      const sum = terms.reduce((total, { local, other }) => total + local * other, 0);
      const size = terms.reduce((total, { local, other }) => total + Math.abs(local * other), 0);
      return Math.abs(sum - value) <= 1e-12 * size;
    };
    // A product is a sum over its first factor; other sums go over all arguments; else nothing adds up.
    const first =
      makers.length > 0
        ? termsOf(
            0,
            makers.map((places, slot) => (slot === 0 ? [] : places)),
          )
        : [];
    const all = makers.flatMap((_, slot) => termsOf(slot, []));
    const terms = [first, all].find((each) => each.length > 0 && adds(each)) ?? [];
    return { met, sums: terms.length > 0 ? [{ terms }] : [] };
  }

  private ofGradient({ node, place }: ChosenEntry): EntryStory {
    const { session } = this;
    const met: MetEntries = new Map();
    const sums: EntrySum[] = [];
    for (const edge of session.consumersOf[node]) {
      const consumer = session.structure.consumers[edge];
      const slot = edge - session.structure.offsets[consumer];
      const upstream = asArray(session.number("gradient", consumer));
      const meeting = session.structure.contributes[consumer] ? this.meetingAt(consumer) : null;
      if (!meeting || !upstream || isVeiled(session.number("contribution", consumer, slot))) continue;
      const uses = inOrder(meeting.uses(slot, place));
      add(met, consumer, "slope", uses);
      const weights = meeting.weights(slot, place).map(inOrder);
      weights.forEach((places, other) => add(met, session.nodes[consumer].arguments![other], "value", places));
      const column = meeting.column(slot, place)!;
      const locals = uses.map((at) => column[at]);
      const by = this.sources(locals, weights, consumer);
      const terms = uses.map((at, count) => {
        return { node: consumer, place: at, local: locals[count], other: upstream.data[at], by: by?.[count] };
      });
      sums.push({ edge, terms });
    }
    return { met, sums };
  }
}

function indexOf(shape: Shape, place: number): number[] {
  const index: number[] = [];
  let rest = place;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** An entry: "2,0". */
export function entryText(shape: Shape, place: number): string {
  return indexOf(shape, place).join(",");
}

/** The place of an entry in C order. */
export function placeOfEntry(shape: Shape, entry: readonly number[]): number {
  return shape.reduce((place, size, axis) => place * size + entry[axis], 0);
}

/** Entries that stand together, as one index: ":,0" of a column, "1,:" of a row; null where no index gives them. */
export function entriesText(shape: Shape, places: readonly number[]): string | null {
  const indices = places.map((place) => indexOf(shape, place));
  let count = 1;
  const parts = shape.map((size, axis) => {
    const along = [...new Set(indices.map((index) => index[axis]))].sort((one, other) => one - other);
    const [first, last] = [along[0], along.at(-1)!];
    count *= along.length;
    if (along.length === 1) return String(first);
    if (last - first + 1 !== along.length) return null;
    return along.length === size ? ":" : `${first}:${last + 1}`;
  });
  return places.length > 0 && count === new Set(places).size && !parts.includes(null) ? parts.join(",") : null;
}

const MOST_OF_ONE = 64; // entries of one array that can be chosen from a list

/** One number of an input. */
export interface InputEntry {
  label: string;
  name: string;
  node: number;
  /** In C order; null of a scalar. */
  place: number | null;
}

/** All that may be moved; of a large array the first entries. */
export function inputEntries(session: Session, inputs: Inputs): InputEntry[] {
  return session.nodes.flatMap(({ op, name }, node): InputEntry[] => {
    if (op !== "input") return [];
    const given = inputs[name];
    if (typeof given === "number") return [{ label: name, name, node, place: null }];
    const { shape, data } = given as ArrayNumber;
    return Array.from({ length: Math.min(MOST_OF_ONE, data.length) }, (_, place) => {
      return { label: `${name}[${entryText(shape, place)}]`, name, node, place };
    });
  });
}

/** The number that stands at an entry. */
export function entryOf(inputs: Inputs, { name, place }: InputEntry): number {
  const given = inputs[name];
  return Number(place === null ? given : (given as ArrayNumber).data[place]);
}

/** The same inputs with another number at an entry. */
export function withEntry(inputs: Inputs, { name, place }: InputEntry, changed: number): Inputs {
  if (place === null) return { ...inputs, [name]: changed };
  const { shape, data } = inputs[name] as ArrayNumber;
  return { ...inputs, [name]: { shape, data: Array.from(data, (each, at) => (at === place ? changed : each)) } };
}

// A block of numbers from a spreadsheet: read, and put into an array from one entry onward.

type Block = number[][];

/** Read rows of cells with tabs between, as spreadsheets copy them; or say what cannot be read. */
export function blockFrom(
  text: string,
): { block: Block; problem?: undefined } | { block?: undefined; problem: string } {
  const lines = text.replaceAll("\r\n", "\n").replace(/\n+$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t"));
  const block: Block = [];
  for (const [row, cells] of rows.entries()) {
    if (cells.length !== rows[0].length) {
      const counts = `row ${row + 1} has ${cells.length} cells and the first has ${rows[0].length}`;
      return { problem: `The pasted rows differ in length: ${counts}. Nothing was changed.` };
    }
    block.push([]);
    for (const [column, cell] of cells.entries()) {
      // Many spreadsheets write a comma for the point.
      const { number, problem } = readAnswer(cell.replace(/^\s*([-−+]?\d+),(\d+)\s*$/, "$1.$2"));
      if (problem !== undefined) {
        const where = rows.length * cells.length > 1 ? `row ${row + 1}, column ${column + 1} of what was pasted: ` : "";
        const said = cell.trim() === "" ? "there is no number" : problem;
        return { problem: `Nothing was changed. ${where}${said}` };
      }
      block[row].push(number);
    }
  }
  return { block };
}

/** The entries of an array with a block put in from a place onward; or what would fit. */
export function placed(
  block: Block,
  { name, shape, data, place }: { name: string; shape: Shape; data: readonly number[]; place: number },
): { data: number[]; problem?: undefined } | { data?: undefined; problem: string } {
  // A column goes into a vector as a row does.
  const isColumn = shape.length === 1 && block.length > 1 && block[0].length === 1;
  const rows = isColumn ? [block.map(([number]) => number)] : block;
  const [height, width] = [shape.length > 1 ? shape.at(-2)! : 1, shape.at(-1)!];
  const [row, column] = [Math.floor(place / width) % height, place % width];
  if (row + rows.length > height || column + rows[0].length > width) {
    const size = (down: number, across: number) => (shape.length > 1 ? `${down}×${across}` : String(across));
    const given = `A block of ${block.length}×${block[0].length} numbers`;
    const room = `${name}[${entryText(shape, place)}] there is room for ${size(height - row, width - column)}`;
    return { problem: `${given} does not fit into ${name} (${shapeText(shape)}): from ${room}. Nothing was changed.` };
  }
  const result = [...data];
  rows.forEach((numbers, down) => {
    numbers.forEach((number, across) => (result[place + down * width + across] = number));
  });
  return { data: result };
}
