// One POST through fetch: what was sent, what came back, or how it failed.
// The body is read piece by piece, so that a count can be shown and reading
// can be stopped.
import type { Credentials } from "../types.ts";
import { addressSpace, asksPermission, needsAddressSpace } from "./address.ts";
import type { Circumstances, Probe } from "./diagnose.ts";

/** What one attempt gave: a response (perhaps cut short), an error, or both. */
export interface Attempt {
  at: number;
  durationMs: number;
  /** as sent, with Authorization masked */
  requestHeaders: Record<string, string>;
  response?: { status: number; headers: Record<string, string>; bytes: Uint8Array; url: string; redirected: boolean };
  /** set when the response is missing or not whole */
  trouble?: Pick<Circumstances, "error" | "stopped" | "probe" | "permission" | "blockedByPolicy">;
}

export interface PostOptions {
  endpoint: string;
  body: string;
  headers: Record<string, string>;
  credentials?: Credentials | undefined;
  /** milliseconds until the head of the response has to be there */
  timeout: number;
  signal: AbortSignal;
  /** called as bytes of the response arrive; `total` where the server says */
  received?: (bytes: number, total: number | undefined) => void;
}

/** What stands in place of an Authorization value wherever one is kept or shown. */
export const masked = "(not kept)";

/** The value of an HTTP Basic header; name and password as UTF-8 (RFC 7617). */
export function basic({ user, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `Basic ${btoa(text)}`;
}

/** Posts and reads the whole answer. Never rejects. */
export async function post(options: PostOptions): Promise<Attempt> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.credentials) headers["Authorization"] = basic(options.credentials);
  const requestHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, name.toLowerCase() === "authorization" ? masked : value]),
  );

  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), options.timeout);
  const policy = watchPolicy(options.endpoint);
  const at = Date.now();
  const start = performance.now();
  const attempt: Attempt = { at, durationMs: 0, requestHeaders };
  try {
    const init: RequestInit & { targetAddressSpace?: string } = {
      method: "POST",
      body: options.body,
      headers,
      // Cookies, client certificates and the browser's own sign-in go only to
      // the page's own origin; anything else would need the endpoint's consent
      // by CORS and would send what nobody asked to be sent.
      credentials: "same-origin",
      cache: "no-store",
      redirect: "follow",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.any([options.signal, limit.signal]),
    };
    const space = needsAddressSpace(location.href, options.endpoint);
    if (space && knowsAddressSpace(space)) init.targetAddressSpace = space;
    const response = await fetch(options.endpoint, init);
    clearTimeout(timer);
    attempt.response = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      bytes: new Uint8Array(),
      url: response.url,
      redirected: response.redirected,
    };
    await read(response, attempt.response, options.received);
  } catch (error) {
    attempt.trouble = { error: nameAndMessage(error) };
    if (options.signal.aborted) attempt.trouble.stopped = "person";
    else if (limit.signal.aborted) attempt.trouble.stopped = "timeout";
  } finally {
    clearTimeout(timer);
    attempt.durationMs = performance.now() - start;
    policy.stop();
  }
  if (attempt.trouble && !attempt.trouble.stopped && !attempt.response) {
    attempt.trouble.blockedByPolicy = policy.blocked();
    if (!attempt.trouble.blockedByPolicy) {
      [attempt.trouble.probe, attempt.trouble.permission] = await Promise.all([
        probe(options.endpoint, options.signal),
        permission(options.endpoint),
      ]);
    }
  }
  return attempt;
}

async function read(
  response: globalThis.Response,
  into: NonNullable<Attempt["response"]>,
  received: PostOptions["received"],
): Promise<void> {
  const length = Number(response.headers.get("content-length") ?? NaN);
  // What is counted is the decoded body, Content-Length is that of the encoded one.
  const encoded = (response.headers.get("content-encoding") ?? "identity") !== "identity";
  const total = Number.isFinite(length) && !encoded ? length : undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
      received?.(size, total);
    }
  } finally {
    // What came before the line broke, or before somebody pressed stop, is kept too.
    into.bytes = join(chunks, size);
  }
}

function join(chunks: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Asks whether anything answers at the address at all. A no-cors request needs
 * no consent of the server and shows nothing of the answer but that there is
 * one; HEAD changes nothing there.
 */
async function probe(endpoint: string, signal: AbortSignal): Promise<Probe> {
  try {
    await fetch(endpoint, {
      method: "HEAD",
      mode: "no-cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
    });
    return "answered";
  } catch {
    return signal.aborted ? "not tried" : "silent";
  }
}

/** State of the permission to reach the local network, where the browser has one and it matters here. */
async function permission(endpoint: string): Promise<PermissionState | undefined> {
  if (!asksPermission(location.href, endpoint)) return undefined;
  const space = addressSpace(new URL(endpoint, location.href).hostname);
  for (const name of [space === "loopback" ? "loopback-network" : "local-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // This browser knows the permission by another name, or not at all.
    }
  }
  return undefined;
}

/** Watches whether the page's own content security policy forbids the request. */
function watchPolicy(endpoint: string): { blocked(): boolean; stop(): void } {
  let blocked = false;
  const origin = new URL(endpoint, location.href).origin;
  const listener = (event: SecurityPolicyViolationEvent) => {
    if (event.effectiveDirective === "connect-src" && event.blockedURI.startsWith(origin)) blocked = true;
  };
  document.addEventListener("securitypolicyviolation", listener);
  // The event may come just after fetch has failed.
  return { blocked: () => blocked, stop: () => void setTimeout(() => document.removeEventListener("securitypolicyviolation", listener), 100) };
}

let addressSpaces: Map<string, boolean> | undefined;
/** Whether this browser takes `targetAddressSpace`; an unknown value makes fetch fail. */
function knowsAddressSpace(space: string): boolean {
  addressSpaces ??= new Map();
  let known = addressSpaces.get(space);
  if (known === undefined) {
    known = "targetAddressSpace" in Request.prototype;
    try {
      if (known) new Request(location.href, { targetAddressSpace: space } as RequestInit);
    } catch {
      known = false;
    }
    addressSpaces.set(space, known);
  }
  return known;
}

function nameAndMessage(error: unknown): { name: string; message: string } {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: "Error", message: String(error) };
}
