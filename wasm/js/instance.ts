/**
 * One running instance of the module: Go's runtime inside a realm of its own,
 * of which nothing is visible outside.
 */
import goRuntime from "go:wasm_exec";
import { Answers } from "./answers.js";
import { encode, type Message } from "./encode.js";
import { DsmlkitError } from "./errors.js";

interface Exports {
  mem: WebAssembly.Memory;
  reserve(length: number): number;
  call(operation: number, length: number): number;
  room(stream: number, length: number): number;
  feed(stream: number, length: number, flags: number): number;
}

const encoder = new TextEncoder();

/** Status of an answer, as in wasm/toolkit/call.go. */
const statusOK = 0;
const statusBroken = 2;

/**
 * Go's garbage collector works in the background, and calls of exports leave it
 * no turn; a callback does. It is made after so many calls or bytes.
 */
const breatheCalls = 256;
const breatheBytes = 256 << 10;

export class Instance {
  private readonly exports: Exports;
  private readonly answers = new Answers();
  private readonly operations = new Map<string, number>();
  private readonly lastWords: { text: string };
  private breathe: () => void = () => {};
  private calls = 0;
  private bytes = 0;
  /** a view of all linear memory, until it grows */
  private view = new Uint8Array(0);
  /** after a defect: the next call needs another instance */
  dead = false;

  /** Starts the module at once, so that a call can replace a dead instance on its way. */
  static start(module: WebAssembly.Module): Instance {
    const realm = newRealm();
    return new Instance(realm, new WebAssembly.Instance(module, realm.go.importObject));
  }

  /** The same without blocking the thread while the module is made ready. */
  static async startAsync(module: WebAssembly.Module): Promise<Instance> {
    const realm = newRealm();
    return new Instance(realm, await WebAssembly.instantiate(module, realm.go.importObject));
  }

  private constructor(realm: Realm, instance: WebAssembly.Instance) {
    this.lastWords = realm.lastWords;
    let ready = false;
    realm.host.dsmlkit.ready = (breathe) => {
      this.breathe = breathe;
      ready = true;
    };
    // main runs up to where it waits for ever before run() first yields.
    realm.go.run(instance).catch(() => {
      this.dead = true;
    });
    if (!ready) {
      throw new DsmlkitError({
        code: "load",
        message: "the WebAssembly did not start",
        detail: realm.lastWords.text,
        hint: "is it the dsmlkit.wasm of this version of the package?",
      });
    }
    this.exports = instance.exports as unknown as Exports;
    const names = this.call("", {}) as string[];
    names.forEach((name, i) => this.operations.set(name, i));
  }

  /** Calls an operation of wasm/toolkit/operations.go; "" stands for their list. */
  call(operation: string, args: Record<string, unknown>): unknown {
    const number = operation === "" ? 0 : this.operations.get(operation);
    if (number === undefined) {
      throw new DsmlkitError({ code: "load", message: `the WebAssembly lacks ${operation}`, hint: "it is of another version of the package" });
    }
    const { head, tail } = encodeSafely(args);
    const length = head.length + (tail?.length ?? 0);
    let answer: { status: number; value: unknown };
    try {
      this.turn(length);
      const address = this.exports.reserve(length) >>> 0;
      const memory = this.memory();
      memory.set(head, address);
      if (tail !== undefined) memory.set(tail, address + head.length);
      const header = this.exports.call(number, length);
      answer = this.answers.read(this.memory(), header);
    } catch (error) {
      this.dead = true;
      throw this.broken(error);
    }
    return this.result(answer);
  }

  /**
   * Has a stream read bytes; flags are those of wasm/toolkit/stream_ops.go.
   * Stream 0 is the one for whole documents.
   */
  feed(stream: number, bytes: Uint8Array, flags: number): unknown {
    const { length } = bytes;
    let answer: { status: number; value: unknown };
    try {
      this.turn(length);
      const address = this.exports.room(stream, length) >>> 0;
      this.memory().set(bytes, address);
      const header = this.exports.feed(stream, length, flags);
      answer = this.answers.read(this.memory(), header);
    } catch (error) {
      this.dead = true;
      throw this.broken(error);
    }
    return this.result(answer);
  }

