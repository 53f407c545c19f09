// From text to phrases, as backpropviz/graph/text/phrases.py does it: what is said where, before names mean anything.
import { type Action, Misfit, type Token, cutText, putTogether } from "../story/grammar.js";
import type { Vocabulary } from "../types/specification.js";
import { Fault, misfitCharacter, misfitToken, reserved } from "./complaints.js";

/** A piece of text that has a meaning; its kind is "number", "name", "call", "group", "assignment", "inputs" or an operation. */
export interface Phrase {
  kind: string;
  start: number;
  end: number;
  /** Of a name, a call and an assignment. */
  text: string;
  /** Of a number. */
  value: number;
  parts: Phrase[];
}

function phrase(kind: string, from: Token | Phrase, to: Token | Phrase, rest: Partial<Phrase> = {}): Phrase {
  return { kind, start: from.start, end: to.end, text: "", value: NaN, parts: [], ...rest };
}

const infix =
  (kind: string): Action<Phrase> =>
  (left, _, right) =>
    phrase(kind, left, right, { parts: [left, right] });

const TOO_LARGE = ["This number is too large.", "The largest is about 1.8e308 (float64)."] as const;
const NUMBER_WORDS: Record<string, number> = { inf: Infinity, nan: NaN };

const ACTIONS: Record<string, Action<Phrase>> = {
  subtract: infix("subtract"),
  multiply: infix("multiply"),
  divide: infix("divide"),
  power: infix("power"),
  // What is written as a chain is one sum: a + b + c; (a + b) + c is two.
  add: (left, _, right) => {
    if (left.kind !== "add") return phrase("add", left, right, { parts: [left, right] });
    left.parts.push(right);
    left.end = right.end;
    return left;
  },
  // A signed literal is a negative number; all else is negated.
  negate: (sign, operand) =>
    operand.kind === "number" && (operand.value > 0 || Object.is(operand.value, 0) || Number.isNaN(operand.value))
      ? phrase("number", sign, operand, { value: -operand.value })
      : phrase("negate", sign, operand, { parts: [operand] }),
  plus: (sign, operand) =>
    operand.kind === "number"
      ? phrase("number", sign, operand, { value: operand.value })
      : phrase("group", sign, operand, { parts: [operand] }),
  number: (token) => {
    const value = Number(token.text);
    if (value === Infinity) throw new Fault(TOO_LARGE[0], token.start, token.end, TOO_LARGE[1]);
    return phrase("number", token, token, { value });
  },
  name: (token) =>
    Object.hasOwn(NUMBER_WORDS, token.text)
      ? phrase("number", token, token, { value: NUMBER_WORDS[token.text] })
      : phrase("name", token, token, { text: token.text }),
  call: (name, ...rest) =>
    phrase("call", name, rest.at(-1)!, { text: name.text, parts: rest.filter(({ parts }) => parts !== undefined) }),
  group: (open, inside, close) => phrase("group", open, close, { parts: [inside] }),
  assignment: (target, _, value) => phrase("assignment", target, target, { text: target.text, parts: [value] }),
  inputs: (word, ...rest) =>
    phrase("inputs", word, rest.at(-1)!, {
      parts: rest.filter(({ type }) => type === "NAME").map((each) => phrase("name", each, each, { text: each.text })),
    }),
  program: (first, ...rest) =>
    phrase("program", first, rest.at(-1) ?? first, {
      parts: [first, ...rest].filter(({ parts }) => parts !== undefined),
    }),
};

/**
 * Read the statements of a text.
 * @throws Fault at the first thing that does not fit
 */
export function readPhrases(text: string, vocabulary: Vocabulary): Phrase[] {
  const longest = vocabulary.limits.characters;
  const characters = [...text];
  if (characters.length > longest) {
    const said = `The text has ${withCommas(characters.length)} characters; at most ${withCommas(longest)} are read.`;
    const start = characters.slice(0, longest).join("").length;
    throw new Fault(said, start, text.length, "Trace a Python function instead.");
  }
  const history: Token[] = [];
  const opened: Token[] = [];
  try {
    return putTogether(significant(text, history, opened, vocabulary), ACTIONS).parts;
  } catch (problem) {
    if (!(problem instanceof Misfit)) throw problem;
    if (problem.token) throw misfitToken(text, problem.token, history, opened, vocabulary);
    throw misfitCharacter(text, problem.start, history, vocabulary);
  }
}

/** A whole number as people read it: 4,096. */
export function withCommas(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Leave out line ends that separate nothing, count parentheses, and look at names; `history` is what was taken. */
function* significant(text: string, history: Token[], opened: Token[], vocabulary: Vocabulary): Generator<Token> {
  let separator: Token | null = null;
  for (let token of cutText(text)) {
    if (token.type === "SEPARATOR") {
      if (opened.length > 0 && token.text !== ";") continue; // a line may be broken inside parentheses, as in Python
      if (history.length > 0) separator ??= token;
      continue;
    }
    if (separator && token.type !== "$END") {
      yield separator;
      history.push(separator);
      separator = null;
    }
    // Only a statement can begin with the word.
    if (token.type === "INPUT" && history.length > 0 && history.at(-1)!.type !== "SEPARATOR")
      token = { ...token, type: "NAME" };
    if (token.type === "OPEN") count(opened, token, vocabulary);
    else if (token.type === "NAME") token = checked(token, history, text, vocabulary);
    yield token;
    history.push(token);
    if (token.type === "CLOSE") opened.pop();
  }
}

function count(opened: Token[], token: Token, { limits }: Vocabulary) {
  if (opened.length >= limits.nesting) {
    const hint = "Name the inner parts: write a = … on a line of its own, then use a.";
    throw new Fault(`More than ${limits.nesting} parentheses are open here.`, token.start, token.end, hint);
  }
  opened.push(token);
}

const PYTHON_NAME = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

function checked(token: Token, history: Token[], text: string, vocabulary: Vocabulary): Token {
  const { start, end } = token;
  if (!PYTHON_NAME.test(token.text)) {
    let head = "";
    for (const letter of token.text) {
      if (!PYTHON_NAME.test(head + letter)) break;
      head += letter;
    }
    const read = head === "" ? history : [...history, { ...token, text: head }];
    throw misfitCharacter(text, start + head.length, read, vocabulary);
  }
  // Python folds names in the same way.
  const name = token.text.normalize("NFKC");
  if (/[\uff01-\uff5e]/.test(token.text))
    throw new Fault("This name is in full-width letters.", start, end, `Write ${name}.`);
  if (name.includes("·")) {
    const plain = name.replaceAll("·", "");
    throw new Fault("This name has a letter with a middle dot.", start, end, `Write ${plain}.`);
  }
  if (vocabulary.keywords.includes(name)) throw reserved(name, start, end, vocabulary);
  return { ...token, text: name };
}
