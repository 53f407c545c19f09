// The words about one entry: the product it comes from, its sum term by term, and what a small change does.
import { makeElement } from "../page/dom.js";
import type { ChosenEntry, EntryPlace, EntryStory, EntrySum, EntryTerm } from "../story/entries.js";
import { entriesText } from "../story/input_entries.js";
import { entryText } from "../story/primitives.js";
import { resolvePieces } from "../story/narration.js";
import { ArrayNumber, formatNumber } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { LedgerLine, PlainTally } from "../types/specification.js";
import { dressedPieces } from "./explanation.js";

const MOST_TERMS = 12;

type Kind = "value" | "gradient";
interface Column {
  head: string;
  kind: "value" | "slope" | "plain";
  text: (term: EntryTerm) => string;
}

/** An entry by its name, w[2,0]; a scalar has none but its node's. */
export function entryName(session: Session, { node, place }: EntryPlace): string {
  const value = session.number("value", node);
  const { name } = session.nodes[node];
  return value instanceof ArrayNumber ? `${name}[${entryText(value.shape, place)}]` : name;
}

/** The number of an entry; null where it is hidden, or no array. */
export function entryNumber(session: Session, kind: Kind, { node, place }: EntryPlace): number | null {
  const found = session.number(kind, node);
  if (typeof found === "number") return found;
  return found instanceof ArrayNumber ? found.data[place] : null;
}

/** Several entries of one node by one name, x[:,2]; the node's name where no index gives them. */
function groupName(session: Session, entries: readonly EntryPlace[]): string {
  const { node } = entries[0];
  const value = session.number("value", node);
  const { name } = session.nodes[node];
  if (!(value instanceof ArrayNumber)) return name;
  const places = entries.map(({ place }) => place);
  const index = entriesText(value.shape, places);
  return index === null ? name : `${name}[${index}]`;
}

/** What a ledger of the node says of one edge, with the shapes that meet. */
function ledgerOf(session: Session, node: number, edge: number): LedgerLine | null {
  const consumer = session.structure.consumers[edge];
  const slot = edge - session.structure.offsets[consumer];
  const lines = session.spec.explanations?.[node]?.ledger ?? [];
  const isIt = ({ number: [, kind, ...where] }: LedgerLine) =>
    kind === "contribution" && where[0] === consumer && where[1] === slot;
  return lines.find(isIt) ?? null;
}

function columnsOf(session: Session, sum: EntrySum): Column[] {
  const isSlope = sum.edge !== undefined;
  const { terms } = sum;
  const product: Column = {
    head: "product",
    kind: isSlope ? "slope" : "value",
    text: ({ local, other }) => formatNumber(local * other),
  };
  const other: Column = {
    head: `${isSlope ? "▽ " : ""}${groupName(session, terms)}`,
    kind: product.kind,
    text: (term) => formatNumber(term.other),
  };
  // Where nothing is multiplied there is nothing but what arrives.
  if (terms.every(({ local, by }) => local === 1 && !by)) {
    return [{ head: "", kind: "plain", text: (term) => entryName(session, term) }, other];
  }
  const by = terms.flatMap((term) => term.by ?? []);
  const local: Column = {
    head: by.length > 0 ? groupName(session, by) : "local",
    kind: by.length > 0 ? "value" : "plain",
    text: (term) => formatNumber(term.local),
  };
  return isSlope ? [local, other, product] : [other, local, product];
}

/** A sum as a table: what meets what, in a row each. */
function sumTable(session: Session, sum: EntrySum): HTMLElement {
  const columns = columnsOf(session, sum);
  const head = columns.map(({ head: text, kind }) =>
    makeElement(
      "th",
      { scope: "col", class: `bpv-is-${text === "product" ? "plain" : kind}` },
      // A long one breaks between its numbers.
      ...text.split(/(?<=,)/).flatMap((part) => [document.createTextNode(part), makeElement("wbr")]),
    ),
  );
  const rows = sum.terms
    .slice(0, MOST_TERMS)
    .map((term) =>
      makeElement(
        "tr",
        {},
        ...columns.map(({ kind, text }) => makeElement("td", { class: `bpv-is-${kind}`, text: text(term) })),
      ),
    );
  const rest = sum.terms.slice(MOST_TERMS);
  if (rest.length > 0) {
    // What is no sum has no total.
    const total = sum.isList ? "" : formatNumber(rest.reduce((found, { local, other }) => found + local * other, 0));
    const words = makeElement("td", { colspan: columns.length - 1, text: `and ${rest.length} more` });
    rows.push(makeElement("tr", {}, words, makeElement("td", { text: total })));
  }
  const table = { class: `bpv-entry-terms${columns.length > 2 ? " bpv-has-products" : ""}` };
  return makeElement(
    "table",
    table,
    makeElement("thead", {}, makeElement("tr", {}, ...head)),
    makeElement("tbody", {}, ...rows),
  );
}

function sumParts(session: Session, node: number, sum: EntrySum): (HTMLElement | null)[] {
  const line = sum.edge === undefined ? null : ledgerOf(session, node, sum.edge);
  return [
    line && dressedPieces("div", "bpv-ledger-label", resolvePieces(line.label, session.context)),
    line && dressedPieces("div", "bpv-entry-product", resolvePieces(line.formula, session.context)),
    line?.shapes ? makeElement("div", { class: "bpv-ledger-label", text: line.shapes }) : null,
    sum.terms.length > 0 ? sumTable(session, sum) : null,
  ];
}

