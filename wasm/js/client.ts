/** The client: messages of a session, and searches page by page, sent with `fetch`. */
import type { Client, ClientOptions, ClientReply, SearchAllOptions, SendOptions } from "./client-types.js";
import { DsmlkitError, type DsmlkitErrorInit } from "./errors.js";
import { Progress } from "./paging.js";
import { type Answer, checkSignal, own, refuse, Transport, wholeNumber } from "./transport.js";
import type { BatchRequest, BatchResponse, Control, Entry, LDAPResult, Outgoing, Payload, Reply, SearchRequest, SearchResponse, Session, Text, Toolkit } from "./types.js";
import { compact } from "./views.js";
import type { AsyncSession, AsyncToolkit } from "./worker-types.js";

type AnySession = Session | AsyncSession;
type Step = "begin" | "send" | "end";

const pagedResultsOID = "1.2.840.113556.1.4.319";
const defaultPageSize = 500;
const largestPage = 2 ** 31 - 1;
const mostRetries = 100;

/** Milliseconds before the first repetition; each further one waits twice as long. */
const firstPause = 250;
/** A server that asks for more patience than this (milliseconds) is not asked again. */
const longestPause = 30_000;
/** Milliseconds for the end of a session that searchAll opened: nobody waits for its answer. */
const endPatience = 10_000;

/** Statuses of a server, or of one before it, that may answer the next time. */
const busy = new Set([429, 502, 503, 504]);

/** Makes a client over a toolkit here or in a worker. `signal` holds for calls that name none. */
export function makeClient<S extends AnySession>(kit: Toolkit | AsyncToolkit, options: ClientOptions<S>, signal?: AbortSignal): Client<S> {
  if (options === undefined) refuse("options", "an object with an endpoint", options);
  return new HttpClient<S>(kit, own(options, "options"), signal);
}

class HttpClient<S extends AnySession> implements Client<S> {
  readonly #kit: Toolkit | AsyncToolkit;
  readonly #transport: Transport;
  readonly #soap: "1.1" | "1.2";
  readonly #retries: number;
  readonly #signal: AbortSignal | undefined;
  #session: S | undefined;
  #opening: Promise<AnySession> | undefined;

  constructor(kit: Toolkit | AsyncToolkit, options: Partial<ClientOptions<S>>, signal: AbortSignal | undefined) {
    const { soap = "1.1", session } = options;
    if (soap !== "1.1" && soap !== "1.2") refuse("options.soap", '"1.1" or "1.2"', soap);
    if (session !== undefined && typeof (session as S | null)?.receive !== "function") refuse("options.session", "a session of a toolkit", session);
    this.#kit = kit;
    this.#transport = new Transport(options);
    this.#soap = soap;
    this.#retries = wholeNumber(options.retries, "options.retries", 0, 0, mostRetries);
    this.#signal = signal;
    this.#session = session;
  }

  get session(): S | undefined {
    return this.#session;
  }

  begin(body?: Payload, options?: SendOptions): Promise<ClientReply> {
    return this.#own("begin", body, options);
  }

  send(body: Payload, options?: SendOptions): Promise<ClientReply> {
    return this.#own("send", body, options);
  }

  end(body?: Payload, options?: SendOptions): Promise<ClientReply> {
    return this.#own("end", body, options);
  }

