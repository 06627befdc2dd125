import { h } from "../../dom.ts";
import { type ExtendedDraft, textValue } from "../draft.ts";
import { checkBox, group, RequestForm } from "../fields.ts";
import { ValueField } from "../values.ts";

/** Extended operations that people ask for by name. */
const known = [
  ["1.3.6.1.4.1.4203.1.11.3", "Who am I"],
  ["1.3.6.1.4.1.4203.1.11.1", "Modify password"],
  ["1.3.6.1.1.8", "Cancel"],
  ["1.3.6.1.4.1.1466.20037", "StartTLS (DSML servers refuse it)"],
] as const;

export class ExtendedForm extends RequestForm<ExtendedDraft> {
  constructor(draft: ExtendedDraft, changed: () => void) {
    super(draft, changed);
    const name = this.text("requestName", "Operation OID", { code: true });
    const words = h("div", { class: "hint" });
    const describe = () => {
      words.textContent = known.find(([oid]) => oid === draft.requestName)?.[1] ?? "";
    };
    name.input.addEventListener("input", describe);
    name.input.after(words);
    describe();

    const value = h("div");
    const render = () => {
      if (!draft.value) return value.replaceChildren();
      const made = new ValueField(draft.value, "request value", changed);
      this.register("value", (problem) => made.show(problem));
      value.replaceChildren(group("Value", made.element));
    };
    const has = checkBox("The request has a value", draft.value !== undefined, (checked) => {
      if (checked) draft.value = textValue();
      else delete draft.value;
      render();
      changed();
    });
    render();
    this.element.append(name.element, group("", has), value);
  }
}
