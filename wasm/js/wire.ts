/**
 * The form in which values cross between JavaScript and the WebAssembly. Its
 * other half, with the description, is wasm/toolkit: reader.go and answer.go.
 */
import { DsmlkitError } from "./errors.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

// ------------------------------------------------------------ into the module

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

  private readonly name = (): string => {
    let text = "";
    for (const step of this.path) {
      text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`;
    }
    return text;
  };

  message(args: Record<string, unknown>): Message {
    this.object(args);
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

// ------------------------------------------------------------- out of the module

const enum Out {
  Narrow,
  Wide,
  Bytes,
  List,
  Object,
  Integer,
  Special,
}

const enum Special {
  Null,
  False,
  True,
  Float,
  Entries,
  Absent,
  Items,
}

const enum Entry {
  HasID = 1,
  HasControls = 2,
  Repeats = 4,
}

/** Cells of an answer's header. */
export const enum Head {
  Status,
  Table,
  TableLength,
  Narrow,
  NarrowLength,
  Wide,
  WideLength,
  Blob,
  BlobLength,
  Names,
  NamesCount,
  NamesText,
  NamesTextLength,
  Cells,
}

/**
 * What `Object.prototype` holds, so that no property of a result is set
 * through something inherited: an accessor like `__proto__`, or whatever a
 * page has put there or frozen.
 */
class Inherited {
  private keys: PropertyKey[] = [];
  /** index properties exist: arrays have to be filled with care too */
  indexes = false;

  /** Looks again; true when something has changed. */
  refresh(): boolean {
    const now = Reflect.ownKeys(Object.prototype);
    const { keys } = this;
    let same = now.length === keys.length;
    for (let i = 0; same && i < now.length; i++) same = now[i] === keys[i];
    // Indexes come first among the keys of an object.
    this.indexes = isIndex(now[0]) || isIndex(Reflect.ownKeys(Array.prototype)[0]);
    if (same) return false;
    this.keys = now;
    return true;
  }
}

function isIndex(key: PropertyKey | undefined): boolean {
  return typeof key === "string" && key >= "0" && key < ":";
}

function define(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true } as PropertyDescriptor);
}

/** Reads the answers of one instance of the module. */
export class Answers {
  private readonly names: string[] = [];
  /** by number of a name: it has to be defined rather than assigned */
  private readonly delicate: boolean[] = [];
  private readonly inherited = new Inherited();

  private table = new Int32Array(0);
  private at = 0;
  private narrow = "";
  private narrowAt = 0;
  private wide = "";
  private wideAt = 0;
  private blob = new Uint8Array(0);
  private blobAt = 0;

  /** Reads the answer whose header is at the address. */
  read(buffer: ArrayBuffer, address: number): { status: number; value: unknown } {
    const head = new Int32Array(buffer, address >>> 0, Head.Cells);
    if (this.inherited.refresh()) {
      for (let i = 0; i < this.names.length; i++) this.delicate[i] = this.names[i]! in Object.prototype;
    }
    if (head[Head.NamesCount]! > 0) this.learn(buffer, head);
    this.table = new Int32Array(buffer, head[Head.Table]! >>> 0, head[Head.TableLength]);
    this.at = 0;
    this.narrow = text(buffer, head[Head.Narrow]!, head[Head.NarrowLength]!);
    this.narrowAt = 0;
    this.wide = text(buffer, head[Head.Wide]!, head[Head.WideLength]!);
    this.wideAt = 0;
    this.blob = new Uint8Array(buffer, head[Head.Blob]! >>> 0, head[Head.BlobLength]);
    this.blobAt = 0;
    const value = this.table.length > 0 ? this.value() : undefined;
    this.narrow = this.wide = "";
    return { status: head[Head.Status]!, value };
  }

  private learn(buffer: ArrayBuffer, head: Int32Array): void {
    const lengths = new Int32Array(buffer, head[Head.Names]! >>> 0, head[Head.NamesCount]);
    const all = text(buffer, head[Head.NamesText]!, head[Head.NamesTextLength]!);
    let at = 0;
    for (const length of lengths) {
      const name = all.substring(at, (at += length));
      // Defined, for an inherited index would swallow what is pushed.
      const number = this.names.length;
      define(this.delicate, number, name in Object.prototype);
      define(this.names, number, name);
    }
  }

  private value(): unknown {
    const cell = this.table[this.at++]!;
    const n = cell >>> 3;
    switch (cell & 7) {
      case Out.Narrow:
        return this.narrow.substring(this.narrowAt, (this.narrowAt += n));
      case Out.Wide:
        return this.wide.substring(this.wideAt, (this.wideAt += n));
      case Out.Bytes:
        return this.blob.slice(this.blobAt, (this.blobAt += n));
      case Out.List:
        return this.list(n);
      case Out.Object:
        return this.object(n);
      case Out.Integer:
        return cell >> 3;
    }
    switch (n) {
      case Special.Null:
        return null;
      case Special.False:
        return false;
      case Special.True:
        return true;
      case Special.Float: {
        const halves = Int32Array.of(this.table[this.at++]!, this.table[this.at++]!);
        return new Float64Array(halves.buffer)[0];
      }
      case Special.Entries:
        return this.entries(this.table[this.at++]!, false);
      case Special.Items:
        return this.entries(this.table[this.at++]!, true);
    }
    return undefined;
  }

  private list(n: number): unknown[] {
    const list = new Array<unknown>(n);
    for (let i = 0; i < n; i++) {
      const value = this.value();
      if (this.inherited.indexes) define(list, i, value);
      else list[i] = value;
    }
    return list;
  }

  private object(n: number): object {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < n; i++) {
      const cell = this.table[this.at++]!;
      if ((cell & 1) === 0) {
        const key = this.names[cell >>> 1]!;
        if (this.delicate[cell >>> 1]) define(object, key, this.value());
        else object[key] = this.value();
      } else {
        define(object, this.value() as string, this.value());
      }
    }
    return object;
  }

  /** The entries of a search: nearly all of what ever crosses, hence the plain loop. */
  private entries(count: number, items: boolean): object[] {
    const { table, names, delicate } = this;
    const careful = this.inherited.indexes;
    const entries = new Array<object>(count);
    for (let i = 0; i < count; i++) {
      const flags = table[this.at++]!;
      const requestID = (flags & Entry.HasID) !== 0 ? this.value() : undefined;
      const controls = (flags & Entry.HasControls) !== 0 ? this.value() : undefined;
      const dn = this.value();
      const attrs: Record<string, unknown[]> = {};
      for (let left = table[this.at++]!; left > 0; left--) {
        const cell = table[this.at++]!;
        const follows = (cell & 1) !== 0;
        const name = follows ? (this.value() as string) : names[cell >>> 1]!;
        let values: unknown[];
        const n = table[this.at++]!;
        if (n === 1 && !careful) {
          const cell = table[this.at]!;
          if ((cell & 7) === Out.Narrow) {
            this.at++;
            values = [this.narrow.substring(this.narrowAt, (this.narrowAt += cell >>> 3))];
          } else values = [this.value()];
        } else values = this.list(n);
        if ((flags & Entry.Repeats) !== 0 && Object.hasOwn(attrs, name)) {
          values = attrs[name]!.concat(values);
        }
        if (follows || delicate[cell >>> 1]) define(attrs, name, values);
        else attrs[name] = values;
      }
      // An object literal defines its properties; nothing inherited is asked.
      const entry: Record<string, unknown> = items ? { kind: "searchResultEntry", dn, attrs } : { dn, attrs };
      if (requestID !== undefined) define(entry, "requestID", requestID);
      if (controls !== undefined) define(entry, "controls", controls);
      if (careful) define(entries, i, entry);
      else entries[i] = entry;
    }
    return entries;
  }
}

function text(buffer: ArrayBuffer, address: number, length: number): string {
  if (length === 0) return "";
  return decoder.decode(new Uint8Array(buffer, address >>> 0, length));
}
