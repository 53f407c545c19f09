// What a page shows, in the fragment of its address: #v=1&x=2&z=3&step=7&select=b&mode=forward; since version 2 also &expr=, since 3 &edges=.
import { bounded, copyText, drawIcon, makeElement } from "./dom.js";
import type { View } from "./view.js";

const VERSION = 3; // links of earlier versions are read for ever
const OWN = new Set(["v", "step", "select", "mode", "expr", "edges"]);
const LINK_ICON = [
  "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1",
  "M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
];
const INPUT = "in:"; // before an input whose name is one of these words

/** What a link carries. */
interface LinkState {
  /** Since version 2: what was typed into a page that reads it. */
  expr?: string;
  inputs: Record<string, number>;
  step?: number;
  selected?: string;
  mode?: string;
  /** Since version 3: what edges show of gradients. */
  edges?: string;
}

/** Write a state as a fragment, without its sign; in the first version that can tell it, which old pages read. */
export function writeLink({
  expr = "",
  inputs,
  step = 0,
  selected = "",
  mode = "reverse",
  edges = "plain",
}: LinkState) {
  const isPlain = edges === "plain";
  const fields = new URLSearchParams({ v: isPlain ? (expr ? "2" : "1") : String(VERSION) });
  if (expr) fields.set("expr", expr);
  for (const [name, value] of Object.entries(inputs)) fields.set(OWN.has(name) ? INPUT + name : name, String(value));
  fields.set("step", String(step));
  if (selected) fields.set("select", selected);
  fields.set("mode", mode);
  if (!isPlain) fields.set("edges", edges);
  return fields.toString();
}

/** Read a fragment; what it does not name is undefined. */
export function readLink(fragment: string) {
  const state: LinkState & { problems: string[] } = { inputs: {}, problems: [] };
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const version = Number(fields.get("v") ?? VERSION);
  for (const [key, text] of fields) {
    const number = text.trim() === "" ? NaN : Number(text);
    if (key === "v") {
      if (!(version <= VERSION))
        state.problems.push("The link was made by a later version; what is known of it was taken.");
    } else if (key === "expr" && version > 1) state.expr = text;
    else if (key === "edges" && version > 2) state.edges = text;
    else if (key === "select") state.selected = text;
    else if (key === "mode") state.mode = text;
    else if (!Number.isFinite(number)) state.problems.push(`In the link, ${key} = ${text} is no number.`);
    else if (key === "step") state.step = number;
    else state.inputs[key.startsWith(INPUT) ? key.slice(INPUT.length) : key] = number;
  }
  return state;
}

/** Take the state of the page's address, now and when it changes, and offer a link to what is shown. */
export function followLink(view: View) {
  const { lifetime, model, session, stage, strip } = view;
  const reachable = () => Object.keys(session.spec.ranges);
  const take = () => {
    if (!window.location.hash.includes("=")) return;
    const { expr, inputs, step, selected, mode, edges, problems } = readLink(window.location.hash);
    if (expr !== undefined && !model.get("editable")) problems.push("The link brings a formula; this page reads none.");
    else if (expr !== undefined && expr !== model.get("expression")) {
      model.send({ kind: "expression", text: expr, inputs });
      if (model.get("expression") !== expr) return; // and the strip says why
    }
    const known = Object.fromEntries(Object.entries(inputs).filter(([name]) => reachable().includes(name)));
    const unknown = Object.keys(inputs).filter((name) => !(name in known));
    if (unknown.length > 0) problems.push(`The link sets ${unknown.join(", ")}, which this page cannot change.`);
    if ((mode === "reverse" || mode === "forward") && model.get("editable")) model.set("mode", mode);
    if (mode !== undefined && mode !== session.spec.mode)
      problems.push(`The link is of ${mode} mode; this page shows ${session.spec.mode} mode.`);
    if (selected && !session.indexOf.has(selected))
      problems.push(`The link selects ${selected}, which is not in this graph.`);
    if (Object.keys(known).length > 0) model.set("inputs", { ...model.get("inputs"), ...known });
    if (step !== undefined) model.set("step", bounded(Math.round(step), 0, session.steps));
    if (selected !== undefined && session.indexOf.has(selected)) model.set("selected", selected);
    if (edges === "plain" || edges === "local" || edges === "width") model.set("edges", edges);
    else if (edges !== undefined) problems.push(`The link shows edges as ${edges}, which this page does not know.`);
    if (problems.length > 0) strip.show({ text: problems.join(" ") });
  };
  lifetime.listen(window, "hashchange", take);
  take();
  if (window.parent !== window) return; // the address of a frame is not the reader's
  const naming = { "aria-label": "Copy link", title: "Copy a link to what is shown" };
  const button = makeElement(
    "button",
    { type: "button", class: "bpv-icon-button", ...naming },
    drawIcon("link", LINK_ICON),
  );
  const copy = async () => {
    const all = model.get("inputs") ?? {};
    const inputs = Object.fromEntries(reachable().map((name) => [name, Number(all[name])]));
    const { step, selected, spec } = session;
    const expr = model.get("editable") ? model.get("expression") : "";
    const fragment = writeLink({ expr, inputs, step, selected, mode: spec.mode, edges: model.get("edges") });
    const address = `${window.location.href.split("#")[0]}#${fragment}`;
    const isDone = await copyText(address);
    if (isDone) view.live.say(() => "Link copied", false);
    button.title = isDone ? "Link copied" : address;
  };
  lifetime.listen(button, "click", () => void copy());
  stage.zoom.element.append(button);
}
