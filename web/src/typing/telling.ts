// What is said of each step of a typed graph's run, with places for numbers: backpropviz/steps for scalars.
import type { Note, PlainTemplate, Segment } from "../types/specification.js";
import { adjointAt, bracketed, onEdge, tangentAt, valueAt } from "./formulas.js";
import type { Term, TypedRun } from "./typed_run.js";
import { inWords, joined, LONGEST_LEDGER, ORDINALS, template, type TypedWords } from "./explaining.js";

/** The templates of a run. */
export class Telling {
  constructor(
    private readonly words: TypedWords,
    private readonly run: TypedRun,
    /** Tells a value and its tangent, where a run may be in forward mode. */
    private readonly pushWords?: (words: TypedWords, place: number) => PlainTemplate,
  ) {}

  /** Templates of all steps, the one before anything first. */
  narration(): PlainTemplate[] {
    const told = this.run.steps.map(({ records }) => {
      const [[kind, place]] = records as unknown as [string, number, number][];
      if (kind === "evaluate") return records.length > 1 ? this.pushWords!(this.words, place) : this.evaluated(place);
      if (kind === "seed") return this.seeded(place);
      const [, consumer, slot] = records[1];
      return this.propagated(consumer, slot, records.length > 2);
    });
    const last = told.at(-1)!;
    if (this.run.terms.size > 0) last.notes = [...(last.notes ?? []), { when: null, text: this.harvest() }];
    return [this.start(), ...told];
  }

  private start(): PlainTemplate {
    const { nodes, output } = this.words.graph;
    const values = this.run.steps.filter(({ phase }) => phase === "forward").length;
    const edges = this.run.steps.length - values - 1;
    const told = edges === 1 ? "1 edge" : `${edges} edges`;
    const oneSweep = `One sweep will give a value and a tangent to each node, ${values} in all.`;
    const bothSweeps =
      `The forward sweep will give a value to each node, ${values} in all; then the backward sweep sends gradients ` +
      `back along ${told}.`;
    const definition: Segment[] = nodes[output].arguments.length > 0 ? [" = ", ...this.words.definition(output)] : [];
    return template({
      title: ["Ready"],
      role: ["nothing is computed yet"],
      sentence: [this.run.mode === "forward" ? oneSweep : bothSweeps],
      equation: [["v", this.words.name(output)], ...definition],
    });
  }

  private evaluated(place: number): PlainTemplate {
    const { op, name, arguments: places } = this.words.graph.nodes[place];
    const here = valueAt(place);
    if (op === "input") {
      return template({
        title: [["v", name]],
        role: ["input"],
        sentence: [["v", name], " is an input; its value is ", here, "."],
        equation: [["v", name], " = ", here],
      });
    }
    const numbers = this.words.definition(place, true);
    const listed = joined(
      places.slice(0, LONGEST_LEDGER).map((argument) => [["v", this.words.name(argument)]]),
      ", ",
      " and ",
    );
    return template({
      title: this.words.heading(place),
      role: [`${op}: the value is computed`],
      sentence: [["v", name], " takes ", ...listed, ": ", ["v", name], " = ", ...numbers, " = ", here, "."],
      equation: this.words.heading(place),
      numeric: ["= ", ...numbers, " = ", here],
      ledger: places.slice(0, LONGEST_LEDGER).map((argument, slot) => ({
        label: [this.words.slotWords(place, slot)],
        formula: [["v", this.words.name(argument)]],
        number: valueAt(argument),
        kind: "value",
      })),
      total: { label: [["v", name]], number: here, kind: "value" },
      notes: this.words.notes(place),
    });
  }

  private seeded(place: number): PlainTemplate {
    const name = this.words.name(place);
    const here = adjointAt(place);
    return template({
      title: [["g", name], " = ", here],
      role: ["seed: the backward sweep starts"],
      sentence: ["The backward sweep starts at the output ", ["v", name], ": its gradient by itself is ", here, "."],
      equation: [["g", name], " = ", here],
      total: { label: [["g", name]], number: here, kind: "gradient" },
    });
  }