  async request(body: BatchRequest | Text, given?: SendOptions): Promise<BatchResponse> {
    const options = this.#options(given);
    // Before the first wait: whoever calls may change the document then.
    const again = repeatable(body);
    const outgoing = await this.#wrap(body);
    const answer = await this.#post(async () => outgoing, again, options, async () => {});
    let fault: Reply["fault"];
    let error: unknown;
    try {
      const document = await this.#kit.dsml.parse(textOf(answer));
      if (document.kind === "batchResponse") return document;
      error = new DsmlkitError({ code: "dsml-root", message: "the answer is a batchRequest" });
    } catch (caught) {
      error = caught;
      if (codeOf(caught) === "soap-fault-received") fault = (await this.#kit.soap.parse(textOf(answer))).fault;
    }
    throw failureOf(answer, { fault, error: error as DsmlkitErrorInit, state: "none", outcome: "failed", explanation: "" }, this.#transport);
  }

  searchAll(search: SearchRequest, given?: SearchAllOptions): AsyncGenerator<Entry, void, undefined> {
    if (typeof search !== "object" || search === null || search.kind !== "searchRequest") refuse("search", "a searchRequest", search);
    const { controls } = search;
    if (controls !== undefined && !Array.isArray(controls)) refuse("search.controls", "an array", controls);
    if (controls?.some((control) => control?.type === pagedResultsOID)) {
      throw new DsmlkitError({ code: "argument", message: "search.controls must not have the control for paged results", hint: "searchAll sets it; give the size of a page as options.pageSize" });
    }
    const options: SearchAllOptions = Object.assign(own<SearchAllOptions>(given, "options"), this.#options(given));
    const { onReference } = options;
    if (onReference !== undefined && typeof onReference !== "function") refuse("options.onReference", "a function", onReference);
    if (options.session !== undefined && typeof options.session !== "boolean") refuse("options.session", "a boolean", options.session);
    const size = wholeNumber(options.pageSize, "options.pageSize", defaultPageSize, 1, largestPage);
    return this.#pages(copyOf(search), size, options);
  }

  /** Signal and time limit of a call, checked. */
  #options(given: SendOptions | undefined): SendOptions {
    const { signal = this.#signal, timeout } = own<SendOptions>(given, "options");
    checkSignal(signal, "options.signal");
    return Object.assign(Object.create(null) as SendOptions, { signal, timeout });
  }

  /** One step of the client's own session. */
  async #own(step: Step, body: Payload | undefined, given: SendOptions | undefined): Promise<ClientReply> {
    const options = this.#options(given);
    options.signal?.throwIfAborted();
    if (this.#session === undefined) {
      body = copyOf(body);
      this.#opening ??= Promise.resolve(this.#kit.session.dsml({ soap: this.#soap }));
      this.#session = (await this.#opening) as S;
    }
    return this.#step(this.#session, step, body, options);
  }

  async #step(session: AnySession, step: Step, body: Payload | undefined, options: SendOptions): Promise<ClientReply> {
    let number: number | undefined;
    const again = step === "send" && repeatable(body);
    if (again && this.#retries > 0) body = copyOf(body);
    const answer = await this.#post(
      async () => {
        const outgoing = await session[step](body as Payload);
        number = outgoing.number;
        return outgoing;
      },
      again,
      options,
      async (why) => session.failed(why, { answers: number }),
    );
    const { status, headers } = answer;
    const reply = await session.receive(textOf(answer), { status, headers, answers: number });
    const done = step === "begin" ? reply.outcome === "opened" : step === "end" ? reply.outcome === "ended" : reply.outcome === "answered";
    // What a begin or an end without a body of its own is answered with beside
    // the header is of no interest to anybody.
    const readable = reply.error === undefined || (step !== "send" && body === undefined);
    if (!done || !readable || reply.fault !== undefined) throw failureOf(answer, reply, this.#transport);
    return { ...reply, status };
  }

  /** Sends until there is an answer worth reading; `lost` is told of each message that got none. */
  async #post(make: () => Promise<Outgoing>, again: boolean, options: SendOptions, lost: (why: string) => unknown): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      options.signal?.throwIfAborted();
      const outgoing = await make();
      const left = again ? this.#retries - tries : 0;
      let pause = firstPause * 2 ** tries;
      try {
        const answer = await this.#transport.post(outgoing, options);
        if (left <= 0 || !busy.has(answer.status) || /xml/i.test(answer.headers["content-type"] ?? "")) return answer;
        pause = retryAfter(answer) ?? pause;
        if (pause > longestPause) return answer;
        await lost(`the server answered with status ${answer.status}`);
      } catch (error) {
        await lost(error instanceof Error ? error.message : String(error));
        if (left <= 0 || options.signal?.aborted || codeOf(error)?.startsWith("http-") !== true) throw error;
      }
      await sleep(pause, options.signal);
    }
  }

