// Every digit of a node, shown beside it on hover and on keyboard focus.
import { bounded, makeElement } from "./dom.js";
import { fullPrecision } from "./format.js";

const LABEL_REACH = 34; // scene units: the labels above and below a node
const ROOM = 84; // pixels: a tooltip of three lines
const HALF_WIDTH = 120;

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
    this.place(mark.node, camera);
    this.element.classList.add("bpv-shown");
  }

  // Below the node's labels, above them where there is no room below: to the sides run the edges.
  place(node, camera) {
    const reach = (node.height / 2 + LABEL_REACH) * camera.scale;
    const y = camera.y + node.y * camera.scale;
    const isLow = y + reach + ROOM > camera.height && y - reach > ROOM;
    const x = bounded(camera.x + node.x * camera.scale, HALF_WIDTH, Math.max(HALF_WIDTH, camera.width - HALF_WIDTH));
    this.element.style.left = `${x}px`;
    this.element.style.top = `${isLow ? y - reach : y + reach}px`;
    this.element.classList.toggle("bpv-tip-above", isLow);
  }
}