  private propagated(consumer: number, slot: number, isSettled: boolean): PlainTemplate {
    const place = this.words.graph.nodes[consumer].arguments[slot];
    const name = this.words.name(place);
    const terms = this.run.terms.get(place)!;
    const arrived = terms.slice(0, terms.findIndex(([from, by]) => from === consumer && by === slot) + 1);
    const sum = isSettled ? adjointAt(place) : onEdge("after", consumer, slot);
    const product = (term: Term) => this.words.contribution(...term);
    const numbers =
      arrived.length === 1
        ? this.numericProduct(...arrived[0])
        : joined(
            arrived.map((term) => bracketed(onEdge("contribution", ...term))),
            " + ",
          );
    const [first] = terms;
    const role = this.words.operation(first[0]).role;
    return template({
      title: this.words.heading(place),
      role: [terms.length > 1 ? "branch: gradients add up here" : `from a ${role}`],
      sentence: this.reception(place, terms, arrived, isSettled),
      equation: [["g", name], isSettled ? " = " : " ← ", ...joined(arrived.map(product), " + ")],
      numeric: ["= ", ...numbers, " ", "= ", sum],
      ledger: arrived.slice(-LONGEST_LEDGER).map((term) => this.words.ledgerLine(...term)),
      total: { label: isSettled ? [["g", name]] : [["g", name], " so far"], number: sum, kind: "gradient" },
      notes: [
        ...this.words.notes(consumer),
        this.overflow(consumer, slot),
        ...(isSettled ? [this.smallChange(place)] : []),
      ],
    });
  }

  private reception(place: number, terms: Term[], arrived: Term[], isSettled: boolean): Segment[] {
    const name = this.words.name(place);
    const [consumer, slot] = arrived.at(-1)!;
    if (terms.length === 1) {
      const arrival = this.arrival(consumer, slot);
      const from: Segment[] = [" receives one contribution, from ", ["v", this.words.name(consumer)], ": "];
      return [["v", name], ...from, ...arrival, ".", " That is its gradient."];
    }
    if (isSettled) {
      const told = arrived
        .slice(-LONGEST_LEDGER)
        .map((term): Segment[] => [...this.words.contribution(...term), " = ", onEdge("contribution", ...term)]);
      const sum: Segment[] = ["; their sum is ", adjointAt(place), "."];
      return [
        ["v", name],
        ` receives ${inWords(terms.length)} contributions: `,
        ...joined(told, ", ", " and "),
        ...sum,
      ];
    }
    const position = ORDINALS[arrived.length - 1] ?? `${arrived.length}th`;
    const others = [...new Set(terms.slice(arrived.length).map(([other]) => this.words.name(other)))];
    const waiting = joined(
      others.map((other) => [["v", other]]),
      ", ",
      " and ",
    );
    return [
      ...[["v", name] as Segment, ` receives the ${position} of ${inWords(terms.length)} contributions, from `],
      ...[["v", this.words.name(consumer)] as Segment, ": ", ...this.arrival(consumer, slot), "."],
      ...[" It still waits for ", ...waiting, "."],
    ];
  }

  private arrival(consumer: number, slot: number): Segment[] {
    const numbers = this.numericProduct(consumer, slot);
    const symbols = this.words.contribution(consumer, slot);
    return [...symbols, " ", "= ", ...numbers, " ", "= ", onEdge("contribution", consumer, slot)];
  }

  private numericProduct(consumer: number, slot: number): Segment[] {
    return [...bracketed(adjointAt(consumer)), "·", ...bracketed(onEdge("partial", consumer, slot))];
  }

