import type { DelDraft } from "../draft.ts";
import { RequestForm } from "../fields.ts";

export class DelForm extends RequestForm<DelDraft> {
  constructor(draft: DelDraft, changed: () => void) {
    super(draft, changed);
    this.element.append(this.dn().element);
  }
}
