// What only a notebook has: a program that comes as text, a kernel that can be lost, and a still picture.
import type { Aids } from "../panels/aids.js";
import { addressOf, importText, unpackProgram, unpackSpecification } from "../story/specification.js";
import type { Kernel, Model, ModelEvents, WidgetManager } from "../types/model.js";
import type { ExplorerTraits } from "../types/specification.js";
import { shareHeight } from "./appearance.js";
import { ExplorerView } from "./explorer.js";
import { furnishAlso } from "./parts.js";
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
  onStatus: () => void = () => {};

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
    this.kernel = null;
    if (this.manager === null) return;
    this.onStatus = lifetime.guard(() => this.look());
    lifetime.follow(model, "comm_live_update", this.onStatus);
    lifetime.onEnd(() => this.kernel?.statusChanged?.disconnect(this.onStatus));
    this.meetKernel();
    const timer = setInterval(this.onStatus, INTERVAL);
    lifetime.onEnd(() => clearInterval(timer));
  }

  // In a notebook that is opened anew, views are there before their kernel.
  private meetKernel() {
    if (this.kernel !== null) return;
    this.kernel = this.manager?.kernel ?? null;
    this.kernel?.statusChanged?.connect(this.onStatus);
  }

  look() {
    this.meetKernel();
    this.isOver ||= this.hasNewKernel(); // also while nobody sees it: a kernel soon looks as before
    if (document.hidden || !this.root.isConnected) return;
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

// What a notebook loads first: it unpacks the view's program, which came compressed as a trait, and starts it.

/**
 * Start a view's program, and another that the kernel sends in its place: a graph with arrays takes more to show.
 *
 * What a later part shares with the program stays at its address as long as the view lives.
 */
export async function launch({ model, el }: { model: Model<ExplorerTraits>; el: HTMLElement }) {
  let end = () => {};
  const start = async () => {
    end();
    end = () => {};
    const program = model.get("program");
    if (!program?.byteLength) return; // it comes with the graph
    const [style, script, shared] = await unpackProgram(program);
    const address = shared ? addressOf(shared) : "";
    const view = await importText<{ render(given: object): (() => void) | undefined }>(script, address);
    if (model.get("program") !== program) return URL.revokeObjectURL(address); // another has come meanwhile
    const sheet = document.createElement("style");
    sheet.textContent = style;
    el.append(sheet);
    const endView = view.render({ model, el, shared: address });
    end = () => {
      endView?.();
      sheet.remove();
      URL.revokeObjectURL(address);
    };
  };
  model.on("change:program", start);
  await start();
  return () => {
    model.off("change:program", start);
    end();
  };
}

const OUTPUT_AREAS = ".jp-OutputArea, .output, .cell-output-container, .cell";
const OUTPUTS = ".jp-OutputArea-child, .output_subarea, .output-element, .cell-output";

function findPicture(area: Element, mark: string): HTMLElement | null {
  for (const image of area.querySelectorAll<HTMLImageElement>("img")) {
    if (image.src.startsWith("data:image/svg") && image.src.includes(mark)) return image;
  }
  return area.querySelector<HTMLElement>(`[id="${CSS.escape(mark)}"]`);
}

/** Hide the picture that stands in for a view until the view ends. */
export function hideStill<Traits extends { still_id?: string }>({
  lifetime,
  root,
  model,
}: {
  lifetime: Lifetime;
  root: HTMLElement;
  model: Model<Traits>;
}) {
  let hidden: HTMLElement | null = null;
  const show = () => {
    hidden?.style.removeProperty("display");
    hidden = null;
  };
  const hide = () => {
    const mark = model.get("still_id");
    const area = root.parentElement?.closest(OUTPUT_AREAS);
    if (!mark || !area || hidden?.isConnected) return;
    const picture = findPicture(area, mark);
    hidden = picture ? (picture.closest<HTMLElement>(OUTPUTS) ?? picture) : null;
    // The view itself may stand in the same output; then the picture alone goes.
    if (hidden?.contains(root)) hidden = picture;
    hidden?.style.setProperty("display", "none");
  };
  const observer = new MutationObserver(lifetime.guard(hide));
  lifetime.follow(model, "change:still_id", hide);
  const frame = requestAnimationFrame(() => {
    // The picture comes after the widget, as an output of its own.
    const area = root.parentElement?.closest(OUTPUT_AREAS);
    if (area) observer.observe(area, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
    hide();
  });
  lifetime.onEnd(() => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    show();
  });
}

/** Read the words of a long run, which come after its picture. */
export function followWords(
  view: Pick<ExplorerView, "lifetime" | "model" | "onSpec" | "paint" | "spec" | "stale" | "strip">,
) {
  const { lifetime, model } = view;
  const read = () => {
    const { spec } = view;
    const packed = model.get("words");
    if (!spec || !packed?.byteLength) return;
    unpackSpecification(packed, null, spec.graph).then(({ narration, explanations }) => {
      if (view.spec !== spec) return; // another picture has come meanwhile
      Object.assign(spec, { narration, explanations });
      view.stale.add("words");
      view.paint.request();
    }, view.strip.complain);
  };
  lifetime.follow(model, "change:words", read);
  view.onSpec = read;
}

/** Show a model with study aids, makeAids(view); gives what ends the view. */
export function startView(
  { model, el }: { model: Model<ExplorerTraits>; el: HTMLElement },
  makeAids: (view: ExplorerView) => Aids,
) {
  const view = new ExplorerView(model, el, makeAids);
  const { lifetime, root } = view;
  new Connection({ lifetime, model, root, onChange: (isLost) => view.showLost(isLost) });
  hideStill({ lifetime, root, model });
  followWords(view);
  return () => lifetime.end();
}

const NOTEBOOKS = ".jp-WindowedPanel-outer, .jp-NotebookPanel-notebook, #site"; // what scrolls, in JupyterLab and nbclassic
const LEAST_SHARED = 290; // px, by picture and foot
const AROUND = 24; // px
const LEAST_ROOM = 400; // px, of a notebook and of a view in it
const LOW = 320; // px, of a notebook: words and controls get a line each

/** In a notebook picture, transport and sliders are seen together, however long the cell is around them. */
export function withRoom(around = AROUND) {
  furnishAlso((view) => {
    const { lifetime, stage, root } = view;
    const controls = root.querySelector(".bpv-controls");
    if (!controls) return;
    const notebook = root.closest(NOTEBOOKS);
    const yieldNow = lifetime.guard(() => {
      const room = notebook?.clientHeight ?? window.innerHeight;
      const rest = room - controls.clientHeight - around;
      if (room > 0 && controls.clientHeight > 0) shareHeight(view, Math.max(LEAST_SHARED, rest));
    });
    const observer = new ResizeObserver(yieldNow);
    for (const part of [controls, stage.foot, notebook ?? document.documentElement]) observer.observe(part);
    lifetime.onEnd(() => observer.disconnect());
  });
}

/** In a notebook that has no room for picture and controls, as on a telephone, views present. In an exercise one writes. */
export function withCrampedRooms() {
  furnishAlso((view) => {
    const { lifetime, root } = view;
    const notebook = root.closest(NOTEBOOKS);
    if (!notebook) return;
    const observer = new ResizeObserver(
      lifetime.guard(() => {
        const { clientHeight } = notebook;
        if (clientHeight === 0) return; // it is away
        view.isCramped = Math.min(clientHeight, root.clientWidth) < LEAST_ROOM;
        root.style.setProperty("--bpv-high", `${clientHeight - AROUND / 2}px`);
        root.classList.toggle("bpv-low", clientHeight < LOW);
        view.onRoom?.();
      }),
    );
    observer.observe(notebook);
    lifetime.onEnd(() => observer.disconnect());
  });
}

/** Show a model as a page of its own kind, of a class that takes a model and its element; gives what ends it. */
export function showPage<Traits extends { still_id?: string }>(
  { model, el }: { model: Model<Traits>; el: HTMLElement },
  Page: new (model: Model<Traits>, host: HTMLElement) => { lifetime: Lifetime; root: HTMLElement; end(): void },
) {
  const page = new Page(model, el);
  hideStill({ lifetime: page.lifetime, root: page.root, model });
  return () => page.end();
}
