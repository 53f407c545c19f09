// Gradients on the edges, where the trait `edges` asks for them: the local one of each, or how much flows by their width.
import { makeElement, makeSelect, makeSvg, nearest } from "../page/dom.js";
import type { Picture, View } from "../page/view.js";
import { shortText } from "../story/number_sources.js";
import { numberWidth } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { Model } from "../types/model.js";
import type { EdgesShow, ExplorerTraits } from "../types/specification.js";
import { flowThrough, hasFlowed, localGradient } from "./edge_labels.js";
import { boxAt, nodeBoxes, overlap } from "./boxes.js";
import { type EdgeMark, type NodeMark, setTextOf } from "./marks.js";
import { type Box, MeasuredRoute } from "./routes.js";

const LARGEST_LOCAL = 17; // scene units; the style sheet knows the same
const WIDEST_FLOW = 9; // scene units
const THINNEST_FLOW = 1;
const FLOW_STEP = 2; // for a tenth
const EDGE_MEANINGS = {
  local: ["×3", "on an edge: its local gradient"],
  width: ["wide", "edge: a large gradient; a tenth of it is a step thinner"],
};

const EDGE_CHOICES: [value: EdgesShow, text: string][] = [
  ["plain", "plain edges"],
  ["local", "local gradients"],
  ["width", "wide gradients"],
];
const LABEL_SHARES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8];
const MOST_CLEARED = 150; // marks; among more, labels stand in the middle of their edges

/** What edges show now; nothing in an exercise, where their numbers would help with what is asked. */
export function wantedOn(model: Model<ExplorerTraits>): EdgesShow {
  return model.get("sheet") ? "plain" : (model.get("edges") ?? "plain");
}

/** The factor on an edge between numbers; nothing stands where nothing flows, or arrays meet. */
export function localText(session: Session, edge: number, local = localGradient(session, edge)) {
  const { constant, sources } = session.structure;
  return typeof local === "number" && !constant[sources[edge]] ? `×${shortText(local)}` : "";
}

// A node with its name, and its numbers as they will be.
function takenBy(mark: NodeMark, session: Session, type: number): Box[] {
  const [body, , , name] = nodeBoxes(mark, type);
  const { x, y, height } = mark.node;
  const slope = session.number(session.isForwardMode ? "tangent" : "gradient", mark.id);
  const texts = mark.tile ? [] : [shortText(session.valueNow(mark.id)), `▽ ${shortText(slope)}`];
  const rise = height / 2 + type / 2 + 5;
  return [
    body,
    name,
    ...texts.map((text, below) => boxAt(x, y + (below ? rise : -rise), numberWidth(text) * type + 8, 1.2 * type)),
  ];
}

// Where labels stand now, weights of a network too: edges glide, and follow nodes that are dragged.
function boxesOfLabels(edges: Iterable<EdgeMark>, numberType: number): Box[] {
  const type = Math.min(LARGEST_LOCAL, numberType);
  return [...edges].flatMap(({ label }) => {
    if (!label?.textContent) return [];
    const [x, y] = ["x", "y"].map((name) => Number(label.getAttribute(name)));
    return [boxAt(x, y, numberWidth(label.textContent) * type, type)];
  });
}

/** How wide each size is drawn, on one scale of powers of ten from the largest down. */
export function widthsOf(sizes: number[]) {
  const largest = Math.max(...sizes.filter(Number.isFinite), 0);
  return sizes.map((size) => {
    if (!Number.isFinite(size)) return WIDEST_FLOW;
    return size > 0 ? Math.max(THINNEST_FLOW, WIDEST_FLOW - FLOW_STEP * Math.log10(largest / size)) : THINNEST_FLOW;
  });
}

/** What the edges of a stage show of gradients. */
export class EdgeGradients {
  private readonly labels = new Map<EdgeMark, SVGTextElement>();
  private readonly choice = makeSelect("Edges (E)", EDGE_CHOICES, "bpv-select-edges");
  private meaning?: Element;
  private placedFor = ""; // which scene, and with which type

  constructor(private readonly view: View) {
    const { lifetime, stage, model, root } = view;
    stage.onShow = () => this.show(stage, wantedOn(model));
    lifetime.follow(model, "change:edges", stage.onShow);
    root.querySelector(".bpv-settings")?.append(this.choice);
    lifetime.listen(this.choice, "change", () => view.write("edges", this.choice.value as EdgesShow));
    lifetime.listen(root, "keydown", (event) => {
      const isTyped = nearest(event.target, "textarea, select, input:not([type=range], [type=checkbox])") !== null;
      if (event.key.toLowerCase() === "e" && !isTyped && !event.ctrlKey && !event.metaKey && !event.altKey) this.turn();
    });
  }