/** Of a value that is no sum: what it is computed from. */
function makersTable(session: Session, chosen: ChosenEntry, { met }: EntryStory): HTMLElement | null {
  const entries = [...met].flatMap(([node, { value }]) => [...value].map((place) => ({ node, place })));
  if (entries.length === 0) return null;
  const terms = entries.map((each) => ({ ...each, local: 1, other: entryNumber(session, "value", each) ?? NaN }));
  const table = sumTable(session, { terms, isList: true });
  table.querySelector("thead")!.remove();
  return makeElement("div", {}, makeElement("div", { class: "bpv-ledger-label", text: "computed from" }), table);
}

/** What an entry met in each block that uses it: w[0,0] met 676 windows in conv1. */
export function metSentences(session: Session, chosen: ChosenEntry, { sums }: EntryStory): string[] {
  const { consumers, offsets } = session.structure;
  return sums.flatMap(({ edge, terms }) => {
    const consumer = edge === undefined ? -1 : consumers[edge];
    const value = session.number("value", consumer);
    const told = session.nodes[consumer]?.meets?.[edge! - offsets[consumer]];
    if (!told || !(value instanceof ArrayNumber)) return [];
    const words = told.map((piece) => (typeof piece === "string" ? piece : countOf(piece, value.shape, terms)));
    return [`${entryName(session, chosen)} ${words.join("")} in ${session.nodes[consumer].name}.`];
  });
}

/** How many differ in some axes, of entries of an array. */
function countOf([one, several, axes]: PlainTally, shape: readonly number[], entries: readonly EntryPlace[]): string {
  const along = (place: number, axis: number) => {
    const size = shape.slice(axis + 1).reduce((total, each) => total * each, 1);
    return Math.floor(place / size) % shape[axis];
  };
  const count = new Set(entries.map(({ place }) => axes.map((axis) => along(place, axis)).join())).size;
  return `${count} ${count === 1 ? one : several}`;
}

function sentencesOf(session: Session, chosen: ChosenEntry, story: EntryStory): string[] {
  const { sums } = story;
  const name = entryName(session, chosen);
  const sentences: string[] = [];
  const terms = sums.flatMap((sum) => sum.terms);
  if (chosen.kind === "slope") {
    if (terms.length > 1) {
      const ways = `${name} is used in ${terms.length} entries: a branch with ${terms.length} ways.`;
      sentences.push(`${ways} Its gradient is the sum of what comes back along them.`);
    } else if (sums.length > 0 && terms.length === 0) {
      sentences.push(`No entry was made from ${name} here, so nothing comes back to it.`);
    } else if (terms.length === 1 && terms[0].local === 1 && !terms[0].by) {
      sentences.push(`The gradient comes back from ${entryName(session, terms[0])} as it is.`);
    }
  }
  if (chosen.kind === "slope") sentences.push(...metSentences(session, chosen, story));
  const slope = session.replay.settled[chosen.node] ? entryNumber(session, "gradient", chosen) : null;
  if (slope !== null && Number.isFinite(slope)) {
    const output = session.nodes[session.structure.output].name;
    sentences.push(
      slope === 0
        ? `Increase ${name} by a small h: ${output} stays as it is, to first order.`
        : `Increase ${name} by a small h: ${output} changes by about ${formatNumber(slope)}·h.`,
    );
  }
  return sentences;
}

/** All that is written about an entry; story: null while its number is not known. */
export function entryWords(session: Session, chosen: ChosenEntry, story: EntryStory | null): HTMLElement[] {
  const isSlope = chosen.kind === "slope";
  const title = `${isSlope ? "▽ " : ""}${entryName(session, chosen)}`;
  const amount = story && entryNumber(session, isSlope ? "gradient" : "value", chosen);
  const shown = amount !== null ? formatNumber(amount) : story ? "?" : "not computed yet"; // hidden, or to come
  const parts = (story?.sums ?? []).flatMap((sum) => sumParts(session, chosen.node, sum));
  if (story && !isSlope && story.sums.length === 0) parts.push(makersTable(session, chosen, story));
  const total = makeElement(
    "div",
    { class: "bpv-ledger-row" },
    makeElement("span", { class: "bpv-formula", text: title }),
    makeElement("span", { class: `bpv-amount bpv-is-${chosen.kind}`, text: shown }),
  );
  const sentences = story ? sentencesOf(session, chosen, story) : [];
  return [
    makeElement(
      "div",
      { class: "bpv-explanation-head" },
      makeElement("div", { class: "bpv-eyebrow", text: isSlope ? "gradient of one entry" : "one entry" }),
      makeElement("h3", { class: "bpv-explanation-title", text: title }),
    ),
    makeElement(
      "div",
      { class: "bpv-ledger bpv-entry-ledger" },
      ...parts.filter((part) => part !== null),
      makeElement("div", { class: "bpv-ledger-line bpv-ledger-total" }, total),
    ),
    makeElement(
      "div",
      { class: "bpv-words" },
      ...sentences.map((text) => makeElement("p", { class: "bpv-sentence", text })),
    ),
  ];
}
