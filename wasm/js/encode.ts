/**
 * The form in which values go into the WebAssembly. Its other half is
 * wasm/toolkit/reader.go.
 */
import { DsmlkitError } from "./errors.js";

const encoder = new TextEncoder();

const enum In {
  Absent,
  Null,
  False,
  True,
  Number,
  Text,
  Bytes,
  List,
  Object,
  Tail,
}

/** Deeper values are refused; the reader in Go has the same bound and some. */
const maxNesting = 1000;

/** Shorter texts are not worth a place of their own at the end of the message. */
const minTail = 512;

/** What linear memory can take in one piece. */
const maxText = 1 << 30;

const loneSurrogate = /\p{Surrogate}/u;

function argumentError(message: string, detail?: string, hint?: string): DsmlkitError {
  return new DsmlkitError({ code: "argument", message, detail, hint });
}

/** Refuses strings that no UTF-8 text can stand for. */
export function checkWellFormed(text: string, name: () => string): void {
  const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
  if (native !== undefined ? native.call(text) : !loneSurrogate.test(text)) return;
  const at = text.search(loneSurrogate);
  throw argumentError(
    `${name()} has half of a surrogate pair at index ${at}`,
    "U+" + text.charCodeAt(at).toString(16).toUpperCase(),
    "a string that was cut in the middle of a character? JavaScript's toWellFormed() replaces such halves",
  );
}

/** The bytes of a buffer or of any view of one. */
export function bytesOf(source: unknown, name: () => string): Uint8Array | undefined {
  const view = ArrayBuffer.isView(source);
  if (!view && !isBuffer(source)) return undefined;
  const buffer = view ? source.buffer : source;
  const length = source.byteLength;
  if (length === 0) {
    try {
      // Only a detached buffer refuses this.
      new Uint8Array(buffer);
    } catch {
      throw argumentError(
        `the buffer of ${name()} is detached`,
        undefined,
        "its memory was transferred, to a worker for example, and is no longer there",
      );
    }
  }
  return view ? new Uint8Array(buffer, source.byteOffset, length) : new Uint8Array(buffer);
}

function isBuffer(x: unknown): x is ArrayBuffer {
  const tag = Object.prototype.toString.call(x);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

/** A message that is ready to be copied into linear memory. */
export interface Message {
  head: Uint8Array;
  /** the one large text or buffer that goes behind the head */
  tail?: Uint8Array;
}

/** Encodes the arguments of a call, by name. */
export function encode(args: Record<string, unknown>): Message {
  return new Encoder().message(args);
}

class Encoder {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  private path: (string | number)[] = [];
  private tail: Uint8Array | undefined;
  private tailLength = 0;
  private tailName = "";

  private readonly name = (): string => {
    let text = "";
    for (const step of this.path) {
      text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`;
    }
    return text;
  };

  message(args: Record<string, unknown>): Message {
    this.object(args);
    // What was read after the tail may have run code that took its buffer away.
    if (this.tail !== undefined && this.tail.length !== this.tailLength) {
      throw argumentError(`the buffer of ${this.tailName} was detached or resized while the call read its arguments`);
    }
    return { head: this.bytes.subarray(0, this.length), tail: this.tail };
  }

  private room(n: number): void {
    const need = this.length + n;
    if (need <= this.bytes.length) return;
    if (need > maxText) throw argumentError(`${this.name()} is too large`, `more than ${maxText} bytes`);
    const bytes = new Uint8Array(Math.max(need, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  private tag(tag: In): void {
    this.room(1);
    this.bytes[this.length++] = tag;
  }

  private count(n: number): void {
    this.room(4);
    this.view.setUint32(this.length, n, true);
    this.length += 4;
  }

  /** Length and UTF-8 of a text. */
  private characters(text: string): void {
    const n = text.length;
    this.room(4 + n * 3);
    const start = this.length + 4;
    const { bytes } = this;
    let at = start;
    if (n < 48) {
      let i = 0;
      for (; i < n; i++) {
        const c = text.charCodeAt(i);
        if (c >= 0x80) break;
        bytes[at++] = c;
      }
      if (i === n) {
        this.view.setUint32(this.length, n, true);
        this.length = at;
        return;
      }
    }
    checkWellFormed(text, this.name);
    const { written } = encoder.encodeInto(text, bytes.subarray(start));
    this.view.setUint32(this.length, written, true);
    this.length = start + written;
  }

  private binary(bytes: Uint8Array): void {
    this.count(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private behind(bytes: Uint8Array, binary: boolean): void {
    if (bytes.length > maxText) throw argumentError(`${this.name()} is too large`, `more than ${maxText} bytes`);
    this.tag(In.Tail);
    this.tag(binary ? 1 : 0);
    this.count(bytes.length);
    this.tail = bytes;
    this.tailLength = bytes.length;
    this.tailName = this.name();
  }

  private value(value: unknown): void {
    switch (typeof value) {
      case "undefined":
        return this.tag(In.Absent);
      case "boolean":
        return this.tag(value ? In.True : In.False);
      case "number":
        this.tag(In.Number);
        this.room(8);
        this.view.setFloat64(this.length, value, true);
        this.length += 8;
        return;
      case "string":
        if (value.length >= minTail && this.path.length === 1 && this.tail === undefined) {
          checkWellFormed(value, this.name);
          return this.behind(encoder.encode(value), false);
        }
        this.tag(In.Text);
        return this.characters(value);
      case "object":
        break;
      default:
        throw argumentError(`${this.name()} must not be a ${typeof value}`);
    }
    if (value === null) return this.tag(In.Null);
    if (this.path.length > maxNesting) {
      throw argumentError(
        `the value is nested more than ${maxNesting} levels deep`,
        undefined,
        "does it contain itself?",
      );
    }
    if (Array.isArray(value)) return this.list(value);
    const bytes = bytesOf(value, this.name);
    if (bytes === undefined) return this.object(value as Record<string, unknown>);
    if (bytes.length >= minTail && this.path.length === 1 && this.tail === undefined) {
      return this.behind(bytes, true);
    }
    this.tag(In.Bytes);
    this.binary(bytes);
  }

  private list(list: readonly unknown[]): void {
    const n = list.length;
    this.tag(In.List);
    this.count(n);
    const depth = this.path.length;
    for (let i = 0; i < n; i++) {
      this.path[depth] = i;
      this.value(list[i]);
    }
    this.path.length = depth;
  }

  private object(object: Record<string, unknown>): void {
    const keys = Object.keys(object);
    this.tag(In.Object);
    this.count(keys.length);
    const depth = this.path.length;
    for (const key of keys) {
      this.path[depth] = key;
      this.characters(key);
      this.value(object[key]);
    }
    this.path.length = depth;
  }
}
