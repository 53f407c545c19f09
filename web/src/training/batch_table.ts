// The batch of the next step: each example's gradient, their mean, and where the step leads.
import { makeElement } from "../page/dom.js";
import { formatNumber } from "../story/numerals.js";
import type { PlainBatch } from "../types/specification.js";
import type { Learner } from "./learner.js";
import { largestPlaces } from "./perceptron.js";
import { parameterNames } from "./step_sketch.js";

const EXAMPLES_SHOWN = 10;
const ROWS_SHOWN = 40;

/** What a page's next step is made of: its first examples, and the weights with the largest gradients. */
export function batchOf(learner: Learner): PlainBatch {
  const { terms, mean, penalty, after } = learner.nextStep();
  const shown = terms.slice(0, EXAMPLES_SHOWN);
  const places = largestPlaces(mean, ROWS_SHOWN);
  const names = parameterNames(learner.form);
  return {
    step: learner.steps + 1,
    size: terms.length,
    total: learner.examples,
    weights: mean.length,
    examples: shown.map(({ example }) => example),
    losses: shown.map(({ loss }) => loss),
    loss: terms.reduce((sum, { loss }) => sum + loss, 0) / terms.length,
    penalty: penalty?.loss ?? null,
    rows: places.map((place) => ({
      name: names[place],
      before: learner.parameters[place],
      mean: mean[place],
      penalty: penalty?.gradient[place] ?? null,
      after: after[place],
      own: shown.map(({ gradient }) => gradient[place]),
    })),
  };
}

/** A table beneath the gates; `choose` opens an example's gates. */
export function batchTable(batch: PlainBatch, choose: (example: number) => void): HTMLDetailsElement {
  const number = (value: number | null) => makeElement("td", value === null ? {} : { text: formatNumber(value) });
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
  const row = (name: string, numbers: (number | null)[]) =>
    makeElement("tr", {}, makeElement("th", { text: name, scope: "row" }), ...numbers.map(number));
  const hasPenalty = batch.penalty !== null;
  const cost = (each: number | null) => (hasPenalty ? [each] : []);
  const some = batch.size === 1 ? "its one example" : `${batch.examples.length} of its ${batch.size} examples`;
  const told =
    `Gradients of the mean loss and of ${some}, for ` +
    `${batch.rows.length} of ${batch.weights} weights; “after” is where the run's optimiser leads.`;
  const table = makeElement(
    "table",
    {},
    makeElement(
      "tr",
      {},
      ...["", "before", "mean", ...(hasPenalty ? ["penalty"] : []), "after"].map((text) =>
        makeElement("th", { text, scope: "col" }),
      ),
      ...batch.examples.map((example) => makeElement("th", { scope: "col" }, button(example))),
    ),
    row("loss", [null, batch.loss, ...cost(batch.penalty), null, ...batch.losses]),
    ...batch.rows.map(({ name, before, mean, penalty, after, own }) =>
      row(name, [before, mean, ...cost(penalty), after, ...own]),
    ),
  );
  return makeElement(
    "details",
    { class: "bpv-batch" },
    makeElement("summary", { text: `The batch of step ${batch.step}: ${batch.size} of ${batch.total} examples` }),
    makeElement("p", { text: told }),
    makeElement("div", { tabindex: "0" }, table),
  );
}
