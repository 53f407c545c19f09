// From a text to a graph, by the rules of backpropviz/graph/text/parser.py; nothing is ever evaluated.
import type { TypedOperation, Vocabulary } from "../types/specification.js";
import { Fault, nearestName } from "./complaints.js";
import { GraphBuilder, type TypedGraph } from "./graph_builder.js";
import { type Phrase, readPhrases, withCommas } from "./phrases.js";

const MOST_EDITS = 20; // so many faults of one text are put right at once
const TRACE_INSTEAD = "Trace a Python function instead.";

/** What is wrong with a text, with places in characters; `replacement` is the text put right, where that is sure. */
export interface Complaint {
  text: string;
  start: number;
  end: number;
  hint: string;
  replacement: string;
}

/** Read an expression, or a program, into a graph; or say what is wrong with it. */
export function readGraph(
  text: string,
  vocabulary: Vocabulary,
): { graph: TypedGraph; complaint?: undefined } | { graph?: undefined; complaint: Complaint } {
  const fault = attempt(text, vocabulary);
  if (!(fault instanceof Fault)) return { graph: fault };
  const characters = (place: number) => [...text.slice(0, place)].length;
  const { message, hint } = fault;
  const replacement = rewritten(text, fault, vocabulary);
  return {
    complaint: { text: message, start: characters(fault.start), end: characters(fault.end), hint, replacement },
  };
}

function attempt(text: string, vocabulary: Vocabulary): TypedGraph | Fault {
  try {
    return new Meaning(vocabulary).graph(readPhrases(text, vocabulary));
  } catch (problem) {
    if (problem instanceof Fault) return problem;
    throw problem;
  }
}

/** The text with everything put right that surely can be; empty where it would still not be read. */
function rewritten(text: string, fault: Fault, vocabulary: Vocabulary): string {
  let known = fault;
  let right = text;
  for (let edits = 0; edits < MOST_EDITS && known.edit; edits += 1) {
    const [start, end, by] = known.edit;
    right = right.slice(0, start) + by + right.slice(end);
    const found = attempt(right, vocabulary);
    if (!(found instanceof Fault)) return right;
    known = found;
  }
  return "";
}

// What the names of one text stand for, and the graph under construction.
class Meaning {
  private readonly builder = new GraphBuilder();
  private readonly assigned = new Map<string, number>();
  private readonly firstUse = new Map<string, Phrase>(); // of names that were not assigned when they were used
  private readonly declared = new Set<string>();
  private operations = 0;

  constructor(private readonly vocabulary: Vocabulary) {}

  graph(statements: Phrase[]): TypedGraph {
    let output = 0;
    statements.forEach((statement, position) => {
      const isLast = position === statements.length - 1;
      if (statement.kind === "assignment") output = this.assign(statement);
      else if (statement.kind === "inputs") this.declare(statement, isLast);
      else if (isLast) output = this.value(statement);
      else {
        const said = "The value of this statement goes nowhere; only the last one may stand without a name.";
        throw new Fault(said, statement.start, statement.end, "Name it, as in a = x*z.");
      }
    });
    return this.builder.build(output);
  }

  private declare(statement: Phrase, isLast: boolean): void {
    for (const phrase of statement.parts) {
      const { text: name, start, end } = phrase;
      const refuse = (said: string, hint: string) => new Fault(said, start, end, hint);
      if (isNumber(name)) throw refuse(`“${name}” is a number.`, `Choose another name, such as ${name}_1.`);
      if (this.declared.has(name)) throw refuse(`“${name}” is declared twice.`, "Name each input once.");
      if (this.assigned.has(name) || this.firstUse.has(name))
        throw refuse(`“${name}” is used before it is declared.`, "Write this line first.");
      this.countName(name, phrase);
      this.declared.add(name);
      this.builder.input(name);
    }
    if (!isLast) return;
    const hint = "Write the expression behind them.";
    throw new Fault("The text ends with its inputs.", statement.start, statement.end, hint);
  }

  private assign(statement: Phrase): number {
    const { text: name, start, end } = statement;
    const refuse = (said: string, number: number) =>
      new Fault(said, start, end, `Choose another name, such as ${name}_${number}.`);
    if (this.declared.has(name)) throw refuse(`“${name}” is an input.`, 2);
    if (this.isFunction(name)) throw refuse(`“${name}” is the name of a function.`, 1);
    if (isNumber(name)) throw refuse(`“${name}” is a number.`, 1);
    if (name === "π") throw new Fault("“π” is a constant.", start, end, "Choose another name; pi may be assigned.");
    if (this.assigned.has(name)) throw refuse(`“${name}” is named twice.`, 2);
    const [phrase] = statement.parts;
    const place = this.value(phrase);
    const use = this.firstUse.get(name);
    if (use && use.start >= phrase.start) {
      const hint = `Choose another name on the left: ${name}_2 = …`;
      throw new Fault(`“${name}” is defined by itself.`, use.start, use.end, hint);
    }
    if (use) {
      const hint = `Move the line “${name} = …” above this one.`;
      throw new Fault(`“${name}” is used before it is assigned.`, use.start, use.end, hint);
    }
    this.countName(name, statement);
    this.assigned.set(name, place);
    this.builder.name(place, name);
    return place;
  }

  /** Build a phrase from its leaves up, left to right, with a stack of our own instead of recursion. */
  private value(root: Phrase): number {
    const [waiting, order] = [[root], [] as Phrase[]];
    for (let phrase = waiting.pop(); phrase; phrase = waiting.pop()) {
      order.push(phrase);
      waiting.push(...this.places(phrase));
    }
    const results: number[] = [];
    for (const phrase of order.reverse()) {
      const count = this.places(phrase).length;
      const given = results.splice(results.length - count, count);
      results.push(this.node(phrase, given));
    }
    return results[0];
  }

