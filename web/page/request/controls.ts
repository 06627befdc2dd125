/** Controls of a request: those known by name with fields of their own, others by OID and value. */
import type { ControlValue } from "dsmlkit";
import { fill, freshID, h, iconButton } from "../dom.ts";
import { type FormProblem, fromValue, type RequestDraft, textValue, toValue } from "./draft.ts";
import { checkBox, choice, Fold, showProblem, textBox } from "./fields.ts";
import { ValueField } from "./values.ts";

type Type = ControlValue["type"];

const names: Record<Type, string> = {
  pagedResults: "Paged results",
  sort: "Sort",
  manageDsaIT: "Manage DSA IT",
  treeDelete: "Tree delete",
  showDeleted: "Show deleted",
  domainScope: "Domain scope",
  permissiveModify: "Permissive modify",
  proxiedAuthorization: "Proxied authorization",
  unknown: "Other control",
};

export class ControlList {
  readonly element: HTMLElement;
  readonly #fold = new Fold("Controls");
  readonly #list = h("ul", { class: "controls" });
  readonly #draft: RequestDraft;
  readonly #changed: () => void;
  readonly #problems = new Map<string, (problem: FormProblem | undefined) => void>();

  constructor(draft: RequestDraft, changed: () => void) {
    this.#draft = draft;
    this.#changed = changed;
    const add = h(
      "select",
      {
        "aria-label": "Add a control",
        class: "add-control",
        onchange: () => {
          this.#add(add.value as Type);
          add.value = "";
        },
      },
      h("option", { value: "" }, "Add a control…"),
      (Object.keys(names) as Type[])
        // On a search the page size field is the way to this control.
        .filter((type) => !(type === "pagedResults" && draft.kind === "searchRequest"))
        .map((type) => h("option", { value: type }, names[type])),
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
    this.#fold.words = this.#draft.controls.map((control) => names[control.type] + (control.criticality ? " (critical)" : "")).join(", ");
  }

  show(problems: readonly FormProblem[]): void {
    for (const [key, show] of this.#problems) show(problems.find((problem) => problem.field === key));
    this.#fold.element.open ||= problems.some((problem) => problem.field.startsWith("controls."));
  }

  #row(control: ControlValue, index: number): HTMLElement {
    const problem = h("div", { class: "problem", id: freshID("problem") });
    this.#problems.set(`controls.${index}`, (found) => showProblem(row, problem, found));
    const row: HTMLElement = h(
      "li",
      { class: "control" },
      h(
        "div",
        { class: "control-head" },
        h("span", { class: "control-name" }, names[control.type]),
        checkBox("Critical", control.criticality ?? false, (checked) => {
          if (checked) control.criticality = true;
          else delete control.criticality;
          this.#touch();
        }),
        iconButton("remove", `Remove the control ${names[control.type]}`, () => this.#remove(index), { class: "icon-button small" }),
      ),
      this.#fields(control, index),
      problem,
    );
    return row;
  }

  #touch(): void {
    this.#fold.words = this.#draft.controls.map(({ type, criticality }) => names[type] + (criticality ? " (critical)" : "")).join(", ");
    this.#changed();
  }

  #fields(control: ControlValue, index: number): HTMLElement[] {
    switch (control.type) {
      case "pagedResults":
        return this.#paged(control);
      case "sort":
        return this.#sort(control);
      case "proxiedAuthorization":
        return [
          textBox(
            control.authzID,
            (value) => {
              control.authzID = value;
              this.#touch();
            },
            { code: true, label: "Authorization identity", placeholder: "dn:cn=Ada,ou=people,dc=example" },
          ),
        ];
      case "unknown":
        return this.#other(control, index);
      default:
        return [];
    }
  }

