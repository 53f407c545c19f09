// A button that copies the results of an exercise as a code, and a field with the code where copying is refused.
import { copyText, makeElement } from "../page/dom.js";
import type { Lifetime } from "../page/lifetime.js";
import { codeOf } from "../story/answers.js";

/** Offers what results() gives, as one line to paste. */
export class CodeOffer {
  button: HTMLButtonElement;
  field: HTMLInputElement;
  said: HTMLParagraphElement;

  constructor(lifetime: Lifetime, results: () => object) {
    this.button = makeElement("button", { type: "button", class: "bpv-text-button", text: "Copy code" });
    this.field = makeElement("input", {
      class: "bpv-field bpv-code",
      readonly: "",
      spellcheck: "false",
      "aria-label": "Code of your answers",
    });
    this.said = makeElement("p", { class: "bpv-aid-hint", role: "status" });
    this.clear();
    lifetime.listen(this.button, "click", () => this.copy(results()));
  }

  /** What was copied is no longer what was answered. */
  clear() {
    this.field.hidden = true;
    this.said.textContent = "";
  }

  async copy(record: object) {
    const code = await codeOf(record);
    const isDone = await copyText(code);
    this.field.value = code;
    this.field.hidden = isDone;
    if (isDone) {
      this.said.textContent = "Code copied. Paste it where your teacher asks for it.";
      this.button.focus();
    } else {
      this.said.textContent = "The browser did not allow copying. The code is selected: copy it from the field.";
      this.field.focus();
      this.field.select();
    }
  }
}
