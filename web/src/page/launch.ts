// What a notebook loads first: it unpacks the view's program, which came compressed as a trait, and starts it.
import { unpackSpecification } from "../story/specification.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";
import { addressOf, importText } from "./module_text.js";

/** Start a view's program; what a later part shares with it stays at its address as long as the view lives. */
export async function launch({ model, el }: { model: Model<ExplorerTraits>; el: HTMLElement }) {
  const { script, shared, style } = await unpackSpecification<{ script: string; shared?: string; style: string }>(
    model.get("program") ?? new Blob(),
  );
  const address = shared ? addressOf(shared) : "";
  const view = await importText<{ render(given: object): (() => void) | undefined }>(script, address);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  el.append(sheet);
  const end = view.render({ model, el, shared: address });
  return () => {
    end?.();
    sheet.remove();
    URL.revokeObjectURL(address);
  };
}
