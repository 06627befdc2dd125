/** Name and password for HTTP Basic. They live in this object and nowhere else. */
import { emit, eventTarget, fill, freshID, h, icon } from "../dom.ts";
import type { Credentials, Widget } from "../types.ts";
import { popup } from "./popup.ts";

export class SignIn extends eventTarget<{ change: Credentials | undefined }>() implements Widget {
  readonly element: HTMLElement;
  readonly #button = h("button", { type: "button", class: "quiet" });
  readonly #popup: HTMLElement;
  readonly #user: HTMLInputElement;
  readonly #password: HTMLInputElement;
  readonly #warning = h("p", { class: "note warn", hidden: true }, "This endpoint is not https: the password would travel readable for everyone on the way.");
  readonly #forget: HTMLButtonElement;
  #credentials: Credentials | undefined;
  #address = "";

  constructor() {
    super();
    this.#user = h("input", { id: freshID("user"), type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    this.#password = h("input", { id: freshID("password"), type: "password", autocomplete: "off" });
    this.#forget = h("button", { type: "button", onclick: () => this.#set(undefined) }, "Sign out");
    const form = h(
      "form",
      {
        class: "sign-in",
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          this.#set({ user: this.#user.value, password: this.#password.value });
        },
      },
      h("div", { class: "field" }, h("label", { for: this.#user.id }, "User name"), this.#user),
      h("div", { class: "field" }, h("label", { for: this.#password.id }, "Password"), this.#password),
      this.#warning,
      h("p", { class: "hint" }, "Goes with every request as HTTP Basic. Kept in memory until this page is closed."),
      h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, "Sign in"), this.#forget),
    );
    this.#popup = h("div", { role: "dialog", "aria-label": "Credentials" }, form);
    popup(this.#button, this.#popup, () => {
      this.#warning.hidden = !readable(this.#address);
      this.#forget.hidden = this.#credentials === undefined;
      setTimeout(() => this.#user.focus());
    });
    this.element = h("div", null, this.#button, this.#popup);
    this.#show();
  }

  get credentials(): Credentials | undefined {
    return this.#credentials;
  }

  set address(address: string) {
    this.#address = address;
  }

  #set(credentials: Credentials | undefined): void {
    this.#credentials = credentials?.user ? credentials : undefined;
    this.#password.value = "";
    this.#popup.hidePopover();
    this.#show();
    emit(this, "change", this.#credentials);
  }

  #show(): void {
    const user = this.#credentials?.user;
    fill(this.#button, icon("key"), h("span", { class: "sign-in-words" }, user === undefined ? "Sign in…" : `As ${user}`));
  }
}

/** Whether what is sent there can be read on the way. */
function readable(address: string): boolean {
  try {
    const url = new URL(address, location.href);
    const here = url.hostname === "localhost" || url.hostname === "127.0.0.1" || url.hostname === "[::1]";
    return url.protocol === "http:" && !here;
  } catch {
    return false;
  }
}
