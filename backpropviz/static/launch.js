// What a notebook loads first: it unpacks the view's program, which came compressed as a trait, and starts it.
import { importText } from "./import_text.js";
import { unpackSpecification } from "./unpack.js";

async function launch({ model, el, ...others }) {
  const { script, style } = await unpackSpecification(model.get("program"));
  const view = await importText(script);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  el.append(sheet);
  const end = await view.render({ model, el, ...others });
  return () => {
    end?.();
    sheet.remove();
  };
}

export default { render: launch };