  #paged(control: Extract<ControlValue, { type: "pagedResults" }>): HTMLElement[] {
    const parts: HTMLElement[] = [];
    if (this.#draft.kind === "searchRequest") {
      parts.push(h("span", { class: "hint" }, `${this.#draft.pageSize || "no"} entries a page, as set above.`));
    } else {
      parts.push(
        textBox(
          String(control.size),
          (value) => {
            control.size = Math.max(0, Math.trunc(Number(value)) || 0);
            this.#touch();
          },
          { numeric: true, label: "Entries a page" },
        ),
      );
    }
    if (control.cookie && control.cookie.length > 0) {
      parts.push(
        h(
          "span",
          { class: "hint" },
          `Goes on after a page: cookie of ${control.cookie.length} bytes. `,
          h(
            "button",
            {
              type: "button",
              class: "quiet",
              onclick: () => {
                delete control.cookie;
                this.render();
                this.#touch();
              },
            },
            "From the first page",
          ),
        ),
      );
    }
    return parts;
  }

  #sort(control: Extract<ControlValue, { type: "sort" }>): HTMLElement[] {
    const rows = control.keys.map((key, index) =>
      h(
        "div",
        { class: "sort-key" },
        textBox(
          key.attribute,
          (value) => {
            key.attribute = value;
            this.#touch();
          },
          { code: true, label: `Sort key ${index + 1}`, placeholder: "attribute" },
        ),
        textBox(
          key.matchingRule ?? "",
          (value) => {
            if (value) key.matchingRule = value;
            else delete key.matchingRule;
            this.#touch();
          },
          { code: true, label: `Ordering rule of sort key ${index + 1}`, placeholder: "ordering rule" },
        ),
        choice(
          key.reverse ? "down" : "up",
          [
            ["up", "A → Z"],
            ["down", "Z → A"],
          ],
          (value) => {
            if (value === "down") key.reverse = true;
            else delete key.reverse;
            this.#touch();
          },
          `Direction of sort key ${index + 1}`,
        ),
        iconButton(
          "remove",
          `Remove sort key ${index + 1}`,
          () => {
            control.keys.splice(index, 1);
            this.render();
            this.#touch();
          },
          { class: "icon-button small" },
        ),
      ),
    );
    return [
      ...rows,
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          onclick: () => {
            control.keys.push({ attribute: "" });
            this.render();
            this.#touch();
          },
        },
        "+ Sort key",
      ),
    ];
  }

  #other(control: Extract<ControlValue, { type: "unknown" }>, index: number): HTMLElement[] {
    const oidProblem = h("div", { class: "problem", id: freshID("problem") });
    const oid = textBox(
      control.oid,
      (value) => {
        control.oid = value;
        this.#touch();
      },
      { code: true, label: "OID of the control", placeholder: "1.2.840.113556.1.4.417" },
    );
    this.#problems.set(`controls.${index}.oid`, (found) => showProblem(oid, oidProblem, found));
    const has = checkBox("Has a value", control.value !== undefined, (checked) => {
      if (checked) control.value = new Uint8Array();
      else delete control.value;
      this.render();
      this.#touch();
    });
    const parts: HTMLElement[] = [oid, oidProblem, has];
    if (control.value !== undefined) {
      const draft = control.value === "" ? textValue() : fromValue(control.value);
      const field: ValueField = new ValueField(draft, "control value", () => {
        const result = toValue(draft);
        if ("value" in result) {
          control.value = result.value;
          field.show(undefined);
          this.#touch();
        } else {
          field.show({ request: 0, field: "", message: result.message });
        }
      });
      parts.push(field.element);
    }
    return parts;
  }

  #add(type: Type): void {
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

function blankControl(type: Type): ControlValue {
  switch (type) {
    case "pagedResults":
      return { type, size: 100 };
    case "sort":
      return { type, keys: [{ attribute: "" }] };
    case "proxiedAuthorization":
      return { type, authzID: "", criticality: true };
    case "unknown":
      return { type, oid: "" };
    default:
      return { type };
  }
}
