/** Types of the client that sends messages with `fetch`. */
import type { BatchRequest, BatchResponse, Entry, Payload, Reply, SearchRequest, SearchResultReference, Session, Text } from "./types.js";

/** Options of `kit.client`. `S` is the kind of session: that of the toolkit, or that of a worker's. */
export interface ClientOptions<S = Session> {
  /**
   * Address of the endpoint. A relative one counts from the page. It must not
   * hold a name or password.
   */
  endpoint: string | URL;
  /** What sends the requests, called as `fetch(url, init)`; default: the platform's own. */
  fetch?: (url: string, init: RequestInit) => Promise<globalThis.Response>;
  /** Cookies, as in `fetch`; left to its default when absent. */
  credentials?: "omit" | "same-origin" | "include";
  /**
   * HTTP Basic, sent with every request, in UTF-8 (RFC 7617). Never shown: not
   * in errors, not in JSON. Where an error quotes the server, token and password
   * are taken out of its words; `error.reply` holds them as they came.
   */
  auth?: BasicAuth;
  /** Further header fields of every request. Content-Type and SOAPAction belong to the message. */
  headers?: Headers | Record<string, string>;
  /** of the envelopes that the client writes; default "1.1" */
  soap?: "1.1" | "1.2";
  /**
   * The session of `begin`, `send` and `end`, for instance one that was
   * restored or one of SQL; default: one of `kit.session.dsml({ soap })`, made
   * by the first of these calls.
   */
  session?: S;
  /** milliseconds from sending a request to the end of its answer; default 0: no limit */
  timeout?: number;
  /**
   * How many times a message may be sent again; default 0. Only one that is
   * safe to repeat ever is: see `Client`.
   */
  retries?: number;
}

/** Name and password of HTTP Basic. */
export interface BasicAuth {
  /** has no colon in it */
  username: string;
  password: string;
}

/** Options of one exchange. */
export interface SendOptions {
  /** The promise is rejected with the signal's reason. What was sent already may be run all the same. */
  signal?: AbortSignal;
  /** milliseconds, in place of the client's */
  timeout?: number;
}

/** Options of `searchAll`; the time limit counts for each request. */
export interface SearchAllOptions extends SendOptions {
  /** entries a page, from 1 to 2147483647; default 500 */
  pageSize?: number;
  /** false: pages are asked for outside of a session, for servers whose cookies allow that; default true */
  session?: boolean;
  /** is given the references to other servers among the results, which are otherwise left out */
  onReference?: (reference: SearchResultReference) => void;
}

/** An answer that was understood. */
export interface ClientReply extends Reply {
  /** of HTTP */
  status: number;
}

/**
 * Sends messages to one endpoint. It holds no opinion: no time limit, no second
 * try and no header field but those that the protocol asks for, unless the
 * options say so.
 *
 * A promise is fulfilled by an answer that was understood, whatever results
 * the answer reports, and rejected with a `DsmlkitError` otherwise:
 * "http-unreachable" and "http-timeout" when none came, "http-status" when it
 * was no message, "soap-fault-received" for a fault, "session-refused",
 * "session-expired" and "session-lost" where the session is gone, and the codes
 * of the reader for a text that cannot be read. `error.reply` holds what could
 * be read, `error.status` the HTTP status.
 *
 * With `retries`, a message is sent again only if it is a document (not text)
 * of nothing but searches and compares, none of them going on with a paging
 * cookie: such a cookie may stand for a place on the server that has moved on.
 * It is sent again after no answer, after a time-out, and after the statuses
 * 429, 502, 503 and 504 with no SOAP message, having waited a quarter of a
 * second, then twice that and so on, or as long as Retry-After says (30 seconds
 * at most). Everything else is sent once: after no answer nobody knows whether
 * it was run. That holds for `begin` and `end` too, whatever their body.
 */
export interface Client<S = Session> {
  /** Opens the session; the body, if any, runs inside it. */
  begin(body?: Payload, options?: SendOptions): Promise<ClientReply>;
  /** Sends a message in the session; "session-not-open" when there is none. */
  send(body: Payload, options?: SendOptions): Promise<ClientReply>;
  /** Ends the session; the body, if any, still runs inside it. */
  end(body?: Payload, options?: SendOptions): Promise<ClientReply>;
  /** Sends a message outside of any session and gives the batch that answers it. */
  request(body: BatchRequest | Text, options?: SendOptions): Promise<BatchResponse>;
  /**
   * All entries that a search finds, page by page, in a session of its own that
   * begins with the loop and ends with it: also when the loop is left early,
   * throws or is aborted. The next page is asked for when the last one has been
   * taken. A result that is no success ends the loop with "ldap-result" after
   * the entries that came with it. The control for paging is set here, and is
   * not critical: a server that does not know it gives all entries at once. One
   * that gives the same page again, or a hundred empty ones, ends the loop with
   * "paging". The search is copied by the call; later changes to it do nothing.
   *
   * An end that fails is not reported: the entries are there, and a session
   * that was not ended runs out at the server.
   */
  searchAll(search: SearchRequest, options?: SearchAllOptions): AsyncGenerator<Entry, void, undefined>;
  /** The session of `begin`, `send` and `end`; undefined until the first of these calls, unless one was given. */
  readonly session: S | undefined;
}