  /** The parts that become nodes; a slope does not. */
  private places(phrase: Phrase): Phrase[] {
    const op = phrase.kind === "call" && this.isFunction(phrase.text) ? this.operation(phrase.text) : null;
    return op?.parameters ? phrase.parts.slice(0, op.arity ?? undefined) : phrase.parts;
  }

  private node(phrase: Phrase, given: number[]): number {
    const { kind } = phrase;
    if (kind === "number") return this.builder.constant(phrase.value);
    if (kind === "name") return this.named(phrase);
    if (kind === "group") return given[0];
    this.operations += 1;
    const most = this.vocabulary.limits.operations;
    if (this.operations > most)
      throw new Fault(
        `The text has more than ${withCommas(most)} operations.`,
        phrase.start,
        phrase.end,
        TRACE_INSTEAD,
      );
    if (kind === "call") return this.call(phrase, given);
    this.accept(this.vocabulary.operations[kind], kind, given.length, phrase);
    return this.builder.apply(kind, given);
  }

  private named(phrase: Phrase): number {
    const { text: name, start, end } = phrase;
    const known = this.assigned.get(name);
    if (known !== undefined) return known;
    if (this.declared.has(name)) return this.builder.input(name);
    if (this.isFunction(name))
      throw new Fault(`“${name}” is a function and needs an argument.`, start, end, `Write ${name}(x).`);
    const { constants } = this.vocabulary;
    if (!this.firstUse.has(name)) {
      if (!Object.hasOwn(constants, name)) this.countName(name, phrase);
      this.firstUse.set(name, phrase);
    }
    return Object.hasOwn(constants, name) ? this.builder.constant(constants[name]) : this.builder.input(name);
  }

  private countName(name: string, { start, end }: Phrase): void {
    const { constants, limits } = this.vocabulary;
    const used = [...this.firstUse.keys()].filter((each) => !Object.hasOwn(constants, each));
    if (new Set([...this.assigned.keys(), ...this.declared, ...used]).size < limits.names) return;
    const said = `The text has more than ${limits.names} names; “${name}” is one too many.`;
    throw new Fault(said, start, end, TRACE_INSTEAD);
  }

  private call(phrase: Phrase, given: number[]): number {
    const { text: name, parts, start, end } = phrase;
    if (!this.isFunction(name)) throw this.noFunction(phrase);
    const op = this.operation(name);
    const words = op.parameters ?? [];
    const settings = words.length > 0 ? parts.slice(op.arity ?? undefined) : [];
    const count = parts.length - settings.length;
    if (settings.length > words.length || !(op.arity === null ? count >= 2 : count === op.arity)) {
      const takes =
        op.arity === null ? "two or more arguments" : op.arity === 1 ? "one argument" : `${op.arity} arguments`;
      throw new Fault(`${name} takes ${takes}, not ${parts.length || "none"}.`, start, end, arityHint(phrase, op));
    }
    settings.forEach((setting, place) => {
      if (setting.kind === "number") return;
      const said = `The ${words[place]} of ${name} is a plain number.`;
      throw new Fault(said, setting.start, setting.end, "Write it, as in 0.1.");
    });
    this.accept(op, name, count, phrase);
    const parameters = Object.fromEntries(settings.map(({ value }, place) => [words[place], value]));
    return this.builder.apply(this.vocabulary.functions[name], given, parameters);
  }

  /** A page has rules for so many arguments. */
  private accept(op: TypedOperation, name: string, count: number, { start, end }: Phrase): void {
    if (Object.hasOwn(op.forms, count)) return;
    const most = Math.max(...Object.keys(op.forms).map(Number));
    const what = name === "add" ? "sums of" : `${name} with`;
    throw new Fault(`A page knows ${what} at most ${most} terms.`, start, end, "Put some of them in parentheses.");
  }

  private noFunction({ text: name, start }: Phrase): Fault {
    const { hints, functions, constants } = this.vocabulary;
    const refuse = (hint: string) => new Fault(`There is no function “${name}”.`, start, start + name.length, hint);
    const product = `Write ${name}*(…) to multiply.`;
    const isKnown = this.assigned.has(name) || this.declared.has(name) || this.firstUse.has(name);
    if ([...name].length === 1 || isKnown || Object.hasOwn(constants, name) || isNumber(name))
      return new Fault(`“${name}” is a name, and no function.`, start, start + name.length, product);
    if (Object.hasOwn(hints.elsewhere, name)) return refuse(hints.elsewhere[name]);
    const near = nearestName(name, Object.keys(functions));
    if (near !== null) return refuse(`Did you mean ${near}(…)?`);
    return refuse(`${product} Functions: ${Object.keys(functions).sort().join(", ")}.`);
  }

  private isFunction(name: string): boolean {
    return Object.hasOwn(this.vocabulary.functions, name);
  }

  private operation(name: string): TypedOperation {
    return this.vocabulary.operations[this.vocabulary.functions[name]];
  }
}

function isNumber(name: string): boolean {
  return name === "inf" || name === "nan";
}

function arityHint({ text: name, parts }: Phrase, { arity }: TypedOperation): string {
  const [left, right] = parts;
  if (parts.length === 2 && left.kind === "number" && right.kind === "number" && left.end + 1 === right.start)
    return `If the comma marks decimals, write ${name}(${left.value}.${right.value}).`;
  if (name === "ln" || name === "log") return `Write ${name}(x)/${name}(2) for another base, such as 2.`;
  return `Write ${name}(${[..."xyzw"].slice(0, arity ?? 2).join(", ")}).`;
}
