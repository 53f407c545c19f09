// The notebook's model of a widget, as anywidget hands it over, and what of Jupyter's widget manager is used.

/** What hears of an event. */
export type Handler = (...given: never[]) => unknown;

/** What every model has, whatever its traits. */
export interface ModelEvents {
  on(event: string, handler: Handler): void;
  off(event: string, handler: Handler): void;
  save_changes(): void;
  send(content: object): void;
  widget_manager?: WidgetManager;
}

/** A model with its traits; an exported page has few of them. */
export interface Model<Traits> extends ModelEvents {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void;
}

interface Signal {
  connect(slot: () => void): void;
  disconnect(slot: () => void): void;
}

/** The kernel behind a widget manager. */
export interface Kernel {
  id: string;
  status: string;
  connectionStatus?: string;
  statusChanged?: Signal;
}

/** A model of another widget, as the manager holds it. */
export interface WidgetModel {
  sync(method: string, model: unknown, options?: { attrs?: Record<string, unknown> }): unknown;
}

/** A view of another widget. */
export interface WidgetView {
  el: HTMLElement;
  remove(): void;
  trigger?(event: string): void;
}

/** Makes views of other widgets. */
export interface WidgetManager {
  kernel?: Kernel | null;
  get_model(id: string): Promise<WidgetModel>;
  create_view(model: WidgetModel): Promise<WidgetView>;
}
