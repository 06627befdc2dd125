import type { AsyncToolkit } from "../../types.ts";
import type { RequestDraft } from "../draft.ts";
import type { RequestForm } from "../fields.ts";
import { AbandonForm } from "./abandon.ts";
import { AddForm } from "./add.ts";
import { AuthForm } from "./auth.ts";
import { CompareForm } from "./compare.ts";
import { DelForm } from "./del.ts";
import { ExtendedForm } from "./extended.ts";
import { ModDNForm } from "./moddn.ts";
import { ModifyForm } from "./modify.ts";
import { SearchForm } from "./search.ts";

export function formFor(draft: RequestDraft, changed: () => void, kit: AsyncToolkit): RequestForm<RequestDraft> {
  switch (draft.kind) {
    case "searchRequest":
      return new SearchForm(draft, changed, kit) as RequestForm<RequestDraft>;
    case "modifyRequest":
      return new ModifyForm(draft, changed) as RequestForm<RequestDraft>;
    case "addRequest":
      return new AddForm(draft, changed) as RequestForm<RequestDraft>;
    case "delRequest":
      return new DelForm(draft, changed) as RequestForm<RequestDraft>;
    case "modDNRequest":
      return new ModDNForm(draft, changed) as RequestForm<RequestDraft>;
    case "compareRequest":
      return new CompareForm(draft, changed) as RequestForm<RequestDraft>;
    case "extendedRequest":
      return new ExtendedForm(draft, changed) as RequestForm<RequestDraft>;
    case "abandonRequest":
      return new AbandonForm(draft, changed) as RequestForm<RequestDraft>;
    case "authRequest":
      return new AuthForm(draft, changed) as RequestForm<RequestDraft>;
  }
}
