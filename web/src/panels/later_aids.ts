// Study aids that come after the picture: the first show does not wait for panels that nobody has opened yet.
import { makeElement } from "../page/dom.js";
import type { ExplorerView } from "../page/explorer.js";
import { furnish } from "../page/furnishing.js";
import { importText } from "../page/module_text.js";
import type { Session } from "../story/session.js";
import { unpackSpecification } from "../story/specification.js";
import { type Aids, PlainAids } from "./plain_aids.js";
import type { StudyAids } from "./study_aids.js";

type StudyAidsClass = typeof StudyAids;

/** Stands in for StudyAids, asks the kernel for them once the picture is there, and hands over to them. */
export class LaterAids {
  view: ExplorerView;
  shared: string;
  current: Aids;
  element: HTMLDivElement;
  isAsked: boolean;
  arriving?: Promise<unknown>;

  /** shared: where the modules stand that the study aids share with the view. */
  constructor(view: ExplorerView, shared: string) {
    this.view = view;
    this.shared = shared;
    this.current = new PlainAids(view);
    this.element = makeElement("div", {}, this.current.element);
    this.isAsked = false;
    view.lifetime.follow(view.model, "change:aids", () => this.take());
    if (this.packed) this.take(); // the graph may need what comes with them
  }

  accepts(name: string, value: string) {
    return this.current.accepts(name, value);
  }

  prepare(session: Session) {
    this.current.prepare(session);
  }

  build() {
    this.current.build();
    if (!this.isAsked) requestAnimationFrame(() => this.ask());
  }

  show() {
    this.current.show();
  }

  ask() {
    if (this.isAsked || this.view.lifetime.ended) return;
    this.isAsked = true;
    if (this.model.get("editable")) this.model.send({ kind: "aids" });
  }

  get model() {
    return this.view.model;
  }

  /** What has come, or nothing yet. */
  get packed() {
    const packed = this.model.get("aids");
    return packed && packed.byteLength > 0 ? packed : null;
  }

  take() {
    const { packed } = this;
    if (!packed) return;
    this.isAsked = true;
    this.arriving = unpackSpecification<{ script: string; style: string }>(packed)
      .then(({ script, style }) => {
        this.view.root.append(makeElement("style", { text: style }));
        return importText<{ StudyAids: StudyAidsClass }>(script, this.shared);
      })
      .then(({ StudyAids: Arrived }) => this.view.lifetime.guard(() => this.handOver(Arrived))())
      .catch((problem) => this.view.strip.complain(problem));
  }

  handOver(Arrived: StudyAidsClass) {
    const { view } = this;
    if (view.lifetime.ended || this.current instanceof Arrived) return;
    this.isAsked = true;
    this.current = new Arrived(view);
    this.element.replaceChildren(this.current.element);
    if (!view.session) return;
    furnish(view);
    this.current.prepare(view.session);
    this.current.build();
    view.showNumbers();
  }
}