  /** A message outside of any session. */
  async #wrap(body: BatchRequest | Text): Promise<Outgoing> {
    let version = this.#soap;
    let text: string | undefined;
    if (typeof body === "string" || ArrayBuffer.isView(body)) {
      text = typeof body === "string" ? body : new TextDecoder().decode(body);
      try {
        version = (await this.#kit.soap.parse(text)).version;
      } catch (error) {
        if (codeOf(error) !== "soap-envelope") throw error;
        text = await this.#kit.soap.build({ version, body: text });
      }
    } else {
      if (typeof body !== "object" || body === null || body.kind !== "batchRequest") refuse("body", "a batchRequest object, a string or a Uint8Array", body);
      text = await this.#kit.soap.build({ version, body });
    }
    // As a session has it (D-112, D-113).
    const headers: Record<string, string> =
      version === "1.2"
        ? { "Content-Type": 'application/soap+xml; charset=utf-8; action="#batchRequest"' }
        : { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' };
    return { body: text, headers };
  }

  async *#pages(search: SearchRequest, pageSize: number, options: SearchAllOptions): AsyncGenerator<Entry, void, undefined> {
    const { signal, onReference } = options;
    signal?.throwIfAborted();
    const session = options.session === false ? undefined : await this.#kit.session.dsml({ soap: this.#soap });
    try {
      if (session !== undefined) await this.#step(session, "begin", undefined, options);
      let cookie: Uint8Array | undefined;
      const progress = new Progress();
      do {
        const control = await this.#kit.dsml.control.encode({ type: "pagedResults", size: pageSize, cookie });
        const batch: BatchRequest = { kind: "batchRequest", requests: [{ ...search, controls: [...(search.controls ?? []), control] }] };
        const document = session === undefined ? await this.request(batch, options) : (await this.#step(session, "send", batch, options)).document;
        const { entries, references, done } = searchResponse(document, this.#transport);
        progress.check(entries, references, cookie);
        for (const entry of entries) {
          signal?.throwIfAborted();
          yield entry;
        }
        for (const reference of references ?? []) onReference?.(reference);
        signal?.throwIfAborted();
        if (done.resultCode.code !== 0) throw resultError(done, this.#transport);
        cookie = await this.#cookieOf(done.controls);
      } while (cookie !== undefined);
    } finally {
      const ended = this.#leave(session);
      // Who aborts does not want to wait.
      if (signal?.aborted !== true) await ended;
    }
  }

  async #cookieOf(controls: Control[] | undefined): Promise<Uint8Array | undefined> {
    const control = controls?.find(({ type }) => type === pagedResultsOID);
    if (control === undefined) return undefined;
    const value = await this.#kit.dsml.control.decode(control);
    return value.type === "pagedResults" && value.cookie !== undefined && value.cookie.length > 0 ? value.cookie : undefined;
  }

  /** Ends the session of a search, if it got one, and lets go of it. Never fails. */
  async #leave(session: AnySession | undefined): Promise<void> {
    try {
      if (session?.id !== undefined) await this.#step(session, "end", undefined, own<SendOptions>({ timeout: endPatience }, "options"));
    } catch {
      // It is the server's to forget; see searchAll.
    }
    try {
      await session?.free();
    } catch {
      // The worker is gone, and the session with it.
    }
  }
}

/** A copy that changes to the original do not reach. What cannot be copied cannot be written either, and is refused there. */
function copyOf<T>(value: T): T {
  try {
    return structuredClone(compact(value));
  } catch {
    return value;
  }
}

/** Whether a message may be sent again when nobody knows what became of it. */
function repeatable(body: unknown): boolean {
  if (typeof body !== "object" || body === null || !Array.isArray((body as BatchRequest).requests)) return false;
  return (body as BatchRequest).requests.every(
    (request) => request.kind === "compareRequest" || (request.kind === "searchRequest" && !(request.controls ?? []).some(hasCookie)),
  );
}

/**
 * Whether a control for paged results goes on with a search. Its value is a
 * sequence of a number and the cookie, which comes last and is empty (04 00) at
 * the beginning of a search; what cannot be told so is taken for one.
 */
function hasCookie({ type, controlValue: value }: Control): boolean {
  if (type !== pagedResultsOID) return false;
  return !(value instanceof Uint8Array && value.length > 2 && value.at(-2) === 4 && value.at(-1) === 0);
}

/** Milliseconds that the server asks to wait. */
function retryAfter({ headers }: Answer): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (text === undefined || text === "") return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * The text of an answer. Its own declaration and UTF-8 go before what the
 * header says, which many servers set to a default that their text is not of.
 */
function textOf({ bytes, headers }: Answer): Text {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers["content-type"] ?? "")?.[1];
  if (charset === undefined || /^utf-?(8|16)/i.test(charset)) return bytes;
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  if (/^\s*<\?xml[^>]*\sencoding\s*=/.test(start) || /^(\xfe\xff|\xff\xfe)/.test(start)) return bytes;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // Not a character set that anybody knows: the reader tells where it fails.
    }
  }
  return bytes;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof DsmlkitError ? error.code : undefined;
}

