// What the panels see of the view that they stand in.
import type { ExplanationPanel } from "../panels/explanation.js";
import type { Picture } from "../picture/picture.js";
import type { Session } from "../story/session.js";
import type { Model } from "../types/model.js";
import type { ExplorerTraits, Message, Specification } from "../types/specification.js";
import type { FrameTask, Lifetime } from "./lifetime.js";

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
  entries?: { show(): void; showAgain(): void };
  /** How many of the parts that every view gets it has. */
  furnished: number;
  write<Name extends keyof ExplorerTraits>(name: Name, value: ExplorerTraits[Name]): void;
  select(name: string): void;
  goTo(step: number): void;
  showHeader(): void;
  showScene(): void;
  showNumbers(): void;
}
