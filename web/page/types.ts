/**
 * What the widgets of the page have agreed upon. A widget is a class with an
 * `element` and events; `main.ts` is the one controller that joins them.
 *
 *     RequestPane (request/pane.ts)     what is going to be sent
 *     Runner      (net/runner.ts)       sends it: the one place that fetches
 *     SessionStrip (session/strip.ts)   state of the session, its four buttons
 *     ExchangeList (exchanges/list.ts)  what was sent, in order
 *     ResponsePane (response/pane.ts)   what came back
 */
import type { BatchRequest, Outgoing, SessionState } from "dsmlkit";

export type { AsyncSession, AsyncToolkit } from "dsmlkit/worker-client";

/** A part of the page. */
export interface Widget {
  readonly element: HTMLElement;
}

/** An EventTarget that knows the details of its events; `class X extends eventTarget<Map>()`, see dom.ts. */
export interface TypedTarget<Map> {
  addEventListener<K extends keyof Map & string>(
    type: K,
    listener: (event: CustomEvent<Map[K]>) => void,
    options?: AddEventListenerOptions | boolean,
  ): void;
  removeEventListener<K extends keyof Map & string>(
    type: K,
    listener: (event: CustomEvent<Map[K]>) => void,
    options?: EventListenerOptions | boolean,
  ): void;
  dispatchEvent(event: Event): boolean;
}

/** The class that `eventTarget<Map>()` gives. */
export type Events<Map> = new () => TypedTarget<Map>;

/** The session step that a message took. */
export type Step = "begin" | "session" | "end" | "none";

/** One request and what became of it; the record that is kept in IndexedDB. */
export interface Exchange {
  /** given by the store, increasing */
  id: number;
  /** epoch milliseconds when it was sent */
  at: number;
  endpoint: string;
  step: Step;
  /** stands for the session on this page; two sessions never share one, even when a server reuses its ids */
  sessionKey?: string;
  /** exactly as sent, the Authorization header masked */
  request: { text: string; headers: Record<string, string> };
  /** `text` is `bytes` decoded */
  response?: { status: number; headers: Record<string, string>; bytes: Uint8Array; text: string };
  durationMs: number;
  /** why there is no response, or why it is not an answer to the request */
  failure?: Failure;
  /** for the list: "search ou=people", and what came of it in a word or two */
  summary: { request: string; outcome: string; tone: Tone };
}

/** How a thing went. A word always stands beside the colour. */
export type Tone = "good" | "warn" | "bad" | "quiet";

/** A failure told apart as far as the platform allows. */
export interface Failure {
  /** "cors", "mixed-content", "refused", "timeout", "aborted", "http", ... */
  code: string;
  /** one sentence: what happened */
  message: string;
  /** what to try */
  hint?: string;
}

/** Name and password of HTTP Basic; kept in memory only. */
export interface Credentials {
  user: string;
  password: string;
}

/** A message as it goes over the wire. */
export type Wire = Pick<Outgoing, "body" | "headers">;

/** What the request pane needs to know of the session to show the message as it will be sent. */
export interface Preview {
  /** id of the open session; undefined when there is none */
  readonly sessionID?: string;
  /**
   * The message as it would be sent now: in the open session with its header,
   * outside of a session as given. Moves nothing. `text` must be well-formed.
   */
  outgoing(text: string): Promise<Wire>;
}

/** Detail of the RequestPane's event "send". */
export interface SendDetail {
  /** the envelope as it stands in the editor */
  text: string;
  /** when the text parses */
  document?: BatchRequest;
  /** the person asked for exactly this text: no session header is set or changed */
  asTyped: boolean;
}

/** Events of the RequestPane. */
export interface RequestPaneEvents {
  send: SendDetail;
  change: undefined;
}

/** Events of the Runner. */
export interface RunnerEvents {
  /** an exchange has ended, well or badly, and is stored */
  exchange: Exchange;
  /** state, id, deadline or pages of the session have changed, so has `preview` */
  session: { state: SessionState; id?: string };
  /** a request is under way; `done` when none is any more */
  progress: Progress;
}

export interface Progress {
  done: boolean;
  /** "Page 3, 600 of about 2,000 entries", "1.2 MB received" */
  label: string;
  /** 0 to 1 where it is known */
  fraction?: number;
  /** stops what is under way */
  abort?: () => void;
}

/** Runs exchanges: outgoing text and headers through fetch, the tracker and the store. */
export interface RunnerLike extends TypedTarget<RunnerEvents> {
  endpoint: string;
  credentials?: Credentials;
  readonly preview: Preview;
  readonly busy: boolean;
  begin(): Promise<Exchange>;
  /** In the open session unless `asTyped`; outside of one when none is open. */
  send(text: string, document?: BatchRequest, options?: { asTyped?: boolean }): Promise<Exchange>;
  nextPage(): Promise<Exchange>;
  allPages(signal?: AbortSignal): Promise<void>;
  end(): Promise<Exchange>;
  /** Sends the request of an exchange again: through begin or end when that was its step, in the open session when it is one. */
  replay(exchange: Exchange): Promise<Exchange>;
}
