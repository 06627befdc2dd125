/** Where requests go: an address, those used before, and a word on what is there. */
import { emit, eventTarget, fill, h, icon } from "../dom.ts";
import { removeTab, startTab, tabEndpoint } from "../net/tab.ts";
import type { Widget } from "../types.ts";
import { prefix, recall, remember } from "./memory.ts";
import { popup } from "./popup.ts";

/** The embedded endpoint of the server that the project's own command starts. */
const embedded = "/dsml";
/** What the gateway offers, when the page comes from one. */
const listOfEndpoints = "/endpoints.json";
const mostRecent = 8;

/** An endpoint of the gateway that this page comes from, or the one in the tab. */
interface Configured {
  name: string;
  path: string;
  kind: string;
  /** the directory in memory holds the operator's own data */
  own?: boolean;
}

function wordsFor({ kind, own }: Configured): string {
  switch (kind) {
    case "memory":
      return own ? "directory in memory, with its operator's data" : "embedded sample directory";
    case "ldap":
      return "LDAP server behind this gateway";
    case "relay":
      return "another endpoint, relayed by this gateway";
    case "tab":
      return "sample directory inside this browser, which forgets it, sessions and all, when it is left alone";
    default:
      return "";
  }
}

export class EndpointBox extends eventTarget<{ change: string }>() implements Widget {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #hint = h("span", { class: "endpoint-hint hint" });
  readonly #menu = h("div", { class: "menu", role: "group", "aria-label": "Endpoints" });
  readonly #recent: string[];
  #hasEmbedded: boolean | undefined;
  #configured: Configured[] = [];
  /** resolves when it is known whether the server of the page has the sample directory beside it, and the address is that */
  readonly embedded: Promise<boolean>;

  constructor() {
    super();
    this.#recent = recall<unknown[]>("endpoints", [], Array.isArray).filter((address) => typeof address === "string");
    this.#input = h("input", {
      id: "endpoint",
      type: "text",
      class: "mono",
      inputmode: "url",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "https://directory.example.com/dsml",
      prop: { value: typedBefore() ?? this.#recent[0] ?? embedded },
      oninput: () => this.#changed(),
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === "Escape") this.#input.blur();
      },
    });
    const more = h("button", { type: "button", class: "icon-button", "aria-label": "Endpoints", title: "Endpoints of this server, and addresses used before" }, icon("chevron"));
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
    keepTyped(this.value);
    emit(this, "change", this.value);
  }

  #fillMenu(): void {
    const offered = this.#configured.length > 0 ? this.#configured.map(({ path }) => path) : this.#hasEmbedded === false ? [] : [embedded];
    const known = [...new Set([...offered, ...this.#recent])];
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
          this.#wordsOf(address) ? h("span", { class: "hint" }, this.#wordsOf(address)) : null,
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
    else if (this.#wordsOf(value)) words = this.#wordsOf(value);
    else if (this.#isEmbedded(value)) words = this.#hasEmbedded === false ? "This server has no endpoint here." : "embedded sample directory";
    else {
      const problem = whatIsWrong(value);
      words = problem ?? "";
      wrong = problem !== undefined;
    }
    this.#hint.textContent = words;
    this.#hint.title = words;
    this.#hint.classList.toggle("problem", wrong);
    this.#hint.classList.toggle("forgets", this.#configured.some(({ kind, path }) => kind === "tab" && same(value, path)));
    if (wrong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  #isEmbedded(address: string): boolean {
    return same(address, embedded);
  }

  /** What a configured endpoint stands on; "" for any other address. */
  #wordsOf(address: string): string {
    const found = this.#configured.find(({ path }) => same(address, path));
    return found ? wordsFor(found) : "";
  }

  /** On a plain static host there is no endpoint beside the page: then the box has the one in the tab, or waits for an address. */
  async #probe(): Promise<boolean> {
    try {
      const { status } = await fetch(embedded, { method: "OPTIONS", cache: "no-store" });
      this.#hasEmbedded = status < 300 || status === 401 || status === 403;
    } catch {
      this.#hasEmbedded = false;
    }
    if (this.#hasEmbedded) {
      this.#configured = await configured();
      void removeTab();
    } else {
      if (await startTab()) this.#configured = [{ name: "tab", path: tabEndpoint, kind: "tab" }];
      if (this.value === embedded && this.#recent.length === 0) this.value = this.#configured[0]?.path ?? "";
    }
    this.#describe();
    if (this.#configured.length === 0) return this.#hasEmbedded && this.#isEmbedded(this.value);
    const here = this.#configured.find(({ path }) => same(this.value, path));
    return here?.kind === "tab" || (here?.kind === "memory" && !here.own);
  }
}

const typedKey = `${prefix}endpoint`;

/** What this tab had in the box before it was reloaded, used or not. */
function typedBefore(): string | undefined {
  try {
    return sessionStorage.getItem(typedKey) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Not with a name or password in it: those are kept nowhere. */
function keepTyped(address: string): void {
  try {
    if (address.includes("@")) sessionStorage.removeItem(typedKey);
    else sessionStorage.setItem(typedKey, address);
  } catch {
    // Full or forbidden: then it is not kept.
  }
}

function same(address: string, other: string): boolean {
  try {
    return new URL(address, location.href).href === new URL(other, location.href).href;
  } catch {
    return false;
  }
}

/** What the gateway offers. Another server has no such list, and nothing is offered then. */
async function configured(): Promise<Configured[]> {
  try {
    const response = await fetch(listOfEndpoints, { cache: "no-store" });
    if (!response.ok) return [];
    const { endpoints } = (await response.json()) as { endpoints: Configured[] };
    return endpoints.filter(({ name, path, kind }) => typeof name === "string" && typeof path === "string" && typeof kind === "string");
  } catch {
    return [];
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
