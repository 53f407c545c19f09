// The picture: nodes and edges as SVG, built once per scene; a step or a slider changes only what differs.
import { makeElement, makeSvg } from "../page/dom.js";
import { Camera, makeZoomButtons } from "./camera.js";
import { Following } from "./following.js";
import { EdgeMark, makeArrowHeads, NodeMark, setAttributeOf, setNumberOf } from "./marks.js";
import { moveScene, NodeDragging } from "./motion.js";
import { Overlay } from "./overlay.js";
import { Overview } from "./overview.js";
import { readPath } from "./routes.js";
import { makeLegend, showBadge } from "./signs.js";
import { exactText, shortText } from "../story/session.js";

const LABEL_ROOM = { above: 34, below: 34, beside: 28 };
const NAME_GAP = 4;

function newPrefix() {
  // Marker names are global to a page, and a page can hold many views.
  return `bpv-${Math.random().toString(36).slice(2, 9)}`;
}

function boundsOf(marks, edges) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const include = (x, y, left, up, right, down) => {
    box.left = Math.min(box.left, x - left);
    box.top = Math.min(box.top, y - up);
    box.right = Math.max(box.right, x + right);
    box.bottom = Math.max(box.bottom, y + down);
  };
  for (const mark of marks) {
    const { x, y, width, height } = mark.node;
    const [left, right] = [-1, 1].map((side) => Math.max(width / 2 + LABEL_ROOM.beside, mark.reach(side) + NAME_GAP));
    include(x, y, left, height / 2 + LABEL_ROOM.above, right, height / 2 + LABEL_ROOM.below);
  }
  for (const edge of edges) {
    for (const piece of edge.home) include(piece[6], piece[7], 6, 6, 6, 6);
  }
  if (marks.length === 0) include(0, 0, 100, 60, 100, 60);
  return { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}

/** The stage of one view. */
export class Stage {
  /**
   * onSelect(name): a node was chosen, or "" for the background; onBounds(): another scene has other bounds;
   * follow: whether the camera shall follow the run: isWanted(), and want(isOn).
   */
  constructor({ lifetime, onSelect, onBounds, follow, session }) {
    this.session = session;
    this.onBounds = onBounds;
    this.lifetime = lifetime;
    this.marks = new Map();
    this.edges = new Map();
    this.hovered = null;
    this.prefix = newPrefix();
    this.ringLayer = makeSvg("g", { class: "bpv-rings" });
    this.edgeLayer = makeSvg("g", { class: "bpv-edges" });
    this.nodeLayer = makeSvg("g", { class: "bpv-nodes" });
    const world = makeSvg("g", { class: "bpv-world" }, this.ringLayer, this.edgeLayer, this.nodeLayer);
    const label = { role: "group", "aria-label": "Computation graph" };
    this.graph = makeSvg("svg", { class: "bpv-graph", ...label }, makeArrowHeads(this.prefix), world);
    for (const kind of ["future", "forward", "backward", "tangent", "forward-trace", "backward-trace", "tangent-trace"]) {
      this.graph.style.setProperty(`--bpv-arrow-${kind}`, `url(#${this.prefix}-${kind})`);
    }
    this.overlay = new Overlay({ lifetime, session, stage: this });
    this.overview = new Overview({ lifetime, stage: this });
    const layers = [this.graph, this.overlay.element, this.overview.element, this.overlay.tooltip];
    this.element = makeElement("div", { class: "bpv-stage", tabindex: -1 }, ...layers);
    this.foot = makeElement("div", { class: "bpv-stage-foot" });
    this.holder = makeElement("div", { class: "bpv-stage-holder" }, this.element, this.foot);
    this.camera = new Camera({
      lifetime,
      stage: this.element,
      groups: [world, this.overlay.world],
      onChange: (camera) => this.rescale(camera),
    });
    this.following = new Following({ lifetime, stage: this, isWanted: follow.isWanted });
    this.camera.interrupt = () => this.following.stop();
    this.legend = makeElement("div", { class: "bpv-legend-holder" });
    const onFollow = () => follow.want(!follow.isWanted());
    const onFit = () => (follow.isWanted() ? onFollow() : this.tidy());
    this.zoom = makeZoomButtons({ lifetime, camera: this.camera, onFit, onFollow });
    this.foot.append(this.legend, this.zoom.element);
    const findMark = (target) => this.marks.get(target.closest("[data-node]")?.dataset.node) ?? null;
    this.dragging = new NodeDragging({
      lifetime,
      stage: this.element,
      findMark,
      camera: this.camera,
      onMove: () => this.overlay.refresh(),
    });
    this.listen(findMark, onSelect);
  }

  listen(findMark, onSelect) {
    this.lifetime.listen(this.element, "click", (event) => {
      if (this.dragging.justMoved || this.camera.justPanned) return;
      onSelect(findMark(event.target)?.name ?? "");
    });
    this.lifetime.listen(this.nodeLayer, "pointerover", (event) => this.hover(findMark(event.target)));
    this.lifetime.listen(this.nodeLayer, "pointerout", () => this.hover(null));
    // On the stage: an SVG element that listens to the focus would itself be reached by the tab key.
    this.lifetime.listen(this.element, "focusin", (event) => this.hover(findMark(event.target)));
    this.lifetime.listen(this.element, "focusout", () => this.hover(null));
  }

