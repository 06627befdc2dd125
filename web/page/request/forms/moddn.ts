import type { ModDNDraft } from "../draft.ts";
import { checkBox, group, RequestForm } from "../fields.ts";

export class ModDNForm extends RequestForm<ModDNDraft> {
  constructor(draft: ModDNDraft, changed: () => void) {
    super(draft, changed);
    this.element.append(
      this.dn().element,
      this.text("newrdn", "New RDN", { code: true, placeholder: "cn=Ada Lovelace" }).element,
      group(
        "",
        checkBox("Remove the old RDN's value from the entry", draft.deleteoldrdn, (value) => {
          draft.deleteoldrdn = value;
          changed();
        }),
      ),
      this.text("newSuperior", "New parent", { code: true, optional: true, placeholder: "stays where it is" }).element,
    );
  }
}
