// The sweep of forward mode: tangents of all nodes, and what each edge pushes.
import { added, chained, type Machine, type Program, type Run, summedTo, unfold } from "./machine.js";
import type { NumberArray } from "./prepared.js";
import { entryCount, type Shape } from "./shapes.js";

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
    return terms.map((term, slot) => (moving[slot] === null ? null : term));
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
