// Study aids that come after the picture: the first show does not wait for panels that nobody has opened yet.
import { makeElement } from "../page/dom.js";
import { importText } from "../page/module_text.js";
import { PlainAids } from "./plain_aids.js";
import { unpackSpecification } from "../story/specification.js";

/** Stands in for StudyAids, asks the kernel for them once the picture is there, and hands over to them. */
export class LaterAids {
  /** shared: where the modules stand that the study aids share with the view. */
  constructor(view, shared) {
    this.view = view;
    this.shared = shared;
    this.current = new PlainAids(view);
    this.element = makeElement("div", {}, this.current.element);
    this.isAsked = false;
    view.lifetime.follow(view.model, "change:aids", () => this.take());
  }

  accepts(name, value) {
    return this.current.accepts(name, value);
  }

  prepare(session) {
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
    if (this.model.get("aids")?.byteLength > 0) this.take();
    else if (this.model.get("editable")) this.model.send({ kind: "aids" });
  }

  get model() {
    return this.view.model;
  }

  take() {
    const packed = this.model.get("aids");
    if (!(packed?.byteLength > 0)) return;
    unpackSpecification(packed)
      .then(({ script, style }) => {
        this.view.root.append(makeElement("style", { text: style }));
        return importText(script, this.shared);
      })
      .then(({ StudyAids }) => this.view.guarded(() => this.handOver(StudyAids))())
      .catch((problem) => this.view.complain(problem));
  }

  handOver(StudyAids) {
    const { view } = this;
    if (view.lifetime.ended || this.current instanceof StudyAids) return;
    this.isAsked = true;
    this.current = new StudyAids(view);
    this.element.replaceChildren(this.current.element);
    if (!view.session) return;
    this.current.prepare(view.session);
    this.current.build();
    view.showNumbers();
  }
}
