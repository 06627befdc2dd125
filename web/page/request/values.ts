/** Values of attributes: text, base64 or bytes of a file, a reference. */
import { fill, freshID, h, iconButton } from "../dom.ts";
import type { FormProblem, ValueDraft } from "./draft.ts";
import { fromBase64, textValue, toBase64 } from "./draft.ts";
import { choice, showProblem } from "./fields.ts";

/** Base64 longer than this is shown by its size; nobody edits a photo by hand. */
const longest = 2048;

/** One value. `name` says in words which one it is. */
export class ValueField {
  readonly element = h("div", { class: "value" });
  readonly #value: ValueDraft;
  readonly #changed: () => void;
  readonly #name: string;
  readonly #problem = h("div", { class: "problem", id: freshID("problem") });
  readonly #more: HTMLElement[];
  #input: HTMLElement = this.element;

  constructor(value: ValueDraft, name: string, changed: () => void, ...more: HTMLElement[]) {
    this.#value = value;
    this.#name = name;
    this.#changed = changed;
    this.#more = more;
    this.#render();
  }

  show(problem: FormProblem | undefined): void {
    showProblem(this.#input, this.#problem, problem);
  }

  focus(): void {
    this.#input.focus();
  }

  #render(): void {
    const value = this.#value;
    const form = choice(
      value.form,
      [
        ["text", "Text"],
        ["base64", "Base64"],
        ["uri", "URI"],
      ],
      (chosen) => this.#convert(chosen),
      `Form of ${this.#name}`,
    );
    const picker = h("input", { type: "file", hidden: true, onchange: () => void this.#take(picker.files?.[0]) });
    const file = iconButton("file", `Take ${this.#name} from a file`, () => picker.click(), { class: "icon-button small" });
    this.#input = value.form === "base64" && value.text.length > longest ? this.#digest() : this.#box();
    fill(this.element, form, this.#input, h("div", { class: "value-actions" }, file, this.#more), picker, this.#problem);
  }

  #box(): HTMLElement {
    const value = this.#value;
    const box = h("textarea", {
      rows: 1,
      class: value.form === "text" ? undefined : "mono",
      "aria-label": upper(this.#name),
      spellcheck: "false",
      placeholder: { text: undefined, base64: "AQIDBA==", uri: "https://example.com/photo.jpg" }[value.form],
      prop: { value: value.text },
      oninput: () => {
        value.text = box.value;
        this.#changed();
      },
    });
    return box;
  }

  #digest(): HTMLElement {
    const bytes = fromBase64(this.#value.text);
    const words = bytes ? `${bytes.length.toLocaleString("en")} bytes${kindOf(bytes)}` : "not base64";
    return h(
      "output",
      { class: "digest", tabindex: -1, "aria-label": upper(this.#name) },
      h("span", null, words),
      h("button", { type: "button", class: "quiet", onclick: () => this.#set("text", "") }, "Clear"),
    );
  }

  /** Text becomes the base64 of its UTF-8 and back, as far as it goes. */
  #convert(form: ValueDraft["form"]): void {
    const { form: old, text } = this.#value;
    let converted = text;
    if (form === "base64" && old !== "base64") converted = toBase64(new TextEncoder().encode(text));
    if (form !== "base64" && old === "base64") converted = decodeText(text) ?? text;
    this.#set(form, converted);
  }

  #set(form: ValueDraft["form"], text: string): void {
    this.#value.form = form;
    this.#value.text = text;
    this.#render();
    this.#input.focus();
    this.#changed();
  }

  async #take(file: File | undefined): Promise<void> {
    if (file) this.#set("base64", toBase64(new Uint8Array(await file.arrayBuffer())));
  }
}

/** Any number of values: with none the list says what that means. */
export class ValueList {
  readonly element = h("div", { class: "values" });
  readonly #values: ValueDraft[];
  readonly #owner: string;
  readonly #changed: () => void;
  readonly #none: () => string;
  readonly #meaning = h("span", { class: "hint" });
  #fields: ValueField[] = [];

  /**
   * @param owner what the values are of, such as "attribute 2"
   * @param none what it means that there is no value
   */
  constructor(values: ValueDraft[], owner: string, none: () => string, changed: () => void) {
    this.#values = values;
    this.#owner = owner;
    this.#none = none;
    this.#changed = changed;
    this.#render();
  }

  /** What having no value means may have changed. */
  describe(): void {
    this.#meaning.textContent = this.#values.length === 0 ? this.#none() : "";
  }

  #render(): void {
    const name = this.#owner;
    this.#fields = this.#values.map(
      (value, index) =>
        new ValueField(
          value,
          `value ${index + 1} of ${name}`,
          this.#changed,
          iconButton("remove", `Remove value ${index + 1} of ${name}`, () => this.#remove(index), { class: "icon-button small" }),
        ),
    );
    fill(
      this.element,
      this.#fields.map((field) => field.element),
      h(
        "div",
        { class: "value-add" },
        h("button", { type: "button", class: "quiet", "aria-label": `Add a value to ${name}`, onclick: () => this.#add() }, "+ Value"),
        this.#meaning,
      ),
    );
    this.describe();
  }

  show(problemOf: (index: number) => FormProblem | undefined): void {
    this.#fields.forEach((field, index) => {
      field.show(problemOf(index));
    });
  }

  #add(): void {
    this.#values.push(textValue());
    this.#render();
    this.#fields.at(-1)?.focus();
    this.#changed();
  }

  #remove(index: number): void {
    this.#values.splice(index, 1);
    this.#render();
    (this.#fields[Math.min(index, this.#fields.length - 1)] ?? { focus: () => this.element.querySelector("button")?.focus() }).focus();
    this.#changed();
  }
}

function upper(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function decodeText(base64: string): string | undefined {
  const bytes = fromBase64(base64);
  if (!bytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function kindOf(bytes: Uint8Array): string {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xd8 && c === 0xff) return ", JPEG";
  if (a === 0x89 && b === 0x50 && c === 0x4e) return ", PNG";
  if (a === 0x30) return ", DER";
  return "";
}
