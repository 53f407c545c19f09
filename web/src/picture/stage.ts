// The picture: nodes and edges as SVG, built once per scene; a step or a slider changes only what differs.
import { makeElement, makeSvg, nearest, setAttributeOf } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { parts } from "../page/parts.js";
import { exactText, shortText } from "../story/number_sources.js";
import type { Changed } from "../story/replay.js";
import type { Session } from "../story/session.js";
import type { Size, Specification } from "../types/specification.js";
import { boundsOf } from "./boxes.js";
import { type Bounds, Camera } from "./camera.js";
import { EdgeMark, makeArrowHeads, NodeMark, setNumberOf } from "./marks.js";
import type { NodeDragging } from "./motion.js";
import { Overlay } from "./overlay.js";
import type { Corner, FollowSwitch, Picture, Walking } from "../page/view.js";
import { readPath } from "./routes.js";
import { makeLegend, showBadge } from "./signs.js";
import { makeZoomButtons } from "./zooming.js";

const ARROW_KINDS = "future forward backward tangent forward-trace backward-trace tangent-trace".split(" ");

function newPrefix() {
  // Marker names are global to a page, and a page can hold many views.
  return `bpv-${Math.random().toString(36).slice(2, 9)}`;
}

/** The stage of one view. */
export class Stage implements Picture {
  stopMoving = () => {}; // the nodes that glide from one scene to the next
  turnFollowing: () => void;
  onHover: (mark: NodeMark | null) => void = () => {};
  onShow = () => {};
  drawTiles?: (camera: Camera | null) => void;
  session: Session;
  onBounds: () => void;
  lifetime: Lifetime;
  marks = new Map<string, NodeMark>();
  edges = new Map<number, EdgeMark>();
  hovered: NodeMark | null = null;
  prefix = newPrefix();
  ringLayer: SVGGElement;
  edgeLayer: SVGGElement;
  nodeLayer: SVGGElement;
  graph: SVGSVGElement;
  overlay: Overlay;
  overview?: Corner;
  element: HTMLDivElement;
  foot: HTMLDivElement;
  holder: HTMLDivElement;
  camera: Camera;
  following?: Walking;
  legend: HTMLDivElement;
  zoom: ReturnType<typeof makeZoomButtons>;
  dragging?: NodeDragging;
  markOf!: Map<number, NodeMark>;
  bounds!: Bounds;
  labelBoxes?: Picture["labelBoxes"];
  legendShows!: string;
  arriving?: { mark: NodeMark; className: string };

  /**
   * onSelect(name): a node was chosen, or "" for the background; onBounds(): another scene has other bounds;
   * follow: whether the camera shall follow the run: isWanted(), and want(isOn).
   */
  constructor({
    lifetime,
    onSelect,
    onBounds,
    follow,
    session,
  }: {
    lifetime: Lifetime;
    onSelect: (name: string) => void;
    onBounds: () => void;
    follow: FollowSwitch;
    session: Session;
  }) {
    this.session = session;
    this.onBounds = onBounds;
    this.lifetime = lifetime;
    lifetime.onEnd(() => this.stopMoving());
    this.ringLayer = makeSvg("g", { class: "bpv-rings" });
    this.edgeLayer = makeSvg("g", { class: "bpv-edges" });
    this.nodeLayer = makeSvg("g", { class: "bpv-nodes" });
    const world = makeSvg("g", { class: "bpv-world" }, this.ringLayer, this.edgeLayer, this.nodeLayer);
    const label = { role: "group", "aria-label": "Computation graph" };
    this.graph = makeSvg("svg", { class: "bpv-graph", ...label }, makeArrowHeads(this.prefix), world);
    for (const kind of ARROW_KINDS) {
      this.graph.style.setProperty(`--bpv-arrow-${kind}`, `url(#${this.prefix}-${kind})`);
    }
    this.overlay = new Overlay({ session, stage: this });
    const layers = [this.graph, this.overlay.element, this.overlay.tooltip];
    this.element = makeElement("div", { class: "bpv-stage", tabindex: -1 }, ...layers);
    this.foot = makeElement("div", { class: "bpv-stage-foot" });
    this.holder = makeElement("div", { class: "bpv-stage-holder" }, this.element, this.foot);
    this.camera = new Camera({
      lifetime,
      stage: this.element,
      groups: [world, this.overlay.world],
      onChange: (camera) => this.rescale(camera),
    });
    this.following = parts.makeFollowing?.({ lifetime, stage: this, isWanted: () => follow.isWanted() });
    this.camera.interrupt = () => this.following?.stop();
    this.legend = makeElement("div", { class: "bpv-legend-holder" });
    const onFit = () => (this.following?.isOn ? this.turnFollowing() : this.tidy());
    this.turnFollowing = () => follow.want(!this.following?.isOn);
    this.zoom = makeZoomButtons({ lifetime, camera: this.camera, onFit, onFollow: () => this.turnFollowing() });
    this.foot.append(this.legend, this.zoom.element);
    this.listen(onSelect);
  }

