/**
 * One running instance of wasm/edge: Go's runtime inside a realm of its own,
 * and the JavaScript half of the bridge that requests cross.
 */
import goRuntime, { type GoProgram } from "go:wasm_exec";
import { type Connect, Sockets } from "./edge-sockets.js";
import { elapsed, Timers } from "./edge-timers.js";

const encoder = new TextEncoder();
const utf8 = new TextDecoder();

/** What Go exports for requests and sockets (wasm/edge/border_js.go). Lengths are bytes of what was written to where reserve said. */
interface Bridge {
  mem: WebAssembly.Memory;
  reserve(length: number): number;
  serve(id: number, head: number, body: number): void;
  cancel(id: number): void;
  proceed(id: number): void;
  /** how many sessions can be used */
  sessions(): number;
  opened(id: number, problem: number): void;
  received(id: number, bytes: number, problem: number): void;
  written(id: number, problem: number): void;
}

/** What Go hands over when it is ready, for what is rarely asked (wasm/edge/main_js.go). */
interface Rarely {
  /** the session view, as JSON */
  view(): string;
  /** ends the program */
  stop(): void;
  /** the longest body that the endpoint takes, in bytes */
  maxBody: number;
}

/** Where Go answers a request (toJavaScript in wasm/edge/border_js.go). */
interface Exchange {
  /** The first piece comes with status and head. Whether there is room for another; if not, Go waits for proceed. */
  answer(status: number, head: string, piece: Uint8Array<ArrayBuffer>, last: boolean): boolean;
  fail(why: string): void;
}

/** How much of an answer waits for a slow client before Go does, in bytes. */
const waiting = 256 << 10;

/**
 * How much of a body above the limit is read and thrown away, in bytes: a client
 * that is still sending sees no answer, only a broken connection.
 */
const mostDiscarded = 128 << 20;

export interface EdgeOptions {
  /** The settings, under their names in the environment. */
  env?: Readonly<Record<string, string>>;
  /** How sockets are opened, where the program has use for them. */
  connect?: Connect;
  /** Is told when a session is over. The answer that ends it waits for what comes back. */
  sessionEnded?: () => Promise<void>;
}

export class EdgeInstance {
  private readonly open = new Map<number, Exchange>();
  private last = 0;
  /** Settles when Go has come to an end: because of stop() or of a defect. */
  readonly ended: Promise<void>;
  private dead = false;
  /** Settles when the traces of a session that is over are gone. */
  private cleared: Promise<void> | undefined;
  private readonly bridge: Bridge;
  private rarely!: Rarely;
  /** a view of all linear memory, until it grows */
  private view8 = new Uint8Array(0);
  private readonly heads = new Heads();

  static async start(module: WebAssembly.Module, options: EdgeOptions = {}): Promise<EdgeInstance> {
    const host: Record<string, unknown> = {};
    const clock = elapsed();
    const timers = new Timers(clock);
    const go = newGo(host, timers, clock);
    return new EdgeInstance(go, host, timers, await WebAssembly.instantiate(module, go.importObject), options);
  }

  private constructor(private readonly go: Go, host: Record<string, unknown>, timers: Timers, instance: WebAssembly.Instance, options: EdgeOptions) {
    this.bridge = instance.exports as unknown as Bridge;
    const sockets = new Sockets(options.connect ?? noSockets, {
      opened: (id, problem) => this.tell((bridge) => bridge.opened(id, this.write(problem))),
      received: (id, bytes, problem) => this.tell((bridge) => bridge.received(id, bytes.byteLength, this.write(problem, bytes))),
      written: (id, problem) => this.tell((bridge) => bridge.written(id, this.write(problem))),
    });
    let ready = false;
    Object.assign(host, {
      // A list of its own: Go's environment holds no more than 8 KB.
      settings: Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ready: (made: Rarely) => {
        this.rarely = made;
        ready = true;
      },
      ended: () => {
        this.cleared = options.sessionEnded?.();
      },
      answer: (id: number, status: number, headAt: number, head: number, at: number, length: number, last: boolean) => {
        // Nobody waits for the answer of a request that is settled.
        const room = this.open.get(id)?.answer(status, utf8.decode(this.memory().subarray(headAt, headAt + head)), this.memory().slice(at, at + length), last) ?? false;
        // Not before: of an answer that cannot be given, Go says next that it fails.
        if (last) this.settle(id);
        return room;
      },
      fail: (id: number, why: string) => this.open.get(id)?.fail(why),
      dial: sockets.dial.bind(sockets),
      pull: sockets.pull.bind(sockets),
      push: (id: number, at: number, length: number) => sockets.push(id, this.memory().slice(at, at + length)),
      shut: sockets.shut.bind(sockets),
    });
    // Of an end within an export, what run() gives does not tell.
    const ended = new Promise<void>((resolve) => {
      go.exit = () => resolve();
      go.run(instance).then(resolve, () => resolve());
    });
    // main has run up to where it waits when run() first yields.
    if (!ready) throw new Error("the endpoint did not start; the log says why");
    this.ended = ended.then(() => {
      this.dead = true;
      timers.clearAll();
      sockets.shutAll();
      for (const exchange of [...this.open.values()]) exchange.fail("the endpoint has come to an end");
    });
  }