  /**
   * Has stream 0 read as much of a text as fits into so many bytes; the last
   * flag holds when that is all of it. Returns how much of the text was read.
   */
  feedText(text: string, most: number, flags: number, last: number): { read: number; value: unknown } {
    let read: number;
    let answer: { status: number; value: unknown };
    try {
      const room = Math.min(text.length * 3, most);
      this.turn(room);
      const address = this.exports.room(0, room) >>> 0;
      const result = encoder.encodeInto(text, this.memory().subarray(address, address + room));
      read = result.read;
      const header = this.exports.feed(0, result.written, read === text.length ? flags | last : flags);
      answer = this.answers.read(this.memory(), header);
    } catch (error) {
      this.dead = true;
      throw this.broken(error);
    }
    return { read, value: this.result(answer) };
  }

  /** Lets Go's collector have its turn now and then. */
  private turn(length: number): void {
    this.bytes += length;
    if (++this.calls < breatheCalls && this.bytes < breatheBytes) return;
    this.calls = this.bytes = 0;
    this.breathe();
  }

  private memory(): Uint8Array<ArrayBuffer> {
    const { buffer } = this.exports.mem;
    if (this.view.buffer !== buffer) this.view = new Uint8Array(buffer);
    return this.view;
  }

  private result(answer: { status: number; value: unknown }): unknown {
    if (answer.status === statusOK) return answer.value;
    if (answer.status === statusBroken) this.dead = true;
    throw new DsmlkitError(answer.value as ConstructorParameters<typeof DsmlkitError>[0]);
  }

  /** An error for what killed the instance. */
  private broken(error: unknown): DsmlkitError {
    const words = this.lastWords.text.trim();
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (/out of memory|cannot allocate/i.test(words)) {
      return new DsmlkitError({
        code: "limit",
        message: "not enough memory for the document",
        detail: words.slice(0, 2000),
        hint: "read large responses with dsml.stream, which needs memory for one entry at a time",
      });
    }
    return new DsmlkitError({
      code: "internal",
      message: `the toolkit failed: ${words.split("\n")[0] || cause}`,
      detail: `${cause}\n${words.slice(0, 8000)}`.trim(),
      hint: "this is a defect of dsmlkit; please report it with the detail and, if you can, the input. The next call runs on a fresh instance",
    });
  }
}

/** What an object's own code throws while it is read is the object's fault. */
function encodeSafely(args: Record<string, unknown>): Message {
  try {
    return encode(args);
  } catch (error) {
    if (error instanceof DsmlkitError) throw error;
    throw new DsmlkitError({ code: "argument", message: "an argument could not be read", detail: String(error) });
  }
}

type Realm = ReturnType<typeof newRealm>;

/**
 * What Go's loader takes for the global object. Go reaches the real one only
 * through these names.
 */
function newRealm() {
  const lastWords = { text: "" };
  const utf8 = new TextDecoder();
  const take = (bytes: Uint8Array): number => {
    // The beginning says what went wrong; the rest is a long trace.
    if (lastWords.text.length < 16384) lastWords.text += utf8.decode(bytes);
    return bytes.length;
  };
  const unsupported = (...args: unknown[]): void => {
    const callback = args[args.length - 1];
    if (typeof callback === "function") {
      callback(Object.assign(new Error("not supported"), { code: "ENOSYS" }));
    }
  };
  const fs = new Proxy(
    {
      constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
      writeSync: (_fd: number, bytes: Uint8Array) => take(bytes),
      write: (_fd: number, bytes: Uint8Array, _offset: number, _length: number, _position: unknown, callback: (error: null, n: number) => void) =>
        callback(null, take(bytes)),
    } as Record<string, unknown>,
    { get: (target, name) => (typeof name === "string" && Object.hasOwn(target, name) ? target[name] : unsupported) },
  );
  const random = { getRandomValues: (array: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(array) };
  const clock = { now: () => globalThis.performance.now() };
  const host = {
    Object, Array, Uint8Array, Error, Date, TextEncoder, TextDecoder,
    fs,
    process: { pid: -1, ppid: -1, getuid: () => -1, getgid: () => -1, geteuid: () => -1, getegid: () => -1, cwd: unsupported },
    path: { resolve: (...parts: string[]) => parts.join("/") },
    crypto: random,
    performance: clock,
    Go: undefined as unknown,
    dsmlkit: { ready: (_breathe: () => void): void => {} },
  };
  const later = (callback: () => void, ms: number): unknown => {
    const id: unknown = setTimeout(callback, ms);
    // A timer of the runtime is no reason for Node to go on running.
    (id as { unref?: () => void }).unref?.();
    return id;
  };
  const quiet = { log: () => {}, warn: () => {} };
  const Go = goRuntime(host, fs, random, clock, later, (id) => clearTimeout(id as number), quiet);
  const go = new Go();
  go.exit = () => {};
  return { go, host, lastWords };
}
