// What was sent, oldest first and newest at the bottom, as in a terminal. A line
// at the side joins what belongs to one session.
import "./list.css";
import { emit, eventTarget, fill, freshID, h } from "../dom.ts";
import { copyText } from "../response/copy.ts";
import { popup } from "../shell/popup.ts";
import type { Exchange, Widget } from "../types.ts";
import { curl, duration, har } from "./format.ts";
import type { Entry, ExchangeStore } from "./store.ts";

export interface ExchangeListEvents {
  /** somebody chose an exchange to look at; undefined when the one looked at was deleted */
  open: Exchange | undefined;
  replay: Exchange;
}

export class ExchangeList extends eventTarget<ExchangeListEvents>() implements Widget {
  readonly element: HTMLElement;
  readonly #store: ExchangeStore;
  readonly #rows = new Map<number, HTMLElement>();
  /** sessions by the order in which they came, for their names */
  readonly #sessions = new Map<string, number>();
  readonly #list = h("div", { class: "exchange-list", role: "listbox", "aria-label": "Exchanges, oldest first" });
  readonly #empty = h("div", { class: "exchanges-empty" });
  readonly #count = h("span", { class: "hint" });
  readonly #fleeting = h("p", { class: "hint", hidden: true }, "This browser stores nothing for this page: the exchanges go with it.");
  readonly #search = h("input", { type: "search", placeholder: "Find", "aria-label": "Find in exchanges", oninput: () => this.#find() });
  readonly #replay = h("button", { type: "button", disabled: true, onclick: () => this.#withSelected((exchange) => emit(this, "replay", exchange)) }, "Replay");
  readonly #more = h("button", { type: "button", class: "quiet exchanges-more", "aria-label": "More for exchanges", title: "Copy, export, delete" }, "⋯");
  readonly #menu: HTMLElement;
  #entries: Entry[] = [];
  #selected: number | undefined;
  #opening = 0;
  #searching: AbortController | undefined;

