import type { AbandonDraft } from "../draft.ts";
import { RequestForm } from "../fields.ts";

export class AbandonForm extends RequestForm<AbandonDraft> {
  constructor(draft: AbandonDraft, changed: () => void) {
    super(draft, changed);
    this.element.append(
      this.text("abandonID", "Abandon", {
        code: true,
        placeholder: "requestID",
        hint: "The requestID of another request of this batch. It gets no response, and only in parallel processing can it stop anything.",
      }).element,
    );
  }
}
