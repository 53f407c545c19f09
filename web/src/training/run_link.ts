// What is set of a run, in the fragment of a page's address: #v=1&learning_rate=0.3&hidden=8,4&name=moons&seed=3.
import type { PlainDataset, TrainerTraits } from "../types/specification.js";
import type { PageRun } from "./page_run.js";
import type { TrainerPage } from "./trainer_page.js";

/** More that travels in a link, where a page has more. */
export interface LinkPart {
  write(run: PageRun, fields: URLSearchParams): void;
  take(run: PageRun, fields: URLSearchParams, problems: string[]): void;
}

const LINK_VERSION = 1; // links of earlier versions are read for ever
// In the order in which they are taken: what follows must fit what stands before it.
const OF_DATA = ["name", "count", "noise", "heldOut", "seed"] as const;
const OF_RUN = [
  "hidden",
  "activation",
  "learning_rate",
  "batch_size",
  "l2",
  "epochs_per_second",
  "steps_per_second",
  "log_scale",
  "example",
] as const satisfies (keyof TrainerTraits)[];

/** A setting as it was written, of the kind that it is; null where it cannot be read. */
function settingFrom(text: string, present: unknown): unknown {
  if (typeof present === "string") return text;
  if (typeof present === "boolean") return text === "true";
  const numbers = text === "" ? [] : text.split(",").map(Number);
  if (!numbers.every(Number.isFinite)) return null;
  if (Array.isArray(present)) return numbers.every((each) => Number.isInteger(each) && each > 0) ? numbers : null;
  return numbers.length === 1 ? numbers[0] : null;
}

/** Write what is set, without the sign. */
export function writeRunLink(run: PageRun, part?: LinkPart): string {
  const fields = new URLSearchParams({ v: String(LINK_VERSION) });
  const dataset = run.get("dataset");
  if (dataset) for (const name of OF_DATA) fields.set(name, String(dataset[name]));
  for (const name of OF_RUN) fields.set(name, String(run.get(name)));
  part?.write(run, fields);
  return fields.toString();
}

/** Take what a fragment sets; what it does not name stays. Gives what is wrong with it. */
export function takeRunLink(run: PageRun, fragment: string, part?: LinkPart): string[] {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const problems: string[] = [];
  if (!(Number(fields.get("v")) <= LINK_VERSION)) {
    problems.push("The link was made by a later version; what is known of it was taken.");
  }
  const read = (name: string, present: unknown) => {
    const text = fields.get(name);
    const value = text === null ? present : settingFrom(text, present);
    if (value === null) problems.push(`In the link, ${name} = ${text} cannot be read.`);
    return value ?? present;
  };
  const dataset = run.get("dataset");
  if (dataset && run.get("datasets")?.length) {
    const found = Object.fromEntries(OF_DATA.map((name) => [name, read(name, dataset[name])]));
    const isKnown = run.get("datasets")?.includes(String(found.name));
    if (!isKnown) problems.push(`The link names the data set ${String(found.name)}, which this page has not.`);
    else if (OF_DATA.some((name) => found[name] !== dataset[name]))
      run.set("dataset", found as unknown as PlainDataset);
  }
  for (const name of OF_RUN) {
    const [present, value] = [run.get(name), read(name, run.get(name))];
    if (String(value) === String(present)) continue;
    if (name === "activation" && !run.get("activations").includes(String(value))) {
      problems.push(`The link sets the activation ${String(value)}, which this page has not.`);
      continue;
    }
    run.set(name, value as TrainerTraits[typeof name]);
    // What does not fit is told where it is set; a later setting would take that message away.
    const { text } = run.get("message");
    if (text && !problems.includes(text)) problems.push(text);
  }
  part?.take(run, fields, problems);
  return problems;
}

/** Take the state of the page's address, now and when it changes. */
export function followRunLink({ lifetime, strip }: TrainerPage, run: PageRun, part?: LinkPart): void {
  const take = () => {
    if (!window.location.hash.includes("=")) return;
    const problems = takeRunLink(run, window.location.hash, part);
    if (problems.length > 0) strip.show({ text: problems.join(" ") });
  };
  lifetime.listen(window, "hashchange", take);
  take();
}

/** The page's address with what is set in it. */
export function runAddress(run: PageRun, part?: LinkPart): string {
  return `${window.location.href.split("#")[0]}#${writeRunLink(run, part)}`;
}
