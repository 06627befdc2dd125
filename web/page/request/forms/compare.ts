import type { CompareDraft } from "../draft.ts";
import { group, RequestForm } from "../fields.ts";
import { ValueField } from "../values.ts";

export class CompareForm extends RequestForm<CompareDraft> {
  constructor(draft: CompareDraft, changed: () => void) {
    super(draft, changed);
    const value = new ValueField(draft.value, "value to compare with", changed);
    this.register("value", (problem) => value.show(problem));
    this.element.append(
      this.dn().element,
      this.text("name", "Attribute", { code: true, placeholder: "mail" }).element,
      group("Value", value.element),
    );
  }
}
