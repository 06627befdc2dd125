// What a response body says, read in the worker. An answer is read once: the
// runner needs it for the list, the response pane shows it.
import type { BatchRequest, BatchResponse, Entry, Fault, Response, SearchResultReference } from "dsmlkit";
import type { AsyncToolkit, Exchange } from "../types.ts";

export interface Answer {
  document?: BatchResponse;
  fault?: Fault;
  /** why it is neither */
  error?: string;
}

const known = new WeakMap<Exchange, Answer>();

/** Keeps what is known of an exchange's answer for as long as the exchange is in memory. */
export function remember(exchange: Exchange, answer: Answer): void {
  known.set(exchange, answer);
}

/** The answer of an exchange; undefined when there was no response. */
export async function answerOf(kit: AsyncToolkit, exchange: Exchange): Promise<Answer | undefined> {
  if (!exchange.response) return undefined;
  let answer = known.get(exchange);
  if (!answer) {
    answer = await readAnswer(kit, exchange.response.bytes);
    known.set(exchange, answer);
  }
  return answer;
}

/** A request as typed values; undefined for text that is not a DSML request. */
export async function requestOf(kit: AsyncToolkit, text: string): Promise<BatchRequest | undefined> {
  try {
    const document = await kit.dsml.parse(text);
    return document.kind === "batchRequest" ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Above this many bytes an answer is read piece by piece, so that it never comes over from the worker all at once. */
const inPieces = 4_000_000;

/** How reading goes on, and how to stop it. */
export interface Reading {
  signal?: AbortSignal;
  /** entries and other answers read so far */
  progress?: (count: number) => void;
}

/**
 * Reads a response body: a DSML response, a SOAP fault, or why it is neither.
 * Rejects only when the signal stops it.
 */
export async function readAnswer(kit: AsyncToolkit, bytes: Uint8Array, reading: Reading = {}): Promise<Answer> {
  if (bytes.length === 0) return {};
  let error: string;
  try {
    const document = bytes.length > inPieces ? await readInPieces(kit, bytes, reading) : await kit.dsml.parse(bytes);
    if (document.kind === "batchResponse") return { document };
    error = "it is a batchRequest";
  } catch (thrown) {
    reading.signal?.throwIfAborted();
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  try {
    const { fault } = await kit.soap.parse(bytes);
    if (fault) return { fault };
  } catch {
    // The first error says it better.
  }
  return { error };
}

async function readInPieces(kit: AsyncToolkit, bytes: Uint8Array, { signal, progress }: Reading): Promise<BatchResponse> {
  const responses: Response[] = [];
  let entries: Entry[] = [];
  let references: SearchResultReference[] = [];
  let count = 0;
  for await (const item of kit.with({ transfer: true }).dsml.stream(pieces(bytes), signal ? { signal } : {})) {
    if (++count % 1000 === 0) progress?.(count);
    switch (item.kind) {
      case "searchResultEntry": {
        const { kind: _, ...entry } = item;
        entries.push(entry);
        break;
      }
      case "searchResultReference": {
        const { kind: _, ...reference } = item;
        references.push(reference);
        break;
      }
      case "searchResultDone": {
        const { kind: _, ...done } = item;
        const id = done.requestID === undefined ? {} : { requestID: done.requestID };
        responses.push({ kind: "searchResponse", ...id, entries, ...(references.length > 0 ? { references } : {}), done });
        entries = [];
        references = [];
        break;
      }
      default:
        responses.push(item);
    }
  }
  return { kind: "batchResponse", responses };
}

/** Copies, because a view would take the whole buffer behind it along to the worker. */
async function* pieces(bytes: Uint8Array, length = 1 << 18): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.slice(at, at + length);
}
