// Parts that not every view needs. Whoever starts one puts in what it needs; the others are lighter without.
import type { EntryPanel } from "../panels/entry_panel.js";
import type { ExpressionBox } from "../panels/header.js";
import type { showWeights } from "../picture/edge_labels.js";
import type { Following, Overview } from "../picture/following.js";
import type { Tile } from "../picture/tiles.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits, SceneNode, TileGeometry } from "../types/specification.js";
import type { ExplorerView } from "./explorer.js";
import type { Lifetime, Saver } from "./lifetime.js";

export interface Parts {
  /** Of arrays. */
  makeTile: (node: SceneNode, tile: TileGeometry, name: string, slopeSign: string) => Tile;
  makeEntryPanel: (view: ExplorerView) => EntryPanel;
  /** Of networks. */
  showWeights: typeof showWeights;
  /** Of pictures too large to be read at once. */
  makeFollowing: (given: ConstructorParameters<typeof Following>[0]) => Following;
  makeOverview: (given: ConstructorParameters<typeof Overview>[0]) => Overview;
  /** Of views with a kernel. */
  makeExpressionBox: (given: { lifetime: Lifetime; onSubmit: (text: string) => void }) => ExpressionBox;
  makeSaver: (given: { lifetime: Lifetime; model: Model<ExplorerTraits> }) => Saver;
}

/** The parts that this page has. */
export const parts: Partial<Parts> = {};