  constructor(store: ExchangeStore) {
    super();
    this.#store = store;
    this.#menu = this.#buildMenu();
    this.element = h(
      "section",
      { class: "pane exchanges", "aria-label": "Exchanges" },
      h(
        "div",
        { class: "pane-head" },
        h("h2", { class: "pane-title" }, "Exchanges"),
        this.#count,
        h("span", { class: "spacer" }),
        this.#replay,
        this.#more,
      ),
      h("div", { class: "exchanges-body" }, h("div", { class: "exchanges-find" }, this.#search, this.#fleeting), this.#empty, this.#list),
      this.#menu,
    );
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (row) this.#choose(Number(row.dataset["id"]), true, true);
    });
    store.addEventListener("added", ({ detail }) => this.#added(detail));
    store.addEventListener("removed", ({ detail }) => this.#removed(detail));
    this.#update();
    void store.list().then((entries) => {
      const known = new Set(this.#entries.map((entry) => entry.id));
      this.#entries = [...entries.filter((entry) => !known.has(entry.id)), ...this.#entries];
      this.#fillList();
    });
  }

  /** Marks an exchange as the one that is looked at, without opening it. */
  select(id: number | undefined): void {
    const old = this.#selected === undefined ? undefined : this.#rows.get(this.#selected);
    old?.setAttribute("aria-selected", "false");
    if (old) old.tabIndex = -1;
    this.#selected = id;
    const row = id === undefined ? undefined : this.#rows.get(id);
    row?.setAttribute("aria-selected", "true");
    if (row) row.tabIndex = 0;
    else if (this.#visible[0]) this.#visible[0].tabIndex = 0;
    this.#markSession();
    this.#update();
  }

  /** Id of the exchange that is looked at. */
  get selected(): number | undefined {
    return this.#selected;
  }

  focus(): void {
    (this.#rows.get(this.#selected ?? -1) ?? this.#visible.at(-1))?.focus();
  }

  /** @param again opens it even when it is the chosen one: what was just sent is chosen, but its request is not open */
  #choose(id: number, focus: boolean, again = false): void {
    if (focus) this.#rows.get(id)?.focus({ preventScroll: true });
    this.#rows.get(id)?.scrollIntoView({ block: "nearest" });
    if (id === this.#selected && !again) return;
    this.select(id);
    void this.#open(id);
  }

  async #open(id: number): Promise<void> {
    const ticket = ++this.#opening;
    const exchange = await this.#store.get(id);
    // While it was read, somebody may have gone on to another.
    if (ticket === this.#opening) emit(this, "open", exchange);
  }

  async #withSelected(task: (exchange: Exchange) => void): Promise<void> {
    const exchange = this.#selected === undefined ? undefined : await this.#store.get(this.#selected);
    if (exchange) task(exchange);
  }

  #key(event: KeyboardEvent): void {
    const rows = this.#visible;
    const at = rows.findIndex((row) => row === document.activeElement);
    const page = Math.max(1, Math.floor(this.#list.clientHeight / 48) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + page, PageUp: at - page }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const row = rows[Math.min(Math.max(0, to), rows.length - 1)];
      if (row) this.#choose(Number(row.dataset["id"]), true);
    } else if (event.key === "Delete" && this.#selected !== undefined) {
      event.preventDefault();
      void this.#delete();
    } else if (event.key === " " || event.key === "Enter") {
      const id = Number((document.activeElement as HTMLElement).dataset["id"]);
      if (this.#rows.has(id)) {
        event.preventDefault();
        this.#choose(id, true, true);
      }
    }
  }

  get #visible(): HTMLElement[] {
    return [...this.#rows.values()].filter((row) => !row.hidden);
  }

  #added(entry: Entry): void {
    if (this.#rows.has(entry.id)) return;
    const atBottom = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - 60;
    this.#entries.push(entry);
    this.#list.append(this.#row(entry));
    this.#joinLines();
    this.#find();
    this.select(entry.id);
    if (atBottom) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #removed(ids: number[]): void {
    const gone = new Set(ids);
    this.#entries = this.#entries.filter((entry) => !gone.has(entry.id));
    for (const id of ids) {
      this.#rows.get(id)?.remove();
      this.#rows.delete(id);
    }
    this.#joinLines();
    if (this.#selected !== undefined && gone.has(this.#selected)) this.select(undefined);
    this.#update();
  }

  #fillList(): void {
    this.#rows.clear();
    this.#list.replaceChildren(...this.#entries.map((entry) => this.#row(entry)));
    this.#joinLines();
    this.#find();
    this.select(this.#selected);
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  #row(entry: Entry): HTMLElement {
    const { summary, sessionKey } = entry;
    let session = sessionKey === undefined ? undefined : this.#sessions.get(sessionKey);
    if (sessionKey !== undefined && session === undefined) this.#sessions.set(sessionKey, (session = this.#sessions.size + 1));
    const row = h(
      "div",
      {
        class: "exchange",
        role: "option",
        id: freshID("exchange"),
        tabindex: -1,
        "aria-selected": "false",
        "data-id": entry.id,
        "data-session": sessionKey,
        title: `${when(entry.at)}, ${entry.endpoint}${session === undefined ? ", outside of a session" : `, session ${session}`}`,
      },
      h("span", { class: "exchange-line", "aria-hidden": "true" }),
      h("span", { class: "exchange-request" }, summary.request),
      h("span", { class: "exchange-status" }, entry.status ?? (entry.failed ? "—" : "")),
      h("span", { class: `exchange-outcome ${summary.tone}` }, summary.outcome),
      h("span", { class: "exchange-time" }, duration(entry.durationMs)),
      session === undefined ? null : h("span", { class: "visually-hidden" }, `, session ${session}`),
    );
    this.#rows.set(entry.id, row);
    return row;
  }

  /** Where a session's line begins and ends among the rows. */
  #joinLines(): void {
    const first = new Map<string, number>();
    const last = new Map<string, number>();
    for (const { id, sessionKey } of this.#entries) {
      if (sessionKey === undefined) continue;
      if (!first.has(sessionKey)) first.set(sessionKey, id);
      last.set(sessionKey, id);
    }
    // Rows between two rows of a session are passed by its line, if no other session's begins there.
    let passing: string | undefined;
    for (const { id, sessionKey, step } of this.#entries) {
      const row = this.#rows.get(id);
      if (!row) continue;
      const line = row.querySelector<HTMLElement>(".exchange-line")!;
      line.className = "exchange-line";
      const key = sessionKey ?? passing;
      if (key === undefined) continue;
      line.classList.add(sessionKey === undefined ? "passing" : "in");
      line.dataset["session"] = key;
      if (sessionKey !== undefined) {
        if (first.get(key) === id) line.classList.add("first");
        if (last.get(key) === id) line.classList.add(step === "end" ? "ended" : "last");
        passing = last.get(key) === id ? undefined : key;
      }
    }
    this.#markSession();
  }

  /** The line of the session that is looked at stands out. */
  #markSession(): void {
    const key = this.#entries.find((entry) => entry.id === this.#selected)?.sessionKey;
    for (const line of this.#list.querySelectorAll<HTMLElement>(".exchange-line")) {
      line.classList.toggle("current", key !== undefined && line.dataset["session"] === key && !line.classList.contains("passing"));
    }
  }

  #find(): void {
    this.#searching?.abort();
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rest: number[] = [];
    for (const entry of this.#entries) {
      const found = words.length === 0 || matches(`${entry.summary.request} ${entry.summary.outcome} ${entry.endpoint} ${entry.status ?? ""}`, words);
      this.#rows.get(entry.id)!.hidden = !found;
      if (!found) rest.push(entry.id);
    }
    this.#update();
    if (words.join("").length >= 3) {
      this.#searching = new AbortController();
      void this.#findInTexts(rest.reverse(), words, this.#searching.signal);
    }
  }

  /** What the line does not say, the texts may: newest first, one at a time. */
  async #findInTexts(ids: number[], words: string[], signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const id of ids) {
      if (signal.aborted) return;
      const exchange = await this.#store.get(id);
      if (signal.aborted) return;
      const row = this.#rows.get(id);
      if (exchange && row && matches(`${exchange.request.text} ${searchable(exchange)}`, words)) {
        row.hidden = false;
        this.#update();
      }
    }
  }

