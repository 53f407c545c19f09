// Programs of gates unfolded into calls of primitives: values forward, adjoints back, tangents forward.
import {
  entryCount,
  type NumberArray,
  prepare,
  type Prepared,
  sameShape,
  type Settings,
  type Shape,
} from "./primitives.js";

/** A register, a number as text (JSON has no infinity), or an array of constants. */
type Place = number | string | { shape: number[]; data: (number | string)[] };
type Line = [primitive: string, places: Place[], settings?: Settings];

export interface Routine {
  lines: Line[];
  results: (Place | null)[];
}

/** What the page is told of one operation; see backpropviz/autodiff/programs/program.py. */
export interface Program {
  value: Routine;
  partials?: Routine;
  pull?: Routine;
  push?: Routine;
}

/** One gate of a graph, or a leaf: then it has no program. */
export interface Gate {
  arguments: readonly number[];
  program: Program | null;
  /** Of a leaf. */
  shape: Shape;
  /** Entries of a leaf that are kept elsewhere; its own are made where there are none. */
  data?: Float64Array;
}

export type Run = () => void;

/** A number as JSON has it: what is not finite by its name. */
export function readNumber(told: number | string): number {
  return Number(told);
}

export function scalar(value: number): NumberArray {
  return { shape: [], data: Float64Array.of(value) };
}

function constant(place: Exclude<Place, number>): NumberArray {
  if (typeof place === "string") return scalar(readNumber(place));
  return { shape: place.shape, data: Float64Array.from(place.data, readNumber) };
}

/** Registers that some results need, as far as they are filled by a routine's own calls. */
function neededRegisters({ lines }: Routine, given: number, results: readonly (Place | null)[]): Set<Place | null> {
  const needed = new Set(results);
  for (let line = lines.length - 1; line >= 0; line -= 1) {
    if (needed.has(given + line)) for (const place of lines[line][1]) needed.add(place);
  }
  return needed;
}

/**
 * Make the calls of a routine ready; gives its results, and appends what fills them to `runs`.
 * @param isWanted  which results are; the others are null, and nothing is computed for them
 */
export function unfold(
  routine: Routine,
  given: readonly NumberArray[],
  runs: Run[],
  isWanted: (result: number) => boolean = () => true,
): (NumberArray | null)[] {
  const results = routine.results.map((place, result) => (isWanted(result) ? place : null));
  const needed = neededRegisters(routine, given.length, results);
  const registers: (NumberArray | null)[] = [...given];
  const at = (place: Place) => (typeof place === "number" ? registers[place]! : constant(place));
  for (const [primitive, places, settings] of routine.lines) {
    const isNeeded = needed.has(registers.length);
    registers.push(isNeeded ? keep(prepare(primitive, places.map(at), settings ?? {}), runs) : null);
  }
  return results.map((place) => (place === null ? null : at(place)));
}

function keep({ out, run }: Prepared, runs: Run[]): NumberArray {
  if (run) runs.push(run);
  return out;
}

/** The sum over the axes along which an array of `shape` was repeated to this one. */
function summedTo(x: NumberArray, shape: Shape, runs: Run[]): NumberArray {
  return sameShape(x.shape, shape) ? x : keep(prepare("sum_to", [x], { shape }), runs);
}

/** upstream · local, where a local gradient of 1 or −1 costs nothing or a sign. */
function chained(upstream: NumberArray, partial: NumberArray, literal: Place | null, runs: Run[]): NumberArray {
  if (literal === "1.0") return upstream;
  if (literal === "-1.0") return keep(prepare("negative", [upstream], {}), runs);
  return keep(prepare("multiply", [upstream, partial], {}), runs);
}

/** Lay out the values of gates, in topological order; what computes them from the leaves is appended to `runs`. */
export function layValues(gates: readonly Gate[], runs: Run[]): NumberArray[] {
  const values: NumberArray[] = [];
  for (const { program, arguments: places, shape, data } of gates) {
    if (program === null) values.push({ shape, data: data ?? new Float64Array(entryCount(shape)) });
    else values.push(unfold(program.value, placesIn(values, places), runs)[0]!);
  }
  return values;
}

function placesIn(values: readonly NumberArray[], places: readonly number[]): NumberArray[] {
  return places.map((place) => values[place]);
}

/** What both sweeps fill; a leaf is changed by writing into its array. */
export class Machine {
  readonly values: readonly NumberArray[];
  /** Per node; null where the output does not depend on it. */
  readonly adjoints: (NumberArray | null)[];
  /** Per edge, in the order of nodes and slots; null where nothing flows. */
  readonly contributions: (NumberArray | null)[] = [];
  /** Per edge; null where the operation has no local partials. */
  readonly partials: (NumberArray | null)[] = [];
  private readonly forward: Run[] = [];
  readonly local: Run[] = [];
  private readonly backward: Run[] = [];
  readonly offsets: number[] = [];

