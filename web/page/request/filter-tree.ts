/** A filter as a tree of conditions: nested lists of plain controls, which every keyboard and screen reader knows. */
import type { Filter, Value } from "dsmlkit";
import { fill, h, iconButton } from "../dom.ts";
import { fromValue, toValue } from "./draft.ts";
import { checkBox, choice, textBox } from "./fields.ts";

type Group = Extract<Filter, { kind: "and" | "or" | "not" }>;
type Leaf = Exclude<Filter, Group>;
type Comparison = Extract<Filter, { kind: "equalityMatch" | "greaterOrEqual" | "lessOrEqual" | "approxMatch" }>;
type Substrings = Extract<Filter, { kind: "substrings" }>;

const groups: readonly (readonly [Group["kind"], string])[] = [
  ["and", "All of (and)"],
  ["or", "Any of (or)"],
  ["not", "Not"],
];

const leaves: readonly (readonly [Leaf["kind"], string])[] = [
  ["equalityMatch", "is"],
  ["substrings", "matches"],
  ["present", "is present"],
  ["greaterOrEqual", "≥"],
  ["lessOrEqual", "≤"],
  ["approxMatch", "sounds like"],
  ["extensibleMatch", "by rule"],
];

export class FilterTree {
  readonly element: HTMLElement;
  readonly #list = h("ul", { class: "filter-tree" });
  readonly #problem = h("div", { class: "problem", role: "status" });
  readonly #stale = h("div", { class: "stale-words hint" });
  readonly #changed: (filter: Filter) => void;
  readonly #unfit: (message: string) => void;
  /** by the name of its box: what stands there and is no value */
  readonly #wrong = new Map<string, string>();
  #root: Filter = blankCondition();
  /** what was last shown or given away; showing it again changes nothing */
  #known: Filter | undefined;

  /** @param unfit is told why what stands in the tree is no filter; the next `changed` says that it is one again */
  constructor(changed: (filter: Filter) => void, unfit: (message: string) => void) {
    this.#changed = changed;
    this.#unfit = unfit;
    this.element = h("div", { class: "filter-tree-box", role: "group", "aria-label": "Conditions" }, this.#stale, this.#list, this.#problem);
  }

  show(filter: Filter): void {
    if (filter === this.#known) return;
    this.#known = filter;
    this.#root = structuredClone(filter);
    this.problem = undefined;
    this.#render();
  }

  /** The text beside does not parse: the tree shows what it was before, and a change here replaces the text. */
  set stale(stale: boolean) {
    this.element.classList.toggle("stale", stale);
    this.#stale.textContent = stale ? "The conditions of the last text that could be read. A change here takes the place of the text." : "";
  }

  set problem(message: string | undefined) {
    this.#problem.textContent = message ?? "";
  }

  #emit(): void {
    this.#known = withoutEmptyParts(structuredClone(this.#root));
    this.#changed(this.#known);
    const [wrong] = this.#wrong.values();
    if (wrong !== undefined) this.#unfit(wrong);
  }

  /** Changes the structure, and keeps the keyboard where it was as far as that place still exists. */
  #restructure(focus: string): void {
    this.#render();
    this.element.querySelector<HTMLElement>(`[data-path="${focus}"]`)?.focus();
    this.#emit();
  }

