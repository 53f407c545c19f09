// What a notebook loads first: it unpacks the view's program, which came compressed as a trait, and starts it.
import { unpackSpecification } from "../story/specification.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";
import { addressOf, importText } from "./module_text.js";

/**
 * Start a view's program, and another that the kernel sends in its place: a graph with arrays takes more to show.
 *
 * What a later part shares with the program stays at its address as long as the view lives.
 */
export async function launch({ model, el }: { model: Model<ExplorerTraits>; el: HTMLElement }) {
  let end = () => {};
  const start = async () => {
    end();
    end = () => {};
    const program = model.get("program");
    if (!program?.byteLength) return; // it comes with the graph
    const { script, shared, style } = await unpackSpecification<{ script: string; shared?: string; style: string }>(
      program,
    );
    const address = shared ? addressOf(shared) : "";
    const view = await importText<{ render(given: object): (() => void) | undefined }>(script, address);
    if (model.get("program") !== program) return URL.revokeObjectURL(address); // another has come meanwhile
    const sheet = document.createElement("style");
    sheet.textContent = style;
    el.append(sheet);
    const endView = view.render({ model, el, shared: address });
    end = () => {
      endView?.();
      sheet.remove();
      URL.revokeObjectURL(address);
    };
  };
  model.on("change:program", start);
  await start();
  return () => {
    model.off("change:program", start);
    end();
  };
}
