// Reads text by the grammar of backpropviz/graph/text: cuts it into tokens, and puts these together by a table.
import { FIRST_SIGN, LEXICON, ROWS, RULES } from "./grammar_table.js";

/** A piece of text of one kind; places in UTF-16 units, end exclusive. */
export interface Token {
  type: string;
  text: string;
  start: number;
  end: number;
}

/** What a rule gives, from what it is made of: tokens, and what other rules gave. */
export type Action<Value> = (...parts: (Token & Value)[]) => Value;

/** A text that the grammar does not know from here on. */
export class Misfit extends Error {
  constructor(
    readonly start: number,
    /** What does not fit, of type "$END" where the text ends too early; null where a character starts no token. */
    readonly token: Token | null,
  ) {
    super("misfit");
  }
}

const LEXER = new RegExp(LEXICON.map(([, pattern]) => `(${pattern})`).join("|"), "uy");

/**
 * Cut a text into tokens; the last is the end, of type "$END".
 * @throws Misfit at a character that starts none
 */
export function* cutText(text: string): Generator<Token> {
  for (let start = 0; start <= text.length;) {
    LEXER.lastIndex = start;
    const found = text.match(LEXER);
    if (!found) throw new Misfit(start, null);
    const [type] = LEXICON[found.indexOf(found[0], 1) - 1];
    const end = start + found[0].length;
    if (type) yield { type, text: found[0], start, end };
    start = type === "$END" ? Infinity : end;
  }
}

/**
 * Put tokens together, from the leaves up.
 * @throws Misfit at a token that does not fit what stands before it
 */
export function putTogether<Value>(tokens: Iterable<Token>, actions: Record<string, Action<Value>>): Value {
  const states = [0];
  const parts: (Token | Value)[][] = [];
  const next = (column: number) => ROWS[states.at(-1)!].charCodeAt(column) - FIRST_SIGN;
  const shift = (column: number, part: (Token | Value)[]) => {
    states.push(next(column));
    parts.push(part);
  };
  for (const token of tokens) {
    const column = LEXICON.findIndex(([type]) => type === token.type);
    for (let rule; (rule = RULES[next(column) - ROWS.length]);) {
      const [made, count, action] = rule;
      const found = parts.splice(-count).flat() as (Token & Value)[];
      states.length -= count;
      shift(made, action ? [actions[action](...found)] : found);
    }
    if (next(column) >= 0) shift(column, [token]);
    else if (ROWS[states.at(-1)!]) throw new Misfit(token.start, token);
  }
  return parts[0][0] as Value;
}