function searchResponse(document: BatchResponse | undefined, { hide }: Transport): SearchResponse {
  const response = document?.responses[0];
  if (response?.kind === "searchResponse") return response;
  if (response?.kind === "errorResponse") {
    throw new DsmlkitError({ code: "dsml-error-response", message: hide(`the server did not run the search: ${response.message ?? response.type}`), detail: response.type });
  }
  throw new DsmlkitError({ code: "dsml-result", message: "the answer holds no response to the search", detail: response?.kind });
}

function resultError({ resultCode: { code, descr }, errorMessage, referrals }: LDAPResult, { hide }: Transport): DsmlkitError {
  return new DsmlkitError({
    code: "ldap-result",
    message: hide(`the search ended with result ${code}${descr === undefined ? "" : ` (${descr})`}${errorMessage === undefined ? "" : `: ${errorMessage}`}`),
    detail: referrals === undefined ? String(code) : `${code} ${referrals.join(" ")}`,
    hint: code === 4 || code === 11 ? "a smaller options.pageSize may be within the server's limits" : undefined,
  });
}

/** Why an answer is not what was asked for. */
function failureOf(answer: Answer, reply: Reply, { place, hide }: Transport): DsmlkitError {
  const { status } = answer;
  // There are servers that show what they were sent.
  const make = ({ message, detail, hint, ...rest }: DsmlkitErrorInit): DsmlkitError =>
    new DsmlkitError({ ...rest, message: hide(message), detail: detail && hide(detail), hint: hint && hide(hint), status, reply });
  const { fault, outcome } = reply;
  const explanation = reply.explanation === "" ? undefined : reply.explanation;
  const hint = explanation;
  const detail = fault === undefined ? undefined : [fault.codeText, fault.detailText].filter(Boolean).join(": ");
  if (outcome === "expired") return make({ code: "session-expired", message: "the server says that the session's time is over", detail, hint });
  if (outcome === "lost") return make({ code: "session-lost", message: fault === undefined ? "the session is gone" : `the session is gone: ${fault.reason}`, detail, hint });
  if (fault !== undefined) return make({ code: "soap-fault-received", message: `the server answered with a fault: ${fault.reason}`, detail, hint });
  if (reply.envelope === undefined && reply.document === undefined && (status < 200 || status > 299 || answer.redirectedTo !== undefined)) {
    return make({ code: "http-status", message: `${place} answered with status ${status} and no message`, detail: beginning(answer), hint: statusHint(answer) });
  }
  if (outcome === "refused") return make({ code: "session-refused", message: "the server opened no session", hint });
  const { error } = reply;
  if (error === undefined) return make({ code: "session-lost", message: "the server did not confirm what was asked", hint });
  const { code, message, line, column, offset, statement } = error;
  return make({ code, message: `the answer cannot be read: ${message}`, detail: error.detail ?? beginning(answer), hint: error.hint, line, column, offset, statement });
}

/** What an answer that is no message begins with. */
function beginning({ bytes }: Answer): string {
  return new TextDecoder().decode(bytes.subarray(0, 300)).trim();
}

function statusHint({ status, redirectedTo }: Answer): string | undefined {
  if (redirectedTo !== undefined) return `the endpoint redirects to ${redirectedTo}, and a redirected POST may have lost its body: use the last address`;
  if (status === 401) return "name or password are missing or wrong: see options.auth";
  if (status === 403) return "the server knows who asks and does not allow it";
  if (status === 404 || status === 405) return "the address is probably not that of the endpoint";
  if (status === 413) return "the message is too large for the server: split the batch";
  if (status === 415) return "the server may speak the other version of SOAP: see options.soap";
  return undefined;
}