  /** The mark that an element belongs to. */
  markAt(target: EventTarget | null) {
    return this.marks.get(nearest(target, "[data-node]")?.dataset.node ?? "") ?? null;
  }

  listen(onSelect: (name: string) => void) {
    this.lifetime.listen(this.element, "click", (event) => {
      if (this.dragging?.justMoved || this.camera.justPanned) return;
      onSelect(this.markAt(event.target)?.name ?? "");
    });
    this.lifetime.listen(this.nodeLayer, "pointerover", (event) => this.hover(this.markAt(event.target)));
    this.lifetime.listen(this.nodeLayer, "pointerout", () => this.hover(null));
    // On the stage: an SVG element that listens to the focus would itself be reached by the tab key.
    this.lifetime.listen(this.element, "focusin", (event) => this.hover(this.markAt(event.target)));
    this.lifetime.listen(this.element, "focusout", () => this.hover(null));
  }

  /** Draw another scene; nodes that were there before move to their new places. */
  build(spec: Specification, size: Size) {
    const former = new Map([...this.marks].map(([name, mark]) => [name, { x: mark.node.x, y: mark.node.y }]));
    const formerRoutes = new Map([...this.edges.values()].map((edge) => [this.routeName(edge), edge.pieces]));
    this.overlay.clear();
    this.graph.classList.toggle("bpv-is-forward-mode", spec.mode === "forward");
    this.marks = new Map();
    this.markOf = new Map();
    this.edges = new Map();
    const slopeSign = spec.mode === "forward" ? "▷" : "▽";
    for (const node of spec.scene.nodes) {
      const mark = new NodeMark(node, spec.graph.nodes[node.id]?.name ?? node.name, slopeSign, parts.makeTile);
      mark.element.classList.toggle("bpv-closed", Boolean(spec.graph.nodes[node.id]?.op.endsWith("composite")));
      this.marks.set(mark.name, mark);
      this.markOf.set(node.id, mark);
    }
    for (const edge of spec.scene.edges) {
      const [source, target] = [this.markOf.get(edge.source), this.markOf.get(edge.target)];
      if (!source || !target) continue;
      const key = this.session.structure.edgeOf(edge.through ?? edge.target, edge.slot);
      const mark = new EdgeMark(key, edge, source, target, readPath(edge.path));
      this.edges.set(key, mark);
      source.edges.push(mark);
      if (target !== source) target.edges.push(mark);
    }
    for (const mark of this.marks.values()) mark.placeName();
    this.ringLayer.replaceChildren();
    const edges = [...this.edges.values()];
    const labels = edges.map((edge) => edge.label).filter((label) => label !== null); // above every edge
    const frames = parts.makeFrames?.(spec.scene, this.markOf) ?? []; // below every edge
    this.edgeLayer.replaceChildren(...frames, ...edges.map((edge) => edge.element), ...labels);
    this.nodeLayer.replaceChildren(...[...this.marks.values()].map((mark) => mark.element));
    this.drawTiles = parts.tileDrawing?.(this.marks.values());
    this.camera.fitted = true;
    this.measureBounds();
    this.onBounds();
    this.following?.forget();
    this.camera.frame(this.bounds, size);
    this.drawTiles?.(this.camera);
    if (former.size > 0) parts.moveScene?.(this, former, formerRoutes);
  }

  measureBounds() {
    this.bounds = boundsOf([...this.marks.values()], [...this.edges.values()], Boolean(this.camera.fills));
  }

  routeName(edge: EdgeMark) {
    return JSON.stringify([edge.source.name, edge.target.name, edge.edge.slot]);
  }

  /** Put nodes moved by hand back and show the whole picture. */
  tidy() {
    for (const mark of this.marks.values()) mark.place(mark.home.x, mark.home.y);
    for (const edge of this.edges.values()) edge.route(edge.home);
    this.camera.fit();
    this.overlay.refresh();
  }

  rescale(camera: Camera) {
    this.following?.look();
    this.drawTiles?.(camera);
    this.graph.style.setProperty("--bpv-number-type", camera.type.toFixed(2));
    this.graph.classList.toggle("bpv-terse", camera.isTerse);
    this.holder.classList.toggle("bpv-is-small", camera.isTerse);
    this.overview?.place();
    this.overlay.refresh(); // whose plates keep clear of the overview
    if (this.following) this.zoom.showFollow(this.following);
  }

