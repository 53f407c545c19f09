// Answers as learners type them: arithmetic read into a number, without running text, and what is to be said about it.
import type { PlainBlank, PlainTry } from "../types/specification.js";

interface Token {
  number?: number;
  name?: string;
  sign?: string;
}

/** What is said of an answer: "right", "mistaken", "more digits", "wrong" or "unreadable". */
export interface Verdict {
  status: string;
  text: string;
  kinds: string[];
  /** What was read. */
  number?: number;
}

const FUNCTIONS: Record<string, (x: number) => number> = {
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  abs: Math.abs,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};
const CONSTANTS: Record<string, number> = { e: Math.E, pi: Math.PI, π: Math.PI };
const TOKEN = /^\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\d_]*)|(\*\*|[-+*/^()]))/u;
const LONGEST = 300;
const DEEPEST = 60;
const NOTHING = 1e-9;

class Unreadable extends Error {}

function tokensOf(text: string) {
  const plain = text.replaceAll(/[−–]/g, "-").replaceAll(/[·×⋅]/g, "*").trimEnd();
  if (plain.length > LONGEST) throw new Unreadable("This is too long for a number.");
  const tokens: Token[] = [];
  for (let rest = plain; rest !== "";) {
    const found = rest.match(TOKEN);
    if (!found) {
      const [sign] = rest.trim();
      if (sign === ",") {
        const decimal = plain.match(/\d+,\d+/)?.[0].replace(",", ".") ?? "0.5";
        throw new Unreadable(`A comma does not mark decimals: write ${decimal}.`);
      }
      throw new Unreadable(`“${sign}” has no meaning in a number.`);
    }
    const [, number, name, sign] = found;
    tokens.push(number !== undefined ? { number: Number(number) } : name !== undefined ? { name } : { sign });
    rest = rest.slice(found[0].length);
  }
  return tokens;
}

// A reader of sums of products of signed powers; ** and ^ bind to the right and tighter than a sign before them.
class Reader {
  tokens: Token[];
  at: number;
  depth: number;

  constructor(tokens: Token[]) {
    this.tokens = tokens;
    this.at = 0;
    this.depth = 0;
  }

  takes(...signs: string[]) {
    const sign = this.tokens[this.at]?.sign;
    if (sign === undefined || !signs.includes(sign)) return null;
    this.at += 1;
    return sign;
  }

  sum(): number {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Unreadable("There are too many parentheses.");
    let total = this.product();
    for (let sign = this.takes("+", "-"); sign; sign = this.takes("+", "-")) {
      const term = this.product();
      total = sign === "+" ? total + term : total - term;
    }
    this.depth -= 1;
    return total;
  }

  product(): number {
    let total = this.signed();
    for (let sign = this.takes("*", "/"); sign; sign = this.takes("*", "/")) {
      const factor = this.signed();
      total = sign === "*" ? total * factor : total / factor;
    }
    return total;
  }

  signed(): number {
    let isNegative = false;
    for (let sign = this.takes("+", "-"); sign; sign = this.takes("+", "-")) isNegative = isNegative !== (sign === "-");
    const magnitude = this.power();
    return isNegative ? -magnitude : magnitude;
  }

  power(): number {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Unreadable("There are too many powers.");
    const base = this.atom();
    const result = this.takes("**", "^") ? base ** this.signed() : base;
    this.depth -= 1;
    return result;
  }

  atom(): number {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token?.number !== undefined) return token.number;
    if (token?.name !== undefined) return this.named(token.name);
    if (token?.sign === "(") return this.closed();
    throw new Unreadable(token ? `A number is missing before “${token.sign}”.` : "A number is missing at the end.");
  }

  closed(): number {
    const inside = this.sum();
    if (!this.takes(")")) throw new Unreadable("A parenthesis is not closed.");
    return inside;
  }

  named(name: string): number {
    if (Object.hasOwn(FUNCTIONS, name)) {
      if (!this.takes("(")) throw new Unreadable(`“${name}” is a function: write ${name}(2).`);
      return FUNCTIONS[name](this.closed());
    }
    if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name];
    throw new Unreadable(`“${name}” is a name. Write the number that it stands for.`);
  }
}

