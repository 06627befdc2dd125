/**
 * The toolkit as seen from the other side of a Web Worker: the same names, and
 * every method gives a Promise.
 */
import type {
  AnyControlValue,
  Client,
  ClientOptions,
  CompiledModule,
  Control,
  ControlValue,
  FailedOptions,
  Outgoing,
  PagedSearch,
  Payload,
  ReceiveMeta,
  Reply,
  ResponseItem,
  SessionEvent,
  SessionOptions,
  SessionSnapshot,
  SessionState,
  SqlItem,
  StreamOptions,
  Text,
  Toolkit,
} from "./types.js";

/** Applies to every call made through `kit.with(options)`. */
export interface CallOptions {
  /** The promise is rejected with the signal's reason; work not yet begun is dropped. */
  signal?: AbortSignal;
  /**
   * Hand the buffers of `Uint8Array` inputs over instead of copying them; they
   * are detached afterwards. A view of a part of a larger buffer is copied all
   * the same, for the rest of the buffer is not the worker's. Default false.
   */
  transfer?: boolean;
}

/** Every function of T, with its result as a Promise. */
type Async<T> = T extends (...args: infer A) => infer R
  ? (...args: A) => Promise<R>
  : { readonly [K in keyof T]: Async<T[K]> };

/** The same interface as `Toolkit`, run in a worker. */
export interface AsyncToolkit {
  readonly soap: Async<Toolkit["soap"]>;
  readonly dsml: Async<Omit<Toolkit["dsml"], "stream" | "control">> & {
    readonly control: {
      encode(value: AnyControlValue): Promise<Control>;
      decode(control: Control): Promise<ControlValue>;
      decode(control: Control, options: { direction: "request" | "response" }): Promise<AnyControlValue>;
    };
    /** The source is read here, its chunks are decoded in the worker. */
    stream(
      source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
      options?: StreamOptions,
    ): AsyncIterable<ResponseItem>;
  };
  readonly sql: Async<Omit<Toolkit["sql"], "stream">> & {
    /** The source is read here, its chunks are decoded in the worker. */
    stream(source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>, options?: StreamOptions): AsyncIterable<SqlItem>;
  };
  readonly session: {
    /** As `Toolkit.session.dsml`. */
    dsml(options?: AsyncSessionOptions): Promise<AsyncSession>;
    /** As `Toolkit.session.sql`. */
    sql(options?: AsyncSessionOptions): Promise<AsyncSession>;
    /** As `Toolkit.session.restore`; the clock is the worker's. */
    restore(snapshot: SessionSnapshot | string): Promise<AsyncSession>;
  };
  /** As `Toolkit.client`: it sends from here, and reads and writes in the worker. */
  client(options: ClientOptions<AsyncSession>): Client<AsyncSession>;
  /** The same toolkit with options for the calls made through it. */
  with(options: CallOptions): AsyncToolkit;
  /** Ends the worker. Calls still waiting fail with the code "closed". */
  close(): void;
}

/** As SessionOptions; the clock is the worker's. */
export type AsyncSessionOptions = Omit<SessionOptions, "now">;

/**
 * A session kept in the worker. Its properties are copies that are brought up
 * to date before the promise of a call is fulfilled and before a change event.
 */
export interface AsyncSession {
  /** Asks for a session; as `Session.begin`. */
  begin(body?: Payload): Promise<Outgoing>;
  /** A message inside the session; as `Session.send`. */
  send(body: Payload): Promise<Outgoing>;
  /** The last message of the session; as `Session.end`. */
  end(body?: Payload): Promise<Outgoing>;
  /** Reads an answer and moves the state; the time of its arrival is that of this call unless given. */
  receive(response: Text, meta?: ReceiveMeta): Promise<Reply>;
  /** The request was never answered: the session is as it was before, or lost if it was opening. */
  failed(reason?: string, options?: FailedOptions): Promise<void>;
  /** Lets an expired session count as open until the next answer. */
  insist(): Promise<void>;
  readonly state: SessionState;
  readonly id: string | undefined;
  /** seconds of idle time; undefined where there is no limit */
  readonly timeout: number | undefined;
  /** true when the timeout is a guess, not the server's word */
  readonly timeoutGuessed: boolean;
  /** epoch milliseconds; undefined where there is no limit */
  readonly expiresAt: number | undefined;
  /** milliseconds; undefined where there is no limit. Reckoned here, without asking the worker. */
  remaining(now?: number): number | undefined;
  /** epoch milliseconds at which to send the end once more; undefined where none is due */
  readonly endDue: number | undefined;
  readonly pages: PagedSearch[];
  /** What `kit.session.restore` takes; as of the last call that ended. */
  toJSON(): SessionSnapshot;
  /** State, id, deadline or a paged search has changed. */
  addEventListener(type: "change", listener: (event: SessionEvent) => void): void;
  /** Undoes addEventListener. */
  removeEventListener(type: "change", listener: (event: SessionEvent) => void): void;
  /** Lets go of what the worker keeps for the session. */
  free(): Promise<void>;
}

/** Options of `connect`. */
export interface ConnectOptions {
  /** where the worker finds the WebAssembly; default: beside the worker's own module */
  wasm?: URL | string | ArrayBuffer | ArrayBufferView | CompiledModule;
  /** gives up waiting for the worker */
  signal?: AbortSignal;
}

/** A `Worker` or a `MessagePort`: those of browsers, and those of Node's `node:worker_threads`. */
export interface WorkerPort {
  /** As both have it. */
  postMessage(message: unknown, transfer: never[]): void;
}

/** Connects to a worker that runs `dsmlkit/worker`. */
export type Connect = (worker: WorkerPort, options?: ConnectOptions) => Promise<AsyncToolkit>;
