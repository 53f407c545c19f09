// What a closed gate holds: its weights as tiles, whose entries are chosen and changed as those of the picture are.
import { makeElement, makeSvg } from "../page/dom.js";
import { parts } from "../page/parts.js";
import type { View } from "../page/view.js";
import type { Tile } from "../picture/tiles.js";
import type { SceneNode } from "../types/specification.js";
import { ARROWS } from "./entry_panel.js";

const MOST_TILES = 24;

/** The weights inside the selected block, or inside the first that has some. */
export class WeightsPanel {
  private readonly head = makeElement("p", { class: "bpv-aid-hint" });
  private readonly row = makeElement("div", { class: "bpv-weights" });
  readonly element = makeElement("section", { "aria-label": "Weights" }, this.head, this.row);
  private tiles: [node: SceneNode, tile: Tile][] = [];
  private shown: unknown = null; // the scene and the gate of the tiles

  constructor(private readonly view: View) {
    view.lifetime.follow(view.model, "change:selected", () => this.show());
  }

  private get held(): SceneNode[] {
    return this.view.session?.spec.scene.inside ?? [];
  }

  isOffered(): boolean {
    return this.held.length > 0;
  }

  show(): void {
    const { session } = this.view;
    if (!session || !this.element.isConnected) return;
    const { owners = {} } = session.spec.scene;
    const selected = session.placeOf(session.selected);
    const asked = owners[selected] ?? selected;
    const own = this.held.filter(({ id }) => owners[id] === asked);
    const gate = own.length > 0 ? asked : owners[this.held[0]?.id];
    const key = `${gate} ${this.held.length}`;
    if (this.shown !== session.spec.scene || this.head.dataset.key !== key) this.fill(gate, key);
    const { chosen } = this.view.entries ?? {};
    for (const [{ id }, tile] of this.tiles) {
      tile.tell(session, id);
      tile.settle(true);
      tile.record();
      tile.mark(chosen?.node === id ? { chosen, value: new Set(), slope: new Set() } : null);
    }
  }

  private fill(gate: number, key: string): void {
    const { session } = this.view;
    const { scene, graph } = session.spec;
    const { owners = {} } = scene;
    const own = this.held.filter(({ id }) => owners[id] === gate).slice(0, MOST_TILES);
    this.shown = scene;
    this.head.dataset.key = key;
    this.head.textContent = `Weights inside ${graph.nodes[gate]?.name ?? ""}. Select another block for its own; click an entry for its sum.`;
    this.tiles = own.flatMap((node) => {
      const tile = parts.makeTile?.(node, node.tile!, node.name, "▽");
      return tile ? [[node, tile] as [SceneNode, Tile]] : [];
    });
    this.row.replaceChildren(...this.tiles.map(([node, tile]) => this.place(node, tile)));
  }

  private place(node: SceneNode, tile: Tile): SVGElement {
    const { width, height } = node;
    tile.draw();
    const body = makeSvg("rect", { class: "bpv-node-body", x: -width / 2, y: -height / 2, width, height, rx: 10 });
    const picture = makeSvg(
      "svg",
      { viewBox: `${-width / 2 - 2} ${-height / 2 - 2} ${width + 4} ${height + 4}`, width, height, tabindex: 0 },
      makeSvg("g", { class: "bpv-node bpv-kind-input" }, body, tile.element),
    );
    picture.setAttribute("aria-label", `${node.name}: Enter, then arrows, for its entries`);
    const { lifetime } = this.view;
    lifetime.listen(picture, "click", (event) => {
      const { left, top, width: drawn } = picture.getBoundingClientRect();
      const scale = (width + 4) / drawn;
      const [x, y] = [(event.clientX - left) * scale - width / 2 - 2, (event.clientY - top) * scale - height / 2 - 2];
      const entry = tile.entryAt(x, y);
      if (entry) this.choose(node, entry);
    });
    lifetime.listen(picture, "keydown", (event) => {
      const { chosen } = this.view.entries ?? {};
      const own = chosen?.node === node.id ? chosen : null;
      if (event.key === "Enter" && !own) this.choose(node, { kind: "value", place: 0 });
      else if (own && event.key in ARROWS) this.choose(node, tile.neighbour(own, ...ARROWS[event.key]));
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return picture;
  }

  private choose({ id }: SceneNode, entry: { kind: "value" | "slope"; place: number }): void {
    this.view.entries?.choose({ node: id, ...entry });
  }
}
