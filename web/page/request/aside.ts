/** Work that gave way to other work: said above the send button, with a way to have it back. Nothing in it is thrown away unasked. */
import { fill, h } from "../dom.ts";
import type { Aside, Work } from "./kept.ts";

/** More than this nobody looks for. */
const most = 20;

export class Shelf {
  readonly element = h("div", { class: "request-aside", role: "status" });
  readonly #changed: () => void;
  readonly #swap: (work: Work) => Work | undefined;
  #items: Aside[] = [];
  /** said until it is acknowledged, and what it is about for those who can make something of it */
  #told: { words: string; about: string } | undefined;

  /** @param swap puts work where it came from, and gives what stood there if that is to be kept in its place */
  constructor(swap: (work: Work) => Work | undefined, changed: () => void) {
    this.#swap = swap;
    this.#changed = changed;
  }

  get items(): readonly Aside[] {
    return this.#items;
  }

  add(...items: Aside[]): void {
    if (items.length === 0) return;
    this.#items.push(...items);
    this.#items.splice(0, this.#items.length - most);
    this.#show();
  }

  /** Says what could not be read. */
  tell(words: string, about: string): void {
    this.#told = { words, about };
    this.#show();
  }

  #show(): void {
    const last = this.#items.at(-1);
    fill(this.element, this.#told ? this.#telling(this.#told) : null, last ? this.#offer(last) : null);
    this.#changed();
  }

  #telling({ words, about }: { words: string; about: string }): HTMLElement {
    const copy = h("button", { type: "button", onclick: () => void navigator.clipboard.writeText(about).then(() => (copy.textContent = "Copied")) }, "Copy what was kept");
    const done = () => {
      this.#told = undefined;
      this.#show();
    };
    return h("div", { class: "note warn" }, words, h("div", { class: "actions" }, copy, h("button", { type: "button", class: "quiet", onclick: done }, "Dismiss")));
  }

  #offer({ words }: Aside): HTMLElement {
    const more = this.#items.length - 1;
    return h(
      "div",
      { class: "note" },
      h("span", null, words, more > 0 ? h("span", { class: "hint" }, ` And ${more} more.`) : null),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", onclick: () => this.#bringBack() }, "Bring it back"),
        h("button", { type: "button", class: "quiet", onclick: () => this.#forget() }, more > 0 ? "Forget them" : "Forget it"),
      ),
    );
  }

  /** What stands there now goes to the far end: pressed again and again, all comes round. */
  #bringBack(): void {
    const { work } = this.#items.pop()!;
    const instead = this.#swap(work);
    if (instead) this.#items.unshift({ work: instead, words: "What stood here in its place is put aside." });
    this.#show();
  }

  #forget(): void {
    this.#items = [];
    this.#show();
  }
}