  /** How many sessions can be used; 0 when the program has come to an end. */
  get sessions(): number {
    return this.over ? 0 : this.bridge.sessions();
  }

  /** The session view: a JSON array of the rows of sys.dm_exec_sessions. */
  view(): string {
    return this.over ? "[]" : this.rarely.view();
  }

  /** Whether stop was called. */
  stopped = false;

  /** Ends the program as soon as it has given the answers that it owes. */
  stop(): void {
    this.stopped = true;
    this.stopWhenIdle();
  }

  private stopWhenIdle(): void {
    // Not at once: Go itself may be calling.
    if (this.stopped && this.open.size === 0) setTimeout(() => this.over || this.open.size > 0 || this.rarely.stop(), 0);
  }

  private settle(id: number): void {
    this.open.delete(id);
    this.stopWhenIdle();
  }

  private get over(): boolean {
    return this.dead || this.go.exited;
  }

  private memory(): Uint8Array<ArrayBuffer> {
    const { buffer } = this.bridge.mem;
    if (this.view8.buffer !== buffer) this.view8 = new Uint8Array(buffer);
    return this.view8 as Uint8Array<ArrayBuffer>;
  }

  /** Writes bytes and a text behind them to where Go takes them from, and gives the length of the text. */
  private write(text: string, bytes?: Uint8Array): number {
    const length = bytes?.byteLength ?? 0;
    if (text === "" && length === 0) return 0;
    const at = this.bridge.reserve(length + text.length * 3) >>> 0;
    if (bytes !== undefined) this.memory().set(bytes, at);
    return encoder.encodeInto(text, this.memory().subarray(at + length, at + length + text.length * 3)).written;
  }

  /** Tells Go something, and gives it its turn: what is told is acted upon by goroutines, which wait in turns of their own. */
  private tell(something: (bridge: Bridge) => void): void {
    if (this.over) return;
    something(this.bridge);
    this.go._resume();
  }

  /** Has Go answer the request; resolves when the head of the answer is there. */
  async fetch(request: Request, client: string): Promise<Response> {
    const body = await readBody(request, this.rarely.maxBody);
    if (this.over) throw new Error("the endpoint has come to an end");
    const id = ++this.last;
    let head = `${request.method}\0${request.url}\0${client}\0`;
    for (const [name, value] of request.headers) head += `${name}\0${value}\0`;
    return new Promise((resolve, reject) => {
      this.open.set(id, this.exchange(id, resolve, reject));
      const { signal } = request;
      if (signal.aborted) {
        this.settle(id);
        reject(new Error("the client is gone"));
        return;
      }
      signal.addEventListener("abort", () => this.tell((bridge) => bridge.cancel(id)), { once: true });
      try {
        this.tell((bridge) => this.serve(bridge, id, head, body));
      } catch (error) {
        this.settle(id);
        reject(error);
      }
    });
  }

  private serve(bridge: Bridge, id: number, head: string, body: Uint8Array): void {
    const most = head.length * 3;
    const at = bridge.reserve(most + body.byteLength) >>> 0;
    const memory = this.memory();
    const { written } = encoder.encodeInto(head, memory.subarray(at, at + most));
    memory.set(body, at + written);
    bridge.serve(id, written, body.byteLength);
  }

