// Where the picture is too small for labels: plates of readable size for the current neighbourhood, and no others.
import { makeSvg } from "./dom.js";
import { shortText } from "./session.js";

const CAPTION_SIZE = 12.5;
const MOST_CAPTIONS = 9;
const CHARACTER_WIDTH = 7.2;

// The nearer to what is being told, the earlier a node gets its plate.
function nearMarks(stage) {
  const { session, markOf, hovered, marks } = stage;
  const near = new Set([markOf.get(session.focus.node), hovered, marks.get(session.selected)]);
  near.add(markOf.get(session.focus.consumer));
  for (const edge of session.active) {
    near.add(stage.edges.get(edge)?.source);
    near.add(stage.edges.get(edge)?.target);
  }
  for (const mark of [hovered, marks.get(session.selected)]) {
    for (const edge of mark?.edges ?? []) near.add(edge.source).add(edge.target);
  }
  near.delete(undefined);
  near.delete(null);
  return [...near];
}

function makeCaption(parts) {
  const text = makeSvg("text", { dy: "0.35em" });
  const length = parts.reduce((sum, [words]) => sum + [...words].length + 1, 0);
  parts.forEach(([words, className], index) => {
    text.append(makeSvg("tspan", { class: className, dx: index === 0 ? 0 : "0.6em", text: words }));
  });
  const width = length * CHARACTER_WIDTH + 12;
  const plate = makeSvg("rect", { x: -width / 2, y: -11, width, height: 22, rx: 6 });
  return { width, element: makeSvg("g", { class: "bpv-caption" }, plate, text) };
}

/** Draw the captions of a stage that is shown too small, and none otherwise. */
export function drawCaptions(group, stage) {
  group.replaceChildren();
  if (!stage.camera.isTerse) return;
  const { session } = stage;
  const growth = (CAPTION_SIZE / 12) / stage.camera.scale;
  const taken = [];
  for (const mark of nearMarks(stage)) {
    const parts = [[mark.name, "bpv-caption-name"]];
    if (session.replay.known[mark.id]) parts.push([shortText(session.number("value", mark.id)), "bpv-caption-value"]);
    const slope = session.slope(mark.id);
    if (slope.text) parts.push([slope.text, slope.tangent === null ? "bpv-caption-slope" : "bpv-caption-tangent"]);
    const { width, element } = makeCaption(parts);
    const { x } = mark.node;
    const spots = [-1, 1].map((side) => mark.node.y + side * (mark.node.height / 2 + 16 * growth));
    const free = spots.find((y) =>
      taken.every((other) => Math.abs(other.x - x) > ((other.width + width) / 2) * growth || Math.abs(other.y - y) > 24 * growth),
    );
    if (free === undefined || taken.length >= MOST_CAPTIONS) continue;
    taken.push({ x, y: free, width });
    element.setAttribute("transform", `translate(${x.toFixed(1)},${free.toFixed(1)}) scale(${growth.toFixed(3)})`);
    group.append(element);
  }
}
