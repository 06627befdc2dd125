/** One POST with `fetch`, with time limit and abort, and errors that keep secrets. */
import type { BasicAuth, ClientOptions, SendOptions } from "./client-types.js";
import { checkWellFormed } from "./encode.js";
import { DsmlkitError } from "./errors.js";
import type { Outgoing } from "./types.js";

/** What came back, read to its end. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  bytes: Uint8Array;
  /** the address that answered, where it is another than the one asked */
  redirectedTo?: string;
}

/** Header fields whose value lets somebody in. */
const secretField = /auth|cookie|key|token|secret|password|session/;

/** characters */
const shortestSecret = 3;

/** What RFC 9110 lets the name and the value of a header field be made of; JavaScript sends a value as Latin-1. */
const fieldName = /^[!#$%&'*+.^_`|~\w-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

type Fetch = NonNullable<ClientOptions["fetch"]>;

/** setTimeout takes no more milliseconds. */
const longestTimeout = 2 ** 31 - 1;

export function refuse(name: string, must: string, value: unknown): never {
  throw new DsmlkitError({
    code: "argument",
    message: `${name} must be ${must}`,
    detail: `${name} is ${value === null ? "null" : Array.isArray(value) ? "an array" : typeof value === "number" ? value : `of type ${typeof value}`}`,
  });
}

/** The properties of an object itself: what a page has put on Object.prototype is no option. */
export function own<T>(options: unknown, name: string): Partial<T> {
  if (options === undefined) return Object.create(null) as Partial<T>;
  if (typeof options !== "object" || options === null) refuse(name, "an object", options);
  return Object.assign(Object.create(null) as Partial<T>, options);
}

/** A whole number between the bounds; absent means the default. */
export function wholeNumber(value: unknown, name: string, absent: number, low: number, high: number): number {
  if (value === undefined) return absent;
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  return refuse(name, `a whole number from ${low} to ${high}`, value);
}

/** Refuses what is no AbortSignal; any realm's will do. */
export function checkSignal(signal: unknown, name: string): void {
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.throwIfAborted !== "function") refuse(name, "an AbortSignal", signal);
}

/** The way to one endpoint. Secrets stay in private fields, which nothing prints. */
export class Transport {
  readonly #url: string;
  readonly #fetch: Fetch;
  readonly #headers: Record<string, string>;
  readonly #credentials: RequestCredentials | undefined;
  readonly #timeout: number;
  /** what must not be seen in an error */
  readonly #secrets: string[] = [];
  /** likewise, but too common a word to be looked for in what a server says */
  #username = "";
  /** the endpoint for people: its query may hold a key */
  readonly place: string;