  private exchange(id: number, resolve: (response: Response | Promise<Response>) => void, reject: (error: Error) => void): Exchange {
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
    let gone = false;
    let full = false; // and Go waits for proceed
    return {
      answer: (status, head, piece, last) => {
        if (status !== 0) {
          const headers = this.heads.read(head);
          if (last || status === 204 || status === 304) {
            const response = new Response(piece.byteLength > 0 ? piece : null, { status, headers });
            // Who has read the answer to an end finds the session's place free.
            resolve(this.cleared === undefined ? response : this.cleared.then(() => response));
            return true;
          }
          const body = new ReadableStream<Uint8Array>(
            {
              start: (controller) => {
                stream = controller;
              },
              pull: () => {
                if (!full) return;
                full = false;
                // Not at once: Go itself may be calling.
                queueMicrotask(() => this.tell((bridge) => bridge.proceed(id)));
              },
              cancel: () => {
                gone = true;
                this.tell((bridge) => bridge.cancel(id));
              },
            },
            { highWaterMark: waiting, size: (bytes) => bytes.byteLength },
          );
          resolve(new Response(body, { status, headers }));
        }
        if (gone || stream === undefined) return false;
        if (piece.byteLength > 0) stream.enqueue(piece);
        if (last) void Promise.resolve(this.cleared).then(() => gone || stream?.close());
        else full = (stream.desiredSize ?? 0) <= 0;
        return !full;
      },
      fail: (why) => {
        this.settle(id);
        const error = new Error(why);
        if (stream === undefined) reject(error);
        else if (!gone) stream.error(error);
      },
    };
  }
}

/** Heads of answers, of which there are few different ones. */
class Heads {
  private readonly known = new Map<string, Headers>();

  read(head: string): Headers {
    let headers = this.known.get(head);
    if (headers === undefined) {
      headers = new Headers();
      const list = head.split("\0");
      for (let i = 0; i + 1 < list.length; i += 2) headers.append(list[i]!, list[i + 1]!);
      if (this.known.size >= 16) this.known.clear();
      this.known.set(head, headers);
    }
    return headers;
  }
}

/** The body up to one byte above the limit, which is enough to see that it is too long. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const length = request.headers.get("Content-Length");
  if (length !== null && Number(length) <= limit) return new Uint8Array(await request.arrayBuffer());
  const pieces: Uint8Array[] = [];
  let kept = 0;
  let read = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    read += value.byteLength;
    const piece = value.subarray(0, limit + 1 - kept);
    if (piece.byteLength > 0) pieces.push(piece);
    kept += piece.byteLength;
    if (read > mostDiscarded) {
      await reader.cancel();
      break;
    }
  }
  const only = pieces[0];
  if (pieces.length === 1 && only !== undefined) return only;
  const body = new Uint8Array(kept);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.byteLength;
  }
  return body;
}

/** A program, and the way to give its goroutines their turn, which is the loader's own after a timer. */
type Go = GoProgram & { _resume(): void };

/** Go's loader in a realm of its own, so that nothing of it is on the real global object. */
function newGo(dsmledge: object, timers: Timers, now: () => number): Go {
  const log = (bytes: Uint8Array): number => {
    console.error(utf8.decode(bytes).trimEnd());
    return bytes.length;
  };
  const unsupported = (...args: unknown[]): void => {
    const callback = args[args.length - 1];
    if (typeof callback === "function") callback(Object.assign(new Error("not supported"), { code: "ENOSYS" }));
  };
  const files: Record<string, unknown> = {
    constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
    writeSync: (_fd: number, bytes: Uint8Array) => log(bytes),
    // What the log is told goes out in one piece, whatever of the buffer it is.
    write: (_fd: number, bytes: Uint8Array, offset: number, length: number, _position: unknown, callback: (error: null, n: number) => void) =>
      callback(null, log(bytes.subarray(offset, offset + length))),
  };
  const fs = new Proxy(files, { get: (target, name) => (typeof name === "string" && Object.hasOwn(target, name) ? target[name] : unsupported) });
  const random = { getRandomValues: (array: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(array) };
  const clock = { now };
  const realm = {
    Object, Array, Uint8Array, Error, Date, TextEncoder, TextDecoder,
    fs,
    process: { pid: -1, ppid: -1, getuid: () => -1, getgid: () => -1, geteuid: () => -1, getegid: () => -1, cwd: unsupported },
    path: { resolve: (...parts: string[]) => parts.join("/") },
    crypto: random,
    performance: clock,
    dsmledge,
  };
  const Go = goRuntime(
    realm, fs, random, clock,
    (callback, ms) => timers.set(callback, ms),
    (id) => timers.clear(id as number),
    { log: (...args) => console.error(...args), warn: (...args) => console.error(...args) },
  );
  return new Go() as Go;
}

const noSockets: Connect = () => {
  throw new Error("there are no sockets here");
};
