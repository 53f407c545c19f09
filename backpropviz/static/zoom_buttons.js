// The buttons that bring the picture closer, take it farther, let it follow the run, and fit it again.
import { makeElement } from "./dom.js";
import { makeIcon } from "./icons.js";

/** The group of zoom buttons of a stage: its element, and how to show whether the camera follows the run. */
export function makeZoomButtons({ lifetime, camera, onFit, onFollow }) {
  const choices = [
    ["follow", "Follow the run (F)", onFollow],
    ["closer", "Zoom in (Ctrl + wheel)", () => camera.zoom(1)],
    ["farther", "Zoom out (Ctrl + wheel)", () => camera.zoom(-1)],
    ["fit", "Fit the picture, moved nodes back in place", onFit],
  ];
  const element = makeElement("div", { class: "bpv-zoom", role: "group", "aria-label": "Zoom" });
  for (const [icon, title, action] of choices) {
    const label = title.split(/[,(]/)[0].trim();
    const naming = { title, "aria-label": label };
    const button = makeElement("button", { type: "button", class: "bpv-icon-button", ...naming }, makeIcon(icon));
    lifetime.listen(button, "click", action);
    element.append(button);
  }
  const follow = element.firstChild;
  follow.hidden = true;
  return {
    element,
    showFollow({ isOn, isWorthwhile }) {
      follow.setAttribute("aria-pressed", String(isOn));
      follow.hidden = !isOn && !isWorthwhile;
    },
  };
}
