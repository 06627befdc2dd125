// What has happened in the session: its requests on a line of time and in a
// list, how long the server still waits, and the cookies that it has handed out.
import "./panel.css";
import { emit, eventTarget, fill, freshID, h } from "../dom.ts";
import { duration } from "../exchanges/format.ts";
import type { Entry, ExchangeStore } from "../exchanges/store.ts";
import type { Runner, SessionView } from "../net/runner.ts";
import { copyIcon } from "../response/copy.ts";
import type { Exchange, Widget } from "../types.ts";
import { countdown, inWords } from "./countdown.ts";
import { cookieOf, timeLine } from "./timeline.ts";

/** The list shows no more than so many requests, the latest. */
const mostRows = 300;

export interface SessionPanelEvents {
  /** somebody chose a request to look at */
  open: Exchange;
}

export class SessionPanel extends eventTarget<SessionPanelEvents>() implements Widget {
  readonly element: HTMLElement;
  readonly #runner: Runner;
  readonly #store: ExchangeStore;
  readonly #past = h("div", { class: "axis-past" });
  readonly #idle = h("div", { class: "axis-idle" });
  readonly #begun = h("span");
  readonly #left = h("span");
  readonly #until = h("span", { class: "axis-until" });
  readonly #requests = h("ol", { class: "session-requests", "aria-label": "Requests of the session, oldest first", tabindex: -1 });
  readonly #cookies = h("ul", { class: "session-cookies", "aria-label": "Cookies of the session" });
  readonly #none = h("p", { class: "hint" });
  #entries: Entry[] = [];
  #key: string | undefined;
  /** what the list of cookies shows, so that it is not built anew for nothing */
  #shown = "";

