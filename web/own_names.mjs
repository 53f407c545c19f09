// Names of fields and methods that only our own classes use: a build may shorten them.
import { readdir, readFile } from "node:fs/promises";
import ts from "typescript";

const OF_BROWSERS = new URL("node_modules/typescript/lib/", import.meta.url);
const OURS = new URL("src/", import.meta.url);

/** The words of a text, without comments. */
function wordsIn(text) {
  return text.replace(/\/\*[^]*?\*\//g, "").match(/[A-Za-z_$][\w$]*/g) ?? [];
}

function isOfClass(node) {
  if (ts.isParameter(node)) return ts.isConstructorDeclaration(node.parent) && node.modifiers?.length > 0;
  return ts.isClassElement(node) && ts.isClassLike(node.parent);
}

/**
 * Names that stand in a class and nowhere else but behind a dot.
 *
 * What travels keeps its name: a key of an object, a word in a string, whatever kernel, notebook and browser know.
 */
export async function ownNames() {
  const found = new Set();
  const kept = new Set();
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))
      wordsIn(node.text).forEach((word) => kept.add(word));
    if (node.name && ts.isIdentifier(node.name)) {
      if (isOfClass(node)) found.add(node.name.text);
      else if (ts.isObjectLiteralExpression(node.parent)) kept.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  const sources = (await readdir(OURS, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path));
  for (const path of sources) {
    const text = await readFile(new URL(path, OURS), "utf8");
    if (path.startsWith("types")) wordsIn(text).forEach((word) => kept.add(word));
    else visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  }
  for (const path of (await readdir(OF_BROWSERS)).filter((name) => /^lib\..*\.d\.ts$/.test(name)))
    wordsIn(await readFile(new URL(path, OF_BROWSERS), "utf8")).forEach((word) => kept.add(word));
  return new RegExp(
    `^(${[...found]
      .filter((name) => !kept.has(name))
      .sort()
      .join("|")})$`,
  );
}