  hover(mark: NodeMark | null) {
    if (mark === this.hovered) return;
    this.hovered = mark;
    this.overlay.hover(mark);
    this.onHover(mark);
  }

  /** Show the session's step with the session's numbers; with {nodes, edges}, only those may look different. */
  show(changed: Changed | null = null) {
    this.showLegend();
    const pick = <Mark>(all: Map<number, Mark>, keys?: Iterable<number> | null) =>
      keys ? [...keys].map((key) => all.get(key)).filter((mark) => mark !== undefined) : [...all.values()];
    const nodes = changed && new Set([...changed.nodes].map((node) => this.drawn(node)));
    for (const mark of pick(this.markOf, nodes)) this.showNode(mark);
    for (const edge of pick(this.edges, changed?.edges))
      edge.show(this.session.edgeLook(edge.key) + edge.litBy(this.session.selected));
    if (this.session.spec.scene.drawing === "network") parts.showWeights?.(this.session, this.edges.values(), changed);
    this.onShow();
    this.arriving?.mark.toggle(this.arriving.className, false);
    this.following?.look();
    this.drawTiles?.(this.camera);
    this.overlay.refresh(true);
    this.overview?.fill();
    if (this.following) this.zoom.showFollow(this.following);
  }

  showLegend() {
    const { notation } = this.session.context;
    if (this.legendShows === notation + this.session.spec.mode) return;
    this.legendShows = notation + this.session.spec.mode;
    const sign = notation === "δ" ? "δ" : this.session.isBarred ? "x\u0304" : "▽";
    this.legend.replaceChildren(makeLegend(this.session.spec.mode, sign, this.following !== undefined));
  }

  /** The mark that is told about: of the selected node, else of the step's; null before the first step. */
  get present() {
    const { session } = this;
    return this.marks.get(session.selected) ?? this.markOf.get(this.drawn(session.focus.node)) ?? null;
  }

  /** The node whose mark stands for a node: itself, but in a network the unit that a weight belongs to. */
  drawn(node: number | null) {
    return node === null ? -1 : (this.session.spec.scene.owners?.[node] ?? node);
  }

  showNode(mark: NodeMark) {
    const { session } = this;
    const { focus } = session;
    const { id } = mark;
    const { type } = this.camera;
    const known = session.replay.known[id] === 1;
    const value = known || session.nodes[id].op === "input" ? session.valueNow(id) : null; // what is given is there
    // A tile has its numbers inside.
    mark.tile?.tell(session, id);
    setNumberOf(mark.value, mark.tile ? "" : shortText(value), type, mark.room);
    setAttributeOf(mark.element, "data-value", known ? exactText(value) : null);
    const slope = session.slope(id);
    setNumberOf(mark.slope, mark.tile ? "" : slope.text, type, mark.room);
    setAttributeOf(mark.element, "data-gradient", slope.gradient);
    setAttributeOf(mark.element, "data-tangent", slope.tangent);
    mark.toggle("bpv-known", known);
    mark.toggle("bpv-summing", slope.summing);
    mark.ring(
      this.drawn(focus.node) === id ? "current" : this.drawn(focus.consumer) === id ? "sending" : "",
      this.ringLayer,
    );
    mark.toggle("bpv-broken", known && typeof value === "number" && !Number.isFinite(value));
    showBadge(mark, known ? session.caution(id) : "");
    const selected = session.selected === mark.name;
    mark.toggle("bpv-selected", selected);
    setAttributeOf(mark.element, "aria-pressed", String(selected));
    for (const edge of mark.edges) edge.nameFor(session.selected);
  }

  /** Words for screen readers, and numbers out of sight; called when all has come to rest, because there are many. */
  describe() {
    this.drawTiles?.(null);
    for (const mark of this.marks.values()) setAttributeOf(mark.element, "aria-label", this.session.describe(mark.id));
  }

  /** Let numbers travel to the current step's node. */
  animate(speed: number) {
    const { focus } = this.session;
    const duration = this.overlay.send(speed);
    const mark = this.markOf.get(this.drawn(focus.node));
    if (!mark || duration === 0) return 0;
    // On the node alone: a property set on the stage would be inherited, and restyled, by every mark.
    mark.element.style.setProperty("--bpv-travel", `${Math.round(duration * 0.85)}ms`);
    this.arriving = { mark, className: focus.phase === "backward" ? "bpv-slope-arrives" : "bpv-value-arrives" };
    mark.toggle(this.arriving.className, true);
    this.overlay.refresh();
    return duration;
  }
}
