// Whether what was set fits a run, as the kernel's traits say; see backpropviz/widgets/trainer_state.py.
import type { PlainNetwork, TrainerTraits } from "../types/specification.js";
import type { Learner } from "./learner.js";

const STRENGTHS = new Set<keyof TrainerTraits>(["learning_rate", "l2", "epochs_per_second", "steps_per_second"]);

/** What is wrong with a setting; null for nothing. */
export function problemWith(name: keyof TrainerTraits, value: unknown, learner: Learner): string | null {
  if (STRENGTHS.has(name) && !(Number(value) >= 0 && Number.isFinite(Number(value)))) {
    return `The ${name.replaceAll("_", " ")} is a number, 0 or more; not ${String(value)}.`;
  }
  const total = learner.examples;
  if (name === "batch_size" && !(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= total)) {
    return (
      `The batch size is ${String(value)}; there are ${total} training examples, ` +
      `so it is a whole number from 1 to ${total}.`
    );
  }
  return null;
}

/** Why one step of a run cannot be opened; null where it can: its graph was laid out for the network the page came with. */
export function reasonAgainstOpening(first: PlainNetwork, { form, l2 }: Learner): string | null {
  const isSame = String([form.sizes, form.activations]) === String([first.sizes, first.activations]);
  if (isSame && l2 === first.l2) return null;
  const hidden = first.sizes.slice(1, -1).join(", ") || "none";
  const activation = [...new Set(first.activations)].join(", ");
  return (
    "One step is drawn for the network that this page came with: set hidden layers to " +
    `${hidden}${activation && `, activation to ${activation}`}, and L2 to ${first.l2}.`
  );
}
