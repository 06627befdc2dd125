/**
 * One running instance of wasm/edge: Go's runtime inside a realm of its own,
 * and the JavaScript half of the bridge that requests cross.
 */
import goRuntime from "go:wasm_exec";
import { type Connect, type SocketEvents, Sockets } from "./edge-sockets.js";

/** A request as Go reads it (readMessage in wasm/edge/border_js.go). */
interface EdgeRequest {
  method: string;
  url: string;
  /** names and values in turn */
  headers: string[];
  body: Uint8Array;
  client: string;
}

/** Where Go answers (toJavaScript in wasm/edge/border_js.go). */
interface EdgeAnswer {
  head(status: number, headers: string[]): void;
  /** Whether there is room for another piece; if not, Go waits for proceed. */
  body(piece: Uint8Array): boolean;
  end(): void;
  fail(why: string): void;
}

/** What Go hands over when it is ready (wasm/edge/main_js.go). */
interface Bridge extends SocketEvents {
  serve(id: number, request: EdgeRequest, answer: EdgeAnswer): void;
  cancel(id: number): void;
  proceed(id: number): void;
  /** how many sessions can be used */
  count(): number;
  /** the session view, as JSON */
  view(): string;
  /** ends the program */
  stop(): void;
  /** the longest body that the endpoint takes, in bytes */
  maxBody: number;
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
  /** Is told when a session is over. */
  sessionEnded?: () => void;
}

export class EdgeInstance {
  private readonly open = new Map<number, EdgeAnswer>();
  private last = 0;
  /** Settles when Go has come to an end: because of stop() or of a defect. */
  readonly ended: Promise<void>;
  private dead = false;

  static async start(module: WebAssembly.Module, options: EdgeOptions = {}): Promise<EdgeInstance> {
    let bridge: Bridge | undefined;
    const sockets = new Sockets(options.connect ?? noSockets, () => bridge!);
    const go = newGo({
      // A list of its own: Go's environment holds no more than 8 KB.
      settings: Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ready: (made: Bridge) => {
        bridge = made;
      },
      ended: options.sessionEnded ?? (() => {}),
      dial: sockets.dial.bind(sockets),
      pull: sockets.pull.bind(sockets),
      push: sockets.push.bind(sockets),
      shut: sockets.shut.bind(sockets),
    });
    const instance = await WebAssembly.instantiate(module, go.importObject);
    const ended = go.run(instance);
    // main has run up to where it waits when run() first yields.
    if (bridge === undefined) throw new Error("the endpoint did not start; the log says why");
    return new EdgeInstance(bridge, ended, sockets);
  }

  private constructor(private readonly bridge: Bridge, ended: Promise<void>, sockets: Sockets) {
    this.ended = ended.catch(() => {}).then(() => {
      this.dead = true;
      sockets.shutAll();
      for (const answer of [...this.open.values()]) answer.fail("the endpoint has come to an end");
    });
  }

  /** How many sessions can be used; 0 when the program has come to an end. */
  get sessions(): number {
    return this.dead ? 0 : this.bridge.count();
  }

  /** The session view: a JSON array of the rows of sys.dm_exec_sessions. */
  view(): string {
    return this.dead ? "[]" : this.bridge.view();
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
    if (this.stopped && this.open.size === 0) setTimeout(() => this.dead || this.open.size > 0 || this.bridge.stop(), 0);
  }

  private settle(id: number): void {
    this.open.delete(id);
    this.stopWhenIdle();
  }

  /** Has Go answer the request; resolves when the head of the answer is there. */
  async fetch(request: Request, client: string): Promise<Response> {
    const body = await readBody(request, this.bridge.maxBody);
    if (this.dead) throw new Error("the endpoint has come to an end");
    const id = ++this.last;
    const headers = [...request.headers].flat();
    return new Promise((resolve, reject) => {
      const answer = this.answer(id, resolve, reject);
      this.open.set(id, answer);
      request.signal.addEventListener("abort", () => this.bridge.cancel(id), { once: true });
      if (request.signal.aborted) {
        this.settle(id);
        reject(new Error("the client is gone"));
        return;
      }
      try {
        this.bridge.serve(id, { method: request.method, url: request.url, headers, body, client }, answer);
      } catch (error) {
        this.settle(id);
        reject(error);
      }
    });
  }

  private answer(id: number, resolve: (response: Response) => void, reject: (error: Error) => void): EdgeAnswer {
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
    let gone = false;
    let full = false; // and Go waits for proceed
    return {
      head: (status, list) => {
        const headers = new Headers();
        for (let i = 0; i + 1 < list.length; i += 2) headers.append(list[i]!, list[i + 1]!);
        if (status === 204 || status === 304) {
          resolve(new Response(null, { status, headers }));
          return;
        }
        const body = new ReadableStream<Uint8Array>(
          {
            start: (controller) => {
              stream = controller;
            },
            pull: () => {
              if (!full) return;
              full = false;
              this.bridge.proceed(id);
            },
            cancel: () => {
              gone = true;
              this.bridge.cancel(id);
            },
          },
          { highWaterMark: waiting, size: (piece) => piece.byteLength },
        );
        resolve(new Response(body, { status, headers }));
      },
      body: (piece) => {
        if (gone || stream === undefined) return false;
        stream.enqueue(piece);
        full = (stream.desiredSize ?? 0) <= 0;
        return !full;
      },
      end: () => {
        this.settle(id);
        if (!gone) stream?.close();
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

/** Go's loader in a realm of its own, so that nothing of it is on the real global object. */
function newGo(dsmledge: object) {
  const utf8 = new TextDecoder();
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
  const clock = { now: elapsed() };
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
    (callback, ms) => setTimeout(callback, ms),
    (id) => clearTimeout(id as number),
    { log: (...args) => console.error(...args), warn: (...args) => console.error(...args) },
  );
  const go = new Go();
  go.exit = () => {};
  return go;
}

/**
 * Milliseconds that have passed, which never become less. What the runtime
 * calls performance.now goes with the clock of the machine: when that is set
 * back, Go's idle times would last longer by as much.
 */
function elapsed(): () => number {
  let last = globalThis.performance.now();
  let total = 0;
  return () => {
    const now = globalThis.performance.now();
    total += Math.max(now - last, 0);
    last = now;
    return total;
  };
}

const noSockets: Connect = () => {
  throw new Error("there are no sockets here");
};
