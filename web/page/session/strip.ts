// The session above everything else: its state in a word, its id, how long the
// server still waits, how far a paged search has come, and what can be done.
import "./strip.css";
import { emit, eventTarget, fill, h, icon } from "../dom.ts";
import type { ExchangeStore } from "../exchanges/store.ts";
import type { Runner } from "../net/runner.ts";
import { shortDN } from "../net/summary.ts";
import { copyIcon } from "../response/copy.ts";
import { recall, remember } from "../shell/memory.ts";
import type { Progress, Widget } from "../types.ts";
import { countdown } from "./countdown.ts";
import { SessionPanel, type SessionPanelEvents } from "./panel.ts";

/** A request that takes longer than this shows that it is under way (milliseconds). */
const patience = 500;

/** What a state means, for those who hover over the word. */
const meanings = {
  none: "No session has been begun. Requests stand alone; paged results need a session.",
  opening: "BeginSession has been sent; the answer has not come.",
  open: "Requests go out inside this session: the server keeps one directory connection for it.",
  closing: "EndSession has been sent; the answer has not come.",
  closed: "The session was ended. Requests stand alone now.",
  expired: "Nothing was sent in the session for too long: its idle time is over.",
  lost: "The server does not know the session any more.",
} as const;

export class SessionStrip extends eventTarget<SessionPanelEvents>() implements Widget {
  readonly element: HTMLElement;
  readonly #runner: Runner;
  readonly #state = h("span", { class: "session-state", role: "status" }, "none");
  readonly #id = h("span", { class: "session-id" });
  readonly #clock = h("span", { class: "session-clock", role: "timer", "aria-label": "Idle time" });
  readonly #paging = h("span", { class: "session-paging" });
  readonly #note = h("div", { class: "session-note", "aria-live": "polite" });
  readonly #begin = action("Begin session", () => this.begin(), "Alt+B");
  readonly #end = action("End session", () => this.end(), "Alt+E");
  readonly #next = action("Next page", () => this.next(), "Alt+N");
  readonly #all = action("All pages", () => this.all());
  readonly #more = h("button", { type: "button", class: "quiet session-more", title: "Requests of the session in time, and its cookies", onclick: () => this.#expand(!this.#panel.open) }, h("span", null, "Time line"), icon("chevron"));
  readonly #panel: SessionPanel;
  readonly #stop = h("button", { type: "button", class: "session-stop", hidden: true, onclick: () => this.stop() }, icon("stop"), "Stop");
  #tick: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #progress: Progress | undefined;
  /** why the last action could not be done; gone with the next change */
  #problem: string | undefined;
  /** which notice was shown last, so that it is not read out twice */
  #noticed = "";