  /** The next choice; where the header is away, by its key. */
  private turn() {
    if (this.choice.hidden) return;
    const next = (EDGE_CHOICES.findIndex(([value]) => value === wantedOn(this.view.model)) + 1) % EDGE_CHOICES.length;
    this.view.write("edges", EDGE_CHOICES[next][0]);
    this.view.live.say(() => EDGE_CHOICES[next][1]);
  }

  show(stage: Picture, wanted: EdgesShow) {
    const { session } = stage;
    // The edges of a network say what they weigh.
    const isNetwork = session.spec.scene.drawing === "network";
    const shown = isNetwork ? "plain" : wanted;
    this.choice.hidden = isNetwork || Boolean(this.view.model.get("sheet"));
    this.choice.value = shown;
    this.explain(stage, shown);
    this.showLocal(stage, shown === "local");
    this.showWidths(stage, shown === "width");
  }

  private explain({ legend }: Picture, shown: EdgesShow) {
    this.meaning?.remove();
    if (shown === "plain") return;
    const [sign, words] = EDGE_MEANINGS[shown];
    this.meaning = makeElement(
      "li",
      { class: `bpv-legend-${shown}` },
      makeElement("b", { text: sign }),
      makeElement("span", { text: words }),
    );
    legend.querySelector(".bpv-legend-small")?.before(this.meaning);
  }

  private showLocal(stage: Picture, isWanted: boolean) {
    const { session, camera, edges, edgeLayer } = stage;
    stage.labelBoxes = () => boxesOfLabels(stage.edges.values(), camera.type);
    for (const [edge, label] of this.labels) {
      if (isWanted && edges.get(edge.key) === edge) continue;
      label.remove();
      edge.label = null;
      this.labels.delete(edge);
    }
    if (!isWanted) return;
    for (const edge of edges.values()) {
      if (!edge.label) {
        edge.label = makeSvg("text", { class: "bpv-edge-label bpv-edge-local", dy: "0.35em" });
        edge.route(edge.pieces);
        edgeLayer.append(edge.label);
        this.labels.set(edge, edge.label);
      }
      const label = this.labels.get(edge);
      if (label) setTextOf(label, localText(session, edge.key));
    }
    this.place(stage, Math.min(LARGEST_LOCAL, camera.type));
  }

  // On their edges, clear of nodes, names and each other; anew in another scene only.
  private place({ marks, edges, session, camera }: Picture, type: number) {
    const key = `${session.spec.scene.width} ${session.spec.scene.drawing} ${edges.size} ${type.toFixed(1)}`;
    if (key === this.placedFor || marks.size > MOST_CLEARED) return;
    this.placedFor = key;
    const obstacles = [...marks.values()].flatMap((mark) => takenBy(mark, session, camera.type));
    for (const edge of this.labels.keys()) {
      const route = new MeasuredRoute(edge.pieces);
      const { consumers, offsets } = session.structure;
      const consumer = consumers[edge.key];
      // As it will be once it is known.
      const text = localText(session, edge.key, session.number("partial", consumer, edge.key - offsets[consumer]));
      const width = numberWidth(text) * type;
      const boxes = LABEL_SHARES.map((share) => {
        const { x, y } = route.pointAt(share);
        return boxAt(x, y, width, type * 1.3);
      });
      const costs = boxes.map((box, rank) =>
        obstacles.reduce((sum, other) => sum + overlap(box, other), rank * 0.4 * type),
      );
      const best = costs.indexOf(Math.min(...costs));
      obstacles.push(boxes[best]);
      edge.edge = { ...edge.edge, share: LABEL_SHARES[best] };
      edge.route(edge.pieces);
    }
  }

  private showWidths({ session, edges }: Picture, isWanted: boolean) {
    const marks = [...edges.values()];
    const flows = isWanted ? marks.map((edge) => flowThrough(session, edge.key)) : [];
    // One scale for the whole run: no line changes by a later step.
    const widths = widthsOf(flows.map((flow) => (typeof flow === "number" ? Math.abs(flow) : 0)));
    marks.forEach(({ element, key }, place) => {
      const isTold = typeof flows[place] === "number" && hasFlowed(session, key);
      if (isTold) element.style.setProperty("--bpv-flow", `${widths[place].toFixed(1)}px`);
      else element.style.removeProperty("--bpv-flow");
    });
  }
}
