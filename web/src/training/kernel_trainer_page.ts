// The view of a run that a kernel trains: it tells when that kernel is gone.
import { makeElement, makeIcon } from "../page/dom.js";
import { Connection } from "../page/notebook.js";
import type { Model } from "../types/model.js";
import type { TrainerTraits } from "../types/specification.js";
import { TrainerPage } from "./trainer_page.js";

/** A trainer's view beside its kernel. */
export class KernelTrainerPage extends TrainerPage {
  readonly connection: Connection;

  constructor(model: Model<TrainerTraits>, host: HTMLElement) {
    super(model, host);
    const { lifetime, root } = this;
    const title = "The kernel has stopped or started again: run the cell again.";
    const hidden = { class: "bpv-connection", role: "status", title, hidden: "" };
    const lost = makeElement("span", hidden, makeIcon("unplugged"), "not connected");
    this.settings.element.after(lost);
    const onChange = (isLost: boolean) => {
      lost.hidden = !isLost;
      root.dataset.lost = String(isLost);
      if (isLost) this.controls.showPlaying(false);
    };
    this.connection = new Connection({ lifetime, model, root, onChange });
  }
}