  #update(): void {
    const count = this.#entries.length;
    const shown = this.#visible.length;
    this.#count.textContent = count === 0 ? "" : shown === count ? String(count) : `${shown} of ${count}`;
    this.#replay.disabled = this.#selected === undefined;
    this.#replay.title = this.#selected === undefined ? "Choose an exchange first." : "Sends the request of the chosen exchange once more";
    this.#search.parentElement?.toggleAttribute("hidden", count === 0);
    this.#fleeting.hidden = this.#store.lasting;
    this.#list.hidden = shown === 0;
    this.#empty.hidden = shown > 0;
    if (count === 0) {
      fill(
        this.#empty,
        h("p", null, "Nothing was sent yet."),
        h("p", { class: "hint" }, "Every request and its answer are kept here, in this browser only. Choose one to look at it, to change it, or to send it again."),
      );
    } else if (shown === 0) {
      fill(this.#empty, h("p", null, "No exchange has all these words."), h("button", { type: "button", class: "quiet", onclick: () => this.#clearSearch() }, "Show all"));
    }
    for (const button of this.#menu.querySelectorAll<HTMLButtonElement>("button")) {
      button.disabled = button.dataset["needs"] === "one" ? this.#selected === undefined : count === 0;
    }
  }

  #clearSearch(): void {
    this.#search.value = "";
    this.#find();
    this.#search.focus();
  }

  async #delete(): Promise<void> {
    const id = this.#selected;
    if (id === undefined) return;
    const rows = this.#visible;
    const at = rows.findIndex((row) => row === this.#rows.get(id));
    const next = rows[at + 1] ?? rows[at - 1];
    const focus = this.#list.contains(document.activeElement);
    await this.#store.remove(id);
    if (next) this.#choose(Number(next.dataset["id"]), focus);
    else emit(this, "open", undefined);
  }

  #buildMenu(): HTMLElement {
    const menu = h("div", { class: "exchanges-menu", role: "group", "aria-label": "More for exchanges" });
    const item = (label: string, needs: "one" | "any", run: (button: HTMLButtonElement) => void) =>
      h("button", { type: "button", class: "quiet", "data-needs": needs, onclick: (event: MouseEvent) => run(event.currentTarget as HTMLButtonElement) }, label);
    const close = () => menu.hidePopover();
    fill(
      menu,
      item("Copy as curl", "one", () => {
        void this.#withSelected((exchange) => void copyText(curl(exchange)));
        close();
      }),
      item("Delete", "one", () => {
        void this.#delete();
        close();
      }),
      item("Export all (HAR)", "any", () => {
        void this.#export();
        close();
      }),
      item("Clear all", "any", (button) => {
        if (button.dataset["sure"]) {
          void this.#store.clear().then(() => emit(this, "open", undefined));
          close();
        } else {
          button.dataset["sure"] = "yes";
          button.textContent = `Clear all ${this.#entries.length}: sure?`;
        }
      }),
    );
    const clear = menu.lastElementChild as HTMLButtonElement;
    popup(this.#more, menu, () => {
      delete clear.dataset["sure"];
      clear.textContent = "Clear all";
    });
    return menu;
  }

  async #export(): Promise<void> {
    const store = this.#store;
    const all = async function* () {
      for (const { id } of [...(await store.list())]) {
        const exchange = await store.get(id);
        if (exchange) yield exchange;
      }
    };
    const parts: string[] = [];
    for await (const part of har(all())) parts.push(part);
    download(new Blob(parts, { type: "application/json" }), `dsmlkit-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-")}.har`);
  }
}

/** Offers bytes as a file. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function matches(text: string, words: string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** The part of an answer that is searched: all of it, unless it is huge. */
function searchable({ response }: Exchange): string {
  return response ? new TextDecoder().decode(response.bytes.subarray(0, 2_000_000)) : "";
}

function when(at: number): string {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return date.toLocaleString("en-GB", today ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "medium" });
}
