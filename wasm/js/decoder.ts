/** Documents that are decoded piece by piece. */
import { bytesOf, checkWellFormed } from "./encode.js";
import { DsmlkitError } from "./errors.js";
import type { Kit } from "./kit.js";
import type { BatchRequest, BatchResponse, Entry, ParseOptions, ResponseItem, SearchResponse, SearchResultReference, Text } from "./types.js";

/** Larger chunks are fed in pieces, so that linear memory does not depend on them. */
const piece = 256 << 10;

/** A decoder in the module. */
class Handle {
  private readonly handle: number;
  private readonly epoch: number;
  private freed = false;

  constructor(
    private readonly kit: Kit,
    open: "stream.open" | "sql.open" | "parse.open",
    options: ParseOptions | undefined,
  ) {
    this.handle = kit.call<number>(open, { options });
    this.epoch = kit.epoch;
  }

  call<T>(operation: string, args: Record<string, unknown> = {}): T {
    this.kit.revive();
    if (this.freed || this.epoch !== this.kit.epoch) {
      throw new DsmlkitError({
        code: "internal",
        message: "the stream was lost when the toolkit had to start afresh",
        hint: "read the response again from its beginning",
      });
    }
    return this.kit.call(operation, { handle: this.handle, ...args });
  }

  free(): void {
    if (this.freed) return;
    this.freed = true;
    if (this.epoch === this.kit.epoch) this.kit.call("stream.free", { handle: this.handle });
  }
}

/** What a call gives: other items, and between them lists of entries. */
type Run<T> = (T | T[])[];

/** A response whose items are yielded as they complete. */
export class Decoder<T> {
  private readonly handle: Handle;

  constructor(
    kit: Kit,
    private readonly of: "stream" | "sql",
    options?: ParseOptions,
  ) {
    this.handle = new Handle(kit, `${of}.open`, options);
  }

  /** Takes the next bytes and gives the items that they complete, in batches. */
  *feed(chunk: Uint8Array): Generator<T[], void, undefined> {
    const bytes = bytesOf(chunk, () => "chunk");
    if (bytes === undefined) {
      throw new DsmlkitError({ code: "argument", message: "source must give Uint8Array chunks", detail: `a chunk is a ${typeof chunk}` });
    }
    for (let at = 0; at < bytes.length; at += piece) {
      yield* batches(this.handle.call<Run<T>>(`${this.of}.feed`, { chunk: bytes.subarray(at, at + piece) }));
    }
  }

  /** Says that no more bytes come, and gives the last items. */
  close(): T[] {
    return [...batches(this.handle.call<Run<T>>(`${this.of}.close`))].flat() as T[];
  }

  free(): void {
    this.handle.free();
  }
}

function* batches<T>(run: Run<T>): Generator<T[], void, undefined> {
  for (const part of run) yield Array.isArray(part) ? part : [part];
}

/** Whether a document is worth reading in pieces. */
export function isLarge(input: unknown): input is Text {
  return typeof input === "string" ? input.length > piece : ArrayBuffer.isView(input) && input.byteLength > piece;
}

/** Parses a large document; the result is that of parsing it at once. */
export function parseLarge(kit: Kit, input: Text, options?: ParseOptions): BatchRequest | BatchResponse {
  const handle = new Handle(kit, "parse.open", options);
  try {
    const parts = new Parts();
    for (const chunk of pieces(input)) parts.add(handle.call("stream.feed", { chunk }));
    parts.add(handle.call("stream.close"));
    const document = handle.call<BatchRequest | BatchResponse>("parse.head");
    if (document.kind === "batchRequest") document.requests = parts.list as BatchRequest["requests"];
    else document.responses = parts.list as BatchResponse["responses"];
    return document;
  } finally {
    handle.free();
  }
}

function* pieces(input: Text): Generator<Text, void, undefined> {
  if (typeof input === "string") {
    checkWellFormed(input, () => "input");
    for (let at = 0; at < input.length; ) {
      let end = Math.min(at + piece, input.length);
      // Not between the halves of a surrogate pair.
      if (end < input.length && (input.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++;
      yield input.substring(at, end);
      at = end;
    }
  } else {
    const bytes = bytesOf(input, () => "input")!;
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
}

/** Puts the parts of a batch together. */
class Parts {
  readonly list: object[] = [];
  private entries: Entry[] = [];
  private references: SearchResultReference[] = [];

  add(run: Run<ResponseItem>): void {
    for (const part of run) {
      if (Array.isArray(part)) {
        for (const entry of part as unknown as Entry[]) this.entries.push(entry);
      } else if (part.kind === "searchResultReference") {
        const { kind, ...reference } = part;
        this.references.push(reference);
      } else {
        this.list.push(part);
        if ((part.kind as string) === "searchResponse") this.finish(part as unknown as SearchResponse);
      }
    }
  }

  private finish(response: SearchResponse): void {
    response.entries = this.entries;
    if (this.references.length > 0) response.references = this.references;
    this.entries = [];
    this.references = [];
  }
}
