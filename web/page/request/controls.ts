/** Controls of a request: those known by name with fields of their own, others by OID and value. */
import type { AnyControlValue } from "dsmlkit";
import { fill, freshID, h, iconButton } from "../dom.ts";
import type { AsyncToolkit } from "../types.ts";
import { blankControl, controlFields, controlNames, type RequestControl } from "./control-fields.ts";
import type { ControlDraft, FormProblem, RequestDraft } from "./draft.ts";
import { checkBox, Fold, showProblem } from "./fields.ts";

export class ControlList {
  readonly element: HTMLElement;
  readonly #fold = new Fold("Controls");
  readonly #list = h("ul", { class: "controls" });
  readonly #draft: RequestDraft;
  readonly #changed: () => void;
  readonly #kit: AsyncToolkit;
  readonly #problems = new Map<string, (problem: FormProblem | undefined) => void>();

  constructor(draft: RequestDraft, changed: () => void, kit: AsyncToolkit) {
    this.#draft = draft;
    this.#changed = changed;
    this.#kit = kit;
    const add = h(
      "select",
      {
        "aria-label": "Add a control",
        class: "add-control",
        onchange: () => {
          this.#add(add.value as RequestControl);
          add.value = "";
        },
      },
      h("option", { value: "" }, "Add a control…"),
      (Object.keys(controlNames) as RequestControl[])
        // On a search the page size field is the way to this control.
        .filter((type) => !(type === "pagedResults" && draft.kind === "searchRequest"))
        .map((type) => h("option", { value: type }, controlNames[type])),
    );
    this.#fold.element.querySelector(".fold-body")!.append(this.#list, add);
    this.element = this.#fold.element;
    this.render();
  }

  render(): void {
    this.#problems.clear();
    fill(
      this.#list,
      this.#draft.controls.map((control, index) => this.#row(control, index)),
    );
    this.#words();
  }

  show(problems: readonly FormProblem[]): void {
    for (const [key, show] of this.#problems) show(problems.find((problem) => problem.field === key));
    this.#fold.element.open ||= problems.some((problem) => problem.field.startsWith("controls."));
  }

  #words(): void {
    this.#fold.words = this.#draft.controls.map((control) => nameOf(control) + (control.criticality ? " (critical)" : "")).join(", ");
  }

  #row(control: ControlDraft, index: number): HTMLElement {
    const problem = h("div", { class: "problem", id: freshID("problem") });
    const name = nameOf(control);
    const row: HTMLElement = h(
      "li",
      { class: "control" },
      h(
        "div",
        { class: "control-head" },
        h("span", { class: "control-name" }, name),
        checkBox("Critical", control.criticality ?? false, (checked) => {
          // Left out where it is the standard of the control, which for one of them is to be critical.
          if (checked) control.criticality = true;
          else if (control.type === "proxiedAuthorization") control.criticality = false;
          else delete control.criticality;
          this.#touch();
        }),
        iconButton("remove", `Remove the control ${name}`, () => this.#remove(index), { class: "icon-button small" }),
      ),
      controlFields(control, {
        draft: this.#draft,
        kit: this.#kit,
        touch: () => this.#touch(),
        render: () => {
          this.render();
          this.#touch();
        },
        register: (field, show) => this.#problems.set(`controls.${index}.${field}`, show),
      }),
      problem,
    );
    this.#problems.set(`controls.${index}`, (found) => showProblem(row, problem, found));
    return row;
  }

  #touch(): void {
    this.#words();
    this.#changed();
  }

  #add(type: RequestControl): void {
    this.#draft.controls.push(blankControl(type));
    this.render();
    this.#list.lastElementChild?.querySelector<HTMLElement>("input:not([type=checkbox])")?.focus();
    this.#touch();
  }

  #remove(index: number): void {
    const [removed] = this.#draft.controls.splice(index, 1);
    if (removed?.type === "pagedResults" && this.#draft.kind === "searchRequest") {
      this.#draft.pageSize = "";
      this.element.dispatchEvent(new Event("pagesize", { bubbles: true }));
    }
    this.render();
    this.#touch();
  }
}

/** A control that only servers send has no name here; it stays as it is. */
function nameOf({ type }: AnyControlValue): string {
  return type in controlNames ? controlNames[type as RequestControl] : type;
}
