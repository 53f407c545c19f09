// What panels see of the view that they stand in, and the parts of a picture of the whole: its marks, its camera, and what is around.
import type { ExplanationPanel } from "../panels/explanation.js";
import type { Bounds, Camera } from "../picture/camera.js";
import type { EdgeMark, NodeMark } from "../picture/marks.js";
import type { Box } from "../picture/routes.js";
import type { ChosenEntry } from "../story/entries.js";
import type { Session } from "../story/session.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits, Message, Specification } from "../types/specification.js";
import type { FrameTask, Lifetime } from "./lifetime.js";

/** Whether the camera shall follow the run, where somebody has said so, and how to say it. */
export interface FollowSwitch {
  isWanted(): boolean | null;
  want(isOn: boolean): void;
}

/** The walk of the camera along the run. */
export interface Walking {
  readonly isOn: boolean;
  readonly isWorthwhile: boolean;
  look(): void;
  forget(): void;
  stop(): void;
}

/** The whole in a corner. */
export interface Corner {
  readonly element: Element;
  /** What it covers, in scene units. */
  readonly boxes: Box[];
  place(): void;
  fill(): void;
}

interface Tip {
  hide(): void;
  place(node: { x: number; y: number; height: number }, camera: Camera): void;
}

export interface Picture {
  readonly lifetime: Lifetime;
  readonly session: Session;
  readonly camera: Camera;
  bounds: Bounds;
  /** What labels on edges cover; pills keep clear. */
  labelBoxes?: () => Box[];
  readonly marks: Map<string, NodeMark>;
  readonly markOf: Map<number, NodeMark>;
  readonly edges: Map<number, EdgeMark>;
  readonly hovered: NodeMark | null;
  /** The mark that is told about. */
  readonly present: NodeMark | null;
  /** Before every name that is global to a page. */
  readonly prefix: string;
  readonly element: HTMLElement;
  /** What stands below it. */
  readonly foot: HTMLElement;
  readonly graph: SVGSVGElement;
  readonly edgeLayer: SVGGElement;
  readonly legend: HTMLElement;
  readonly zoom: { readonly element: HTMLElement };
  readonly overlay: {
    readonly tooltip: HTMLElement;
    readonly tip: Tip;
    readonly pulseGroup: SVGGElement;
    pulses?: { clear(): void };
    refresh(): void;
  };
  readonly following?: Walking;
  dragging?: { readonly justMoved: boolean };
  overview?: Corner;
  /** Another scene has other bounds. */
  onBounds: () => void;
  stopMoving: () => void;
  /** A step is shown. */
  onShow: () => void;
  onHover: (mark: NodeMark | null) => void;
  hover(mark: NodeMark | null): void;
  measureBounds(): void;
  show(): void;
  routeName(edge: EdgeMark): string;
  markAt(target: EventTarget | null): NodeMark | null;
  drawn(node: number | null): number;
}

export interface View {
  readonly model: Model<ExplorerTraits>;
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  readonly lifetime: Lifetime;
  readonly spec: Specification | null;
  readonly session: Session;
  readonly stage: Picture;
  readonly paint: FrameTask;
  readonly stale: Set<string>;
  readonly strip: { show(message: Message | null): void; complain(problem: unknown): void };
  readonly live: { say(words: () => string, isQuiet?: boolean): void };
  readonly explanation: ExplanationPanel;
  /** The panel of one entry, where there are arrays. */
  entries?: {
    readonly chosen: ChosenEntry | null;
    choose(chosen: ChosenEntry | null): void;
    show(): void;
    showAgain(): void;
  };
  /** Whether there is no room for picture and controls, as on a telephone; and what then happens. */
  isCramped?: boolean;
  onRoom?: () => void;
  /** How many of the parts that every view gets it has. */
  furnished: number;
  write<Name extends keyof ExplorerTraits>(name: Name, value: ExplorerTraits[Name]): void;
  select(name: string): void;
  goTo(step: number): void;
  arrange(): void;
  showHeader(): void;
  showScene(): void;
  showNumbers(): void;
}
