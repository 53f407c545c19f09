// Parts that not every view needs. Whoever starts one puts in what it needs; the others are lighter without.
import type { Lifetime, Saver } from "./lifetime.js";
import type { Corner, FollowSwitch, Picture, View, Walking } from "./view.js";
import type { AnswerSheet } from "../panels/answer_sheet.js";
import type { EntryPanel, saysTheSame } from "../panels/entry_panel.js";
import type { makeFrames } from "../picture/block_frames.js";
import type { Filling } from "../picture/camera.js";
import type { showWeights } from "../picture/edge_labels.js";
import type { moveScene } from "../picture/motion.js";
import type { hideDetails } from "../picture/sight.js";
import type { TileMaker, tileDrawing } from "../picture/tiles.js";
import type { FoldedSpecification } from "../story/specification.js";
import type { Model } from "../types/model.js";
import type { BlockList, ExplorerTraits, Specification } from "../types/specification.js";

/** What a page shows when its reader walks into a block. */
export interface CarriedBlock {
  spec: Specification | FoldedSpecification;
  place: BlockList;
  numbers: NonNullable<ExplorerTraits["numbers"]>;
}

interface Parts {
  /** Of arrays. */
  makeTile: TileMaker;
  tileDrawing: typeof tileDrawing;
  makeEntryPanel: (view: View) => EntryPanel;
  saysTheSame: typeof saysTheSame;
  /** Of arrays that are presented. */
  nearTiles: (filling: Filling, picture: Pick<Picture, "marks" | "camera">) => void;
  /** Of maps of whole models. */
  hideDetails: typeof hideDetails;
  /** Of exercises. */
  makeSheet: (view: View, aids: { refreshNumbers(): void }) => AnswerSheet;
  /** Of networks. */
  showWeights: typeof showWeights;
  /** Of blocks that several values leave. */
  makeFrames: typeof makeFrames;
  /** Of pictures too large to be read at once. */
  makeFollowing: (given: { lifetime: Lifetime; stage: Picture; isWanted: FollowSwitch["isWanted"] }) => Walking;
  makeOverview: (given: { lifetime: Lifetime; stage: Picture }) => Corner;
  /** Of what a hand moves and types. */
  moveScene: typeof moveScene;
  /** Of pages of a model: the blocks that they open by themselves, by path. */
  carriedBlocks: Map<string, CarriedBlock>;
  /** Of views with a kernel. */
  makeSaver: (given: { lifetime: Lifetime; model: Model<ExplorerTraits> }) => Saver;
}

/** The parts that this page has. */
export const parts: Partial<Parts> = {};

// What a view gets once it has its picture.

const further: ((view: View) => void)[] = [];

/** Give every view something more; pages that do without it are lighter. */
export function furnishAlso(part: (view: View) => void) {
  further.push(part);
}

/** Furnish a view, and again when more parts have come. */
export function furnish(view: View) {
  view.entries ??= parts.makeEntryPanel?.(view);
  for (const part of further.slice(view.furnished)) part(view);
  view.furnished = further.length;
}