/** Read an answer: {number}, or {problem} with what to do about it. */
export function readAnswer(
  text: string,
): { number: number; problem?: undefined } | { number?: undefined; problem: string } {
  if (text.trim() === "")
    return { problem: "Nothing is written here yet. Write a number, such as -0.75, 3/4 or 3*e^2." };
  try {
    const reader = new Reader(tokensOf(text));
    const number = reader.sum();
    if (reader.at < reader.tokens.length) {
      const { number: next, name, sign } = reader.tokens[reader.at];
      throw new Unreadable(`A sign is missing before “${next ?? name ?? sign}”: write * to multiply.`);
    }
    if (!Number.isFinite(number)) throw new Unreadable("This is not a finite number.");
    return { number };
  } catch (problem) {
    if (problem instanceof Unreadable) return { problem: `“${text.trim()}” cannot be read. ${problem.message}` };
    throw problem;
  }
}

/** Is a number an answer up to rounding? */
export function isClose(number: number, answer: number, tolerance: number) {
  return Math.abs(number - answer) <= Math.max(tolerance * Math.abs(answer), NOTHING);
}

/** Say what may have gone wrong, each thing once. */
export function oneOf(sentences: readonly string[]) {
  const found = [...new Set(sentences)];
  return found.length === 1 ? found[0] : `One of these: ${found.join(" Or: ")}`;
}

// Is a plain decimal the answer, rounded to the digits that are written?
function isRounded(text: string, number: number, answer: number) {
  const decimals = text
    .trim()
    .replaceAll(/[−–]/g, "-")
    .match(/^-?\d*\.(\d+)$/);
  return decimals !== null && number !== 0 && Math.abs(number - answer) <= 0.5 * 10 ** -decimals[1].length * (1 + 1e-9);
}

/** The share of the blanks that was answered right without being revealed before; of an array its right entries. */
export function scoreOf(tries: readonly PlainTry[], blanks: number) {
  const best = new Map<number, number>();
  const revealed = new Set<number>();
  for (const { blank, status, credit } of tries) {
    if (status === "revealed") revealed.add(blank);
    else if (!revealed.has(blank))
      best.set(blank, Math.max(best.get(blank) ?? 0, credit ?? Number(status === "right")));
  }
  return [...best.values()].reduce((total, each) => total + each, 0) / blanks;
}

/**
 * What is to be said about an answer.
 * @param {string} text  as typed
 * @param {{answer: number, mistakes: [string, string, number][]}} blank  mistakes as [kind, sentence, number]
 * @param {number} tolerance  relative
 * @returns {{status: string, text: string, kinds: string[]}} status "right", "mistaken", "more digits", "wrong" or
 *   "unreadable"
 */
export function judgeAnswer(
  text: string,
  { answer, mistakes }: Required<Pick<PlainBlank, "answer" | "mistakes">>,
  tolerance: number,
): Verdict {
  const { number, problem } = readAnswer(text);
  if (problem !== undefined) return { status: "unreadable", text: problem, kinds: [] };
  if (isClose(number, answer, tolerance)) return { status: "right", text: "Right.", kinds: [], number };
  const named = mistakes.filter(([, , wrong]) => isClose(number, wrong, tolerance));
  if (named.length > 0) {
    const said = oneOf(named.map(([, sentence]) => sentence));
    return { status: "mistaken", text: said, kinds: [...new Set(named.map(([kind]) => kind))], number };
  }
  if (isRounded(text, number, answer)) {
    return { status: "more digits", text: "Not wrong, but rounded too far: give four digits.", kinds: [], number };
  }
  return { status: "wrong", text: "That is not it.", kinds: [], number };
}
