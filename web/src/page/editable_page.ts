// An exported page into which one may type: its model answers to a typed formula as a kernel does.
import type { Aids } from "../panels/aids.js";
import { completeNames } from "../panels/completion.js";
import { withExpressionBox } from "../panels/header.js";
import { compileGraph, useCompiler } from "../story/engine.js";
import { erf, erfc } from "../story/learning_primitives.js";
import { useFunctions } from "../story/primitives.js";
import type { ExplorerTraits, Vocabulary } from "../types/specification.js";
import { readTyped } from "../typing/typed_specification.js";
import type { Mode } from "../typing/typed_run.js";
import { openPage, PageModel, readPageData } from "./exported_page.js";
import { furnishAlso } from "./parts.js";
import type { View } from "./view.js";

/** A message of a view. */
interface Asked {
  kind: string;
  text?: string;
  inputs?: Record<string, number>;
}

/** A page's model that reads formulas. */
class TypingModel extends PageModel<ExplorerTraits> {
  constructor(
    traits: ExplorerTraits,
    private readonly vocabulary: Vocabulary,
  ) {
    super({ ...traits, names: vocabulary });
    this.on("change:mode", () => this.describe(this.get("expression") ?? ""));
  }

  /** Show another formula; what cannot be read is told, and changes nothing. Inputs that keep their names keep their values. */
  override send({ kind, text = "", inputs = {} }: Asked): void {
    if (kind === "expression") this.describe(text, inputs);
  }

  private describe(text: string, inputs: Record<string, number> = {}): void {
    const known = { ...this.get("inputs"), ...inputs } as Record<string, number>;
    const { typed, complaint } = readTyped(text, known, this.vocabulary, this.get("mode") as Mode | undefined);
    if (!typed) {
      this.set("message", { ...complaint, source: text });
      return;
    }
    this.set("playing", false);
    this.set("selected", "");
    this.set("step", 0);
    this.set("inputs", typed.inputs);
    this.set("spec", typed.spec);
    this.set("assignments", typed.assignments);
    this.set("expression", text);
    this.set("message", {});
  }
}

/** A heading that names the formula goes on naming it. */
function followTitle(model: TypingModel) {
  const heading = document.querySelector("h1");
  const named = model.get("expression");
  if (document.title !== named && document.title !== model.get("assignments")) return;
  model.on("change:expression", () => {
    document.title = model.get("expression") ?? "";
    if (heading) heading.textContent = document.title;
  });
}

/** Show the page's graph, and what is typed, in both modes. */
export function openEditablePage(makeAids: (view: View) => Aids) {
  useCompiler(compileGraph);
  useFunctions({ erf, erfc });
  withExpressionBox();
  furnishAlso(completeNames);
  const vocabulary = readPageData<Vocabulary>("bpv-vocabulary");
  openPage(makeAids, (traits) => {
    const model = new TypingModel(traits, vocabulary);
    followTitle(model);
    return model;
  });
}
