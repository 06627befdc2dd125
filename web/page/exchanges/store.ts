// Exchanges, kept in this browser only (IndexedDB). What the list needs of one
// is kept apart from the texts, so that opening the page does not read hundreds
// of megabytes. Where the browser refuses storage, as some do in private
// windows, exchanges are kept in memory and `lasting` says so.
import { emit, eventTarget } from "../dom.ts";
import type { Exchange } from "../types.ts";

/** An exchange without its texts. */
export interface Entry {
  id: number;
  at: number;
  endpoint: string;
  step: Exchange["step"];
  sessionKey?: string;
  status?: number;
  durationMs: number;
  failed: boolean;
  summary: Exchange["summary"];
  /** bytes that it takes up */
  size: number;
}

/** What is kept for good: `text` of a response is made anew from its bytes. */
type Kept = Omit<Exchange, "response"> & { response?: Omit<NonNullable<Exchange["response"]>, "text"> };

export interface StoreEvents {
  added: Entry;
  /** some are gone: deleted, or dropped to make room */
  removed: number[];
}

export interface StoreOptions {
  /** name of the database; default "dsmlkit" */
  name?: string;
  /** bytes kept at most; the oldest go first. Default 200 MB */
  maxBytes?: number;
  /** exchanges kept at most; default 2,000 */
  maxCount?: number;
}

/** Gives a response its `text`, decoded when it is first asked for. */
export function withText<R extends { bytes: Uint8Array; headers: Record<string, string> }>(response: R): R & { readonly text: string } {
  let text: string | undefined;
  return Object.defineProperty(response, "text", {
    get: () => (text ??= decode(response.bytes, response.headers)),
    enumerable: false,
    configurable: true,
  }) as R & { readonly text: string };
}

/** Bytes as text: by their byte order mark, then by what the XML declaration or the Content-Type names, else UTF-8. */
export function decode(bytes: Uint8Array, headers: Record<string, string> = {}): string {
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  let label = /^<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(beginning)?.[1] ?? /charset="?([\w.-]+)/i.exec(headers["content-type"] ?? "")?.[1] ?? "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) label = "utf-16le";
  else if (bytes[0] === 0xfe && bytes[1] === 0xff) label = "utf-16be";
  else if (/^utf-?16/i.test(label)) label = "utf-8"; // declared, but without the mark it cannot be meant
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

export class ExchangeStore extends eventTarget<StoreEvents>() {
  #db: Promise<IDBDatabase | undefined>;
  #memory = new Map<number, Kept>();
  #entries: Entry[] = [];
  #loaded: Promise<void>;
  #nextID = 1;
  #maxBytes: number;
  #maxCount: number;
  /** false when exchanges are lost with the page */
  lasting = true;

