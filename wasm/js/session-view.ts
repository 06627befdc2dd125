/** What a session shows of itself, on either side of a worker. */
import { DsmlkitError } from "./errors.js";
import type { PagedSearch, SessionEvent, SessionSnapshot, SessionState } from "./types.js";

/** The tracker as it is after a call. */
export interface SessionView {
  state: SessionState;
  id?: string;
  timeout?: number;
  timeoutGuessed?: boolean;
  expiresAt?: number;
  endDue?: number;
  pages: PagedSearch[];
  snapshot: SessionSnapshot;
}

/** Whether a listener would want to know. */
export function changed(a: SessionView, b: SessionView): boolean {
  return (
    a.state !== b.state ||
    a.id !== b.id ||
    a.expiresAt !== b.expiresAt ||
    a.endDue !== b.endDue ||
    a.pages.length !== b.pages.length ||
    // Every answer gives a cookie of its own, at a time of its own or as one page more.
    a.pages.some(({ key, pages, issuedAt }, i) => key !== b.pages[i]!.key || pages !== b.pages[i]!.pages || issuedAt !== b.pages[i]!.issuedAt)
  );
}

/** The listeners of one session, with the manners of EventTarget. */
export class Listeners {
  private readonly all = new Set<(event: SessionEvent) => void>();

  add(type: string, listener: (event: SessionEvent) => void): void {
    if (typeof listener !== "function") {
      throw new DsmlkitError({ code: "argument", message: "listener must be a function", detail: `listener is a ${typeof listener}` });
    }
    if (type === "change") this.all.add(listener);
  }

  remove(type: string, listener: (event: SessionEvent) => void): void {
    if (type === "change") this.all.delete(listener);
  }

  tell(view: SessionView): void {
    for (const listener of [...this.all]) {
      try {
        listener({ state: view.state, id: view.id, expiresAt: view.expiresAt });
      } catch (error) {
        // As with events: the listener's error is its own, and seen.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** What is thrown once a session was let go. */
export function freed(): DsmlkitError {
  return new DsmlkitError({ code: "session-freed", message: "the session was let go with free()", hint: "what is to be kept of a session is read before that" });
}

/** Milliseconds that are left; never more than the whole idle time, even when the clock was set back. */
export function remaining({ expiresAt, timeout }: SessionView, now: number): number | undefined {
  if (expiresAt === undefined || timeout === undefined) return undefined;
  return Math.min(Math.max(0, expiresAt - now), timeout * 1000);
}

/** Header fields by lower-case name. */
export function headersOf(headers: Headers | Record<string, string> | undefined | null): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  if (headers === undefined || headers === null) return fields;
  // Those of another realm or another library are no instance of ours.
  const listed = typeof headers === "object" && !Array.isArray(headers) && !ArrayBuffer.isView(headers);
  if (!listed) refuse("meta.headers must be Headers, or an object of names and values", headers);
  const entries: Iterable<[string, unknown]> =
    typeof headers.get === "function" && typeof (headers as Headers)[Symbol.iterator] === "function" ? (headers as Headers) : Object.entries(headers);
  for (const [name, value] of entries) {
    if (typeof value !== "string" && typeof value !== "number") refuse(`meta.headers[${JSON.stringify(name)}] must be a string`, value);
    fields[name.toLowerCase()] = String(value);
  }
  return fields;
}

function refuse(message: string, found: unknown): never {
  throw new DsmlkitError({ code: "argument", message, detail: `found ${found === null ? "null" : Array.isArray(found) ? "an array" : `a ${(found as object).constructor?.name ?? typeof found}`}` });
}
