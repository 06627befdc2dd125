/**
 * The form in which values come out of the WebAssembly. Its other half, with
 * the description, is wasm/toolkit/answer.go.
 */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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
