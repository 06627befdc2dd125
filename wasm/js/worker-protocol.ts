/** The messages between a worker and its client. */
import { DsmlkitError, type DsmlkitErrorInit } from "./errors.js";
import type { SessionView } from "./session-view.js";
import type { ConnectOptions } from "./worker-types.js";

/** From the client. */
export type Request =
  | { type: "open"; wasm: ConnectOptions["wasm"] }
  | { type: "call"; id: number; method: Method; args: unknown[] }
  | { type: "session"; id: number; session: number; method: SessionMethod; args: unknown[] }
  | { type: "stream"; id: number; stream: number; method: "feed" | "close" | "free"; args: unknown[] }
  | { type: "abort"; id: number };

/** Methods of the toolkit that are called by name. */
export const methods = [
  "soap.parse",
  "soap.build",
  "soap.indent",
  "soap.session",
  "dsml.parse",
  "dsml.build",
  "dsml.validate",
  "dsml.filter.parse",
  "dsml.filter.format",
  "dsml.ldif.parse",
  "dsml.ldif.format",
  "dsml.control.encode",
  "dsml.control.decode",
  "dsml.resultName",
  "sql.parse",
  "sql.build",
  "sql.validate",
] as const;

export type Method = (typeof methods)[number] | "session.dsml" | "session.sql" | "session.restore" | "stream.open" | "sql.open";

export const sessionMethods = ["begin", "send", "end", "receive", "failed", "insist", "look", "free"] as const;

export type SessionMethod = (typeof sessionMethods)[number];

/** To the client. */
export type Answer =
  | { type: "ready" }
  | { type: "refused"; error: Thrown }
  | ({ type: "result"; id: number; value: unknown } & Seen)
  | ({ type: "error"; id: number; error: Thrown } & Seen);

/** How the session of a call is after it. */
interface Seen {
  session?: number;
  view?: SessionView;
}

/** An error as it crosses: structured cloning would lose what is ours. */
export type Thrown = { dsmlkit: DsmlkitErrorInit } | { name: string; message: string };

export function pack(error: unknown): Thrown {
  if (error instanceof DsmlkitError) {
    const { code, message, detail, hint, line, column, offset, statement } = error;
    return { dsmlkit: { code, message, detail, hint, line, column, offset, statement } };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

export function unpack(thrown: Thrown): DsmlkitError {
  if ("dsmlkit" in thrown) return new DsmlkitError(thrown.dsmlkit);
  return new DsmlkitError({
    code: "internal",
    message: `the worker failed: ${thrown.message}`,
    detail: thrown.name,
    hint: "this is a defect of dsmlkit; please report it",
  });
}

/** A Worker, a MessagePort, the scope of a worker, or their counterparts in Node. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener?(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
  on?(type: string, listener: (value: never) => void): void;
  start?(): void;
  terminate?(): unknown;
  close?(): void;
}

/** Calls back for each message, in browsers and in Node. */
export function listen(port: Port, message: (data: unknown) => void, failed: (reason: string) => void): void {
  if (typeof port.addEventListener === "function") {
    port.addEventListener("message", (event) => message(event.data));
    port.addEventListener("messageerror", () => failed("a message could not be read"));
    port.addEventListener("error", (event) => failed(event.message ?? "the worker's script did not load"));
    port.start?.();
  } else {
    port.on?.("message", message);
    port.on?.("error", (error: Error) => failed(String(error)));
    port.on?.("exit", () => failed("the worker has ended"));
  }
}