  #render(): void {
    this.#wrong.clear();
    fill(this.#list, this.#node(this.#root, "1", (filter) => {
      this.#root = filter;
    }));
  }

  /** @param replace puts another filter, or none, in the place of this one */
  #node(filter: Filter, path: string, replace: (filter: Filter) => void, remove?: () => void): HTMLElement {
    const wrap = (kind: Group["kind"]) => {
      replace(kind === "not" ? { kind, filter } : { kind, filters: [filter] });
      this.#restructure(path);
    };
    const only = isGroup(filter) ? childrenOf(filter) : [];
    const wrapping = h(
      "select",
      {
        class: "wrap",
        title: "Wrap in and, or, not",
        "aria-label": `Wrap condition ${path}`,
        onchange: () => {
          if (wrapping.value === "unwrap") {
            replace(only[0]!);
            this.#restructure(path);
          } else wrap(wrapping.value as Group["kind"]);
        },
      },
      h("option", { value: "" }, "( )"),
      h("option", { value: "and" }, "Wrap in and (&…)"),
      h("option", { value: "or" }, "Wrap in or (|…)"),
      h("option", { value: "not" }, "Wrap in not (!…)"),
      only.length === 1 ? h("option", { value: "unwrap" }, "Unwrap") : null,
    );
    const tools = h(
      "div",
      { class: "node-tools" },
      wrapping,
      remove ? iconButton("remove", `Remove condition ${path}`, remove, { class: "icon-button small" }) : h("span"),
    );
    return isGroup(filter) ? this.#group(filter, path, replace, tools) : this.#leaf(filter, path, replace, tools);
  }

  #group(filter: Group, path: string, replace: (filter: Filter) => void, tools: HTMLElement): HTMLElement {
    const children = childrenOf(filter);
    const kind = choice(
      filter.kind,
      groups,
      (chosen) => {
        replace(regroup(children, chosen));
        this.#restructure(path);
      },
      `Kind of condition ${path}`,
    );
    kind.dataset["path"] = path;
    const items = children.map((child, index) => {
      const childPath = `${path}.${index + 1}`;
      return this.#node(
        child,
        childPath,
        (other) => {
          if (filter.kind === "not") filter.filter = other;
          else filter.filters[index] = other;
        },
        () => {
          // What is left of a "not" without its child is the child's own place, empty.
          if (filter.kind === "not") replace(blankCondition());
          else filter.filters.splice(index, 1);
          this.#restructure(path);
        },
      );
    });
    const add = (other: Filter) => {
      if (filter.kind === "not") return;
      filter.filters.push(other);
      this.#restructure(`${path}.${filter.filters.length}`);
    };
    const adding =
      filter.kind === "not"
        ? null
        : h(
            "div",
            { class: "node-add" },
            h("button", { type: "button", class: "quiet", "aria-label": `Add a condition to ${path}`, onclick: () => add(blankCondition()) }, "+ Condition"),
            h(
              "button",
              {
                type: "button",
                class: "quiet",
                "aria-label": `Add a group to ${path}`,
                onclick: () => add({ kind: filter.kind === "and" ? "or" : "and", filters: [blankCondition()] }),
              },
              "+ Group",
            ),
          );
    return h(
      "li",
      { class: `node group ${filter.kind}` },
      h("div", { class: "node-row" }, kind, h("span", { class: "spacer" }), tools),
      h("ul", null, items, adding ? h("li", null, adding) : null),
    );
  }

  #leaf(filter: Leaf, path: string, replace: (filter: Filter) => void, tools: HTMLElement): HTMLElement {
    const name = textBox(
      filter.name ?? "",
      (value) => {
        if (filter.kind === "extensibleMatch" && value === "") delete filter.name;
        else filter.name = value;
        this.#emit();
      },
      { code: true, label: `Attribute of condition ${path}`, placeholder: "attribute" },
    );
    name.dataset["path"] = path;
    const kind = choice(
      filter.kind,
      leaves,
      (chosen) => {
        replace(recast(filter, chosen));
        this.#restructure(`${path}-kind`);
      },
      `Comparison of condition ${path}`,
    );
    kind.dataset["path"] = `${path}-kind`;
    return h(
      "li",
      { class: "node leaf" },
      h("div", { class: "node-row" }, name, kind, h("div", { class: "node-value" }, this.#operand(filter, path)), tools),
    );
  }

  #operand(filter: Leaf, path: string): HTMLElement[] {
    switch (filter.kind) {
      case "present":
        return [];
      case "substrings":
        return this.#pattern(filter, path);
      case "extensibleMatch":
        return [
          textBox(
            filter.matchingRule ?? "",
            (value) => {
              if (value === "") delete filter.matchingRule;
              else filter.matchingRule = value;
              this.#emit();
            },
            { code: true, label: `Matching rule of condition ${path}`, placeholder: "matching rule" },
          ),
          this.#value(filter.value, `Value of condition ${path}`, (value) => {
            filter.value = value;
          }),
          checkBox("also in DNs", filter.dnAttributes ?? false, (checked) => {
            if (checked) filter.dnAttributes = true;
            else delete filter.dnAttributes;
            this.#emit();
          }),
        ];
      default:
        return [
          this.#value(filter.value, `Value of condition ${path}`, (value) => {
            filter.value = value;
          }),
        ];
    }
  }

  /** Starts with, contains (any number), ends with: an empty part is no part. */
  #pattern(filter: Substrings, path: string): HTMLElement[] {
    const any = filter.any ?? [];
    const part = (value: Value | undefined, words: string, sign: string, set: (value: Value | undefined) => void) =>
      this.#value(value ?? "", `${words}, condition ${path}`, (typed) => set(typed === "" ? undefined : typed), sign);
    const setAny = (index: number, value: Value | undefined) => {
      const list = [...any];
      if (value === undefined) list.splice(index, 1);
      else list[index] = value;
      any.splice(0, any.length, ...list);
      if (any.length > 0) filter.any = any;
      else delete filter.any;
    };
    return [
      part(filter.initial, "Starts with", "a*", (value) => {
        if (value === undefined) delete filter.initial;
        else filter.initial = value;
      }),
      ...(any.length === 0 ? [undefined] : any).map((value, index) => {
        const box = part(value, "Contains", "*b*", (typed) => setAny(index, typed));
        (box instanceof HTMLInputElement ? box : box.querySelector("input")!).dataset["path"] = `${path}-any-${index}`;
        return box;
      }),
      part(filter.final, "Ends with", "*c", (value) => {
        if (value === undefined) delete filter.final;
        else filter.final = value;
      }),
      iconButton(
        "add",
        `One more part that condition ${path} contains`,
        () => {
          filter.any = [...(filter.any ?? []), ""];
          this.#render();
          this.element.querySelector<HTMLElement>(`[data-path="${path}-any-${filter.any.length - 1}"]`)?.focus();
        },
        { class: "icon-button small", disabled: any.includes("") || any.length === 0 },
      ),
    ];
  }

  /** Text as it is; bytes as base64 and references as they are, said to be so. */
  #value(value: Value, label: string, set: (value: Value) => void, placeholder = "value"): HTMLElement {
    const draft = fromValue(value);
    const box = textBox(
      draft.text,
      (text) => {
        draft.text = text;
        const result = toValue(draft);
        if (!("value" in result)) {
          this.#wrong.set(label, result.message);
          this.#unfit(result.message);
          return;
        }
        this.#wrong.delete(label);
        set(result.value);
        this.#emit();
      },
      { label, placeholder, code: draft.form !== "text" },
    );
    if (draft.form === "text") return box;
    return h("span", { class: "typed-value" }, h("span", { class: "hint" }, draft.form === "base64" ? "base64" : "URI"), box);
  }
}

