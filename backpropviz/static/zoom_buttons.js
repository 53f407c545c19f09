// The buttons that bring the picture closer, take it farther, and fit it again.
import { makeElement } from "./dom.js";
import { makeIcon } from "./icons.js";

/** The group of zoom buttons of a stage. */
export function makeZoomButtons({ lifetime, camera, onFit }) {
  const choices = [
    ["closer", "Zoom in (Ctrl + wheel)", () => camera.zoom(1)],
    ["farther", "Zoom out (Ctrl + wheel)", () => camera.zoom(-1)],
    ["fit", "Fit the picture, moved nodes back in place", onFit],
  ];
  const group = makeElement("div", { class: "bpv-zoom", role: "group", "aria-label": "Zoom" });
  for (const [icon, title, action] of choices) {
    const label = title.split(/[,(]/)[0].trim();
    const naming = { title, "aria-label": label };
    const button = makeElement("button", { type: "button", class: "bpv-icon-button", ...naming }, makeIcon(icon));
    lifetime.listen(button, "click", action);
    group.append(button);
  }
  return group;
}
