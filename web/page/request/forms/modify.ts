import { AttributeList } from "../attributes.ts";
import type { FormProblem, ModifyDraft } from "../draft.ts";
import { RequestForm } from "../fields.ts";

export class ModifyForm extends RequestForm<ModifyDraft> {
  readonly #list: AttributeList;

  constructor(draft: ModifyDraft, changed: () => void) {
    super(draft, changed);
    this.#list = new AttributeList(draft.attributes, true, changed);
    this.element.append(this.dn().element, this.#list.element);
  }

  override show(problems: readonly FormProblem[]): void {
    super.show(problems);
    this.#list.show(problems);
  }
}
