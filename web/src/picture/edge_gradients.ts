// Gradients on the edges, where the trait `edges` asks for them: the local one of each, or how much flows by their width.
import { makeElement, makeSvg } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { shortText } from "../story/number_sources.js";
import { numberWidth } from "../story/numerals.js";
import type { Session } from "../story/session.js";
import type { Model } from "../types/model.js";
import type { EdgesShow, ExplorerTraits } from "../types/specification.js";
import { flowThrough, hasFlowed, localGradient } from "./edge_labels.js";
import { boxAt } from "./boxes.js";
import { type EdgeMark, setTextOf } from "./marks.js";
import type { Picture } from "./picture.js";
import type { Box } from "./routes.js";

const LARGEST_LOCAL = 22; // scene units; the style sheet knows the same
const WIDEST_FLOW = 9; // scene units
const THINNEST_FLOW = 1;
const FLOW_STEP = 2; // for a tenth
const EDGE_MEANINGS = {
  local: ["×3", "on an edge: its local gradient"],
  width: ["wide", "edge: a large gradient; a tenth of it is a step thinner"],
};

/** What edges show now; nothing in an exercise, where their numbers would help with what is asked. */
export function wantedOn(model: Model<ExplorerTraits>): EdgesShow {
  return model.get("sheet") ? "plain" : (model.get("edges") ?? "plain");
}

/** The factor on an edge between numbers; nothing stands where nothing flows, or arrays meet. */
export function localText(session: Session, edge: number) {
  const local = localGradient(session, edge);
  const { constant, sources } = session.structure;
  return typeof local === "number" && !constant[sources[edge]] ? `×${shortText(local)}` : "";
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
  private meaning?: Element;

  constructor({ lifetime, stage, model }: { lifetime: Lifetime; stage: Picture; model: Model<ExplorerTraits> }) {
    stage.onShow = () => this.show(stage, wantedOn(model));
    lifetime.follow(model, "change:edges", stage.onShow);
  }

  show(stage: Picture, wanted: EdgesShow) {
    const { session } = stage;
    // The edges of a network say what they weigh.
    const shown = session.spec.scene.drawing === "network" ? "plain" : wanted;
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
    stage.labelBoxes = () => this.boxes(camera.type);
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
  }

  // Where they stand now: edges glide, and follow nodes that are dragged.
  private boxes(numberType: number): Box[] {
    const type = Math.min(LARGEST_LOCAL, numberType);
    return [...this.labels.values()].map((label) => {
      const [x, y] = ["x", "y"].map((name) => Number(label.getAttribute(name)));
      return boxAt(x, y, numberWidth(label.textContent) * type, type);
    });
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
