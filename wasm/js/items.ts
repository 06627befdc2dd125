/** The loop that reads a source and yields the items of the response in it. */
import { DsmlkitError } from "./errors.js";
import type { StreamOptions } from "./types.js";

/** What the loop over a source needs of whoever decodes it. */
export interface ChunkDecoder<T> {
  /** Gives the items that a chunk completes, in batches, which may be decoded as they are asked for. */
  feed(chunk: Uint8Array): Iterable<T[]> | Promise<Iterable<T[]>>;
  close(): T[] | Promise<T[]>;
  free(): void | Promise<void>;
}

/**
 * Reads a source to its end and yields items. The next chunk is asked for when
 * the items of the last one have been taken, which gives back-pressure.
 */
export function readItems<T>(
  source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  options: StreamOptions | undefined,
  open: () => ChunkDecoder<T> | Promise<ChunkDecoder<T>>,
): AsyncGenerator<T, void, undefined> {
  const signal = options?.signal;
  return new Items(readBatches(source, signal, open), signal);
}

/** The same in batches, chunk by chunk. */
async function* readBatches<T>(
  source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  open: () => ChunkDecoder<T> | Promise<ChunkDecoder<T>>,
): AsyncGenerator<Iterable<T[]>, void, undefined> {
  signal?.throwIfAborted();
  const chunks = chunksOf(source);
  let stop: (() => void) | undefined;
  const aborted =
    signal === undefined
      ? undefined
      : new Promise<never>((_, reject) => {
          stop = () => reject(signal.reason);
          signal.addEventListener("abort", stop, { once: true });
        });
  aborted?.catch(() => {});
  let decoder: ChunkDecoder<T> | undefined;
  let finished = false;
  try {
    decoder = await open();
    for (;;) {
      const next = chunks.next();
      const { done, value } = await (aborted === undefined ? next : Promise.race([next, aborted]));
      if (done) break;
      yield await decoder.feed(value);
    }
    finished = true;
    yield [await decoder.close()];
  } finally {
    if (stop !== undefined) signal?.removeEventListener("abort", stop);
    await decoder?.free();
    // Not awaited: a source that hangs must not hang its reader.
    if (!finished) void Promise.resolve(chunks.cancel()).catch(() => {});
  }
}

/** What all async iterators inherit, the platform's own methods among it. */
const asyncIterator = Object.getPrototypeOf(Object.getPrototypeOf(readBatches.prototype)) as object;

const none: Iterator<never> = [].values();

/**
 * Items of batches, one by one, as an async generator would yield them. That
 * waits twice for each item, and for nothing: most are there already.
 */
class Items<T> {
  #batch: T[] = [];
  #at = 0;
  /** the batches of the last chunk */
  #batches: Iterator<T[]> = none;
  /** done when the last of the calls that wait has been answered; none waits: undefined */
  #waiting: Promise<void> | undefined;
  readonly #chunks: AsyncGenerator<Iterable<T[]>, void, undefined>;
  readonly #signal: AbortSignal | undefined;

  constructor(chunks: AsyncGenerator<Iterable<T[]>, void, undefined>, signal: AbortSignal | undefined) {
    this.#chunks = chunks;
    this.#signal = signal;
  }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#waiting === undefined && this.#signal?.aborted !== true) {
      try {
        if (this.#there()) return Promise.resolve(this.#take());
      } catch (error) {
        return this.throw(error);
      }
    }
    return this.#inTurn(async () => {
      try {
        while (!this.#there()) {
          const next = await this.#chunks.next();
          if (next.done) return this.#leave(next);
          this.#batches = next.value[Symbol.iterator]();
        }
        this.#signal?.throwIfAborted();
      } catch (error) {
        return this.#leave(this.#chunks.throw(error));
      }
      return this.#take();
    });
  }

  return(value?: void | PromiseLike<void>): Promise<IteratorResult<T, void>> {
    return this.#inTurn(() => this.#leave(this.#chunks.return(value)));
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    return this.#inTurn(() => this.#leave(this.#chunks.throw(error)));
  }

  /** Whether there is an item, when as much of the chunk has been decoded as it takes. */
  #there(): boolean {
    while (this.#at === this.#batch.length) {
      const next = this.#batches.next();
      if (next.done) return false;
      this.#batch = next.value;
      this.#at = 0;
    }
    return true;
  }

  /** The next item, which is let go of: what a slow reader has taken, it alone keeps. */
  #take(): IteratorResult<T, void> {
    const value = this.#batch[this.#at]!;
    this.#batch[this.#at++] = undefined!;
    return { done: false, value };
  }

  async #leave(end: IteratorResult<unknown, void> | Promise<IteratorResult<unknown, void>>): Promise<IteratorResult<T, void>> {
    this.#batch = [];
    this.#batches = none;
    this.#at = 0;
    return (await end) as IteratorResult<never, void>;
  }

  /** Calls are answered in their order, each when the one before it has been. */
  async #inTurn(call: () => Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> {
    const before = this.#waiting;
    let done: () => void;
    const mine = (this.#waiting = new Promise<void>((resolve) => (done = resolve)));
    try {
      if (before !== undefined) await before;
      return await call();
    } finally {
      if (this.#waiting === mine) this.#waiting = undefined;
      done!();
    }
  }
}
Object.setPrototypeOf(Items.prototype, asyncIterator);

interface Items<T> extends AsyncGenerator<T, void, undefined> {}

interface Chunks {
  next(): Promise<IteratorResult<Uint8Array, unknown>>;
  cancel(): unknown;
}

function chunksOf(source: unknown): Chunks {
  const stream = source as ReadableStream<Uint8Array> | undefined | null;
  if (typeof stream === "object" && stream !== null && typeof stream.getReader === "function") {
    // Not every browser can iterate a ReadableStream.
    const reader = stream.getReader();
    return { next: () => reader.read() as Promise<IteratorResult<Uint8Array, unknown>>, cancel: () => reader.cancel() };
  }
  const iterable = source as AsyncIterable<Uint8Array> & Iterable<Uint8Array>;
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? (typeof source === "object" ? iterable?.[Symbol.iterator]?.() : undefined);
  if (iterator === undefined) {
    throw new DsmlkitError({
      code: "argument",
      message: "source must be a ReadableStream or an async iterable of Uint8Array",
      detail: `source is ${source === null ? "null" : `a ${typeof source}`}`,
    });
  }
  return { next: async () => iterator.next(), cancel: () => iterator.return?.() };
}
