// What a response body says, read in the worker. An answer is read once: the
// runner needs it for the list, the response pane shows it.
import type { BatchResponse, Fault } from "dsmlkit";
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

/** Reads a response body: a DSML response, a SOAP fault, or why it is neither. */
export async function readAnswer(kit: AsyncToolkit, bytes: Uint8Array): Promise<Answer> {
  if (bytes.length === 0) return {};
  let error: string;
  try {
    const document = await kit.dsml.parse(bytes);
    if (document.kind === "batchResponse") return { document };
    error = "it is a batchRequest";
  } catch (thrown) {
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
