// What is wrong with a text, where, and what to write instead: the sentences of backpropviz/graph/text/complaints.py.
import type { Token } from "../story/grammar.js";
import type { Vocabulary } from "../types/specification.js";

// Something wrong with a text: what, where, and what to write instead.

/** Replace the text between two places. */
type Edit = [start: number, end: number, by: string];

/** Places are in UTF-16 units, end exclusive; with `edit` where what is meant is sure. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
    readonly hint: string,
    readonly edit: Edit | null = null,
  ) {
    super(message);
  }
}

const OPERATOR_KINDS = new Set(["PLUS", "MINUS", "TIMES", "OVER", "POWER"]);
const OPERAND_KINDS = new Set(["NAME", "NUMBER", "CLOSE"]);
const NOTHING_FOLLOWS = "Write what follows it, or delete it.";
const NO_ARGUMENT = "Write the argument, or delete the comma.";

/** Refuse a word that Python keeps for itself. */
export function reserved(name: string, start: number, end: number, { hints }: Vocabulary): Fault {
  const hint = hints.keywords[name] ?? `Choose another name, such as ${name}_.`;
  return new Fault(`“${name}” is a word of Python, and no name.`, start, end, hint);
}

/** Refuse a character that starts nothing; `history` is what was read before it. */
export function misfitCharacter(text: string, place: number, history: Token[], vocabulary: Vocabulary): Fault {
  const sign = String.fromCodePoint(text.codePointAt(place)!);
  const end = place + sign.length;
  const last = history.at(-1);
  const isFunction = last !== undefined && Object.hasOwn(vocabulary.functions, last.text);
  const left = shown(last);
  const right = following(text, end);
  if (sign === "." && last?.type === "NAME" && last.end === place) {
    if (!vocabulary.hints.libraries.includes(last.text))
      return new Fault("A dot stands in numbers only.", place, end, "Write * to multiply; names have no dots.");
    const said = `Functions stand without “${last.text}.”.`;
    return new Fault(said, last.start, end, `Write ${right || "exp"}(…).`);
  }
  const hint = replacement(sign, left, right, isFunction, vocabulary);
  if (/[\p{C}\p{Z}\p{Mn}]/u.test(sign)) {
    const code = `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
    return new Fault(`There is a hidden character here (${code}).`, place, end, "Delete it and type anew.");
  }
  const edit = isFunction ? null : editOf(text, place, vocabulary);
  return new Fault(`“${sign}” has no meaning in an expression.`, place, end, hint, edit);
}

/** What a sign surely stands for; null where that is not sure. */
function plainSign(sign: string, { hints }: Vocabulary): string | null {
  if (hints.products.includes(sign)) return "*";
  if (hints.minuses.includes(sign)) return "-";
  return hints.quotients.includes(sign) ? "/" : null;
}

/** What surely stands for a sign; a run of raised digits is one exponent. */
function editOf(text: string, place: number, vocabulary: Vocabulary): Edit | null {
  const { superscripts } = vocabulary.hints;
  const plain = text[place] === "^" ? "**" : plainSign(text[place], vocabulary);
  if (plain) return [place, place + 1, plain];
  let end = place;
  let exponent = "";
  for (; end < text.length && Object.hasOwn(superscripts, text[end]); end += 1) exponent += superscripts[text[end]];
  if (end === place) return null;
  return [place, end, `**${exponent}${/^[\p{L}\p{N}(._]/u.test(text.slice(end)) ? "*" : ""}`];
}

function replacement(sign: string, left: string, right: string, isFunction: boolean, vocabulary: Vocabulary): string {
  const { hints } = vocabulary;
  if (sign === "^") {
    const also = left === "e" ? ` or exp(${right})` : "";
    const base = isFunction ? `${left}(x)` : left;
    return left && right ? `Write ${base}**${right}${also}.` : "Write ** for powers.";
  }
  if (Object.hasOwn(hints.superscripts, sign)) {
    const exponent = hints.superscripts[sign];
    if (isFunction) return `Write ${left}(x)**${exponent}.`;
    return left ? `Write ${left}**${exponent}.` : `Write **${exponent} for this power.`;
  }
  if (Object.hasOwn(hints.subscripts, sign))
    return left ? `Write ${left}${hints.subscripts[sign]}.` : "Write digits as part of the name: x1.";
  const plain = plainSign(sign, vocabulary);
  if (plain) return right && (left || plain === "-") ? `Write ${left}${plain}${right}.` : `Write ${plain} instead.`;
  if (/[\uff01-\uff5e]/.test(sign))
    return `Write ${String.fromCharCode(sign.charCodeAt(0) - 0xfee0)} (this one is full-width).`;
  if (/\p{Nd}/u.test(sign)) return `Write ${digitOf(sign)}.`;
  return hints.signs[sign] ?? "Write names, numbers, + - * / ** and parentheses.";
}

/** The digit of any script; its ten digits follow each other in Unicode. */
function digitOf(sign: string): number {
  const code = sign.codePointAt(0)!;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}

/** Refuse a token that does not fit what stands before it; of type "$END" where the text ends too early. */
export function misfitToken(
  text: string,
  found: Token,
  history: Token[],
  opened: Token[],
  vocabulary: Vocabulary,
): Fault {
  if (history.length === 0 && found.type === "$END")
    return new Fault("There is nothing to read.", 0, text.length, "Write an expression, such as x*z + sin(x).");
  const last = history.at(-1);
  const { start, end } = found.type === "$END" ? last! : found;
  if (found.type !== "EQUALS" && statementOf(history).some(({ type }) => type === "INPUT")) {
    const hint = "Write input x, z on a line of its own; to multiply, write input*x.";
    return new Fault("“input” is followed by names, with commas between them.", start, end, hint);
  }
  if (found.type === "$END" || found.type === "SEPARATOR") return earlyEnd(found, last, opened);
  if (found.type === "EQUALS") return equals(text, found, history, opened);
  if (["NAME", "NUMBER", "OPEN"].includes(found.type) && last && OPERAND_KINDS.has(last.type))
    return sideBySide(text, found, last, opened, vocabulary);
  if (found.type === "CLOSE" && opened.length === 0)
    return new Fault("No parenthesis is open here.", start, end, "Delete this “)”, or write “(” where it opens.");
  if (last && OPERATOR_KINDS.has(last.type)) return afterSign(found, last);
  if (found.type === "COMMA") return comma(text, found, last);
  if (found.type === "CLOSE") {
    if (last?.type === "OPEN")
      return new Fault("Nothing stands in these parentheses.", last.start, end, "Write an expression inside.");
    return new Fault("Nothing stands before this “)”.", start, end, NO_ARGUMENT);
  }
  const said = `Nothing stands to the left of “${found.text}”.`;
  return new Fault(said, start, end, `Write what “${found.text}” is to act on.`);
}

function earlyEnd(found: Token, last: Token | undefined, opened: Token[]): Fault {
  if (opened.length > 0) return neverClosed(opened.at(-1)!);
  if (last?.type === "EQUALS")
    return new Fault("Nothing stands to the right of “=”.", last.start, last.end, "Write the value, as in y = x*z.");
  if (last && OPERATOR_KINDS.has(last.type)) {
    const broken = found.type === "SEPARATOR" ? " A line may be broken inside parentheses." : "";
    return new Fault(`Nothing follows “${last.text}”.`, last.start, last.end, NOTHING_FOLLOWS + broken);
  }
  const { start, end } = last ?? found;
  return new Fault("The text ends too early.", start, end, "Write the rest of the expression.");
}

function neverClosed({ start, end }: Token): Fault {
  return new Fault("This parenthesis is never closed.", start, end, "Write “)” where it ends.");
}

function equals(text: string, { start, end }: Token, history: Token[], opened: Token[]): Fault {
  const last = history.at(-1);
  const [compares, one] = ["“==” compares, and there is nothing to compare.", "Write one =, as in y = x*z."];
  if (last?.type === "EQUALS" && last.end === start) return new Fault(compares, start - 1, end, one);
  if (text[end] === "=") return new Fault(compares, start, end + 1, one);
  if (opened.length > 0)
    return new Fault("“=” stands inside parentheses.", start, end, "Name the value on a line of its own: a = x*z.");
  const statement = statementOf(history);
  if (statement.some(({ type }) => type === "EQUALS"))
    return new Fault("There are two “=” in one statement.", start, end, "Write one per line: b = 2*x; a = b.");
  if (statement.length === 0)
    return new Fault("No name stands to the left of “=”.", start, end, "Write a name, as in y = x*z.");
  return new Fault("Left of “=” stands one name.", statement[0].start, end, "Write a name alone, as in y = x*z.");
}

/** What was read of the present statement. */
function statementOf(history: Token[]): Token[] {
  return history.slice(history.findLastIndex(({ type }) => type === "SEPARATOR") + 1);
}

function sideBySide(text: string, found: Token, last: Token, opened: Token[], { functions }: Vocabulary): Fault {
  const [start, end] = [last.start, found.end];
  if (opened.length > 0 && text.slice(last.end, found.start).includes("\n")) return neverClosed(opened.at(-1)!);
  const isJoined = last.end === found.start;
  if (last.type === "NUMBER" && found.type === "NAME" && found.text.startsWith("_") && isJoined) {
    return new Fault("Digits are not grouped.", start, end, `Write ${last.text}${found.text.replaceAll("_", "")}.`);
  }
  if (last.type === "NUMBER" && found.type === "NUMBER") {
    if (isJoined) return new Fault("A number has one decimal point.", start, end, "Write it as in 1.5.");
    return new Fault("Two numbers stand side by side.", start, end, `Write ${last.text}*${found.text} to multiply.`);
  }
  if (Object.hasOwn(functions, last.text) && found.type !== "OPEN") {
    const said = `The argument of ${last.text} stands in parentheses.`;
    return new Fault(said, start, end, `Write ${last.text}(${found.text}).`);
  }
  const hint = `Write ${shown(last)}*${found.type === "OPEN" ? "(…)" : found.text} to multiply.`;
  return new Fault("A sign is missing between these two.", start, end, hint, [last.end, found.start, "*"]);
}

function afterSign(found: Token, last: Token): Fault {
  const [start, end] = [last.start, found.end];
  if (last.type === found.type && last.type === "OVER")
    return new Fault("“//” rounds, which has no gradient.", start, end, "Write / to divide.");
  if (last.type === found.type && last.type === "TIMES")
    return new Fault("Two “*” stand apart.", start, end, "Write ** for powers, * for products.");
  if (OPERATOR_KINDS.has(found.type))
    return new Fault(`“${last.text}” and “${found.text}” stand side by side.`, start, end, "Write one of them.");
  return new Fault(`Nothing follows “${last.text}”.`, last.start, last.end, NOTHING_FOLLOWS);
}

function comma(text: string, { start, end }: Token, last: Token | undefined): Fault {
  const decimals = text.slice(end).match(/^[0-9]+/)?.[0];
  if (last?.type === "NUMBER" && last.end === start && decimals) {
    const hint = `Write ${last.text}.${decimals}.`;
    return new Fault("A comma does not mark decimals.", last.start, end + decimals.length, hint);
  }
  if (!last || !OPERAND_KINDS.has(last.type))
    return new Fault("Nothing stands before this comma.", start, end, NO_ARGUMENT);
  const said = "A comma stands only between the arguments of a function.";
  return new Fault(said, start, end, "Write one statement per line, or “;”.");
}

/** What a hint repeats of the text to the left. */
function shown(mark: Token | undefined): string {
  if (!mark || !OPERAND_KINDS.has(mark.type)) return "";
  return mark.type === "CLOSE" ? "(…)" : mark.text;
}

/** What a hint repeats of the text to the right. */
function following(text: string, place: number): string {
  const near = text.slice(place, place + 60);
  if (near.slice(0, 20).trimStart().startsWith("(")) return "(…)";
  return near.match(/^[ \t]*([-+]?[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)?)/u)?.[1] ?? "";
}

// The nearest of some names, as Python's difflib.get_close_matches finds it (Ratcliff and Obershelp, 1988).

const LEAST_ALIKE = 0.6;

/** The nearest known name; null where nothing is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let best: { alike: number; each: string } | null = null;
  for (const each of known) {
    const alike = likeness(each, name);
    if (alike < LEAST_ALIKE) continue;
    if (!best || alike > best.alike || (alike === best.alike && each > best.each)) best = { alike, each };
  }
  return best?.each ?? null;
}

/** 2·(letters in matching blocks) over all letters. */
function likeness(left: string, right: string): number {
  return (2 * matching([...left], [...right])) / (left.length + right.length);
}

function matching(left: string[], right: string[]): number {
  let [from, to, size] = [0, 0, 0];
  let before: number[] = [];
  left.forEach((letter, i) => {
    const lengths: number[] = [];
    right.forEach((other, j) => {
      if (letter !== other) return;
      lengths[j] = (before[j - 1] ?? 0) + 1;
      if (lengths[j] > size) [from, to, size] = [i - lengths[j] + 1, j - lengths[j] + 1, lengths[j]];
    });
    before = lengths;
  });
  if (size === 0) return 0;
  return (
    size + matching(left.slice(0, from), right.slice(0, to)) + matching(left.slice(from + size), right.slice(to + size))
  );
}