  constructor(runner: Runner, store: ExchangeStore) {
    super();
    this.#runner = runner;
    this.#panel = new SessionPanel(runner, store);
    this.#panel.addEventListener("open", ({ detail }) => emit(this, "open", detail));
    this.#more.setAttribute("aria-controls", this.#panel.element.id);
    this.element = h(
      "section",
      { class: "session", "aria-label": "Session", tabindex: -1 },
      h("span", { class: "session-facts" }, h("span", { class: "session-title", "aria-hidden": "true" }, "Session"), this.#state, this.#id, this.#clock),
      this.#paging,
      h("span", { class: "session-actions" }, this.#stop, this.#begin, this.#next, this.#all, this.#end, this.#more),
      this.#note,
      this.#panel.element,
    );
    runner.addEventListener("session", () => {
      this.#problem = undefined;
      this.#show();
    });
    runner.addEventListener("progress", ({ detail }) => this.#progressed(detail));
    // A page that was asleep in the background catches up at once.
    document.addEventListener("visibilitychange", () => this.#showClock());
    this.#expand(recall("timeline", false, (value) => typeof value === "boolean"));
    this.#show();
  }

  #expand(open: boolean): void {
    this.#panel.open = open;
    this.#more.setAttribute("aria-expanded", String(open));
    remember("timeline", open);
  }

  begin(): Promise<void> {
    return this.#do(this.#begin, () => this.#runner.begin());
  }

  end(): Promise<void> {
    return this.#do(this.#end, () => this.#runner.end());
  }

  insist(): Promise<void> {
    return this.#do(this.#begin, () => this.#runner.insist());
  }

  next(): Promise<void> {
    return this.#do(this.#next, () => this.#runner.nextPage());
  }

  all(): Promise<void> {
    return this.#do(this.#all, () => this.#runner.allPages());
  }

  /** Ends paging after the page under way; pressed again, or outside of paging, breaks off the request. */
  stop(): void {
    if (this.#runner.paging && !this.#stop.classList.contains("pressed")) {
      this.#stop.classList.add("pressed");
      this.#runner.stopPaging();
    } else {
      this.#progress?.abort?.();
    }
  }

  async #do(button: HTMLButtonElement, task: () => Promise<unknown>): Promise<void> {
    if (button.disabled) return;
    try {
      await task();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#show();
    }
  }

  #progressed(progress: Progress): void {
    this.#progress = progress.done ? undefined : progress;
    if (progress.done) {
      clearTimeout(this.#patience);
      this.#patience = undefined;
      this.element.classList.remove("waiting");
    } else {
      this.#patience ??= setTimeout(() => {
        this.element.classList.add("waiting");
        this.#showPaging();
      }, patience);
    }
    this.#showPaging();
  }

