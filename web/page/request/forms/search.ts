import type { DerefAliases, Scope } from "dsmlkit";
import { h } from "../../dom.ts";
import type { AsyncToolkit } from "../../types.ts";
import { Chips } from "../chips.ts";
import type { FormProblem, SearchDraft } from "../draft.ts";
import { checkBox, choice, field, group, RequestForm, textBox } from "../fields.ts";
import { FilterField } from "../filter.ts";

const scopes: readonly (readonly [Scope, string])[] = [
  ["wholeSubtree", "Whole subtree"],
  ["singleLevel", "Single level"],
  ["baseObject", "Base object"],
];

const aliases: readonly (readonly [DerefAliases, string])[] = [
  ["neverDerefAliases", "Never follow"],
  ["derefInSearching", "Follow in searching"],
  ["derefFindingBaseObj", "Follow to the base"],
  ["derefAlways", "Always follow"],
];

export class SearchForm extends RequestForm<SearchDraft> {
  readonly #filter: FilterField;
  readonly #pageSize: HTMLInputElement;

  constructor(draft: SearchDraft, changed: () => void, kit: AsyncToolkit) {
    super(draft, changed);
    this.#filter = new FilterField(draft, this.changed, kit);
    this.register("filter", (problem) => this.#filter.show(problem));

    const scope = choice(draft.scope, scopes, (value) => {
      draft.scope = value;
      this.changed();
    });
    this.#pageSize = textBox(draft.pageSize, (value) => this.#setPageSize(value), { numeric: true, placeholder: "no paging" });
    const chips = new Chips(draft.attributes, "Attributes to return", "all user attributes", this.changed);

    const sizeLimit = this.text("sizeLimit", "Size limit", { numeric: true, placeholder: "none" });
    const timeLimit = this.text("timeLimit", "Time limit", { numeric: true, placeholder: "none", hint: "seconds" });
    const deref = choice(draft.derefAliases, aliases, (value) => {
      draft.derefAliases = value;
      this.changed();
    });
    this.extras.push(
      sizeLimit.element,
      timeLimit.element,
      field("Aliases", deref).element,
      group(
        "",
        checkBox("Names of attributes only, no values", draft.typesOnly, (value) => {
          draft.typesOnly = value;
          this.changed();
        }),
      ),
    );
    this.element.append(
      this.dn("Base DN").element,
      this.#filter.element,
      h(
        "div",
        { class: "pair" },
        field("Scope", scope).element,
        this.add("pageSize", field("Page size", this.#pageSize)).element,
      ),
      field("Attributes", chips.element, chips.input).element,
    );
  }

  override show(problems: readonly FormProblem[]): void {
    super.show(problems);
    this.#filter.update();
  }

  /** The page size was taken away with its control. */
  refreshPageSize(): void {
    this.#pageSize.value = this.draft.pageSize;
  }

  focusFilter(): void {
    this.#filter.focus();
  }

  /** The page size is the size of the paged results control; an empty box takes the control away. */
  #setPageSize(value: string): void {
    const { draft } = this;
    draft.pageSize = value;
    const at = draft.controls.findIndex((control) => control.type === "pagedResults");
    if (value === "" && at >= 0) draft.controls.splice(at, 1);
    else if (value !== "" && at < 0) draft.controls.push({ type: "pagedResults", size: 0 });
    this.changed();
    this.element.dispatchEvent(new Event("controls", { bubbles: true }));
  }

  override get extraFields(): readonly string[] {
    return ["sizeLimit", "timeLimit"];
  }

  override extraWords(): string[] {
    const { sizeLimit, timeLimit, derefAliases, typesOnly } = this.draft;
    return [
      sizeLimit && `${sizeLimit} entries at most`,
      timeLimit && `${timeLimit} s`,
      derefAliases === "neverDerefAliases" ? "" : aliases.find(([key]) => key === derefAliases)![1].toLowerCase(),
      typesOnly ? "names only" : "",
    ].filter(Boolean);
  }
}
