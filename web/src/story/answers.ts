// Answers as learners type them: arithmetic read into a number, without running text, and what is to be said about it.
import { type Action, Misfit, type Token, cutText, putTogether } from "./grammar.js";
import type { PlainBlank, PlainTry } from "../types/specification.js";

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
const CONSTANTS: Record<string, number> = { e: Math.E, pi: Math.PI, π: Math.PI, inf: Infinity, nan: NaN };
const LONGEST = 300;
const DEEPEST = 100;
const NOTHING = 1e-9;

class Unreadable extends Error {}

const ofBoth =
  (compute: (left: number, right: number) => number): Action<number> =>
  (left, _, right) =>
    compute(left, right);
const needsArgument = (name: string) => new Unreadable(`“${name}” is a function: write ${name}(2).`);
const isName = (name: string) => new Unreadable(`“${name}” is a name. Write the number that it stands for.`);

// What the rules of the grammar give where only numbers are.
const ANSWER_RULES: Record<string, Action<number>> = {
  program: (value) => value,
  add: ofBoth((left, right) => left + right),
  subtract: ofBoth((left, right) => left - right),
  multiply: ofBoth((left, right) => left * right),
  divide: ofBoth((left, right) => left / right),
  power: ofBoth((base, exponent) => base ** exponent),
  negate: (_, value) => -Number(value),
  plus: (_, value) => value,
  group: (_, value) => value,
  number: ({ text }) => Number(text),
  name: ({ text }) => {
    if (Object.hasOwn(CONSTANTS, text)) return CONSTANTS[text];
    throw Object.hasOwn(FUNCTIONS, text) ? needsArgument(text) : isName(text);
  },
  call: ({ text }, ...rest) => {
    if (!Object.hasOwn(FUNCTIONS, text)) throw isName(text);
    if (rest.length !== 3) throw needsArgument(text);
    return FUNCTIONS[text](rest[1]);
  },
  inputs: ({ text }) => {
    throw isName(text);
  },
};

function numberOf(text: string) {
  if (text.length > LONGEST) throw new Unreadable("This is too long for a number.");
  const [open] = text.match(/[;=\n\r]/) ?? [];
  if (open) throw new Unreadable(`“${open}” has no meaning in a number.`);
  let depth = 0;
  function* counted(tokens: Iterable<Token>) {
    for (const token of tokens) {
      depth += Number(token.type === "OPEN") - Number(token.type === "CLOSE");
      if (depth > DEEPEST) throw new Unreadable("There are too many parentheses.");
      yield token;
    }
  }
  try {
    return putTogether(counted(cutText(text)), ANSWER_RULES);
  } catch (problem) {
    throw problem instanceof Misfit ? misfit(text, problem, depth) : problem;
  }
}

function misfit(text: string, { start, token }: Misfit, depth: number) {
  if (!token) return new Unreadable(`“${String.fromCodePoint(text.codePointAt(start)!)}” has no meaning in a number.`);
  const { type, text: sign } = token;
  if (type === "COMMA") {
    const decimal = text.match(/\d+,\d+/)?.[0].replace(",", ".") ?? "0.5";
    return new Unreadable(`A comma does not mark decimals: write ${decimal}.`);
  }
  if (/NAME|NUMBER|OPEN/.test(type)) return new Unreadable(`A sign is missing before “${sign}”: write * to multiply.`);
  if (depth < 0) return new Unreadable("A parenthesis is closed that was never opened.");
  if (type !== "$END") return new Unreadable(`A number is missing before “${sign}”.`);
  return new Unreadable(depth > 0 ? "A parenthesis is not closed." : "A number is missing at the end.");
}

/** Signs as people type and paste them, as the grammar knows them. */
function plainSigns(text: string) {
  return text.replaceAll(/[−–]/g, "-").replaceAll(/[·×⋅]/g, "*");
}

/** Read an answer: {number}, or {problem} with what to do about it. */
export function readAnswer(
  text: string,
): { number: number; problem?: undefined } | { number?: undefined; problem: string } {
  if (text.trim() === "")
    return { problem: "Nothing is written here yet. Write a number, such as -0.75, 3/4 or 3*e^2." };
  try {
    const number = numberOf(plainSigns(text.trim()).replaceAll("^", "**"));
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
  const decimals = plainSigns(text.trim()).match(/^-?\d*\.(\d+)$/);
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
 * @param text as typed
 * @param blank mistakes as [kind, sentence, number]
 * @param tolerance relative
 * @returns status "right", "mistaken", "more digits", "wrong" or
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

// The results of an exercise as one line to paste; `backpropviz.exercises.sent_results` reads it.

const PREFIX = "bpv1.";

/**
 * A record as a code: a prefix with the version, then its JSON text in zlib's format, whose checksum tells a code that
 * was cut off or changed, in base64 for addresses (RFC 4648, section 5), which no form takes for anything else.
 */
export async function codeOf(record: object) {
  const stream = new Blob([JSON.stringify(record)]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return PREFIX + text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
