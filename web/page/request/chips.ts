/** A list of short texts: typed, ended by Enter, comma or space, removed one by one. */
import { h, icon } from "../dom.ts";

export class Chips {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #items: string[];
  readonly #changed: () => void;
  readonly #empty: string;

  constructor(items: string[], name: string, empty: string, changed: () => void) {
    this.#items = items;
    this.#changed = changed;
    this.#empty = empty;
    this.input = h("input", {
      type: "text",
      class: "mono",
      "aria-label": name,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      onkeydown: (event: KeyboardEvent) => this.#key(event),
      oninput: () => this.#typed(),
      onblur: () => this.#commit(),
    });
    this.element = h("div", {
      class: "chips",
      onclick: (event: MouseEvent) => {
        if (event.target === this.element) this.input.focus();
      },
    });
    this.#render();
  }

  #render(): void {
    const focused = document.activeElement === this.input;
    this.input.placeholder = this.#items.length === 0 ? this.#empty : "";
    this.element.replaceChildren(
      ...this.#items.map((item, index) =>
        h(
          "button",
          { type: "button", class: "chip", "aria-label": `Remove ${item}`, title: `Remove ${item}`, onclick: () => this.#remove(index) },
          item,
          icon("remove"),
        ),
      ),
      this.input,
    );
    if (focused) this.input.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#commit();
    } else if (event.key === "Backspace" && this.input.value === "" && this.#items.length > 0) {
      event.preventDefault();
      this.#remove(this.#items.length - 1);
    }
  }

  #typed(): void {
    if (/[\s,]/.test(this.input.value)) this.#commit();
  }

  #commit(): void {
    const found = this.input.value.split(/[\s,]+/).filter(Boolean);
    if (this.input.value !== "") this.input.value = "";
    if (found.length === 0) return;
    this.#items.push(...found.filter((item) => !this.#items.includes(item)));
    this.#render();
    this.#changed();
  }

  #remove(index: number): void {
    this.#items.splice(index, 1);
    this.#render();
    this.input.focus();
    this.#changed();
  }
}