function isGroup(filter: Filter): filter is Group {
  return filter.kind === "and" || filter.kind === "or" || filter.kind === "not";
}

function childrenOf(filter: Group): Filter[] {
  return filter.kind === "not" ? [filter.filter] : filter.filters;
}

/** A part that was begun and has no text yet is no part. */
function withoutEmptyParts(filter: Filter): Filter {
  if (isGroup(filter)) childrenOf(filter).forEach(withoutEmptyParts);
  else if (filter.kind === "substrings" && filter.any) {
    const any = filter.any.filter((part) => part !== "");
    if (any.length > 0) filter.any = any;
    else delete filter.any;
  }
  return filter;
}

export function blankCondition(): Comparison {
  return { kind: "equalityMatch", name: "", value: "" };
}

/** The same conditions under another head. */
export function regroup(children: Filter[], kind: Group["kind"]): Group {
  if (kind !== "not") return { kind, filters: children };
  return { kind, filter: children.length === 1 ? children[0]! : { kind: "and", filters: children } };
}

/** The same attribute, and the same value where there is one, compared in another way. */
export function recast(filter: Leaf, kind: Leaf["kind"]): Leaf {
  const name = filter.name ?? "";
  const value = valueOf(filter);
  switch (kind) {
    case "present":
      return { kind, name };
    case "substrings":
      return { kind, name, initial: value };
    case "extensibleMatch":
      return { kind, ...(name ? { name } : {}), value };
    default:
      return { kind, name, value };
  }
}

function valueOf(filter: Leaf): Value {
  switch (filter.kind) {
    case "present":
      return "";
    case "substrings":
      return filter.initial ?? filter.any?.[0] ?? filter.final ?? "";
    default:
      return filter.value;
  }
}
