import { AttributeList } from "../attributes.ts";
import type { AddDraft, FormProblem } from "../draft.ts";
import { RequestForm } from "../fields.ts";

export class AddForm extends RequestForm<AddDraft> {
  readonly #list: AttributeList;

  constructor(draft: AddDraft, changed: () => void) {
    super(draft, changed);
    this.#list = new AttributeList(draft.attributes, false, changed);
    this.element.append(this.dn().element, this.#list.element);
  }

  override show(problems: readonly FormProblem[]): void {
    super.show(problems);
    this.#list.show(problems);
  }
}
