/** The loop that reads a source and yields the items of the response in it. */
import { DsmlkitError } from "./errors.js";
import type { StreamOptions } from "./types.js";

/** What the loop over a source needs of whoever decodes it. */
export interface ChunkDecoder<T> {
  feed(chunk: Uint8Array): Iterable<T[]> | AsyncIterable<T[]>;
  close(): T[] | Promise<T[]>;
  free(): void | Promise<void>;
}

/**
 * Reads a source to its end and yields items. The next chunk is asked for when
 * the items of the last one have been taken, which gives back-pressure.
 */
export async function* readItems<T>(
  source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  options: StreamOptions | undefined,
  open: () => ChunkDecoder<T> | Promise<ChunkDecoder<T>>,
): AsyncGenerator<T, void, undefined> {
  const signal = options?.signal;
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
      for await (const items of decoder.feed(value)) {
        for (const item of items) {
          signal?.throwIfAborted();
          yield item;
        }
      }
    }
    finished = true;
    yield* await decoder.close();
  } finally {
    if (stop !== undefined) signal?.removeEventListener("abort", stop);
    await decoder?.free();
    // Not awaited: a source that hangs must not hang its reader.
    if (!finished) void Promise.resolve(chunks.cancel()).catch(() => {});
  }
}

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
