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

/** Properties that are set by these names, here and in decoder.ts. */
const fixed = ["requestID", "requests", "responses", "entries", "references"];

/**
 * What `Object.prototype` holds, so that no property of a result is set
 * through something inherited: an accessor like `__proto__`, or whatever a
 * page has put there or frozen.
 */
class Inherited {
  private keys: PropertyKey[] = [];
  /** goes up with each change */
  version = 0;
  /** index properties exist: arrays have to be filled with care too */
  indexes = false;
  /** one of the fixed names exists */
  fixed = false;

  refresh(): void {
    const now = Reflect.ownKeys(Object.prototype);
    const { keys } = this;
    let same = now.length === keys.length;
    for (let i = 0; same && i < now.length; i++) same = now[i] === keys[i];
    // Indexes come first among the keys of an object, and make an array longer.
    this.indexes = isIndex(now[0]) || Array.prototype.length > 0;
    if (same) return;
    this.keys = now;
    this.version++;
    this.fixed = fixed.some((name) => name in Object.prototype);
  }
}

/** Holds from the reading of an answer to whenever other code runs next. */
export const inherited = new Inherited();

function isIndex(key: PropertyKey | undefined): boolean {
  return typeof key === "string" && key >= "0" && key < ":";
}

/** Sets a property of a plain object or array, whatever is inherited. */
export function define(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true } as PropertyDescriptor);
}

/**
 * Makes the objects that hold attributes: plain ones, with room for ten of them
 * in V8. Those of `{}` have room for four and are given a larger array beside
 * them for every three more, which is a burden for the garbage collector.
 */
const Attrs = function () {} as unknown as new () => Record<string, unknown[]>;
Attrs.prototype = Object.prototype;

// V8 takes away the room that none of the first few objects of a constructor
// needed; so those are made here, and not from the first document.
for (let i = 0; i < 8; i++) {
  const attrs = new Attrs();
  for (let j = 0; j < 10; j++) define(attrs, `attr${j}`, undefined);
}

/**
 * Attributes that are kept as a table. V8 makes a description of each order in
 * which properties are added; where nearly every entry has another order, as from
 * some directories, that takes longer than all else.
 */
function unordered(): Record<string, unknown[]> {
  const attrs: { a?: number; b?: number } = { a: 0, b: 0 };
  delete attrs.a; // what is deleted before the last makes it a table
  delete attrs.b;
  return attrs as Record<string, never>;
}

/** So many attributes of an entry stand, on average, where they did not the last time, before order is given up. */
const disorder = 4;

/** Reads the answers of one instance of the module. */
export class Answers {
  private readonly names: string[] = [];
  /** by number of a name: it has to be defined rather than assigned */
  private readonly delicate: boolean[] = [];
  /** by number of a name plus one, 0 standing for the beginning: the number of the name that came after it the last time */
  private after = new Int32Array(64);
  /** eight times the average of attributes that were not expected */
  private surprises = 0;
  /** of what is inherited, when that was filled in */
  private version = 0;

  /** linear memory, in which answers are read where they are */
  private memory = new Uint8Array(0);
  private cells = new Int32Array(0);
  /** the next cell of the table */
  private at = 0;
  private narrow = "";
  private narrowAt = 0;
  private wide = "";
  private wideAt = 0;
  private blobAt = 0;

  /** Reads the answer whose header is at the address. */
  read(memory: Uint8Array<ArrayBuffer>, address: number): { status: number; value: unknown } {
    if (memory !== this.memory) {
      this.memory = memory;
      this.cells = new Int32Array(memory.buffer);
    }
    const { cells } = this;
    const head = address >>> 2;
    inherited.refresh();
    if (this.version !== inherited.version) {
      this.version = inherited.version;
      for (let i = 0; i < this.names.length; i++) this.delicate[i] = this.names[i]! in Object.prototype;
    }
    if (cells[head + Head.NamesCount]! > 0) this.learn(head);
    this.at = cells[head + Head.Table]! >>> 2;
    this.narrow = this.text(cells[head + Head.Narrow]!, cells[head + Head.NarrowLength]!);
    this.narrowAt = 0;
    this.wide = this.text(cells[head + Head.Wide]!, cells[head + Head.WideLength]!);
    this.wideAt = 0;
    this.blobAt = cells[head + Head.Blob]! >>> 0;
    const status = cells[head + Head.Status]!;
    const value = cells[head + Head.TableLength]! > 0 ? this.value() : undefined;
    this.narrow = this.wide = "";
    return { status, value };
  }

  private text(address: number, length: number): string {
    if (length === 0) return "";
    address >>>= 0;
    return decoder.decode(this.memory.subarray(address, address + length));
  }

