// The parts of sentences that several kinds of steps of a typed graph share: backpropviz/steps/wording.py for scalars.
import type { LedgerLine, Note, PlainTemplate, Segment, TypedOperation } from "../types/specification.js";
import { Formulas, onEdge, valueAt } from "./formulas.js";

export const LONGEST_LEDGER = 8;
export const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
const COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Join templates as words are joined, with another word before the last. */
export function joined(parts: Segment[][], separator: string, last = separator): Segment[] {
  return parts.flatMap((part, index) => {
    if (index === 0) return part;
    return [index === parts.length - 1 ? last : separator, ...part];
  });
}

export const inWords = (count: number) => COUNTS[count] ?? String(count);

/** A template without what is empty. */
export function template(parts: PlainTemplate): PlainTemplate {
  const isThere = (part: unknown) => part !== null && (!Array.isArray(part) || part.length > 0);
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => isThere(part)));
}

/** Words and formulas of one graph. */
export class TypedWords extends Formulas {
  /** What is to be said of a gate where a convention bites, or where a value first stops being finite. */
  notes(place: number): Note[] {
    const { name, op, arguments: places } = this.graph.nodes[place];
    if (places.length === 0) return [];
    const out = valueAt(place);
    const given = places.map(valueAt);
    // In the vocabulary a number is named by its slot, and the gate's own by −1.
    const filled = (condition: unknown): unknown => {
      if (!Array.isArray(condition)) return condition;
      if (condition[0] === "q" && condition[1] === "value")
        return condition[2] === -1 ? out : given[Number(condition[2])];
      return condition.map(filled);
    };
    const kinks = this.vocabulary.operations[op].forms[places.length].kinks.map(({ when, text, sign }): Note => ({
      when: filled(when) as Note["when"],
      text: [["v", name], ": ", text],
      sign,
    }));
    const broke = ["all", ["not", ["finite", out]], ...given.map((each) => ["finite", each])];
    const left: Segment[] = ["The values first leave the finite numbers at ", ["v", name], " = ", out, "."];
    return [...kinks, { when: broke as Note["when"], text: left, sign: "not finite" }];
  }

  /** One contribution as a line of the ledger. */
  ledgerLine(consumer: number, slot: number): LedgerLine {
    const { name, arguments: places } = this.graph.nodes[consumer];
    const label: Segment[] = ["from ", ["v", name], ` (${this.operation(consumer).symbol}`];
    if (places.length > 1) label.push(`, ${this.slotWords(consumer, slot)}`);
    const number = onEdge("contribution", consumer, slot);
    return { label: [...label, ")"], formula: this.contribution(consumer, slot), number, kind: "gradient" };
  }

  /** A node and its definition, b = ln x. */
  heading(place: number): Segment[] {
    const { name, arguments: places } = this.graph.nodes[place];
    return places.length === 0 ? [["v", name]] : [["v", name], " = ", ...this.definition(place)];
  }

  /** Name a slot: "second input". */
  slotWords(place: number, slot: number): string {
    if (this.graph.nodes[place].arguments.length === 1) return "its input";
    return slot < ORDINALS.length ? `${ORDINALS[slot]} input` : `input ${slot + 1}`;
  }

  name(place: number): string {
    return this.graph.nodes[place].name;
  }

  operation(place: number): TypedOperation {
    return this.vocabulary.operations[this.graph.nodes[place].op];
  }
}
