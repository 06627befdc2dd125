/** Labelled controls of the form, and the base of the forms of the operations. */
import { type Children, fill, freshID, h } from "../dom.ts";
import type { FormProblem, RequestDraft } from "./draft.ts";

/** A control that can say what is wrong with it. */
export interface Field {
  readonly element: HTMLElement;
  readonly input: HTMLElement;
  show(problem: FormProblem | undefined): void;
}

/** A label, the control that it names, and room below for what is wrong. */
export function field(label: string, control: HTMLElement, input: HTMLElement = control, hint?: string): Field {
  input.id ||= freshID("field");
  const problem = h("div", { class: "problem", id: freshID("problem") });
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: input.id }, label),
    h("div", null, control, hint ? h("div", { class: "hint" }, hint) : null, problem),
  );
  return { element, input, show: (found) => showProblem(input, problem, found) };
}

/** Something with a caption that has several controls, each with a name of its own. */
export function group(caption: string, content: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("span", { class: "label" }, caption), h("div", null, content));
}

export function showProblem(input: HTMLElement, place: HTMLElement, problem: FormProblem | undefined): void {
  fill(place, problem && sentence(problem.message), problem?.hint ? h("span", { class: "hint" }, ` ${sentence(problem.hint)}`) : null);
  place.classList.toggle("hint", problem?.missing === true);
  if (problem) input.setAttribute("aria-describedby", place.id);
  else input.removeAttribute("aria-describedby");
  if (problem && !problem.missing) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/**
 * Errors come without a capital and a full stop, so that they can be wrapped;
 * on the page they are sentences. A name such as derefAliases stays as it is.
 */
export function sentence(text: string): string {
  const begun = /^(?:[a-z]{3,}|an?|no|it|in|of|on|at|to)\b/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
  return /[.!?…:]$/.test(begun) ? begun : `${begun}.`;
}

export interface TextOptions {
  placeholder?: string;
  numeric?: boolean;
  /** DNs, OIDs, filters: no spelling marks, fixed width */
  code?: boolean;
  /** instead of a <label> */
  label?: string;
}

/** A box for a line of text. */
export function textBox(value: string, changed: (value: string) => void, options: TextOptions = {}): HTMLInputElement {
  const input = h("input", {
    type: "text",
    class: options.code ? "mono" : undefined,
    inputmode: options.numeric ? "numeric" : undefined,
    placeholder: options.placeholder,
    "aria-label": options.label,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    prop: { value },
    oninput: () => changed(input.value),
  });
  return input;
}

/** A choice; the options are pairs of value and words. */
export function choice<V extends string>(
  value: V,
  options: readonly (readonly [V, string])[],
  changed: (value: V) => void,
  label?: string,
): HTMLSelectElement {
  const select = h(
    "select",
    { "aria-label": label, onchange: () => changed(select.value as V) },
    options.map(([key, words]) => h("option", { value: key }, words)),
  );
  select.value = value;
  return select;
}

export function checkBox(label: string, checked: boolean, changed: (checked: boolean) => void): HTMLElement {
  const input = h("input", { type: "checkbox", prop: { checked }, onchange: () => changed(input.checked) });
  return h("label", { class: "check" }, input, label);
}

/** A part that can be folded away; the summary says what is in it. */
export class Fold {
  readonly element: HTMLDetailsElement;
  readonly #words = h("span", { class: "hint" });

  constructor(title: string, ...children: Children) {
    this.element = h("details", { class: "fold" }, h("summary", null, h("span", null, title), this.#words), h("div", { class: "fold-body" }, ...children));
  }

  set words(text: string) {
    this.#words.textContent = text;
  }
}

/** The form of one operation. It writes into its draft and says so; problems come back by the names of fields. */
export abstract class RequestForm<D extends RequestDraft> {
  readonly element = h("div", { class: "form" });
  /** Fields that are seldom needed; they stand folded away, and these words say what is in them. */
  readonly extras: HTMLElement[] = [];
  protected readonly draft: D;
  protected readonly changed: () => void;
  readonly #fields = new Map<string, (problem: FormProblem | undefined) => void>();

  constructor(draft: D, changed: () => void) {
    this.draft = draft;
    this.changed = changed;
  }

  /** Shows the problems that belong to this request, and what the model found out about the draft. */
  show(problems: readonly FormProblem[]): void {
    for (const [key, show] of this.#fields) show(problems.find((problem) => problem.field === key));
  }

  /** What the folded fields hold, in a few words. */
  extraWords(): string[] {
    return [];
  }

  /** Names of the folded fields. */
  get extraFields(): readonly string[] {
    return [];
  }

  /** Where the keyboard goes when the form is new. */
  focus(): void {
    this.element.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }

  protected register(key: string, show: (problem: FormProblem | undefined) => void): void {
    this.#fields.set(key, show);
  }

  protected add(key: string, made: Field): Field {
    this.register(key, made.show);
    return made;
  }

  /** A text field for one property of the draft. */
  protected text<K extends keyof D & string>(key: K, label: string, options: TextOptions & { hint?: string; optional?: boolean } = {}): Field {
    const draft = this.draft as object as Record<string, unknown>;
    const input = textBox(
      (draft[key] as string | undefined) ?? "",
      (value) => {
        if (value === "" && options.optional) delete draft[key];
        else draft[key] = value;
        this.changed();
      },
      options,
    );
    return this.add(key, field(label, input, input, options.hint));
  }

  protected dn(label = "DN"): Field {
    return this.text("dn" as keyof D & string, label, { code: true, placeholder: "cn=Ada,ou=people,dc=example" });
  }
}
