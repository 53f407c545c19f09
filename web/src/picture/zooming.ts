// The buttons that bring a picture closer or fit it.
import { type IconName, makeElement, makeIcon } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import type { Camera } from "./camera.js";

/** The group of zoom buttons of a stage: its element, and how to show whether the camera follows the run. */
export function makeZoomButtons({
  lifetime,
  camera,
  onFit,
  onFollow,
}: {
  lifetime: Lifetime;
  camera: Camera;
  onFit: () => void;
  onFollow: () => void;
}) {
  const choices: [icon: IconName, title: string, action: () => void][] = [
    ["follow", "Follow the run (F)", onFollow],
    ["closer", "Zoom in (Ctrl + wheel)", () => camera.zoom(1)],
    ["farther", "Zoom out (Ctrl + wheel)", () => camera.zoom(-1)],
    ["fit", "Fit the picture, moved nodes back in place", onFit],
  ];
  const element = makeElement("div", { class: "bpv-zoom", role: "group", "aria-label": "Zoom" });
  const [follow] = choices.map(([icon, title, action]) => {
    const label = title.split(/[,(]/)[0].trim();
    const naming = { title, "aria-label": label };
    const button = makeElement("button", { type: "button", class: "bpv-icon-button", ...naming }, makeIcon(icon));
    lifetime.listen(button, "click", action);
    element.append(button);
    return button;
  });
  follow.hidden = true;
  return {
    element,
    showFollow({ isOn, isWorthwhile }: { isOn: boolean; isWorthwhile: boolean }) {
      follow.setAttribute("aria-pressed", String(isOn));
      follow.hidden = !isOn && !isWorthwhile;
    },
  };
}
