// The numbers that one may move: scalar inputs, and the entries of those that are arrays.
import { entryText } from "./entry_names.js";
import type { Inputs } from "./engine.js";
import { ArrayNumber } from "./quantities.js";
import type { Session } from "./session.js";

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
