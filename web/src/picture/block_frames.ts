// Lines around the marks of blocks that several values leave.
import { makeSvg } from "../page/dom.js";
import type { PlainScene, SceneFrame } from "../types/specification.js";
import type { NodeMark } from "./marks.js";

const TITLE_PLACE = [12, 21]; // from the upper left corner

function around(marks: NodeMark[]) {
  const side = (sign: number, axis: "x" | "y", size: "width" | "height") =>
    sign * Math.max(...marks.map(({ node }) => sign * node[axis] + node[size] / 2));
  return [side(-1, "x", "width"), side(-1, "y", "height"), side(1, "x", "width"), side(1, "y", "height")];
}

/** The lines around the blocks of a scene, which follow their marks. */
export function makeFrames({ frames = [] }: PlainScene, markOf: Map<number, NodeMark>): SVGGElement[] {
  return frames.map((frame) =>
    makeFrame(
      frame,
      frame.nodes.map((node) => markOf.get(node)!),
    ),
  );
}

function makeFrame(frame: SceneFrame, marks: NodeMark[]): SVGGElement {
  const line = makeSvg("rect", { rx: 12 });
  const title = makeSvg("text", { text: frame.title });
  const room = around(marks);
  const wall = [frame.x, frame.y, frame.x + frame.width, frame.y + frame.height];
  const fit = () => {
    const [left, top, right, bottom] = around(marks).map((each, side) => each + wall[side] - room[side]);
    const sizes = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(sizes)) line.setAttribute(name, value.toFixed(1));
    title.setAttribute("x", (left + TITLE_PLACE[0]).toFixed(1));
    title.setAttribute("y", (top + TITLE_PLACE[1]).toFixed(1));
  };
  for (const mark of marks) mark.onPlace = fit;
  fit();
  return makeSvg("g", { class: "bpv-block-frame" }, line, title);
}
