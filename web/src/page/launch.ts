// What a notebook loads first: it unpacks the view's program, which came compressed as a trait, and starts it.
import { addressOf, importText } from "./module_text.js";
import { unpackSpecification } from "../story/specification.js";

/** Start a view's program; what a later part shares with it stays at its address as long as the view lives. */
export async function launch({ model, el }) {
  const { script, shared, style } = await unpackSpecification(model.get("program"));
  const address = shared ? addressOf(shared) : "";
  const view = await importText(script, address);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  el.append(sheet);
  const end = await view.render({ model, el, shared: address });
  return () => {
    end?.();
    sheet.remove();
    URL.revokeObjectURL(address);
  };
}