  constructor(options: StoreOptions = {}) {
    super();
    this.#maxBytes = options.maxBytes ?? 200_000_000;
    this.#maxCount = options.maxCount ?? 2_000;
    this.#db = open(options.name ?? "dsmlkit").catch(() => {
      this.lasting = false;
      return undefined;
    });
    this.#loaded = this.#load();
  }

  /** All that are kept, oldest first. */
  async list(): Promise<readonly Entry[]> {
    await this.#loaded;
    return this.#entries;
  }

  /** Keeps an exchange and gives it its id. */
  async add(exchange: Omit<Exchange, "id">): Promise<Exchange> {
    await this.#loaded;
    const kept: Kept = { ...exchange, id: this.#nextID };
    if (exchange.response) {
      const { status, headers, bytes } = exchange.response;
      kept.response = { status, headers, bytes };
    }
    const size = sizeOf(kept);
    const db = await this.#db;
    try {
      if (!db) throw new DOMException("no database", "InvalidStateError");
      // Another tab of the page may have taken the number that this one would give.
      kept.id = await this.#write(db, kept, size);
    } catch {
      this.#memory.set(kept.id, kept);
      this.lasting = false;
    }
    this.#nextID = Math.max(this.#nextID, kept.id) + 1;
    const entry = entryOf(kept, size);
    this.#entries.push(entry);
    emit(this, "added", entry);
    await this.#makeRoom();
    return whole(kept);
  }

  /** The whole exchange; undefined when it is gone. */
  async get(id: number): Promise<Exchange | undefined> {
    await this.#loaded;
    const inMemory = this.#memory.get(id);
    if (inMemory) return whole(inMemory);
    const db = await this.#db;
    if (!db) return undefined;
    const kept = await result<Kept | undefined>(db.transaction("exchanges").objectStore("exchanges").get(id));
    return kept && whole(kept);
  }

  async remove(...ids: number[]): Promise<void> {
    await this.#loaded;
    const gone = new Set(ids);
    for (const id of ids) this.#memory.delete(id);
    this.#entries = this.#entries.filter((entry) => !gone.has(entry.id));
    const db = await this.#db;
    if (db) {
      const transaction = db.transaction(["exchanges", "entries"], "readwrite");
      for (const id of ids) {
        transaction.objectStore("exchanges").delete(id);
        transaction.objectStore("entries").delete(id);
      }
      await finished(transaction);
    }
    emit(this, "removed", ids);
  }

  async clear(): Promise<void> {
    await this.remove(...(await this.list()).map((entry) => entry.id));
  }

  async #load(): Promise<void> {
    const db = await this.#db;
    if (!db) return;
    try {
      this.#entries = await result<Entry[]>(db.transaction("entries").objectStore("entries").getAll());
      this.#nextID = (this.#entries.at(-1)?.id ?? 0) + 1;
    } catch {
      this.lasting = false;
    }
  }

  async #write(db: IDBDatabase, kept: Kept, size: number): Promise<number> {
    const transaction = db.transaction(["exchanges", "entries"], "readwrite");
    const entries = transaction.objectStore("entries");
    const last = await result<IDBCursorWithValue | null>(entries.openCursor(null, "prev"));
    const id = Math.max(kept.id, Number(last?.key ?? 0) + 1);
    const numbered = { ...kept, id };
    transaction.objectStore("exchanges").put(numbered);
    entries.put(entryOf(numbered, size));
    await finished(transaction);
    return id;
  }

  async #makeRoom(): Promise<void> {
    let bytes = this.#entries.reduce((sum, entry) => sum + entry.size, 0);
    const drop: number[] = [];
    // The newest stays, however large: somebody is looking at it.
    for (const entry of this.#entries.slice(0, -1)) {
      if (bytes <= this.#maxBytes && this.#entries.length - drop.length <= this.#maxCount) break;
      drop.push(entry.id);
      bytes -= entry.size;
    }
    if (drop.length > 0) await this.remove(...drop);
  }
}

function whole(kept: Kept): Exchange {
  const { response, ...rest } = kept;
  return response ? { ...rest, response: withText({ ...response }) } : rest;
}

function sizeOf(kept: Kept): number {
  return 1000 + kept.request.text.length * 2 + (kept.response?.bytes.length ?? 0);
}

function entryOf(kept: Kept, size: number): Entry {
  return {
    id: kept.id,
    at: kept.at,
    endpoint: kept.endpoint,
    step: kept.step,
    ...(kept.sessionKey !== undefined ? { sessionKey: kept.sessionKey } : {}),
    ...(kept.response ? { status: kept.response.status } : {}),
    durationMs: kept.durationMs,
    failed: kept.failure !== undefined,
    summary: kept.summary,
    size,
  };
}

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("exchanges", { keyPath: "id" });
    request.result.createObjectStore("entries", { keyPath: "id" });
  };
  const db = await result(request);
  // A newer version of the page in another tab may go ahead.
  db.onversionchange = () => db.close();
  return db;
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    if (request instanceof IDBOpenDBRequest) request.onblocked = () => reject(new DOMException("blocked by another tab", "InvalidStateError"));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
