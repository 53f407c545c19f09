// @vitest-environment happy-dom
// What stands in for a view is hidden while the view lives, in each notebook's own arrangement of outputs.
import { expect, test } from "vitest";
import { makeElement, makeSvg } from "./dom.js";
import { PageModel } from "./exported_page.js";
import { Lifetime } from "./lifetime.js";
import { hideStill } from "./notebook.js";

const box = (className: string, ...children: Element[]) => makeElement("div", { class: className }, ...children);

const ARRANGEMENTS: Record<string, (view: Element, still: Element) => Element> = {
  JupyterLab: (view, still) =>
    box("jp-OutputArea", box("jp-OutputArea-child", view), box("jp-OutputArea-child still", still)),
  nbclassic: (view, still) =>
    box(
      "output",
      box("output_area", box("output_subarea", view)),
      box("output_area", box("output_subarea still", still)),
    ),
};

test.each(Object.entries(ARRANGEMENTS))("in %s", async (_name, arrange) => {
  const root = box("view");
  document.body.replaceChildren(arrange(root, makeSvg("svg", { id: "bpv-still-1" })));
  const lifetime = new Lifetime((work) => work);
  const model = new PageModel<{ still_id: string }>({ still_id: "bpv-still-1" });
  hideStill({ lifetime, root, model });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const output = document.querySelector<HTMLElement>(".still");
  expect(output?.style.display).toBe("none");
  lifetime.end();
  expect(output?.style.display).toBe("");
});
