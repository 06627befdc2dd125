/**
 * The toolkit in a Web Worker:
 *
 *     const worker = new Worker(new URL("dsmlkit/worker", import.meta.url), { type: "module" });
 *     const kit = await connect(worker);
 *     const envelope = await kit.soap.parse(text);
 */
import { makeClient } from "./client.js";
import { DsmlkitError } from "./errors.js";
import { readItems } from "./items.js";
import { changed, freed, headersOf, Listeners, remaining, type SessionView } from "./session-view.js";
import type {
  ClientOptions,
  FailedOptions,
  Outgoing,
  PagedSearch,
  Payload,
  ReceiveMeta,
  Reply,
  ResponseItem,
  SessionEvent,
  SessionSnapshot,
  SessionState,
  SqlItem,
  StreamOptions,
  Text,
} from "./types.js";
import { checkSource } from "./source.js";
import { checkSignal, own, refuse } from "./transport.js";
import { compact } from "./views.js";
import { type Answer, listen, type Method, methods, type Port, type Request, type SessionMethod, unpack } from "./worker-protocol.js";
import type { AsyncSession, AsyncToolkit, CallOptions, ConnectOptions, WorkerPort } from "./worker-types.js";

/**
 * Starts the toolkit in a worker that runs `dsmlkit/worker` and gives the
 * interface to it.
 */
export async function connect(worker: WorkerPort, options?: ConnectOptions): Promise<AsyncToolkit> {
  if (typeof (worker as WorkerPort | undefined | null)?.postMessage !== "function") refuse("worker", "a Worker or a MessagePort", worker);
  const link = new Link(worker as unknown as Port);
  const given = own<ConnectOptions>(options, "options");
  checkSignal(given.signal, "options.signal");
  await link.open(given);
  return makeAsyncToolkit(link, {});
}

/** An answer to a call. */
type Settled = Extract<Answer, { id: number }>;

/** Calls without the number that tells their answers apart. */
type Unnumbered<T> = T extends { id: number; type: infer K } ? (K extends "abort" ? never : Omit<T, "id">) : never;

/** Two connections to the same worker hear each other's answers; their calls have different numbers. */
let last = 0;

/** The connection to one worker. */
class Link {
  /** Sessions of this side by the worker's number; they are brought up to date by every answer that concerns them. */
  readonly sessions = new Map<number, WeakRef<RemoteSession>>();
  private readonly waiting = new Map<number, { resolve(answer: Settled): void; reject(error: unknown): void }>();
  private opened: { resolve(): void; reject(error: unknown): void } | undefined;
  private gone: DsmlkitError | undefined;

  constructor(private readonly port: Port) {
    listen(
      port,
      (data) => this.take(data as Answer),
      (reason) => this.fail(new DsmlkitError({ code: "closed", message: `the worker failed: ${reason}` })),
    );
  }

  open({ wasm, signal }: ConnectOptions): Promise<void> {
    return settleable(signal, (settle) => {
      this.opened = { resolve: () => settle.resolve(undefined), reject: settle.reject };
      this.port.postMessage({ type: "open", wasm: wasm instanceof URL ? wasm.href : wasm } satisfies Request);
      return () => this.close();
    });
  }

  /** Sends a call; the promise is fulfilled with its value. */
  async call(request: Unnumbered<Request>, options: CallOptions): Promise<Settled & { type: "result" }> {
    const { signal, transfer } = own<CallOptions>(options, "options");
    const answer = await settleable<Settled>(signal, (settle) => {
      if (this.gone !== undefined) throw this.gone;
      const id = ++last;
      try {
        const args = compact(request.args);
        this.port.postMessage({ ...request, args, id }, transfer ? buffersIn(args) : []);
      } catch (error) {
        throw new DsmlkitError({
          code: "argument",
          message: "an argument cannot be passed to a worker",
          detail: String(error),
          hint: "functions cannot cross, and a buffer can be transferred only once",
        });
      }
      this.waiting.set(id, settle);
      return () => {
        this.waiting.delete(id);
        this.port.postMessage({ type: "abort", id } satisfies Request);
      };
    });
    if (answer.type === "error") throw unpack(answer.error);
    return answer;
  }

