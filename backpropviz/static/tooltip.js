// Every digit of a node, shown beside it on hover and on keyboard focus.
import { makeElement } from "./dom.js";
import { fullPrecision } from "./format.js";

function everyDigit(number) {
  return typeof number === "number" ? fullPrecision(number) : (number?.full ?? "");
}

/** The tooltip of a stage. */
export class Tooltip {
  constructor(element, session) {
    this.element = element;
    this.session = session;
  }

  hide() {
    this.element.classList.remove("bpv-shown");
  }

  show(mark, camera) {
    const { session } = this;
    const rows = [["bpv-tip-title", session.equation(mark.id) || mark.name]];
    if (session.replay.known[mark.id]) {
      rows.push(["bpv-tip-value", `value  ${everyDigit(session.number("value", mark.id))}`]);
    }
    if (session.replay.settled[mark.id]) {
      rows.push(["bpv-tip-slope", `▽  ${everyDigit(session.number("gradient", mark.id))}`]);
    }
    if (session.replay.tangentKnown[mark.id]) {
      rows.push(["bpv-tip-tangent", `▷  ${everyDigit(session.number("tangent", mark.id))}`]);
    }
    this.element.replaceChildren(...rows.map(([name, text]) => makeElement("div", { class: name, text })));
    const { node } = mark;
    const right = camera.x + (node.x + node.width / 2) * camera.scale + 18;
    const left = camera.x + (node.x - node.width / 2) * camera.scale - 18;
    const flips = right + 230 > camera.width && left > 230;
    this.element.style.left = `${flips ? left : right}px`;
    this.element.style.top = `${camera.y + node.y * camera.scale}px`;
    this.element.classList.toggle("bpv-tip-left", flips);
    this.element.classList.add("bpv-shown");
  }
}
