import type { AuthDraft } from "../draft.ts";
import { RequestForm } from "../fields.ts";

export class AuthForm extends RequestForm<AuthDraft> {
  constructor(draft: AuthDraft, changed: () => void) {
    super(draft, changed);
    this.element.append(
      this.text("principal", "Principal", {
        code: true,
        placeholder: "dn:cn=Ada,ou=people,dc=example",
        hint: "An authorization identity, dn:… or u:…, for the rest of this batch only. It stands first.",
      }).element,
    );
  }
}
