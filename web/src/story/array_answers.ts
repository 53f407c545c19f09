// Answers about arrays: all entries of one, a shape, the product that gives a gradient; judged as the kernel judges them.
import type { PlainBlank } from "../types/specification.js";
import { isClose, judgeAnswer, oneOf, type Verdict } from "./answers.js";
import { entryText } from "./primitives.js";
import { meanings, namesInARow, readProduct, NoProduct } from "./product_text.js";

const ONE_NUMBER = new Set(["()", "[]", "scalar", "number", "a number", "one number"]);
const BRACKETS = /^[[({]([^]*)[\])}]$/;
const BETWEEN = /\s*(?:[x×*·,;]|\s|by)\s*/i;
const MOST_AXES = 8;

/** A shape as people write it; null where it is none. */
function readShape(text: string): number[] | null {
  const plain = text.trim().toLowerCase();
  if (ONE_NUMBER.has(plain)) return [];
  const inside = (plain.match(BRACKETS)?.[1] ?? plain).trim().replace(/,$/, "").trim();
  const parts = inside.split(BETWEEN);
  if (parts.length > MOST_AXES || !parts.every((part) => /^[0-9]{1,6}$/.test(part))) return null;
  return parts.map(Number);
}

const unreadable = (text: string): Verdict => ({ status: "unreadable", text, kinds: [] });

function mistaken(named: readonly (readonly [kind: string, sentence: string, ...rest: unknown[]])[], where = "") {
  const text = where + oneOf(named.map(([, sentence]) => sentence));
  return { status: "mistaken", text, kinds: [...new Set(named.map(([kind]) => kind))] };
}

const hasSizes = (one: readonly number[], other: readonly number[]) =>
  one.length === other.length && one.every((size, axis) => size === other[axis]);

function judgeShape(text: string, { shape, shapeMistakes }: PlainBlank): Verdict {
  if (!text.trim())
    return unreadable("Nothing is written here yet. Write a shape, such as 3x2, (3, 2) or, for one number, ().");
  const read = readShape(text);
  if (!read) {
    return unreadable(`“${text.trim()}” is no shape. Write its sizes: 3x2, (3, 2) or [3, 2]; (3,) for a vector.`);
  }
  if (hasSizes(read, shape!)) return { status: "right", text: "Right.", kinds: [] };
  const named = shapeMistakes!.filter(([, , wrong]) => hasSizes(wrong, read));
  if (named.length > 0) return mistaken(named);
  return { status: "wrong", text: `That is not it: nothing here has the shape [${read.join("×")}].`, kinds: [] };
}

function judgeProduct(text: string, { product }: PlainBlank): Verdict {
  const { names, ranks, scale, verdicts, forms } = product!;
  try {
    const typed = readProduct(text, names, ranks);
    if (!Object.hasOwn(forms, typed.form)) {
      const factors = namesInARow(meanings(names));
      return { status: "wrong", text: `That is not it: look for a product of ${factors}.`, kinds: [] };
    }
    const [status, sentence, kinds] = verdicts[forms[typed.form]];
    if (status !== "right" || typed.scale === scale) return { status, text: sentence, kinds };
    if (typed.scale === -scale) {
      return { status: "mistaken", text: "The product is right, its sign is not.", kinds: ["wrong sign"] };
    }
    return { status: "wrong", text: "The product is right, the number before it is not.", kinds: [] };
  } catch (problem) {
    if (problem instanceof NoProduct) return unreadable(problem.message);
    throw problem;
  }
}

/** What is said of a whole array, and of each of its entries, in C order; "empty" where nothing is written. */
interface GridVerdict extends Verdict {
  entries: string[];
  credit: number;
}

/** Judge an array, entry by entry. */
function judgeGrid(texts: readonly string[], blank: PlainBlank, tolerance: number): GridVerdict {
  const { numbers, shape, arrayMistakes } = blank;
  const every = numbers!.map((answer, place): Verdict => {
    const text = texts[place] ?? "";
    if (!text.trim()) return { status: "empty", text: "", kinds: [] };
    return judgeAnswer(text, { answer, mistakes: [] }, tolerance);
  });
  const entries = every.map(({ status }) => status);
  const places = (...wanted: string[]) => [...entries.keys()].filter((place) => wanted.includes(entries[place]));
  const right = places("right").length;
  const credit = right / entries.length;
  const said = (verdict: Verdict): GridVerdict => ({ ...verdict, entries, credit });
  const at = (place: number) => `At [${entryText(shape!, place)}]: `;
  if (credit === 1) return said({ status: "right", text: "Right.", kinds: [] });
  if (places("empty").length === entries.length) {
    return said(unreadable("Nothing is written here yet. Fill in the entries."));
  }
  const told = `${right} of ${entries.length} entries ${right === 1 ? "is" : "are"} right.`;
  const [unread] = places("unreadable");
  if (unread !== undefined) return said(unreadable(`${told} ${at(unread)}${every[unread].text}`));
  const [missed] = places("wrong", "more digits");
  const wrong = places("wrong");
  if (missed === undefined) return said({ status: "wrong", text: `${told} Fill in the others.`, kinds: [] });
  if (wrong.length === 0) {
    return said({ status: "more digits", text: `${told} ${at(missed)}${every[missed].text}`, kinds: [] });
  }
  const givers = (asked: readonly number[]) =>
    arrayMistakes!.filter(([, , given]) =>
      asked.every((place) => isClose(every[place].number!, given[place], tolerance)),
    );
  const named = givers(wrong);
  if (named.length > 0) return said(mistaken(named, `${told} `));
  // No one error explains all: tell what went wrong at the first entry where it is known.
  for (const place of wrong) {
    const found = givers([place]);
    if (found.length > 0) return said(mistaken(found, `${told} ${at(place)}`));
  }
  const listedPlaces = wrong.map((place) => `[${entryText(shape!, place)}]`).join(", ");
  return said({ status: "wrong", text: `${told} Not right: ${listedPlaces}.`, kinds: [] });
}

/** Judge what was typed for a blank; the entries of an array stand in a line each. */
export function judgeBlank(text: string, blank: PlainBlank, tolerance: number): Verdict & Partial<GridVerdict> {
  if (blank.kind === "shape") return judgeShape(text, blank);
  if (blank.kind === "product") return judgeProduct(text, blank);
  if (blank.numbers) return judgeGrid(text.split("\n"), blank, tolerance);
  return judgeAnswer(text, { answer: blank.answer!, mistakes: blank.mistakes! }, tolerance);
}