  #show(): void {
    const { state, id } = this.#runner.session;
    if (this.#state.textContent !== state) this.#state.textContent = state;
    this.#state.title = meanings[state];
    this.element.dataset["state"] = state;
    if (this.#id.dataset["id"] !== (id ?? "")) {
      this.#id.dataset["id"] = id ?? "";
      if (id) fill(this.#id, h("code", { title: `SessionID ${id}` }, short(id)), copyIcon("Copy SessionID", () => id));
      else fill(this.#id);
    }
    this.#showActions();
    this.#showPaging();
    this.#showClock();
    this.#showNote();
  }

  #showActions(): void {
    const { state, paging } = this.#runner.session;
    const open = state === "open";
    const running = this.#runner.paging;
    const between = state === "opening" || state === "closing";
    const noPage = !open
      ? "Begin a session and search with a page size first: a page cookie works only inside a session."
      : running
        ? "All pages are being fetched."
        : !paging
          ? "Send a search with a page size first."
          : paging.page.done
            ? "The last page has come."
            : undefined;
    enable(this.#begin, open ? "A session is open." : between ? meanings[state] : undefined);
    enable(this.#end, open ? undefined : between ? meanings[state] : "There is no open session.");
    enable(this.#next, noPage);
    enable(this.#all, noPage);
    this.#begin.classList.toggle("cue", !open && !between);
    this.#next.classList.toggle("cue", noPage === undefined);
    this.#end.classList.toggle("cue", this.#runner.session.endDue !== undefined);
    if (!running) this.#stop.classList.remove("pressed");
  }

  #showPaging(): void {
    const { paging } = this.#runner.session;
    const waiting = this.element.classList.contains("waiting") ? this.#progress : undefined;
    const running = this.#runner.paging;
    this.#stop.hidden = !running && !waiting?.abort;
    const label = running && this.#progress ? this.#progress.label : (waiting?.label ?? paging?.label ?? "");
    const fraction = waiting && !running ? waiting.fraction : paging?.fraction;
    const base = paging && !(waiting && !running) ? `${short(shortDN(paging.base), 24)} ` : "";
    const key = `${base}|${label}|${fraction}`;
    if (this.#paging.dataset["key"] === key) return;
    this.#paging.dataset["key"] = key;
    if (label === "") {
      fill(this.#paging);
      return;
    }
    fill(
      this.#paging,
      h("span", null, base ? h("span", { class: "session-base" }, base) : null, label),
      h("span", { class: fraction === undefined ? "bar unknown" : "bar", style: { "--part": String(fraction ?? 0.3) }, "aria-hidden": "true" }),
    );
  }

  #showClock(): void {
    clearTimeout(this.#tick);
    this.#runner.look();
    this.#panel.tick();
    const { state, expiresAt, timeout, guessed } = this.#runner.session;
    if (state !== "open" || expiresAt === undefined || timeout === undefined) {
      fill(this.#clock);
      this.#clock.removeAttribute("title");
      delete this.#clock.dataset["tone"];
      return;
    }
    const remaining = expiresAt - Date.now();
    const { clock, left, tone, sentence } = countdown(remaining, timeout, guessed);
    fill(
      this.#clock,
      h("span", { class: "clock-label" }, tone === "calm" ? "idle " : "ends in ", h("b", null, clock), guessed ? h("span", { class: "guess" }, " guess") : null),
      h("span", { class: "bar", style: { "--part": String(left) }, "aria-hidden": "true" }),
    );
    this.#clock.title = sentence;
    if (this.#clock.dataset["tone"] !== tone) {
      this.#clock.dataset["tone"] = tone;
      this.#showNote();
    }
    // On the second, not a second from now: the clock must not drift.
    this.#tick = setTimeout(() => this.#showClock(), remaining > 0 ? (remaining % 1000) + 5 : 1000);
  }

  #showNote(): void {
    const { state, id, note, unread, expiresAt, timeout, guessed, endDue } = this.#runner.session;
    const tone = this.#clock.dataset["tone"];
    const gone = state === "expired" || state === "lost";
    let text = "";
    if (this.#problem) text = this.#problem;
    else if (gone) text = note ?? meanings[state];
    else if (unread) text = unread;
    else if (state === "none" && note) text = note;
    else if (state === "open" && endDue !== undefined) text = `The server has not confirmed the end of the session. ${note ?? ""} Ask for it once more.`;
    else if (tone === "warm" && expiresAt !== undefined && timeout !== undefined) {
      text = countdown(expiresAt - Date.now(), timeout, guessed).sentence;
    }
    // The clock runs on in the strip; the sentence stays as it was first read out.
    const key = `${state}|${tone ?? ""}|${endDue ?? ""}|${this.#problem ?? ""}|${unread ?? ""}|${note ?? ""}`;
    if (key === this.#noticed) return;
    this.#noticed = key;
    this.#note.classList.toggle("bad", state === "lost" || this.#problem !== undefined);
    if (text === "") {
      fill(this.#note);
      return;
    }
    // By our reckoning only: the server has not said so.
    const guess = state === "expired" && guessed && id !== undefined && !this.#problem;
    fill(
      this.#note,
      h("span", null, guess ? `${text} The server does not say how long it waits, so it may still be there.` : text),
      gone ? h("button", { type: "button", onclick: () => this.begin() }, "Begin again") : null,
      guess ? h("button", { type: "button", onclick: () => this.insist() }, "Use it all the same") : null,
    );
  }
}

function action(label: string, onclick: () => void, shortcut?: string): HTMLButtonElement {
  return h("button", { type: "button", onclick, "aria-keyshortcuts": shortcut, "data-shortcut": shortcut }, label);
}

/** Enables a button, or disables it with the reason for those who point at it or hear it. */
function enable(button: HTMLButtonElement, reason: string | undefined): void {
  const shortcut = button.dataset["shortcut"];
  button.title = reason ?? (shortcut ? `${button.textContent} (${shortcut})` : "");
  if (reason) button.setAttribute("aria-description", reason);
  else button.removeAttribute("aria-description");
  const disabled = reason !== undefined;
  if (disabled && !button.disabled && button.ownerDocument.activeElement === button) {
    // Focus on a disabled button is lost; it waits in the strip instead.
    button.closest<HTMLElement>(".session")?.focus({ preventScroll: true });
  }
  button.disabled = disabled;
}

/** The beginning and the end of what is too long. */
function short(text: string, length = 12): string {
  return text.length <= length ? text : `${text.slice(0, Math.ceil(length / 2))}…${text.slice(-Math.floor(length / 3))}`;
}