  /**
   * @param gates  in topological order
   * @param output  the node whose adjoint is the seed
   * @param literals  which nodes are constants: nothing flows to them
   */
  constructor(
    readonly gates: readonly Gate[],
    output: number,
    literals: readonly boolean[],
  ) {
    this.values = layValues(gates, this.forward);
    gates.forEach(({ arguments: places, program }, node) => {
      this.offsets.push(this.partials.length);
      const given = [...placesIn(this.values, places), this.values[node]];
      const partials = program?.partials && unfold(program.partials, given, this.local);
      places.forEach((_, slot) => {
        this.partials.push(partials?.[slot] ?? null);
        this.contributions.push(null);
      });
    });
    this.adjoints = gates.map(() => null);
    this.pullBack(output, literals);
  }

  /** Values of all gates, from those of the leaves. */
  evaluate(): void {
    for (const run of this.forward) run();
  }

  /** Local partials, contributions and adjoints, after the values. */
  reverse(): void {
    for (const run of this.local) run();
    for (const run of this.backward) run();
  }

  private pullBack(output: number, literals: readonly boolean[]): void {
    const { adjoints, gates, values, backward } = this;
    const seed = values[output];
    adjoints[output] = { shape: seed.shape, data: new Float64Array(seed.data.length).fill(1) };
    const received = gates.map((): NumberArray[] => []);
    for (let node = gates.length - 1; node >= 0; node -= 1) {
      const gate = gates[node];
      adjoints[node] ??= added(received[node], values[node].shape, backward);
      const upstream = adjoints[node];
      if (gate.program === null || upstream === null || upstream === undefined) continue;
      const found = this.contributed(node, gate.program, upstream, (slot) => !literals[gate.arguments[slot]]);
      gate.arguments.forEach((source, slot) => {
        const contribution = found[slot];
        if (!contribution) return;
        const fitted = summedTo(contribution, values[source].shape, backward);
        this.contributions[this.offsets[node] + slot] = fitted;
        received[source].push(fitted);
      });
    }
  }

  private contributed(
    node: number,
    program: Program,
    upstream: NumberArray,
    isWanted: (slot: number) => boolean,
  ): (NumberArray | null)[] {
    const places = this.gates[node].arguments;
    const given = placesIn(this.values, places);
    if (program.pull) return unfold(program.pull, [...given, this.values[node], upstream], this.backward, isWanted);
    return places.map((_, slot) => {
      const partial = this.partials[this.offsets[node] + slot];
      return partial && isWanted(slot)
        ? chained(upstream, partial, program.partials!.results[slot], this.backward)
        : null;
    });
  }
}

/** The sum of what arrived, in the order of its arrival; nothing for nothing. */
function added(parts: readonly NumberArray[], shape: Shape, runs: Run[]): NumberArray | null {
  if (parts.length === 0) return null;
  let total = parts[0];
  for (const part of parts.slice(1)) total = keep(prepare("add", [total, part], {}), runs);
  return total.shape.length === shape.length ? total : { shape, data: total.data };
}

// The sweep of forward mode: tangents of all nodes, and what each edge pushes.

export interface ForwardSweep {
  run: Run;
  tangents: (NumberArray | null)[];
  pushes: (NumberArray | null)[];
}

/**
 * Tangents of all nodes for tangents of some leaves, and what each edge pushes.
 * @returns a sweep to call after `evaluate`, with what it fills; null where nothing moves
 */
export function forwardSweep(machine: Machine, tangents: ReadonlyMap<number, NumberArray>): ForwardSweep {
  const runs: Run[] = [...machine.local];
  const found: (NumberArray | null)[] = [];
  const pushes: (NumberArray | null)[] = machine.partials.map(() => null);
  machine.gates.forEach((gate, node) => {
    const own = tangents.get(node) ?? null;
    if (gate.program === null) {
      found.push(own);
      return;
    }
    const moving = gate.arguments.map((place) => found[place] ?? null);
    const terms = moving.some((each) => each !== null) ? pushed(machine, node, gate.program, moving, runs) : [];
    terms.forEach((term, slot) => (pushes[machine.offsets[node] + slot] = term));
    found.push(
      added(
        terms.filter((term) => term !== null),
        machine.values[node].shape,
        runs,
      ),
    );
  });
  return { run: () => runs.forEach((run) => run()), tangents: found, pushes };
}

function pushed(
  machine: Machine,
  node: number,
  program: Program,
  moving: readonly (NumberArray | null)[],
  runs: Run[],
): (NumberArray | null)[] {
  const gate = machine.gates[node];
  const given = gate.arguments.map((place) => machine.values[place]);
  if (program.push) {
    const tangents = moving.map((each, slot) => each ?? blank(given[slot].shape));
    const terms = unfold(program.push, [...given, machine.values[node], ...tangents], runs);
    // What was broadcast moves the whole value, also where it alone moves.
    return terms.map((term, slot) => moving[slot] && term && summedTo(term, machine.values[node].shape, runs));
  }
  return moving.map((tangent, slot) => {
    const partial = machine.partials[machine.offsets[node] + slot];
    if (tangent === null || !partial) return null;
    const product = chained(tangent, partial, program.partials!.results[slot], runs);
    return summedTo(product, machine.values[node].shape, runs);
  });
}

function blank(shape: Shape): NumberArray {
  return { shape, data: new Float64Array(entryCount(shape)) };
}
