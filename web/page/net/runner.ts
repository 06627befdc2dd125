// The one place that fetches. It takes a text, lets the session's tracker put
// its header in, posts it, shows the answer to the tracker, and keeps the whole
// as an exchange. What is asked for at the same time is done one after another.
import type { BatchRequest, PagedSearch, SessionState } from "dsmlkit";
import { emit, eventTarget } from "../dom.ts";
import { type ExchangeStore, withText } from "../exchanges/store.ts";
import { remember, requestOf } from "../response/answer.ts";
import type { AsyncToolkit, Credentials, Exchange, Preview, Progress, RunnerEvents, RunnerLike, Step } from "../types.ts";
import { carry, type Message } from "./message.ts";
import { outside, stepOf, withoutSession } from "./outside.ts";
import { nextPageOf, progressOf } from "./paging.ts";
import { type Held, Sessions, stateOf, turnPages } from "./sessions.ts";
import { summarizeOutcome, summarizeRequest } from "./summary.ts";

/** What is shown of the session at the present endpoint. */
export interface SessionView {
  /** stands for the session on this page, as in Exchange */
  key?: string;
  state: SessionState;
  id?: string;
  /** seconds of idle time */
  timeout?: number;
  /** the timeout is not the server's word */
  guessed: boolean;
  /** epoch milliseconds */
  expiresAt?: number;
  /** epoch milliseconds at which its end is worth another try, because it was not confirmed */
  endDue?: number;
  /** how it came to be in its state */
  note?: string;
  /** what of it could not be read back after a reload */
  unread?: string;
  /** searches had in pieces, the one answered longest ago first */
  pages: readonly PagedSearch[];
  /** the paged search that was sent last */
  paging?: { base: string; page: PagedSearch; label: string; fraction?: number };
}

export class Runner extends eventTarget<RunnerEvents>() implements RunnerLike {
  /** used for requests to the endpoint; never stored */
  credentials?: Credentials;
  /** milliseconds to wait for the head of an answer */
  answerTimeout = 120_000;

  readonly #kit: Promise<AsyncToolkit>;
  readonly #store: ExchangeStore;
  readonly #ready: Promise<Sessions>;
  #sessions: Sessions | undefined;
  #endpoint: string;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #all: { run: Promise<void>; stop: () => void } | undefined;
  /** the state that was told last */
  #told: SessionState = "none";
  #expiry: ReturnType<typeof setTimeout> | undefined;
  /** endpoints that have answered this page */
  readonly #answered = new Set<string>();

