// The shapes that travel along the edges, on demand: a button beside those of the zoom, and the key S.
import { makeElement, makeSvg, nearest } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { shapeText } from "../story/shapes.js";
import type { EdgeMark } from "./marks.js";
import type { Stage } from "./stage.js";

/** What the values on the edges of a stage look like; gradients have the same shapes. */
export class EdgeShapes {
  private readonly button = makeElement("button", {
    type: "button",
    class: "bpv-icon-button bpv-shapes-button",
    title: "Shapes on the edges (S)",
    "aria-label": "Shapes on the edges",
    "aria-pressed": "false",
    text: "m×n",
  });
  private isOn = false;
  private drawn: Map<number, unknown> | null = null; // the edges that have theirs
  private named: EdgeMark[] = [];

  constructor(
    lifetime: Lifetime,
    private readonly stage: Stage,
    root: HTMLElement,
  ) {
    lifetime.listen(this.button, "click", () => this.toggle());
    lifetime.listen(root, "keydown", (event) => {
      const isTyped = nearest(event.target, "textarea, select, input:not([type=range], [type=checkbox])") !== null;
      if (event.key.toLowerCase() === "s" && !isTyped && !event.ctrlKey && !event.metaKey && !event.altKey)
        this.toggle();
    });
    stage.zoom.element.prepend(this.button);
  }

  private toggle(): void {
    this.isOn = !this.isOn;
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.show();
  }

  /** Draw them where they are wanted, and anew in another scene. */
  show(): void {
    const { edges } = this.stage;
    if (this.drawn === (this.isOn ? edges : null)) return;
    for (const edge of this.named) {
      edge.label?.remove();
      edge.label = null;
    }
    this.named = [];
    this.drawn = this.isOn ? edges : null;
    if (!this.isOn) return;
    for (const edge of edges.values()) {
      if (edge.label) continue;
      const { tile } = edge.source;
      const text = tile ? shapeText(tile.shape) : "scalar";
      edge.label = makeSvg("text", { class: "bpv-edge-label bpv-edge-shape", dy: "0.35em", text });
      edge.route(edge.pieces);
      this.stage.edgeLayer.append(edge.label);
      this.named.push(edge);
    }
  }
}
