// The batch of the next step: each example's gradient, their mean, and where the step leads.
import { makeElement } from "../page/dom.js";
import { formatNumber } from "../story/numerals.js";
import type { Learner } from "./learner.js";
import { parameterNames } from "./step_graph.js";

const EXAMPLES_SHOWN = 10;
const ROWS_SHOWN = 40;

/** A table beneath the gates; `choose` opens an example's gates. */
export function batchTable(learner: Learner, choose: (example: number) => void): HTMLDetailsElement {
  const { terms, mean, penalty, after } = learner.nextStep();
  const shown = terms.slice(0, EXAMPLES_SHOWN);
  const number = (value: number) => makeElement("td", { text: formatNumber(value) });
  const button = (example: number) => {
    const element = makeElement("button", {
      type: "button",
      class: "bpv-button bpv-button-worded",
      text: String(example),
      title: `Open the gates of example ${example}`,
    });
    element.onclick = () => choose(example);
    return element;
  };
  const row = (name: string, before: Node, whole: number, cost: number | undefined, after: Node, own: number[]) =>
    makeElement(
      "tr",
      {},
      makeElement("th", { text: name, scope: "row" }),
      before,
      number(whole),
      ...(penalty ? [number(cost!)] : []),
      after,
      ...own.map(number),
    );
  const places = Array.from(mean.keys())
    .sort((one, other) => Math.abs(mean[other]) - Math.abs(mean[one]))
    .slice(0, ROWS_SHOWN)
    .sort((one, other) => one - other);
  const names = parameterNames(learner.form);
  const losses = terms.map(({ loss }) => loss);
  const meanLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const told =
    `Gradients of the mean loss and of ${shown.length} of its ${terms.length} examples, for ${places.length} of ` +
    `${mean.length} weights; “after” is where the run's optimiser leads.`;
  const table = makeElement(
    "table",
    {},
    makeElement(
      "tr",
      {},
      ...["", "before", "mean", ...(penalty ? ["penalty"] : []), "after"].map((text) =>
        makeElement("th", { text, scope: "col" }),
      ),
      ...shown.map(({ example }) => makeElement("th", { scope: "col" }, button(example))),
    ),
    row("loss", makeElement("td"), meanLoss, penalty?.loss, makeElement("td"), losses.slice(0, EXAMPLES_SHOWN)),
    ...places.map((place) =>
      row(
        names[place],
        number(learner.parameters[place]),
        mean[place],
        penalty?.gradient[place],
        number(after[place]),
        shown.map(({ gradient }) => gradient[place]),
      ),
    ),
  );
  return makeElement(
    "details",
    { class: "bpv-batch" },
    makeElement("summary", {
      text: `The batch of step ${learner.steps + 1}: ${terms.length} of ${learner.examples} examples`,
    }),
    makeElement("p", { text: told }),
    makeElement("div", { tabindex: "0" }, table),
  );
}