  private learn(head: number): void {
    const { cells } = this;
    const from = cells[head + Head.Names]! >>> 2;
    const lengths = cells.subarray(from, from + cells[head + Head.NamesCount]!);
    const all = this.text(cells[head + Head.NamesText]!, cells[head + Head.NamesTextLength]!);
    let at = 0;
    for (const length of lengths) {
      const name = all.substring(at, (at += length));
      // Defined, for an inherited index would swallow what is pushed.
      const number = this.names.length;
      define(this.delicate, number, name in Object.prototype);
      define(this.names, number, name);
    }
    if (this.names.length >= this.after.length) {
      const more = new Int32Array(2 * this.names.length);
      more.set(this.after);
      this.after = more;
    }
  }

  private value(): unknown {
    const cell = this.cells[this.at++]!;
    const n = cell >>> 3;
    switch (cell & 7) {
      case Out.Narrow:
        return this.narrow.substring(this.narrowAt, (this.narrowAt += n));
      case Out.Wide:
        return this.wide.substring(this.wideAt, (this.wideAt += n));
      case Out.Bytes:
        return this.memory.slice(this.blobAt, (this.blobAt += n));
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
        const halves = Int32Array.of(this.cells[this.at++]!, this.cells[this.at++]!);
        return new Float64Array(halves.buffer)[0];
      }
      case Special.Entries:
        return this.entries(this.cells[this.at++]!, false);
      case Special.Items:
        return this.entries(this.cells[this.at++]!, true);
    }
    return undefined;
  }

  private list(n: number): unknown[] {
    const list = new Array<unknown>(n);
    for (let i = 0; i < n; i++) {
      const value = this.value();
      if (inherited.indexes) define(list, i, value);
      else list[i] = value;
    }
    return list;
  }

  private object(n: number): object {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < n; i++) {
      const cell = this.cells[this.at++]!;
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
    const { cells, names, delicate, narrow } = this;
    const careful = inherited.indexes;
    const { after } = this;
    let { surprises } = this;
    let at = this.at;
    let narrowAt = this.narrowAt;
    const entries = new Array<object>(count);
    for (let i = 0; i < count; i++) {
      const flags = cells[at]!;
      const cell = cells[at + 1]!;
      at += 2;
      let dn: string;
      if ((cell & 7) === Out.Narrow) dn = narrow.substring(narrowAt, (narrowAt += cell >>> 3));
      else dn = this.wide.substring(this.wideAt, (this.wideAt += cell >>> 3));
      let requestID: unknown;
      if ((flags & Entry.HasID) !== 0) {
        this.at = at;
        this.narrowAt = narrowAt;
        requestID = this.value();
        at = this.at;
        narrowAt = this.narrowAt;
      }
      const attrs = surprises > 8 * disorder ? unordered() : new Attrs();
      let before = 0;
      let found = 0;
      for (let left = cells[at++]!; left > 0; left--) {
        const key = cells[at++]! >>> 1;
        const follows = (cells[at - 1]! & 1) !== 0;
        let name: string;
        if (follows) {
          this.at = at;
          this.narrowAt = narrowAt;
          name = this.value() as string;
          at = this.at;
          narrowAt = this.narrowAt;
        } else {
          name = names[key]!;
          if (after[before] !== key) {
            after[before] = key;
            found++;
          }
          before = key + 1;
        }
        const n = cells[at++]!;
        let values: unknown[];
        if (careful) {
          this.at = at;
          this.narrowAt = narrowAt;
          values = this.list(n);
          at = this.at;
          narrowAt = this.narrowAt;
        } else {
          values = n === 1 ? [undefined] : new Array<unknown>(n);
          for (let j = 0; j < n; j++) {
            const cell = cells[at++]!;
            switch (cell & 7) {
              case Out.Narrow:
                values[j] = narrow.substring(narrowAt, (narrowAt += cell >>> 3));
                continue;
              case Out.Wide:
                values[j] = this.wide.substring(this.wideAt, (this.wideAt += cell >>> 3));
                continue;
              case Out.Bytes:
                values[j] = this.memory.slice(this.blobAt, (this.blobAt += cell >>> 3));
                continue;
            }
            this.at = at - 1;
            this.narrowAt = narrowAt;
            values[j] = this.value();
            at = this.at;
            narrowAt = this.narrowAt;
          }
        }
        if ((flags & Entry.Repeats) !== 0 && Object.hasOwn(attrs, name)) {
          values = attrs[name]!.concat(values);
        }
        if (follows || delicate[key]) define(attrs, name, values);
        else attrs[name] = values;
      }
      surprises += found - (surprises >> 3);
      // An object literal defines its properties; nothing inherited is asked.
      const entry: Record<string, unknown> = items ? { kind: "searchResultEntry", dn, attrs } : { dn, attrs };
      if (requestID !== undefined) {
        if (inherited.fixed) define(entry, "requestID", requestID);
        else entry.requestID = requestID;
      }
      if ((flags & Entry.HasControls) !== 0) {
        this.at = at;
        this.narrowAt = narrowAt;
        define(entry, "controls", this.value());
        at = this.at;
        narrowAt = this.narrowAt;
      }
      if (careful) define(entries, i, entry);
      else entries[i] = entry;
    }
    this.surprises = surprises;
    this.at = at;
    this.narrowAt = narrowAt;
    return entries;
  }
}
