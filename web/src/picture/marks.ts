// The marks of the picture: what one node and one edge are made of, and the element references to change them fast.
import { makeSvg } from "../page/dom.js";
import { numberWidth } from "../story/numerals.js";
import type { SceneEdge, SceneNode } from "../types/specification.js";
import { MeasuredRoute, type Route, samplePoints, writePath } from "./routes.js";
import type { Tile, TileMaker } from "./tiles.js";

/** An element that remembers what it shows: an unchanged text costs no layout. */
type RememberingText = SVGElement & { shownText?: string; shownShrink?: number };

const NAME_LETTER = 8.6; // the width of a wide letter of a name
const RING_GAP = 6;
const FOCUS_GAP = 12;
const LABEL_GAP = 13;
const BOX_CORNER = 11;
const CORNERS: [side: number, rise: number][] = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
];

function outline(node: SceneNode, gap: number, className: string) {
  if (node.shape === "circle") return makeSvg("circle", { r: node.width / 2 + gap, class: className });
  return makeSvg("rect", {
    x: -node.width / 2 - gap,
    y: -node.height / 2 - gap,
    width: node.width + 2 * gap,
    height: node.height + 2 * gap,
    rx: (node.kind === "constant" ? 6 : BOX_CORNER) + gap,
    class: className,
  });
}

// Which corner of a node the fewest of its edges pass through; the points of an edge stand for the edge.
function freestCorner(node: SceneNode, edges: EdgeMark[]) {
  const points = edges.flatMap((edge) => samplePoints(edge.pieces, 10));
  const width = 9 * [...node.name].length + 4;
  const passing = ([side, rise]: readonly [number, number]) => {
    const x = node.x + side * (node.width / 2 + width / 2);
    const y = node.y + rise * node.height * 0.5;
    return points.filter((point) => Math.abs(point.x - x) < width / 2 + 3 && Math.abs(point.y - y) < 13).length;
  };
  let best = CORNERS[0];
  for (const corner of CORNERS) if (passing(corner) < passing(best)) best = corner;
  return best;
}

// Long labels shrink to the shape they stand in; a bold letter, digit or sign takes some 0.62 em on average.
function makeLabel(node: SceneNode) {
  const label = makeSvg("text", { class: "bpv-label", dy: "0.35em", text: node.label });
  const room = (node.width - (node.shape === "circle" ? 12 : 10)) / (0.62 * Math.max(1, [...node.label].length));
  const sizes = node.kind === "constant" ? [15, 18] : [17, 22];
  // In a small picture nothing stands around the shapes, so that what stands in them may be larger.
  const wishes: [name: string, size: number][] = [
    ["--bpv-label", sizes[0]],
    ["--bpv-label-terse", sizes[1]],
  ];
  for (const [name, wished] of wishes) {
    label.style.setProperty(name, `${Math.max(9, Math.min(wished, room)).toFixed(1)}px`);
  }
  return label;
}

/** Set the text of an element only where it changes: an unchanged text costs no layout. */
export function setTextOf(element: RememberingText, text: string) {
  if (element.shownText === text) return;
  element.shownText = text;
  element.textContent = text;
}

/** Set a number above or below a node; a very long one is set smaller, so that it stays clear of the next. */
export function setNumberOf(element: RememberingText, text: string, type: number, room: number) {
  if (element.shownText !== text) {
    // The sign before a gradient may be smaller than its number.
    const sign = text[1] === " " ? text.slice(0, 2) : "";
    setTextOf(element, text.slice(sign.length));
    if (sign) element.prepend(makeSvg("tspan", { class: "bpv-sign", text: sign }));
    element.shownText = text;
  }
  const shrink = Math.min(1, room / (numberWidth(text) * type));
  if ((element.shownShrink ?? 1) === shrink) return;
  element.shownShrink = shrink;
  element.style.setProperty("--bpv-shrink", shrink.toFixed(3));
}

/** A node of the picture with references to the parts that change. */
export class NodeMark {
  room = 110; // scene units: as wide as a number may be beside its neighbours in the next columns
  spread = 0; // scene units: as wide as its numbers are where they are large
  badge: SVGElement | null = null;
  badgeWord = "";
  id: number;
  node: Omit<SceneNode, "tile">;
  home: { x: number; y: number };
  edges: EdgeMark[];
  nameLabel: SVGTextElement | null;
  /** Of an array: its numbers, inside. */
  tile: Tile | null;
  value: SVGTextElement;
  slope: SVGTextElement;
  element: SVGGElement;
  ringElement: SVGElement | null;
  nameCorner?: [side: number, rise: number];
  nameEnd!: number;
  ringKind?: string;
  shownClasses?: Map<string, boolean>;
  /** Of a mark inside a frame. */
  onPlace?: () => void;

  constructor(
    node: SceneNode,
    readonly name: string,
    slopeSign: string,
    makeTile?: TileMaker,
  ) {
    this.id = node.id;
    this.node = { ...node };
    this.home = { x: node.x, y: node.y };
    this.edges = [];
    const half = node.height / 2;
    // A circle leaves its corners free, so its name can come closer than a box's.
    this.tile = node.tile ? (makeTile?.(node, node.tile, name, slopeSign) ?? null) : null;
    const showsName = this.tile === null && node.name && node.name !== node.label;
    this.nameLabel = showsName ? makeSvg("text", { class: "bpv-name", text: node.name }) : null;
    this.value = makeSvg("text", { class: "bpv-value", y: -half - LABEL_GAP });
    this.slope = makeSvg("text", { class: "bpv-slope", y: half + LABEL_GAP - 1, dy: "0.8em" });
    this.element = makeSvg(
      "g",
      {
        class: `bpv-node bpv-kind-${node.kind}${node.output ? " bpv-output" : ""}`,
        "data-node": name,
        tabindex: 0,
        role: "button",
        "aria-pressed": "false",
      },
      outline(node, FOCUS_GAP, "bpv-focus"),
      outline(node, 0, "bpv-node-body"),
      this.tile ? this.tile.element : makeLabel(node),
      this.nameLabel,
      this.value,
      this.slope,
    );
    // The ring lies below the edges, so that arrow heads stay whole; it is made when a node first needs one.
    this.ringElement = null;
    this.place(node.x, node.y);
  }

