// @vitest-environment happy-dom
// What stands in for a view is hidden while the view lives, in each notebook's own arrangement of outputs.
import { expect, test } from "vitest";
import { makeElement, makeSvg } from "./dom.js";
import { Lifetime } from "./lifetime.js";
import { hideStill } from "./notebook.js";

const box = (className, ...children) => makeElement("div", { class: className }, ...children);

const ARRANGEMENTS = {
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
  const model = { get: () => "bpv-still-1", on: () => {}, off: () => {} };
  hideStill({ lifetime, root, model });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const output = document.querySelector(".still");
  expect(output.style.display).toBe("none");
  lifetime.end();
  expect(output.style.display).toBe("");
});
