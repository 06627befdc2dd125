/** Documents that are decoded piece by piece. */
import { define, inherited } from "./answers.js";
import { bytesOf, checkWellFormed } from "./encode.js";
import { DsmlkitError } from "./errors.js";
import type { Kit } from "./kit.js";
import type { BatchRequest, BatchResponse, Entry, ParseOptions, ResponseItem, SearchResponse, SearchResultReference, Text } from "./types.js";

/** Larger chunks are fed in pieces, so that linear memory does not depend on them. */
const piece = 256 << 10;

/**
 * The same of a stream, whose chunks are fed in pieces as their items are asked
 * for. The items of one piece are what V8 finds alive of a stream when it
 * collects, and it makes its young generation larger by how much that was in all:
 * for a stream of 1 GB it stays at half of the 32 MB that it may have.
 */
const streamPiece = 16 << 10;

/** Flags of a feed, as in wasm/toolkit/stream_ops.go. */
const enum Feed {
  Begins = 1,
  Strict = 2,
  Ends = 4,
  More = 8,
}

const nothing = new Uint8Array(0);

/** What a feed gives: other items, and between them lists of entries. */
type Run<T> = (T | T[])[];

/** A response whose items are yielded as they complete. */
export class Decoder<T> {
  private readonly handle: number;
  private readonly epoch: number;
  private freed = false;

  constructor(
    private readonly kit: Kit,
    private readonly of: "stream" | "sql",
    options?: ParseOptions,
  ) {
    this.handle = kit.call<number>(`${of}.open`, { options });
    this.epoch = kit.epoch;
  }

  /** Takes the next bytes and gives the items that they complete, in batches. */
  *feed(chunk: Uint8Array): Generator<T[], void, undefined> {
    const bytes = bytesOf(chunk, () => "chunk");
    if (bytes === undefined) {
      throw new DsmlkitError({ code: "argument", message: "source must give Uint8Array chunks", detail: `a chunk is a ${typeof chunk}` });
    }
    const size = bytes.length;
    for (let at = 0; at < size; at += streamPiece) {
      // Whoever took an item may have done something with the chunk.
      if (bytes.length !== size) {
        throw new DsmlkitError({ code: "argument", message: "the buffer of a chunk was detached or resized before all items in it were taken" });
      }
      yield* batches(this.run(bytes.subarray(at, at + streamPiece), at + streamPiece < size ? Feed.More : 0));
    }
  }

  /** Says that no more bytes come, and gives the last items. */
  close(): T[] {
    return this.run(nothing, Feed.Ends).flat() as T[];
  }

  free(): void {
    if (this.freed) return;
    this.freed = true;
    if (this.epoch === this.kit.epoch) this.kit.call("stream.free", { handle: this.handle });
  }

  private run(bytes: Uint8Array, flags: number): Run<T> {
    this.kit.revive();
    if (this.freed || this.epoch !== this.kit.epoch) {
      throw new DsmlkitError({
        code: "internal",
        message: "the stream was lost when the toolkit had to start afresh",
        hint: "read the response again from its beginning",
      });
    }
    const { kit, handle } = this;
    if (this.of === "stream") return kit.feed(handle, bytes, flags);
    return flags === Feed.Ends ? kit.call("sql.close", { handle }) : kit.call("sql.feed", { handle, chunk: bytes });
  }
}

function* batches<T>(run: Run<T>): Generator<T[], void, undefined> {
  for (let i = 0; i < run.length; i++) {
    const part = run[i]!;
    run[i] = []; // what was handed out is held here no more
    yield Array.isArray(part) ? part : [part];
  }
}

/** An XML declaration up to the name of the encoding, and that. */
const declaredEncoding = /^(\uFEFF?<\?xml[^>]*?)(encoding\s*=\s*(?:"[^">]*"|'[^'>]*'))/;

/**
 * A string is not written in the encoding that it declares. White space takes
 * the place of the name, so that everything else stays where it is.
 */
function decoded(text: string): string {
  if (!/^\uFEFF?<\?xml/.test(text)) return text;
  return text.replace(declaredEncoding, (_, before: string, name: string) => before + " ".repeat(name.length));
}

/** Parses a document, however large: it crosses in pieces. */
export function parse(kit: Kit, input: Text, options?: ParseOptions): BatchRequest | BatchResponse {
  const bytes = typeof input === "string" ? undefined : bytesOf(input, () => "input");
  const size = bytes?.length;
  const text = bytes === undefined && typeof input === "string" ? input : undefined;
  let flags: number = Feed.Begins;
  if (options !== undefined || (bytes === undefined && text === undefined)) {
    // Whatever is not as it should be is refused there.
    const odd = bytes === undefined && text === undefined ? input : "";
    if (kit.call<boolean>("parse.check", { input: odd, options })) flags |= Feed.Strict;
  }
  // Reading the options may have run code that took the buffer away.
  if (bytes?.length !== size) {
    throw new DsmlkitError({ code: "argument", message: "the buffer of input was detached or resized while the call read its arguments" });
  }
  const parts = new Parts();
  if (text !== undefined) {
    checkWellFormed(text, () => "input");
    let rest = decoded(text);
    do {
      const { read, value } = kit.feedText(rest, piece, flags, Feed.Ends);
      parts.add(value as Run<ResponseItem>);
      rest = rest.substring(read);
      flags = 0;
      if (read === 0) break;
    } while (rest !== "");
  } else {
    let at = 0;
    do {
      const chunk = at === 0 && bytes!.length <= piece ? bytes! : bytes!.subarray(at, at + piece);
      at += piece;
      flags |= at >= bytes!.length ? Feed.Ends : Feed.More;
      parts.add(kit.feed(0, chunk, flags));
      flags = 0;
    } while (at < bytes!.length);
  }
  return parts.document();
}

/** Puts the parts of a batch together, whatever arrays and objects inherit. */
class Parts {
  private readonly list: object[] = [];
  private entries: Entry[][] = [];
  private references: SearchResultReference[] = [];

  add(run: Run<ResponseItem>): void {
    for (const part of run) {
      if (Array.isArray(part)) {
        append(this.entries, part as unknown as Entry[]);
      } else if (part.kind === "searchResultReference") {
        const { kind, ...reference } = part;
        append(this.references, reference);
      } else {
        append(this.list, part);
        if ((part.kind as string) === "searchResponse") this.finish(part as unknown as SearchResponse);
      }
    }
  }

  /** The batch, which came last, with its parts. */
  document(): BatchRequest | BatchResponse {
    const { list } = this;
    const document = list.pop() as BatchRequest | BatchResponse;
    if (inherited.fixed) define(document, document.kind === "batchRequest" ? "requests" : "responses", list);
    else if (document.kind === "batchRequest") document.requests = list as BatchRequest["requests"];
    else document.responses = list as BatchResponse["responses"];
    return document;
  }

  private finish(response: SearchResponse): void {
    const { references } = this;
    const entries = this.entries.length === 1 ? this.entries[0]! : ([] as Entry[]).concat(...this.entries);
    if (inherited.fixed) define(response, "entries", entries);
    else response.entries = entries;
    if (references.length > 0) {
      if (inherited.fixed) define(response, "references", references);
      else response.references = references;
    }
    this.entries = [];
    this.references = [];
  }
}

function append<T>(list: T[], item: T): void {
  if (inherited.indexes) define(list, list.length, item);
  else list.push(item);
}