  constructor(kit: AsyncToolkit | Promise<AsyncToolkit>, store: ExchangeStore, endpoint = "/dsml") {
    super();
    this.#kit = Promise.resolve(kit);
    this.#store = store;
    this.#endpoint = endpoint;
    this.#ready = this.#kit.then(async (toolkit) => {
      const sessions = new Sessions(toolkit, () => this.#sessionChanged());
      await sessions.restore();
      this.#sessions = sessions;
      this.#sessionChanged();
      return sessions;
    });
    this.#ready.catch(() => undefined); // whoever asks for something is told
  }

  /** As typed. Each endpoint has a session of its own: another address shows another session. */
  get endpoint(): string {
    return this.#endpoint;
  }

  set endpoint(endpoint: string) {
    if (endpoint === this.#endpoint) return;
    this.#endpoint = endpoint;
    this.#sessionChanged();
  }

  /** Something is under way. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** All pages are being fetched. */
  get paging(): boolean {
    return this.#all !== undefined;
  }

  get session(): SessionView {
    const held = this.#held;
    const unread = this.#sessions?.unread(absolute(this.#endpoint));
    const common = { pages: [], ...(unread === undefined ? {} : { unread }) };
    if (!held) return { ...common, state: "none", guessed: false };
    const { session } = held;
    const view: SessionView = { ...common, key: held.key, state: stateOf(held), guessed: session.timeoutGuessed };
    if (session.id !== undefined) view.id = session.id;
    if (session.timeout !== undefined) view.timeout = session.timeout;
    if (session.expiresAt !== undefined) view.expiresAt = session.expiresAt;
    if (session.endDue !== undefined) view.endDue = session.endDue;
    // What was said of an open session is not true of one that has run out since.
    if (held.note?.state === view.state) view.note = held.note.text;
    if (view.state === "open" || view.state === "closing") view.pages = session.pages;
    const page = view.pages.find((candidate) => candidate.key === held.paging?.key);
    if (page) view.paging = { base: held.paging!.base, page, ...progressOf(page) };
    return view;
  }

  /** Notices a session that has run out by the clock, as after the computer has slept: timers do not run then. */
  look(): void {
    if (this.session.state !== this.#told) this.#sessionChanged();
  }

  get preview(): Preview {
    const held = this.#open;
    return {
      ...(held?.session.id !== undefined ? { sessionID: held.session.id } : {}),
      outgoing: async (text) => {
        const kit = await this.#kit;
        if (!held || stateOf(held) !== "open") return outside(kit, await withoutSession(kit, text));
        // A copy of the tracker tells, and is forgotten: looking must not move the session.
        const copy = await kit.session.restore(held.session.toJSON());
        try {
          return await copy.send(text);
        } finally {
          void copy.free();
        }
      },
    };
  }

  begin(): Promise<Exchange> {
    return this.#serial(async (sessions) => this.#begin(sessions));
  }

  send(text: string, document?: BatchRequest, options: { asTyped?: boolean } = {}): Promise<Exchange> {
    return this.#serial(async (sessions, kit) => {
      if (options.asTyped) return this.#asTyped(kit, text, document);
      const step = await stepOf(kit, text);
      if (step === "begin" && !this.#open) return this.#begin(sessions, text);
      if (step === "end" && this.#open) return this.#end(text);
      return this.#send(kit, text, document);
    });
  }

  end(): Promise<Exchange> {
    return this.#serial(async () => this.#end());
  }

  /** Lets a session whose time is over by our reckoning count as open until the server has answered in it. */
  insist(): Promise<void> {
    return this.#serial(async () => {
      const held = this.#held;
      if (!held || stateOf(held) !== "expired" || held.session.id === undefined) throw new Error("There is no session to go on with.");
      await held.session.insist();
      this.#sessionChanged();
    });
  }

  nextPage(): Promise<Exchange> {
    return this.#serial(async (_, kit) => {
      const held = this.#open;
      const { page } = this.session.paging ?? {};
      const continued = held?.searches.find((search) => search.key === page?.key);
      if (!held || !page || page.done || !continued) throw new Error("There is no next page: no paged search of this session is unfinished.");
      const document = await nextPageOf(kit, continued, page);
      return this.#perform({ ...this.#here("session"), held, document, outgoing: await held.session.send(document) });
    });
  }

  /** Goes on page by page until the last one, a failure, or a stop. */
  allPages(signal?: AbortSignal): Promise<void> {
    if (this.#all) return this.#all.run;
    let stopped = false;
    const stop = () => {
      stopped = true;
    };
    signal?.addEventListener("abort", stop);
    const run = (async () => {
      try {
        while (!stopped && !signal?.aborted) {
          const exchange = await this.nextPage();
          const page = this.session.paging?.page;
          if (exchange.failure || exchange.summary.tone === "bad" || !page || page.done) break;
        }
      } finally {
        signal?.removeEventListener("abort", stop);
        this.#all = undefined;
        this.#sessionChanged();
      }
    })();
    this.#all = { run, stop };
    this.#sessionChanged();
    return run;
  }

  /** Ends `allPages` after the page that is under way: its cookie would be lost with it. */
  stopPaging(): void {
    this.#all?.stop();
  }

  /**
   * Sends the request of an exchange again, or an edited text in its place. A
   * begin or end goes through the tracker where the session allows it, and
   * exactly as it was where not: then the server's answer is what is wanted.
   */
  replay(exchange: Exchange, text: string = exchange.request.text): Promise<Exchange> {
    return this.#serial(async (sessions, kit) => {
      const elsewhere = absolute(exchange.endpoint) !== absolute(this.#endpoint);
      if (elsewhere || exchange.step === "none") return this.#asTyped(kit, text, undefined, exchange.endpoint);
      if (exchange.step === "begin" && !this.#open) return this.#begin(sessions, text);
      if (exchange.step === "end" && this.#open) return this.#end(text);
      if (exchange.step === "session") return this.#send(kit, text);
      return this.#asTyped(kit, text);
    });
  }

  async #begin(sessions: Sessions, text?: string): Promise<Exchange> {
    if (this.#open) throw new Error("A session is open already; end it before beginning another.");
    const here = this.#here("begin");
    const held = await sessions.fresh(here.endpoint);
    return this.#perform({ ...here, held, outgoing: await held.session.begin(text) });
  }

  async #end(text?: string): Promise<Exchange> {
    const held = this.#open;
    if (!held) throw new Error("There is no open session to end.");
    return this.#perform({ ...this.#here("end"), held, outgoing: await held.session.end(text) });
  }

  async #send(kit: AsyncToolkit, text: string, document?: BatchRequest): Promise<Exchange> {
    const held = this.#open;
    if (held) return this.#perform({ ...this.#here("session"), held, document, outgoing: await held.session.send(text) });
    const outgoing = await outside(kit, await withoutSession(kit, text));
    return this.#perform({ ...this.#here("none"), document, outgoing });
  }

  async #asTyped(kit: AsyncToolkit, text: string, document?: BatchRequest, endpoint = this.#endpoint): Promise<Exchange> {
    const here = { ...this.#here(await stepOf(kit, text)), endpoint };
    // Name and password belong to the endpoint in the field, and go to no other server.
    if (origin(endpoint) !== origin(this.#endpoint)) here.credentials = undefined;
    return this.#perform({ ...here, document, outgoing: { ...(await outside(kit, text)), body: text } });
  }

  async #perform(message: Message): Promise<Exchange> {
    const { step, outgoing, held } = message;
    const kit = await this.#kit;
    this.#sessions?.goOn(absolute(message.endpoint));
    const paging = this.#all ? this.session.paging : undefined;
    const { attempt, answer, failure } = await carry(kit, message, {
      timeout: this.answerTimeout,
      answeredBefore: this.#answered.has(absolute(message.endpoint)),
      progress: (progress) => emit(this, "progress", paging ? ofPages(paging, progress) : progress),
    });
    const { response } = attempt;
    if (response) this.#answered.add(absolute(message.endpoint));
    const document = message.document ?? (await requestOf(kit, outgoing.body));
    const page = held && document && answer?.document ? await turnPages(kit, held, document, answer.document) : undefined;
    const exchange = await this.#store.add({
      at: attempt.at,
      endpoint: message.endpoint,
      step,
      ...(held ? { sessionKey: held.key } : {}),
      request: { text: outgoing.body, headers: attempt.requestHeaders },
      ...(response ? { response: withText({ status: response.status, headers: response.headers, bytes: response.bytes }) } : {}),
      durationMs: attempt.durationMs,
      ...(failure ? { failure } : {}),
      summary: { request: summarizeRequest(step, document), ...summarizeOutcome(step, { ...answer, failure, page: page?.pages }) },
    });
    if (answer) remember(exchange, answer);
    this.#sessionChanged();
    emit(this, "exchange", exchange);
    return exchange;
  }

  #here(step: Step): Omit<Message, "outgoing"> {
    return { step, endpoint: absolute(this.#endpoint), credentials: this.credentials };
  }

  get #held(): Held | undefined {
    return this.#sessions?.get(absolute(this.#endpoint));
  }

  get #open(): Held | undefined {
    const held = this.#held;
    return held && stateOf(held) === "open" ? held : undefined;
  }

  #sessionChanged(): void {
    this.#sessions?.save();
    const { state, id, expiresAt } = this.session;
    this.#told = state;
    clearTimeout(this.#expiry);
    if (state === "open" && expiresAt !== undefined) {
      this.#expiry = setTimeout(() => this.#sessionChanged(), Math.min(Math.max(0, expiresAt - Date.now()) + 50, 1e9));
    }
    emit(this, "session", id === undefined ? { state } : { state, id });
  }

  #serial<T>(task: (sessions: Sessions, kit: AsyncToolkit) => Promise<T>): Promise<T> {
    this.#waiting++;
    const run = this.#queue.then(async () => {
      try {
        return await task(await this.#ready, await this.#kit);
      } finally {
        if (--this.#waiting === 0) emit(this, "progress", { done: true, label: "" } satisfies Progress);
      }
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }
}

/** While all pages are fetched, how far they have come matters more than the bytes of this one. */
function ofPages({ page, label, fraction }: NonNullable<SessionView["paging"]>, progress: Progress): Progress {
  return { ...progress, label: `Page ${page.pages + 1}, ${label.replace(/, page .*/, "")}`, ...(fraction === undefined ? {} : { fraction }) };
}

/** An endpoint as typed, as an absolute address; what cannot be read stays as it is. */
function absolute(endpoint: string): string {
  const text = endpoint.trim();
  try {
    return text === "" ? "" : new URL(text, location.href).href;
  } catch {
    return endpoint;
  }
}

function origin(endpoint: string): string {
  try {
    return new URL(endpoint.trim(), location.href).origin;
  } catch {
    return "";
  }
}
