// An exchange in the forms that other tools take: HAR 1.2, and a curl command.
// An Authorization value is never kept, so none can leak from here. Pure.
import { decode } from "./store.ts";
import type { Exchange } from "../types.ts";

/** One entry of a HAR log. What HAR has no field for stands under names that begin with an underscore, as it asks. */
export function harEntry(exchange: Exchange): object {
  const { request, response } = exchange;
  const url = exchange.endpoint;
  const type = (headers: Record<string, string>) => Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  return {
    startedDateTime: new Date(exchange.at).toISOString(),
    time: exchange.durationMs,
    request: {
      method: "POST",
      url,
      httpVersion: "",
      cookies: [],
      headers: pairs(request.headers),
      queryString: queryOf(url),
      postData: { mimeType: type(request.headers), text: request.text },
      headersSize: -1,
      bodySize: new TextEncoder().encode(request.text).length,
    },
    response: {
      status: response?.status ?? 0,
      statusText: "",
      httpVersion: "",
      cookies: [],
      headers: pairs(response?.headers ?? {}),
      content: response ? content(response.bytes, type(response.headers)) : { size: 0, mimeType: "" },
      redirectURL: "",
      headersSize: -1,
      bodySize: response?.bytes.length ?? -1,
    },
    cache: {},
    timings: { send: 0, wait: exchange.durationMs, receive: 0 },
    ...(exchange.failure ? { _error: exchange.failure.message } : {}),
    _dsmlkit: {
      step: exchange.step,
      ...(exchange.sessionKey !== undefined ? { session: exchange.sessionKey } : {}),
      summary: `${exchange.summary.request}: ${exchange.summary.outcome}`,
      ...(exchange.failure ? { failure: exchange.failure.code } : {}),
    },
  };
}

/** The file in pieces, so that hundreds of megabytes need not become one string. */
export async function* har(exchanges: AsyncIterable<Exchange>): AsyncGenerator<string> {
  const head = { version: "1.2", creator: { name: "dsmlkit", version: "1" } };
  yield `{"log":${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let first = true;
  for await (const exchange of exchanges) {
    yield (first ? "\n" : ",\n") + JSON.stringify(harEntry(exchange));
    first = false;
  }
  yield "\n]}}\n";
}

/** A curl command that sends the same request; where somebody was signed in, curl asks for the password. */
export function curl(exchange: Exchange): string {
  const lines = [`curl ${quote(exchange.endpoint)}`];
  for (const [name, value] of Object.entries(exchange.request.headers)) {
    if (name.toLowerCase() === "authorization") lines.push("--user NAME");
    else lines.push(`--header ${quote(`${name}: ${value}`)}`);
  }
  lines.push(`--data-binary ${quote(exchange.request.text)}`);
  return lines.join(" \\\n  ");
}

/** For a POSIX shell: nothing means anything between single quotes. A leading @ would make curl read a file. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function content(bytes: Uint8Array, mimeType: string): object {
  const text = decode(bytes, { "content-type": mimeType });
  // Text that does not give the same bytes back goes out as base64.
  const same = new TextEncoder().encode(text);
  if (same.length === bytes.length && same.every((byte, i) => byte === bytes[i])) return { size: bytes.length, mimeType, text };
  return { size: bytes.length, mimeType, text: base64(bytes), encoding: "base64" };
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function pairs(headers: Record<string, string>): { name: string; value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function queryOf(url: string): { name: string; value: string }[] {
  try {
    return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
  } catch {
    return [];
  }
}

/** "31 ms", "2.4 s" */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
