// Plates with names and numbers, where labels are too small or out of sight.
import { bounded, makeSvg } from "../page/dom.js";
import type { Picture } from "../page/view.js";
import { shortText } from "../story/number_sources.js";
import type { Session } from "../story/session.js";
import type { SceneNode } from "../types/specification.js";
import { boundsOf, boxAt, nodeBoxes, overlap } from "./boxes.js";
import type { Camera } from "./camera.js";
import type { NodeMark } from "./marks.js";
import type { Box } from "./routes.js";

const CAPTION_SIZE = 12.5;
const MOST_CAPTIONS = 9;
const CHARACTER_WIDTH = 7.2;
const MOST_OBSTACLES = 150;
const DISTANCES = [18, 40, 64, 90, 118];
const SHIFTS = [0, -0.5, 0.5, -1, 1]; // in widths of a plate: what is out of sight is told of at the edge, where there is room

// The nearer to what is being told, the earlier a node gets its plate.
function nearMarks(stage: Picture) {
  const { session, markOf, hovered, marks } = stage;
  const near = new Set([
    session.focus.node === null ? null : markOf.get(session.focus.node),
    hovered,
    marks.get(session.selected),
  ]);
  if (session.focus.consumer !== null) near.add(markOf.get(session.focus.consumer));
  for (const edge of session.active) {
    near.add(stage.edges.get(edge)?.source);
    near.add(stage.edges.get(edge)?.target);
  }
  for (const mark of [hovered, marks.get(session.selected)]) {
    for (const edge of mark?.edges ?? []) near.add(edge.source).add(edge.target);
  }
  return [...near].filter((mark) => mark !== undefined && mark !== null);
}

function makeCaption(parts: [words: string, className: string][]) {
  const text = makeSvg("text", { dy: "0.35em" });
  const length = parts.reduce((sum, [words]) => sum + [...words].length + 1, 0);
  parts.forEach(([words, className], index) => {
    text.append(makeSvg("tspan", { class: className, dx: index === 0 ? 0 : "0.6em", text: words }));
  });
  const width = length * CHARACTER_WIDTH + 12;
  const plate = makeSvg("rect", { x: -width / 2, y: -11, width, height: 22, rx: 6 });
  return { width, element: makeSvg("g", { class: "bpv-caption" }, plate, text) };
}

function captionParts(session: Session, mark: NodeMark) {
  const parts: [words: string, className: string][] = [[mark.name, "bpv-caption-name"]];
  if (session.replay.known[mark.id]) parts.push([shortText(session.valueNow(mark.id)), "bpv-caption-value"]);
  const slope = session.slope(mark.id);
  if (slope.text) parts.push([slope.text, slope.tangent === null ? "bpv-caption-slope" : "bpv-caption-tangent"]);
  return parts;
}

// Plates stand clear of what they are about: the nodes they name, the pills, and each other.
function placeCaption(
  mark: NodeMark,
  width: number,
  growth: number,
  {
    taken,
    bystanders,
    left,
    right,
    top,
    bottom,
  }: { taken: Box[]; bystanders: Box[]; left: number; right: number; top: number; bottom: number },
) {
  let best = { cost: Infinity, x: 0, y: 0, box: boxAt(0, 0, 0, 0) };
  const room = (width / 2 + 4) * growth;
  for (const distance of DISTANCES) {
    for (const side of [-1, 1]) {
      for (const shift of SHIFTS) {
        const x = bounded(mark.node.x + shift * width * growth, left + room, Math.max(left + room, right - room));
        const wished = mark.node.y + side * (mark.node.height / 2 + distance * growth);
        const y = bounded(wished, top + 13 * growth, Math.max(top + 13 * growth, bottom - 13 * growth));
        const box = boxAt(x, y, (width + 6) * growth, 26 * growth);
        const covered = (boxes: Box[]) => boxes.reduce((sum, other) => sum + overlap(box, other), 0) / growth ** 2;
        const cost = covered(taken) + 0.3 * covered(bystanders) + distance + Math.abs(shift) * 8;
        if (cost < best.cost) best = { cost, x, y, box };
      }
    }
  }
  return best;
}

// Where a line from the middle of a node to a place leaves the node: what stands in it stays legible.
function edgeTowards(node: SceneNode, x: number, y: number) {
  const [dx, dy] = [x - node.x, y - node.y];
  const share =
    node.shape === "circle"
      ? node.width / 2 / (Math.hypot(dx, dy) || 1)
      : Math.min(node.width / 2 / (Math.abs(dx) || 1e-9), node.height / 2 / (Math.abs(dy) || 1e-9));
  return { x: node.x + dx * Math.min(1, share), y: node.y + dy * Math.min(1, share) };
}

function isSeenWhole(mark: NodeMark, { visible, fills }: Camera) {
  const { x, y, width, height } = boundsOf([mark], [], Boolean(fills));
  const isWithin = x > visible.left - 2 && y > visible.top - 2;
  return isWithin && x + width < visible.right + 2 && y + height < visible.bottom + 2;
}

// Which get a plate: all where labels are too small, else what is out of sight.
function captioned({ camera }: Picture, told: NodeMark[]) {
  return (
    told
      // A tile has its numbers inside, and shapes alone would cover its neighbours.
      .filter((mark) => (camera.isTerse && !mark.tile) || !isSeenWhole(mark, camera))
      .slice(0, MOST_CAPTIONS)
  );
}

/** What plates say. */
export function captionWords(stage: Picture) {
  return captioned(stage, nearMarks(stage)).map((mark) => captionParts(stage.session, mark));
}

/** Draw plates for what is told about. */
export function drawCaptions(group: SVGElement, stage: Picture, boxes: Box[], signs: number) {
  group.replaceChildren();
  const { camera } = stage;
  const { isTerse } = camera;
  const told = nearMarks(stage);
  const near = captioned(stage, told);
  if (near.length === 0) return;
  const growth = Math.max(CAPTION_SIZE / 12 / camera.scale, isTerse ? 0 : signs);
  const labelled = (mark: NodeMark) =>
    isTerse ? boxAt(mark.node.x, mark.node.y, mark.node.width, mark.node.height) : nodeBoxes(mark, camera.type);
  const taken = [...boxes, ...(stage.overview?.boxes ?? []), ...told.flatMap(labelled)];
  // To cover a node that is not told about is bad, but not as bad as to cover one that is.
  const others = stage.marks.size <= MOST_OBSTACLES ? [...stage.marks.values()] : [];
  const bystanders = others.flatMap(labelled);
  for (const mark of near) {
    const { width, element } = makeCaption(captionParts(stage.session, mark));
    const { x, y, box } = placeCaption(mark, width, growth, { taken, bystanders, ...stage.camera.visible });
    taken.push(box);
    element.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${growth.toFixed(3)})`);
    const start = edgeTowards(mark.node, x, y);
    group.prepend(makeSvg("line", { x1: start.x, y1: start.y, x2: x, y2: y, class: "bpv-caption-leader" }));
    group.append(element);
  }
}