  constructor(runner: Runner, store: ExchangeStore) {
    super();
    this.#runner = runner;
    this.#store = store;
    this.element = h(
      "div",
      { class: "session-panel", id: freshID("session-panel"), role: "group", "aria-label": "Time line", hidden: true },
      h(
        "div",
        { class: "session-line" },
        h("div", { class: "axis", "aria-hidden": "true" }, this.#past, this.#idle),
        h("div", { class: "axis-words" }, this.#begun, h("span", null, this.#left, this.#until)),
        this.#requests,
      ),
      h("div", { class: "session-kept" }, h("h2", { class: "session-kept-title" }, "Cookies"), this.#none, this.#cookies),
    );
    runner.addEventListener("session", () => this.#show());
    store.addEventListener("added", ({ detail }) => {
      if (this.#key === undefined || detail.sessionKey !== this.#key) return;
      this.#entries.push(detail);
      this.#showRequests();
    });
    store.addEventListener("removed", ({ detail }) => {
      this.#entries = this.#entries.filter(({ id }) => !detail.includes(id));
      this.#showRequests();
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  set open(open: boolean) {
    this.element.hidden = !open;
    if (open) this.#show();
  }

  /** The time has gone on. */
  tick(): void {
    if (this.open) this.#showTime(this.#runner.session);
  }

  #show(): void {
    if (!this.open) return;
    const view = this.#runner.session;
    if (view.key !== this.#key) {
      this.#key = view.key;
      this.#entries = [];
      this.#showRequests();
      void this.#collect();
    }
    this.#showTime(view);
    this.#showCookies(view);
  }

  /** The requests that the session has had so far, after a reload of the page too. */
  async #collect(): Promise<void> {
    const key = this.#key;
    if (key === undefined) return;
    const all = await this.#store.list();
    if (key !== this.#key) return;
    this.#entries = all.filter((entry) => entry.sessionKey === key);
    this.#showRequests();
  }

  #showRequests(): void {
    if (!this.open) {
      this.#key = undefined; // collected anew when it is opened
      return;
    }
    const list = this.#requests;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 24;
    const rest = this.#entries.length - mostRows;
    fill(
      list,
      rest > 0 ? h("li", { class: "hint" }, `${rest} earlier ones are in the list of exchanges.`) : null,
      this.#entries.slice(-mostRows).map((entry) => this.#row(entry)),
    );
    if (atEnd) list.scrollTop = list.scrollHeight;
    const line = timeLine(this.#entries);
    fill(
      this.#past,
      (line?.marks ?? []).map(({ place, step, tone }) => h("i", { class: `mark ${tone}`, "data-step": step, style: { "--place": String(place) } })),
    );
    this.#showTime(this.#runner.session);
  }

  #row(entry: Entry): HTMLElement {
    const { summary } = entry;
    return h(
      "li",
      null,
      h(
        "button",
        { type: "button", class: "session-request", onclick: () => void this.#choose(entry.id) },
        h("span", { class: "faint" }, clockTime(entry.at)),
        h("i", { class: `mark ${summary.tone}`, "data-step": entry.step, "aria-hidden": "true" }),
        h("span", { class: "what" }, summary.request),
        h("span", { class: `exchange-outcome ${summary.tone}` }, summary.outcome),
        h("span", { class: "faint" }, duration(entry.durationMs)),
      ),
    );
  }

  async #choose(id: number): Promise<void> {
    const exchange = await this.#store.get(id);
    if (exchange) emit(this, "open", exchange);
  }

  #showTime({ state, expiresAt, timeout, guessed }: SessionView): void {
    const line = timeLine(this.#entries);
    const limited = expiresAt !== undefined && timeout !== undefined;
    let left = 0;
    let words = "";
    let until = "";
    this.#idle.dataset["tone"] = "over";
    switch (state) {
      case "open":
        if (limited) {
          const now = countdown(expiresAt - Date.now(), timeout, guessed);
          left = now.left;
          this.#idle.dataset["tone"] = now.tone;
          words = `${now.clock} left of ${inWords(timeout)}${guessed ? ", a guess" : ""}`;
          until = `; until ${clockTime(expiresAt)}`;
        } else if (timeout !== undefined) {
          words = `past the ${inWords(timeout)} that we reckoned with`;
        } else {
          left = 1;
          this.#idle.dataset["tone"] = "calm";
          words = "no limit of idle time";
        }
        break;
      case "opening":
      case "closing":
        words = "waiting for the answer";
        break;
      case "closed":
        words = line ? `ended at ${clockTime(line.answered)}` : "ended";
        break;
      case "expired":
        words = limited ? `ran out at ${clockTime(expiresAt)}` : "ran out";
        break;
      case "lost":
        words = "lost";
    }
    this.#idle.style.setProperty("--part", String(left));
    set(this.#begun, line ? `begun at ${clockTime(line.begun)}, ${this.#entries.length} ${this.#entries.length === 1 ? "request" : "requests"}` : "No session has been begun at this endpoint.");
    set(this.#left, words);
    set(this.#until, until);
  }

  #showCookies({ state, id, pages }: SessionView): void {
    const cookies = pages.map(cookieOf).reverse(); // the latest first
    const shown = JSON.stringify([state, id, cookies]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#none.hidden = cookies.length > 0;
    const gone = state === "closed" || state === "expired" || state === "lost";
    this.#none.textContent = !gone
      ? "A search with a page size brings one. It works only in the session that issued it."
      : state === "expired" && id !== undefined
        ? "Of use only if the server still has the session."
        : "Gone with the session: a cookie works only in the session that issued it.";
    fill(
      this.#cookies,
      cookies.map(({ search, progress, cookie, base64, issuedAt }) =>
        h(
          "li",
          { class: "session-cookie" },
          h("span", { class: "what", title: search }, search),
          h("span", { class: "faint" }, progress),
          cookie ? h("code", { title: "Cookie, its first bytes in hexadecimal" }, cookie) : h("span", { class: "faint" }, "no cookie: all has come"),
          h("span", { class: "faint" }, `issued ${clockTime(issuedAt)}`),
          cookie ? copyIcon(`Copy cookie of ${search} in base64`, () => base64) : null,
        ),
      ),
    );
  }
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** "14:03:59" */
function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}
