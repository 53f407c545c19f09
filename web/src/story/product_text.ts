// Products of matrices as people type them, read into one form in which equal products are one text.
// The same reader as backpropviz/exercises/product_text.py; a test compares them.

/** A factor, factors joined by rows and columns ("@") or entry by entry ("*"), or what is folded ("sum0"). */
interface Form {
  kind: string;
  parts: Form[];
  name: string;
  isTurned: boolean;
}
/** A number that scales, and what it scales; null where it stands alone. */
interface Scaled {
  scale: number;
  form: Form | null;
}
interface Token {
  kind: "number" | "turn" | "name" | "fold" | "sign" | "end";
  text: string;
}
type Names = Readonly<Record<string, string>>;
type Ranks = Readonly<Record<string, number>>;

const LONGEST_PRODUCT = 120;
const DEEPEST_PRODUCT = 20;
const FACTOR_TOKEN =
  /^\s*(?:(?<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?<turn>\^\{?[TtᵀT⊤]\}?|\.T(?![\p{L}\p{N}_])|[ᵀ⊤'’])|(?<name>∇?(?!ᵀ)[\p{L}_](?:(?!ᵀ)[\p{L}\p{N}_])*)|(?<fold>\.(?:sum|mean)(?![\p{L}\p{N}_]))|(?<sign>[-+*/@·⋅×⊙∘(),=]))/u;
const FOLDS = ["sum", "mean"];
const CALLS: Record<string, number> = { transpose: 1, matmul: 2, dot: 2, outer: 2, multiply: 2 };
const BY_ROWS = "@·⋅×";
const ENTRYWISE = "*⊙∘";
const NOT_CLOSED = "A parenthesis is not closed.";

/** Why a text is no product. */
export class NoProduct extends Error {}

/** Names in a row, "X, W and G". */
export function namesInARow(names: readonly string[]) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

/** What names stand for, each once. */
export const meanings = (names: Names) => [...new Set(Object.values(names))];

function factorTokens(text: string) {
  const tokens: Token[] = [];
  let rest = text.replaceAll(/[−–]/g, "-").replaceAll("**T", "^T");
  rest = rest.replaceAll(/(?<![\p{L}\p{N}_])(?:np|numpy|bpv)\./gu, "");
  while (rest.trim()) {
    const found = rest.match(FACTOR_TOKEN);
    if (!found) throw new NoProduct(`“${[...rest.trim()][0]}” has no meaning in a product.`);
    const [kind, part] = Object.entries(found.groups!).find(([, each]) => each !== undefined)!;
    tokens.push({ kind: kind as Token["kind"], text: part });
    rest = rest.slice(found[0].length);
  }
  return tokens;
}

function formText({ kind, parts, name, isTurned }: Form): string {
  if (kind === "name") return isTurned ? `${name}'` : name;
  if (kind !== "@" && kind !== "*") return `${kind}(${formText(parts[0])})`;
  const texts = parts.map((each) => ("@*".includes(each.kind) ? `(${formText(each)})` : formText(each)));
  return texts.join(kind === "@" ? " " : " * ");
}

class ProductReader {
  at = 0;
  depth = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly names: Names,
    readonly ranks: Ranks,
  ) {}

  get next(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "" };
  }

  takes(signs: string) {
    const { kind, text } = this.next;
    if (kind !== "sign" || !signs.includes(text)) return false;
    this.at += 1;
    return true;
  }

  needs(sign: string, why: string) {
    if (!this.takes(sign)) throw new NoProduct(why);
  }

  product(): Scaled {
    this.depth += 1;
    if (this.depth > DEEPEST_PRODUCT) throw new NoProduct("There are too many parentheses.");
    const sign = this.takes("-") ? -1 : 1;
    let { scale, form } = this.factor();
    for (;;) {
      const { kind, text } = this.next;
      if (this.takes("/")) {
        const divisor = this.factor();
        if (divisor.form || divisor.scale === 0) throw new NoProduct("Only a number other than 0 may divide.");
        scale /= divisor.scale;
        continue;
      }
      const isEntrywise = this.takes(ENTRYWISE);
      if (!isEntrywise && !this.takes(BY_ROWS) && kind !== "number" && kind !== "name" && text !== "(") break;
      const other = this.factor();
      scale *= other.scale;
      form = this.joined(form, other.form, isEntrywise);
    }
    this.depth -= 1;
    return { scale: sign * scale, form };
  }

  factor(): Scaled {
    const found = this.atom();
    for (;;) {
      const { kind, text } = this.next;
      if (kind === "turn") {
        this.at += 1;
        found.form &&= this.turned(found.form);
      } else if (kind === "fold") {
        this.at += 1;
        this.needs("(", `Write ${text}(0) to sum over the rows.`);
        found.form = this.folded(text.slice(1), found.form, false);
      } else return found;
    }
  }

  atom(): Scaled {
    const { kind, text } = this.next;
    this.at += 1;
    if (kind === "number") return { scale: Number(text), form: null };
    if (kind === "sign" && text === "(") {
      const found = this.product();
      this.needs(")", NOT_CLOSED);
      return found;
    }
    if (kind !== "name")
      throw new NoProduct(text ? `A factor is missing before “${text}”.` : "A factor is missing at the end.");
    if (Object.hasOwn(this.names, text)) {
      return { scale: 1, form: { kind: "name", parts: [], name: this.names[text], isTurned: false } };
    }
    if (FOLDS.includes(text) || Object.hasOwn(CALLS, text)) {
      this.needs("(", `“${text}” is a function: write ${text}(...).`);
      return this.called(text);
    }
    throw new NoProduct(`“${text}” is no factor here: ${namesInARow(meanings(this.names))} are.`);
  }

  called(name: string): Scaled {
    let { scale, form } = this.product();
    if (FOLDS.includes(name)) return { scale, form: this.folded(name, form, true) };
    if (CALLS[name] === 2) {
      this.needs(",", `${name} takes two factors: write ${name}(X, G).`);
      const other = this.product();
      scale *= other.scale;
      const second = name === "outer" && other.form ? this.turned(other.form) : other.form;
      form = this.joined(form, second, name === "multiply");
    } else form &&= this.turned(form);
    this.needs(")", NOT_CLOSED);
    return { scale, form };
  }

  /** The rest of "sum(G, axis=0)" or of "G.sum(0)". */
  folded(name: string, form: Form | null, hasBegun: boolean): Form | null {
    let axis = "";
    if (hasBegun ? this.takes(",") : this.next.text !== ")") {
      if (this.next.kind === "name" && this.next.text === "axis") {
        this.at += 1;
        this.needs("=", "Write axis=0.");
      }
      const sign = this.takes("-") ? "-" : "";
      const { kind, text } = this.next;
      if (kind !== "number") throw new NoProduct("An axis is a whole number: 0 for the rows.");
      this.at += 1;
      axis = sign + text;
    }
    this.needs(")", NOT_CLOSED);
    return form && { kind: `${name}${axis}`, parts: [form], name: "", isTurned: false };
  }

  rank({ kind, name }: Form) {
    return kind === "name" ? this.ranks[name] : 2;
  }

  turned(form: Form): Form {
    if (form.kind === "name") return this.rank(form) ? { ...form, isTurned: !form.isTurned } : form;
    if (form.kind !== "@" && form.kind !== "*") return form;
    const parts = form.parts.map((each) => this.turned(each));
    return { ...form, parts: form.kind === "@" ? parts.reverse() : parts };
  }

  joined(left: Form | null, right: Form | null, isEntrywise: boolean): Form | null {
    if (!left || !right) return left ?? right;
    // A number scales, wherever it stands.
    const kind = isEntrywise || !this.rank(left) || !this.rank(right) ? "*" : "@";
    const parts = [left, right].flatMap((each) => (each.kind === kind ? each.parts : [each]));
    if (kind === "*") parts.sort((one, other) => (formText(one) < formText(other) ? -1 : 1));
    return { kind, parts, name: "", isTurned: false };
  }
}

/**
 * Read a product.
 * @param text  as typed: "X^T G", "X.T @ G", "Xᵀ·G", "G * Y", "sum(G, 0)"
 * @param names  what may stand in it, and what it means
 * @param ranks  number of axes of each meaning
 * @throws {NoProduct} with what to do about it
 */
export function readProduct(text: string, names: Names, ranks: Ranks): { form: string; scale: number } {
  const plain = text.trim();
  if (!plain) throw new NoProduct("Nothing is written here yet. Write a product, such as X^T G or G * Y.");
  if ([...plain].length > LONGEST_PRODUCT) throw new NoProduct("This is too long for one product.");
  const refuse = (why: string): never => {
    throw new NoProduct(`“${plain}” cannot be read. ${why}`);
  };
  try {
    const reader = new ProductReader(factorTokens(plain), names, ranks);
    const { scale, form } = reader.product();
    const { kind, text: rest } = reader.next;
    if (kind !== "end") throw new NoProduct(`“${rest}” does not continue a product.`);
    if (!form) throw new NoProduct(`It holds no array: write names, such as ${namesInARow(meanings(names))}.`);
    return { form: formText(form), scale };
  } catch (problem) {
    if (problem instanceof NoProduct) return refuse(problem.message);
    throw problem;
  }
}