  private smallChange(place: number): Note {
    const here = adjointAt(place);
    const isOne = ["equal", here, ["q", "literal", 1]];
    const isMinusOne = ["equal", here, ["q", "literal", -1]];
    const change: unknown[] = [["i", ["−"], isMinusOne], ["i", [here, "·"], ["not", ["any", isOne, isMinusOne]]], "h"];
    const text: unknown[] = [
      ...[
        "Increase ",
        ["v", this.words.name(place)],
        " by a small h: ",
        ["v", this.words.name(this.words.graph.output)],
      ],
      ["i", [" changes by about ", ...change, "."], ["not", ["zero", here]]],
      ["i", [" stays as it is, to first order."], ["zero", here]],
    ];
    return { when: ["finite", here], text: text as Segment[] };
  }

  private overflow(consumer: number, slot: number): Note {
    const broke = ["all", ["not", ["finite", onEdge("contribution", consumer, slot)]], ["finite", adjointAt(consumer)]];
    const local: Segment[] = ["the local gradient of ", ["v", this.words.name(consumer)], " is "];
    const text: Segment[] = [
      "Here gradients leave the finite numbers: ",
      ...local,
      onEdge("partial", consumer, slot),
      ".",
    ];
    return { when: broke as Note["when"], text };
  }

  private harvest(): Segment[] {
    const { inputs } = this.words.graph;
    const told = inputs
      .slice(0, LONGEST_LEDGER)
      .map((place): Segment[] => [["g", this.words.name(place)], " = ", adjointAt(place)]);
    if (inputs.length > LONGEST_LEDGER) told.push([`${inputs.length - LONGEST_LEDGER} more`]);
    return ["The sweep is complete: ", ...joined(told, ", ", " and "), "."];
  }
}

/** Tell a value and its tangent together. */
export function pushWords(words: TypedWords, place: number): PlainTemplate {
  const { op, name, arguments: places } = words.graph.nodes[place];
  const here = tangentAt(place);
  if (op === "input") {
    return template({
      title: [["v", name]],
      role: ["input and its direction"],
      sentence: [["v", name], " is an input: value ", valueAt(place), ", tangent ", here, "."],
      equation: [["t", name], " = ", here],
    });
  }
  const slots = [...places.keys()].filter((slot) => words.graph.nodes[places[slot]].op !== "constant");
  const told = { title: words.heading(place), role: ["value and tangent together"] };
  const notes = words.notes(place);
  const value: Segment[] = [["v", name], " = ", valueAt(place)];
  if (slots.length === 0) {
    const sentence: Segment[] = [...value, " depends on no input, so ", ["t", name], " = ", here, "."];
    return template({ ...told, sentence, equation: [["t", name], " = ", here], notes });
  }
  const product = (slot: number): Segment[] => [
    ...[...bracketed(onEdge("partial", place, slot)), "·"],
    ...bracketed(tangentAt(places[slot])),
  ];
  const result: Segment[] = [...joined(slots.map(product), " + "), " = ", here];
  const symbols = joined(
    slots.map((slot) => pushFormula(words, place, slot)),
    " + ",
  );
  return template({
    ...told,
    sentence: [...value, " moves at the rate ", ["t", name], " = ", ...result, "."],
    equation: [["t", name], " = ", ...symbols],
    numeric: ["= ", ...result],
    ledger: slots.slice(0, LONGEST_LEDGER).map((slot) => ({
      label: [`through ${words.slotWords(place, slot)}`],
      formula: pushFormula(words, place, slot),
      number: onEdge("push", place, slot),
      kind: "tangent",
    })),
    total: { label: [["t", name]], number: here, kind: "tangent" },
    notes,
  });
}

/** What an edge carries forward: the local partial times the argument's tangent. */
function pushFormula(words: TypedWords, consumer: number, slot: number): Segment[] {
  const argument = words.graph.nodes[consumer].arguments[slot];
  return [...words.partial(consumer, slot), "·", ["t", words.name(argument)]];
}