  close(): void {
    this.fail(new DsmlkitError({ code: "closed", message: "the worker was closed" }));
    if (typeof this.port.terminate === "function") this.port.terminate();
    else this.port.close?.();
  }

  private take(answer: Answer): void {
    switch (answer.type) {
      case "ready":
        return this.opened?.resolve();
      case "refused":
        return this.opened?.reject(unpack(answer.error));
    }
    if (answer.session !== undefined && answer.view !== undefined) {
      this.sessions.get(answer.session)?.deref()?.update(answer.view);
    }
    this.waiting.get(answer.id)?.resolve(answer);
    this.waiting.delete(answer.id);
  }

  private fail(error: DsmlkitError): void {
    this.gone ??= error;
    this.opened?.reject(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** A promise that an AbortSignal can reject; `begin` gives what to do then. */
function settleable<T>(
  signal: AbortSignal | undefined,
  begin: (settle: { resolve(value: T): void; reject(error: unknown): void }) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted();
    let drop = (): void => {};
    const stop = (): void => {
      drop();
      reject(signal!.reason);
    };
    const done = (): void => signal?.removeEventListener("abort", stop);
    drop = begin({ resolve: (value) => (done(), resolve(value)), reject: (error) => (done(), reject(error)) });
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The buffers behind the views among the arguments of a call. */
function buffersIn(args: unknown[]): Transferable[] {
  const buffers = new Set<Transferable>();
  for (const arg of args) {
    if (ArrayBuffer.isView(arg) && arg.buffer instanceof ArrayBuffer) buffers.add(arg.buffer);
  }
  return [...buffers];
}

/** Sessions whose object here is gone are let go in the worker too. */
const forgotten = new FinalizationRegistry<{ link: Link; session: number }>(({ link, session }) => {
  link.sessions.delete(session);
  link.call({ type: "session", session, method: "free", args: [] }, {}).catch(() => {});
});

class RemoteSession implements AsyncSession {
  readonly #link: Link;
  readonly #session: number;
  readonly #options: CallOptions;
  readonly #listeners = new Listeners();
  #view: SessionView;
  #freed = false;

  constructor(link: Link, session: number, view: SessionView, options: CallOptions) {
    this.#link = link;
    this.#session = session;
    this.#view = view;
    this.#options = options;
    link.sessions.set(session, new WeakRef(this));
    forgotten.register(this, { link, session }, this);
  }

  async #call<T>(method: SessionMethod, ...args: unknown[]): Promise<T> {
    const { value } = await this.#link.call({ type: "session", session: this.#session, method, args }, this.#options);
    return value as T;
  }

  /** What can be shown of it; throws when it was let go. */
  #kept(): SessionView {
    if (this.#freed) throw freed();
    return this.#view;
  }

  update(view: SessionView): void {
    const before = this.#view;
    this.#view = view;
    if (changed(before, view)) this.#listeners.tell(view);
  }

  begin(body?: Payload): Promise<Outgoing> {
    return this.#call("begin", body);
  }

  send(body: Payload): Promise<Outgoing> {
    return this.#call("send", body);
  }

  end(body?: Payload): Promise<Outgoing> {
    return this.#call("end", body);
  }

  async receive(response: Text, meta?: ReceiveMeta): Promise<Reply> {
    // The time counts from the answer's arrival, not from when the worker gets to it.
    const at = Date.now();
    if (meta === undefined || meta === null) return this.#call("receive", response, { at });
    // What is no object is refused over there, by name.
    const plain = typeof meta === "object" && !Array.isArray(meta) ? { at, ...meta, headers: { ...headersOf(meta.headers) } } : meta;
    return this.#call("receive", response, plain);
  }

  failed(reason?: string, options?: FailedOptions): Promise<void> {
    return this.#call("failed", reason, options);
  }

  insist(): Promise<void> {
    return this.#call("insist");
  }

  get state(): SessionState {
    return this.#view.state;
  }

  get id(): string | undefined {
    return this.#view.id;
  }

  get timeout(): number | undefined {
    return this.#view.timeout;
  }

  get timeoutGuessed(): boolean {
    return this.#view.timeoutGuessed ?? false;
  }

  get expiresAt(): number | undefined {
    return this.#view.expiresAt;
  }

  remaining(now = Date.now()): number | undefined {
    return remaining(this.#kept(), now);
  }

  get endDue(): number | undefined {
    return this.#view.endDue;
  }

  get pages(): PagedSearch[] {
    return this.#view.pages;
  }

  toJSON(): SessionSnapshot {
    return this.#kept().snapshot;
  }

  addEventListener(type: "change", listener: (event: SessionEvent) => void): void {
    this.#listeners.add(type, listener);
  }

  removeEventListener(type: "change", listener: (event: SessionEvent) => void): void {
    this.#listeners.remove(type, listener);
  }

  async free(): Promise<void> {
    if (this.#freed) return;
    this.#freed = true;
    forgotten.unregister(this);
    this.#link.sessions.delete(this.#session);
    // Whatever was aborted, the worker is to let go of it.
    await this.#link.call({ type: "session", session: this.#session, method: "free", args: [] }, {});
  }
}

function makeAsyncToolkit(link: Link, given: CallOptions): AsyncToolkit {
  const options = own<CallOptions>(given, "options");
  const call = async (method: Method, ...args: unknown[]): Promise<Settled & { type: "result" }> => link.call({ type: "call", method, args }, options);
  const kit: Record<string, unknown> = {};
  for (const name of methods) {
    const steps = name.split(".");
    const last = steps.pop()!;
    let group = kit;
    for (const step of steps) group = (group[step] ??= {}) as Record<string, unknown>;
    group[last] = async (...args: unknown[]) => (await call(name, ...args)).value;
  }
  const open = async (method: "session.dsml" | "session.sql" | "session.restore", arg: unknown): Promise<AsyncSession> => {
    const { value, view } = await call(method, arg);
    return new RemoteSession(link, value as number, view!, options);
  };
  const feed = async <T>(stream: number, method: "feed" | "close" | "free", ...args: unknown[]): Promise<T[]> => {
    // The chunk belongs to its source; it is copied unless the caller said otherwise.
    const transfer = method === "feed" && options.transfer === true;
    return (await link.call({ type: "stream", stream, method, args }, { transfer })).value as T[];
  };
  const streamOf = <T>(open: "stream.open" | "sql.open") => (source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>, all?: StreamOptions) => {
    const given = checkSource(source, all);
    const signal = given?.signal ?? options.signal;
    return readItems<T>(source, own<StreamOptions>({ signal }, "options"), async () => {
      const { value } = await call(open, given?.strict === undefined ? undefined : { strict: given.strict });
      const stream = value as number;
      return {
        feed: async (chunk) => [await feed<T>(stream, "feed", chunk)],
        close: () => feed<T>(stream, "close"),
        free: async () => void (await feed(stream, "free").catch(() => {})),
      };
    });
  };
  Object.assign(kit["dsml"] as object, { stream: streamOf<ResponseItem>("stream.open") });
  Object.assign(kit["sql"] as object, { stream: streamOf<SqlItem>("sql.open") });
  kit["session"] = {
    dsml: (given?: object) => open("session.dsml", given),
    sql: (given?: object) => open("session.sql", given),
    restore: (snapshot: SessionSnapshot | string) => open("session.restore", snapshot),
  };
  kit["with"] = (more: CallOptions) => {
    const given = own<CallOptions>(more, "options");
    checkSignal(given.signal, "options.signal");
    return makeAsyncToolkit(link, { ...options, ...given });
  };
  kit["close"] = () => link.close();
  kit["client"] = (given: ClientOptions<AsyncSession>) => {
    // The signal ends what is sent, and the client sees to that; over the
    // worker it has to end a session even then.
    const unsignalled = options.signal === undefined ? kit : makeAsyncToolkit(link, { ...options, signal: undefined });
    return makeClient(unsignalled as unknown as AsyncToolkit, given, options.signal);
  };
  return kit as unknown as AsyncToolkit;
}

export { errorCodes } from "./error-codes.js";
export { DsmlkitError } from "./errors.js";
export type * from "./types.js";
export type { AsyncSession, AsyncSessionOptions, AsyncToolkit, CallOptions, ConnectOptions, WorkerPort } from "./worker-types.js";