  /** Draw another scene; nodes that were there before move to their new places. */
  build(spec, size) {
    const former = new Map([...this.marks].map(([name, mark]) => [name, { x: mark.node.x, y: mark.node.y }]));
    const formerRoutes = new Map([...this.edges.values()].map((edge) => [this.routeName(edge), edge.pieces]));
    this.overlay.clear();
    this.graph.classList.toggle("bpv-is-forward-mode", spec.mode === "forward");
    this.marks = new Map();
    this.markOf = new Map();
    this.edges = new Map();
    for (const node of spec.scene.nodes) {
      const mark = new NodeMark(node, spec.graph.nodes[node.id]?.name ?? node.name);
      mark.element.classList.toggle("bpv-closed", /composite$/.test(spec.graph.nodes[node.id]?.op));
      this.marks.set(mark.name, mark);
      this.markOf.set(node.id, mark);
    }
    for (const edge of spec.scene.edges) {
      const [source, target] = [this.markOf.get(edge.source), this.markOf.get(edge.target)];
      const key = this.session.structure.edgeOf(edge.through ?? edge.target, edge.slot);
      const mark = new EdgeMark(key, edge, source, target, readPath(edge.path));
      this.edges.set(key, mark);
      source.edges.push(mark);
      if (target !== source) target.edges.push(mark);
    }
    for (const mark of this.marks.values()) mark.placeName();
    this.ringLayer.replaceChildren();
    const edges = [...this.edges.values()];
    const labels = edges.map((edge) => edge.label).filter(Boolean); // above every edge
    this.edgeLayer.replaceChildren(...edges.map((edge) => edge.element), ...labels);
    this.nodeLayer.replaceChildren(...[...this.marks.values()].map((mark) => mark.element));
    this.camera.fitted = true;
    this.bounds = boundsOf(this.marks.values(), this.edges.values());
    this.onBounds();
    this.following.forget();
    this.camera.frame(this.bounds, size);
    if (former.size > 0) moveScene(this, former, formerRoutes);
  }

  routeName(edge) {
    return JSON.stringify([edge.source.name, edge.target.name, edge.edge.slot]);
  }

  /** Put nodes moved by hand back and show the whole picture. */
  tidy() {
    for (const mark of this.marks.values()) mark.place(mark.home.x, mark.home.y);
    for (const edge of this.edges.values()) edge.route(edge.home);
    this.camera.fit();
    this.overlay.refresh();
  }

  rescale(camera) {
    this.following.look();
    this.graph.classList.toggle("bpv-terse", camera.isTerse);
    this.holder.classList.toggle("bpv-is-small", camera.isTerse);
    this.overlay.refresh();
    this.overview.place();
    this.zoom.showFollow(this.following);
  }

  hover(mark) {
    if (mark === this.hovered) return;
    this.hovered = mark;
    this.overlay.hover(mark);
    this.onHover?.(mark);
  }

  /** Show the session's step with the session's numbers; with {nodes, edges}, only those may look different. */
  show(changed = null) {
    this.showLegend();
    const pick = (all, keys) => (keys ? [...keys].map((key) => all.get(key)).filter(Boolean) : all.values());
    const nodes = changed && new Set([...changed.nodes].map((node) => this.drawn(node)));
    for (const mark of pick(this.markOf, nodes)) this.showNode(mark);
    for (const edge of pick(this.edges, changed?.edges)) edge.show(this.session.edgeLook(edge.key));
    this.arriving?.mark.toggle(this.arriving.className, false);
    this.following.look();
    this.overlay.refresh();
    this.overview.fill();
    this.zoom.showFollow(this.following);
  }

  showLegend() {
    const { notation } = this.session.context;
    if (this.legendShows === notation + this.session.spec.mode) return;
    this.legendShows = notation + this.session.spec.mode;
    const sign = { δ: "δ" }[notation] ?? (this.session.isBarred ? "x\u0304" : "▽");
    this.legend.replaceChildren(makeLegend(this.session.spec.mode, sign));
  }

  /** The mark that is told about: of the selected node, else of the step's; null before the first step. */
  get present() {
    const { session } = this;
    return this.marks.get(session.selected) ?? this.markOf.get(this.drawn(session.focus.node)) ?? null;
  }

  /** The node whose mark stands for a node: itself, but in a network the unit that a weight belongs to. */
  drawn(node) {
    return this.session.spec.scene.owners?.[node] ?? node;
  }

  showNode(mark) {
    const { session } = this;
    const { focus } = session;
    const { id } = mark;
    const known = session.replay.known[id] === 1;
    const value = known ? session.valueNow(id) : null;
    const large = this.camera.size === "large";
    setNumberOf(mark.value, known ? shortText(value) : "", large);
    setAttributeOf(mark.element, "data-value", known ? exactText(value) : null);
    const slope = session.slope(id);
    setNumberOf(mark.slope, slope.text, large);
    setAttributeOf(mark.element, "data-gradient", slope.gradient);
    setAttributeOf(mark.element, "data-tangent", slope.tangent);
    mark.toggle("bpv-known", known);
    mark.toggle("bpv-summing", slope.summing);
    mark.ring(this.drawn(focus.node) === id ? "current" : this.drawn(focus.consumer) === id ? "sending" : "", this.ringLayer);
    mark.toggle("bpv-broken", known && typeof value === "number" && !Number.isFinite(value));
    showBadge(mark, known ? session.caution(id) : "");
    const selected = session.selected === mark.name;
    mark.toggle("bpv-selected", selected);
    setAttributeOf(mark.element, "aria-pressed", String(selected));
    for (const edge of mark.edges) edge.nameFor(session.selected);
  }

  /** Words for screen readers; called when the numbers have come to rest, because there are many nodes. */
  describe() {
    for (const mark of this.marks.values()) setAttributeOf(mark.element, "aria-label", this.session.describe(mark.id));
  }

  /** Let numbers travel to the current step's node. */
  animate(speed) {
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
