// Is there still a kernel behind this view? Sliders go on moving when there is none, and nothing else would say so.
import type { Kernel, ModelEvents, WidgetManager } from "../types/model.js";
import type { Lifetime } from "./lifetime.js";

const LOST_FOR_GOOD = new Set(["dead", "restarting", "autorestarting", "terminating"]);
const INTERVAL = 1000; // milliseconds
const PATIENCE = 2; // looks in a row at a broken line before it is told: short breaks mend themselves
const DISCONNECTED = "jupyter-widgets-disconnected"; // what Jupyter's widget manager puts on a widget it has lost

/**
 * Watches the kernel of one view: what Jupyter's widget manager says of the widget and of its kernel.
 *
 * No message is sent for it: a kernel that computes for a minute does not answer, and is not lost.
 */
export class Connection {
  manager: WidgetManager | null;
  root: HTMLElement;
  onChange: (isLost: boolean) => void;
  isLost: boolean;
  isOver: boolean;
  breaks: number;
  kernel: Kernel | null;

  /** onChange(isLost): called when it changes. An exported page has no kernel, and nothing is watched. */
  constructor({
    lifetime,
    model,
    root,
    onChange,
  }: {
    lifetime: Lifetime;
    model: ModelEvents;
    root: HTMLElement;
    onChange: (isLost: boolean) => void;
  }) {
    this.manager = model.widget_manager ?? null;
    this.root = root;
    this.onChange = onChange;
    this.isLost = false;
    this.isOver = false; // a kernel that starts again knows nothing of this widget
    this.breaks = 0;
    this.kernel = this.manager?.kernel ?? null;
    if (this.manager === null) return;
    const look = lifetime.guard(() => this.look());
    lifetime.follow(model, "comm_live_update", look);
    this.kernel?.statusChanged?.connect(look);
    lifetime.onEnd(() => this.kernel?.statusChanged?.disconnect(look));
    const timer = setInterval(look, INTERVAL);
    lifetime.onEnd(() => clearInterval(timer));
  }

  look() {
    if (document.hidden || !this.root.isConnected) return;
    this.isOver ||= this.hasNewKernel();
    this.breaks = this.lineIsBroken() ? this.breaks + 1 : 0;
    const isLost = this.isOver || this.breaks >= PATIENCE || this.root.closest(`.${DISCONNECTED}`) !== null;
    if (isLost === this.isLost) return;
    this.isLost = isLost;
    this.onChange(isLost);
  }

  hasNewKernel() {
    if (this.kernel === null) return false;
    return LOST_FOR_GOOD.has(this.kernel.status) || this.manager?.kernel?.id !== this.kernel.id;
  }

  lineIsBroken() {
    const status = this.kernel?.connectionStatus;
    return status !== undefined && status !== "connected";
  }
}
