// A graph under construction: equal sub-expressions become one node; at last each gets a name and its place.
import { pythonNumber } from "../story/numerals.js";

/** A node of a typed graph. */
export interface TypedNode {
  name: string;
  op: string;
  /** Positions in the graph. */
  arguments: number[];
  /** What the operation is given beside its arguments, by name. */
  parameters: Record<string, number>;
  /** Of a constant. */
  value: number;
  /** Where it is used, in the order of making. */
  consumers: { consumer: number; slot: number }[];
}

/** Nodes in topological order: by depth, then by making. */
export interface TypedGraph {
  nodes: TypedNode[];
  output: number;
  /** Positions of all nodes, and of the inputs, in the order of making. */
  making: number[];
  inputs: number[];
}

const LETTERS = [..."abcdefghkmnpqrstuvw"]; // without i, j, l, o, which read as numbers or indices
const MOST_LETTERS = 10;

interface Made {
  op: string;
  arguments: number[];
  parameters: Record<string, number>;
  value: number;
  name: string | null;
}

/** Collects nodes, by the order of their making. */
export class GraphBuilder {
  private readonly made: Made[] = [];
  private readonly known = new Map<string, number>();
  private readonly taken = new Map<string, number>();

  input(name: string): number {
    return this.share(`input ${name}`, { op: "input", name });
  }

  constant(value: number): number {
    const number = Object.is(value, -0) ? "-0" : String(value);
    const name = { [Math.PI]: "π", [Math.E]: "ℯ" }[value] ?? pythonNumber(value);
    return this.share(`constant ${number}`, { op: "constant", value, name: this.taken.has(name) ? null : name });
  }

  apply(op: string, places: number[], parameters: Record<string, number> = {}): number {
    return this.share(`${op} ${places.join()} ${Object.entries(parameters).join()}`, {
      op,
      arguments: places,
      parameters,
    });
  }

  /** Name a node; the first name stays, since the reader met it first. */
  name(place: number, name: string): void {
    this.taken.set(name, place); // also a second name, so that no other node is given it
    this.made[place].name ??= name;
  }

  private share(key: string, fields: Partial<Made>): number {
    let place = this.known.get(key);
    if (place === undefined) {
      place = this.made.length;
      this.known.set(key, place);
      this.made.push({ op: "", arguments: [], parameters: {}, value: NaN, ...fields, name: null });
    }
    if (fields.name) this.name(place, fields.name);
    return place;
  }

  /** Name what has no name yet, and put the nodes in order. */
  build(output: number): TypedGraph {
    const told = tellingOrder(this.made);
    const names = namesFor(this.made, told, output, new Set(this.taken.keys()));
    const depth: number[] = [];
    this.made.forEach(({ arguments: places }, index) => {
      depth[index] = places.reduce((deepest, place) => Math.max(deepest, depth[place] + 1), 0);
    });
    const sorted = [...told].sort((left, right) => depth[left] - depth[right]); // stable
    const place: number[] = [];
    sorted.forEach((index, position) => (place[index] = position));
    const nodes = sorted.map((index): TypedNode => {
      const { op, parameters, value } = this.made[index];
      return { name: names[index], op, arguments: this.at(index, place), parameters, value, consumers: [] };
    });
    for (const index of told) {
      this.at(index, place).forEach((argument, slot) =>
        nodes[argument].consumers.push({ consumer: place[index], slot }),
      );
    }
    const making = told.map((index) => place[index]);
    return { nodes, output: place[output], making, inputs: making.filter((each) => nodes[each].op === "input") };
  }

  private at(index: number, place: number[]): number[] {
    return this.made[index].arguments.map((argument) => place[argument]);
  }
}

/** Unnamed intermediates are told by depth, those used most first, then those furthest from the output. */
function tellingOrder(made: Made[]): number[] {
  const all = made.map((_, index) => index);
  if (made.some(({ op, name }) => name !== null && op !== "input" && op !== "constant")) return all; // the user's own order
  const [depth, height, uses] = [made.map(() => 0), made.map(() => 0), made.map(() => 0)];
  for (const index of all) {
    for (const argument of made[index].arguments) {
      depth[index] = Math.max(depth[index], depth[argument] + 1);
      uses[argument] += 1;
    }
  }
  for (const index of all.toReversed())
    for (const argument of made[index].arguments) height[argument] = Math.max(height[argument], height[index] + 1);
  const isLeaf = (index: number) => made[index].arguments.length === 0;
  const gates = all.filter((index) => !isLeaf(index));
  gates.sort((a, b) => depth[a] - depth[b] || uses[b] - uses[a] || height[b] - height[a] || a - b);
  return [...all.filter(isLeaf), ...gates];
}

/** A few intermediates get the letters a, b, c, many get v1, v2; the output is y. */
function namesFor(made: Made[], order: number[], output: number, taken: Set<string>): string[] {
  for (const { name } of made) if (name !== null) taken.add(name);
  const names = made.map(({ name }) => name);
  const take = (name: string) => {
    taken.add(name);
    return name;
  };
  const counted = (stem: string, from: number) => {
    let number = from;
    while (taken.has(stem + number)) number += 1;
    return take(stem + number);
  };
  let unnamed = order.filter((index) => names[index] === null);
  if (unnamed.includes(output)) {
    const free = ["y", "f", "output"].find((name) => !taken.has(name));
    names[output] = free === undefined ? counted("y", 1) : take(free);
    unnamed = unnamed.filter((index) => index !== output);
  }
  const letters = LETTERS.filter((letter) => !taken.has(letter));
  const isPlain =
    unnamed.length <= Math.min(MOST_LETTERS, letters.length) && letters.includes("a") && letters.includes("b");
  let used = 0;
  for (const index of unnamed) {
    if (made[index].op === "constant") names[index] = counted("K", 1);
    else names[index] = isPlain ? take(letters[used++]) : counted("v", 1);
  }
  return names as string[];
}
