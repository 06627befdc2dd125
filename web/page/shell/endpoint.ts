/** Where requests go: an address, those used before, and a word on what is there. */
import { emit, eventTarget, fill, h, icon } from "../dom.ts";
import type { Widget } from "../types.ts";
import { recall, remember } from "./memory.ts";
import { popup } from "./popup.ts";

/** The embedded endpoint of the server that the project's own command starts. */
const embedded = "/dsml";
const mostRecent = 8;

export class EndpointBox extends eventTarget<{ change: string }>() implements Widget {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #hint = h("span", { class: "endpoint-hint hint" });
  readonly #menu = h("div", { class: "menu", role: "group", "aria-label": "Addresses used before" });
  readonly #recent: string[];
  #hasEmbedded: boolean | undefined;
  /** resolves when it is known whether the server of the page has an endpoint beside it, and the address is that */
  readonly embedded: Promise<boolean>;

  constructor() {
    super();
    this.#recent = recall<string[]>("endpoints", []).filter((address) => typeof address === "string");
    this.#input = h("input", {
      id: "endpoint",
      type: "text",
      class: "mono",
      inputmode: "url",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "https://directory.example.com/dsml",
      prop: { value: this.#recent[0] ?? embedded },
      oninput: () => this.#changed(),
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === "Escape") this.#input.blur();
      },
    });
    const more = h("button", { type: "button", class: "icon-button", "aria-label": "Addresses used before", title: "Addresses used before" }, icon("chevron"));
    const box = h("div", { class: "endpoint-box" }, this.#input, more);
    popup(more, this.#menu, () => this.#fillMenu(), box);
    this.element = h(
      "div",
      { class: "endpoint" },
      h("label", { for: this.#input.id }, "Endpoint"),
      box,
      this.#hint,
      this.#menu,
    );
    this.#describe();
    this.embedded = this.#probe();
  }

  /** As typed. */
  get value(): string {
    return this.#input.value.trim();
  }

  set value(address: string) {
    if (address === this.value) return;
    this.#input.value = address;
    this.#changed();
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** An address that a request went to is offered the next time. */
  used(address: string): void {
    if (this.#recent[0] === address) return;
    const kept = [address, ...this.#recent.filter((other) => other !== address)].slice(0, mostRecent);
    this.#recent.splice(0, this.#recent.length, ...kept);
    remember("endpoints", this.#recent);
  }

  #changed(): void {
    this.#describe();
    emit(this, "change", this.value);
  }

  #fillMenu(): void {
    const known = [...new Set([...this.#recent, ...(this.#hasEmbedded === false ? [] : [embedded])])];
    fill(
      this.#menu,
      known.map((address) =>
        h(
          "button",
          {
            type: "button",
            class: "mono",
            onclick: () => {
              this.#menu.hidePopover();
              this.value = address;
              this.#input.focus();
            },
          },
          address,
        ),
      ),
      known.length === 0 ? h("div", { class: "hint" }, "None yet.") : null,
    );
  }

  #describe(): void {
    const { value } = this;
    let words = "";
    let wrong = false;
    if (value === "") words = "Type the address of a DSML endpoint.";
    else if (this.#isEmbedded(value)) words = this.#hasEmbedded === false ? "This server has no endpoint here." : "embedded sample directory";
    else {
      const problem = whatIsWrong(value);
      words = problem ?? "";
      wrong = problem !== undefined;
    }
    this.#hint.textContent = words;
    this.#hint.classList.toggle("problem", wrong);
    if (wrong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  #isEmbedded(address: string): boolean {
    try {
      return new URL(address, location.href).href === new URL(embedded, location.href).href;
    } catch {
      return false;
    }
  }

  /** On a plain static host there is no endpoint beside the page: then the box waits for an address. */
  async #probe(): Promise<boolean> {
    try {
      const { status } = await fetch(embedded, { method: "OPTIONS", cache: "no-store" });
      this.#hasEmbedded = status < 300 || status === 401 || status === 403;
    } catch {
      this.#hasEmbedded = false;
    }
    if (!this.#hasEmbedded && this.value === embedded && this.#recent.length === 0) this.value = "";
    this.#describe();
    return this.#hasEmbedded && this.#isEmbedded(this.value);
  }
}

function whatIsWrong(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address, location.href);
  } catch {
    return "This is not an address.";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return "An address begins with https:// or http://.";
  if (url.username || url.password) return "Put name and password under Sign in, not in the address.";
  return undefined;
}