  // The name stands upper left unless an edge passes there and another corner is free.
  placeName() {
    if (this.nameLabel === null) return;
    const [side, rise] = (this.nameCorner = freestCorner(this.node, this.edges));
    const isCircle = this.node.shape === "circle";
    // Outside the ring, and below the line on which the value stands.
    const dx = this.node.width / 2 + (isCircle ? 5 : 10);
    const dy = isCircle ? this.node.height * 0.36 : this.node.height / 2 - 6;
    this.nameLabel.setAttribute("x", String(side * dx));
    this.nameLabel.setAttribute("y", String(rise < 0 ? -dy : dy + 9));
    this.nameLabel.classList.toggle("bpv-name-high", rise < 0);
    this.nameLabel.style.textAnchor = side < 0 ? "end" : "start";
    this.nameEnd = dx + [...this.node.name].length * NAME_LETTER;
  }

  /** How far from its middle a node reaches to a side, -1 or 1, with its name; in scene units. */
  reach(side: number) {
    return Math.max(this.node.width / 2, this.nameCorner?.[0] === side ? this.nameEnd : 0);
  }

  place(x: number, y: number) {
    this.node.x = x;
    this.node.y = y;
    const transform = `translate(${Math.round(x * 100) / 100},${Math.round(y * 100) / 100})`;
    this.element.setAttribute("transform", transform);
    this.ringElement?.setAttribute("transform", transform);
    this.onPlace?.();
  }

  /** Show a ring of a kind, "current" or "sending", or none (""). */
  ring(kind: string, layer: SVGElement) {
    if ((this.ringKind ?? "") === kind) return;
    this.ringKind = kind;
    this.ringElement?.remove();
    this.ringElement = null;
    if (kind) {
      this.ringElement = outline(this.node, RING_GAP, `bpv-ring bpv-ring-${kind}`);
      layer.append(this.ringElement);
    }
    this.place(this.node.x, this.node.y);
    this.element.classList.toggle("bpv-current", kind === "current");
  }

  toggle(className: string, wanted: boolean) {
    const shown = (this.shownClasses ??= new Map());
    if (Boolean(shown.get(className)) === wanted) return;
    shown.set(className, wanted);
    this.element.classList.toggle(className, wanted);
  }
}

/** An edge of the picture; its state is one class, so a step that does not touch it costs nothing. */
export class EdgeMark {
  home: Route;
  state: string;
  element: SVGPathElement;
  label: SVGTextElement | null;
  pieces!: Route;

  constructor(
    readonly key: number,
    public edge: SceneEdge,
    readonly source: NodeMark,
    readonly target: NodeMark,
    pieces: Route,
  ) {
    this.home = pieces;
    this.state = "future";
    this.element = makeSvg("path", { class: "bpv-edge bpv-edge-future", "data-edge": key });
    this.label = edge.label ? makeSvg("text", { class: "bpv-edge-label", dy: "0.35em", text: edge.label }) : null;
    if (edge.crowded) this.label?.classList.add("bpv-crowded");
    this.route(pieces);
  }

  /** Where labels have no room for all, show it for the edges of the selected node. */
  nameFor(selected: string) {
    const isNamed = selected === this.source.name || selected === this.target.name;
    if (this.edge.crowded) this.label?.classList.toggle("bpv-is-named", isNamed);
  }

  /** A selected node lights what comes in and what goes out. */
  litBy(selected: string) {
    if (selected === "") return "";
    if (this.target.name === selected) return " bpv-edge-in";
    return this.source.name === selected ? " bpv-edge-out" : "";
  }

  route(pieces: Route) {
    this.pieces = pieces;
    this.element.setAttribute("d", writePath(pieces));
    if (this.label === null) return;
    const { x, y } = new MeasuredRoute(pieces).pointAt(this.edge.share ?? 0.5);
    this.label.setAttribute("x", x.toFixed(1));
    this.label.setAttribute("y", y.toFixed(1));
  }

  show(state: string) {
    if (state === this.state) return;
    this.state = state;
    this.element.setAttribute("class", `bpv-edge bpv-edge-${state}`);
  }
}

/** Arrow heads in the colours an edge can have; their names are made unique per view by a prefix. */
export function makeArrowHeads(prefix: string) {
  const definitions = makeSvg("defs");
  for (const kind of ["future", "forward", "backward", "tangent"]) {
    for (const trace of ["", "-trace"]) {
      if (kind === "future" && trace) continue;
      const shape = { viewBox: "0 0 10 10", refX: 8.5, refY: 5, orient: "auto-start-reverse" };
      const size = trace || kind === "future" ? 8 : 13;
      definitions.append(
        makeSvg(
          "marker",
          {
            id: `${prefix}-${kind}${trace}`,
            ...shape,
            markerWidth: size,
            markerHeight: size,
            markerUnits: "userSpaceOnUse",
          },
          makeSvg("path", { d: "M0 1L9 5L0 9z", class: `bpv-arrow-${kind}${trace}` }),
        ),
      );
    }
  }
  return definitions;
}