  constructor(options: Partial<Omit<ClientOptions<never>, "session">>) {
    const url = addressOf(options.endpoint);
    this.#url = url.href;
    this.place = url.origin === "null" ? url.protocol : url.origin + url.pathname;
    if (url.search.length > 1) this.#secrets.push(url.search.slice(1));
    const { fetch: given, credentials } = options;
    if (given !== undefined && typeof given !== "function") refuse("options.fetch", "a function", given);
    // Looked up at each call, as whoever replaces the global one expects.
    this.#fetch = given ?? ((address, init) => globalThis.fetch(address, init));
    if (credentials !== undefined && !["omit", "same-origin", "include"].includes(credentials)) {
      refuse("options.credentials", '"omit", "same-origin" or "include"', credentials);
    }
    this.#credentials = credentials;
    this.#timeout = wholeNumber(options.timeout, "options.timeout", 0, 0, longestTimeout);
    this.#headers = headersOf(options.headers);
    for (const [name, value] of Object.entries(this.#headers)) {
      if (secretField.test(name)) this.#secrets.push(value, value.replace(/^\S+\s+/, ""));
    }
    if (options.auth !== undefined) {
      if (this.#headers["authorization"] !== undefined) {
        throw new DsmlkitError({ code: "argument", message: "options.auth and options.headers.authorization are both given", hint: "leave one out" });
      }
      const { token, username, password } = basicToken(options.auth);
      this.#headers["authorization"] = `Basic ${token}`;
      this.#secrets.push(token, password);
      this.#username = username;
    }
  }

  /** Hides what is secret in a text that comes from elsewhere. A word so short would show where it was hidden. */
  readonly hide = (text: string): string => {
    for (const secret of this.#secrets) if (secret.length >= shortestSecret) text = text.replaceAll(secret, "…");
    return text;
  };

  /** The same for what `fetch` says, which may quote the request. */
  #redact(text: string): string {
    const hidden = this.hide(text);
    return this.#username.length >= shortestSecret ? hidden.replaceAll(this.#username, "…") : hidden;
  }

  /** Sends a message and reads the answer whole. */
  async post({ body, headers }: Outgoing, options: SendOptions): Promise<Answer> {
    const timeout = wholeNumber(options.timeout, "options.timeout", this.#timeout, 0, longestTimeout);
    const { signal } = options;
    const stopper = new AbortController();
    let timedOut = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => {};
    // Beside the signal, for a fetch that does not heed it.
    const stopped = new Promise<never>((_, reject) => {
      stopper.signal.addEventListener("abort", () => reject(stopper.signal.reason), { once: true });
    });
    stopped.catch(() => {});
    try {
      signal?.throwIfAborted();
      stop = () => stopper.abort(signal!.reason);
      signal?.addEventListener("abort", stop, { once: true });
      if (timeout > 0) {
        timer = setTimeout(() => {
          timedOut = true;
          stopper.abort();
        }, timeout);
      }
      return await Promise.race([this.#read(body, headers, stopper.signal), stopped]);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (timedOut) {
        throw new DsmlkitError({
          code: "http-timeout",
          message: `no whole answer came from ${this.place} within ${timeout} milliseconds`,
          hint: "whether the server did what was asked is not known",
        });
      }
      throw new DsmlkitError({
        code: "http-unreachable",
        message: `no answer came from ${this.place}`,
        detail: this.#redact(describe(error)),
        hint: "is the address right and the server running? A browser says the same when the server does not allow the page's origin (CORS) or when its certificate is not trusted",
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  async #read(body: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const init: RequestInit = own({ method: "POST", headers: { ...this.#headers, ...headers }, body, signal }, "init");
    // Some runtimes refuse the very name.
    if (this.#credentials !== undefined) init.credentials = this.#credentials;
    const send = this.#fetch;
    const response = await send(this.#url, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const fields: Record<string, string> = Object.create(null);
    response.headers.forEach((value, name) => (fields[name] = value));
    const answer: Answer = { status: response.status, headers: fields, bytes };
    if (response.redirected) answer.redirectedTo = this.#redact(response.url);
    return answer;
  }
}

function addressOf(endpoint: unknown): URL {
  if (typeof endpoint !== "string" && !(endpoint instanceof URL)) refuse("options.endpoint", "an address: a string or a URL", endpoint);
  const scope = globalThis as { document?: { baseURI: string }; location?: { href: string } };
  let url: URL;
  try {
    url = new URL(endpoint, scope.document?.baseURI ?? scope.location?.href);
  } catch {
    // Not quoted: there may be a password in it.
    throw new DsmlkitError({ code: "argument", message: "options.endpoint is no address", hint: "a whole one begins with https:// or http://; outside of a page no other will do" });
  }
  if (url.username !== "" || url.password !== "") {
    throw new DsmlkitError({ code: "argument", message: "options.endpoint has a name or password in it, which fetch refuses", hint: "pass them as options.auth" });
  }
  return url;
}

function headersOf(headers: unknown): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  if (headers === undefined) return fields;
  if (typeof headers !== "object" || headers === null) refuse("options.headers", "Headers, or an object of header fields", headers);
  const listed = typeof (headers as Headers)[Symbol.iterator] === "function";
  // A list of pairs or a Map would be taken for an object without fields.
  if (listed && Object.prototype.toString.call(headers) !== "[object Headers]") refuse("options.headers", "Headers, or an object of header fields", headers);
  const entries: Iterable<[string, unknown]> = listed ? (headers as Headers) : Object.entries(headers);
  for (const [name, value] of entries) {
    if (!fieldName.test(name)) throw new DsmlkitError({ code: "argument", message: `options.headers has ${JSON.stringify(name)}, which is no name of a header field` });
    if (typeof value !== "string") refuse(`options.headers.${name}`, "a string", value);
    if (!fieldValue.test(value)) throw new DsmlkitError({ code: "argument", message: `options.headers.${name} has a character in it that a header field cannot carry` });
    fields[name.toLowerCase()] = value;
  }
  for (const name of ["content-type", "soapaction"]) {
    if (fields[name] !== undefined) {
      throw new DsmlkitError({ code: "argument", message: `options.headers must not have ${name}`, hint: "it belongs to the message, and follows from the version of SOAP" });
    }
  }
  return fields;
}

/** The token of Basic: base64 of name and password in UTF-8. */
function basicToken(given: unknown): { token: string } & BasicAuth {
  if (given === undefined) refuse("options.auth", "an object with username and password", given);
  const auth = own<BasicAuth>(given, "options.auth");
  const [username, password] = (["username", "password"] as const).map((key) => {
    const name = `options.auth.${key}`;
    const value: unknown = auth[key];
    if (typeof value !== "string") refuse(name, "a string", value);
    checkWellFormed(value, () => name);
    if (/[\0-\x1f\x7f]/.test(value)) throw new DsmlkitError({ code: "argument", message: `${name} has a control character in it` });
    return value;
  }) as [string, string];
  if (username.includes(":")) throw new DsmlkitError({ code: "argument", message: "options.auth.username has a colon in it, which Basic cannot carry" });
  let text = "";
  for (const byte of new TextEncoder().encode(`${username}:${password}`)) text += String.fromCharCode(byte);
  return { token: btoa(text), username, password };
}

/** An error of fetch with its cause, which in Node tells more than it does itself. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
