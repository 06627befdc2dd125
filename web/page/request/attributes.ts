/** Attributes with their values: what an entry is made of, or what a modify request does to it. */
import { fill, freshID, h, iconButton } from "../dom.ts";
import { type AttributeDraft, type FormProblem, textValue } from "./draft.ts";
import { choice, showProblem, textBox } from "./fields.ts";
import { ValueList } from "./values.ts";

const operations = [
  ["replace", "Replace"],
  ["add", "Add"],
  ["delete", "Delete"],
  ["increment", "Increment"],
] as const;

export class AttributeList {
  readonly element = h("div", { class: "attributes" });
  readonly #attributes: AttributeDraft[];
  readonly #modify: boolean;
  readonly #changed: () => void;
  #rows: { show: (problem: (field: string) => FormProblem | undefined) => void; name: HTMLElement }[] = [];

  /** @param modify each attribute has an operation */
  constructor(attributes: AttributeDraft[], modify: boolean, changed: () => void) {
    this.#attributes = attributes;
    this.#modify = modify;
    this.#changed = changed;
    this.#render();
  }

  show(problems: readonly FormProblem[]): void {
    this.#rows.forEach((row, index) => {
      row.show((field) => problems.find((problem) => problem.field === `attributes.${index}.${field}`));
    });
  }

  #render(): void {
    fill(this.element);
    this.#rows = this.#attributes.map((attribute, index) => this.#row(attribute, index));
    this.element.append(
      h(
        "button",
        { type: "button", class: "quiet add", onclick: () => this.#add() },
        this.#modify ? "+ Modification" : "+ Attribute",
      ),
    );
  }

  #row(attribute: AttributeDraft, index: number) {
    const ordinal = index + 1;
    const noun = this.#modify ? "modification" : "attribute";
    const list: ValueList = new ValueList(
      attribute.values,
      `${noun} ${ordinal}`,
      () => meaningOfNone(attribute.operation),
      this.#changed,
    );
    const name = textBox(
      attribute.name,
      (value) => {
        attribute.name = value;
        this.#changed();
      },
      { code: true, label: `Name of ${noun} ${ordinal}`, placeholder: "attribute" },
    );
    const problem = h("div", { class: "problem", id: freshID("problem") });
    const operation = this.#modify
      ? choice(
          attribute.operation ?? "replace",
          operations,
          (chosen) => {
            attribute.operation = chosen;
            list.describe();
            this.#changed();
          },
          `Operation of modification ${ordinal}`,
        )
      : null;
    const remove = iconButton("remove", `Remove ${noun} ${ordinal}`, () => this.#remove(index));
    this.element.append(
      h(
        "fieldset",
        { class: this.#modify ? "attribute modification" : "attribute", "aria-label": `${noun} ${ordinal}` },
        h("div", { class: "attribute-name" }, operation, h("div", null, name, problem), remove),
        list.element,
      ),
    );
    return {
      name,
      show: (problemOf: (field: string) => FormProblem | undefined) => {
        showProblem(name, problem, problemOf("name"));
        list.show((value) => problemOf(`values.${value}`));
      },
    };
  }

  #add(): void {
    this.#attributes.push({ name: "", ...(this.#modify ? { operation: "replace" } : {}), values: [textValue()] });
    this.#render();
    this.#rows.at(-1)?.name.focus();
    this.#changed();
  }

  #remove(index: number): void {
    this.#attributes.splice(index, 1);
    this.#render();
    const next = this.#rows[Math.min(index, this.#rows.length - 1)];
    (next?.name ?? this.element.querySelector<HTMLElement>(".add"))?.focus();
    this.#changed();
  }
}

/** What a modification or an attribute without values does. D-50, D-51, D-54 */
function meaningOfNone(operation: AttributeDraft["operation"]): string {
  switch (operation) {
    case "delete":
      return "No value: the whole attribute is removed.";
    case "replace":
      return "No value: the attribute is removed if it is there.";
    default:
      return "No value: the directory will most likely refuse this.";
  }
}
