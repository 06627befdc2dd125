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
  pages: PagedSearch[];
  snapshot: SessionSnapshot;
}

/** Whether a listener would want to know. */
export function changed(a: SessionView, b: SessionView): boolean {
  return (
    a.state !== b.state ||
    a.id !== b.id ||
    a.expiresAt !== b.expiresAt ||
    a.pages.length !== b.pages.length ||
    a.pages.some((page, i) => page.key !== b.pages[i]!.key || page.count !== b.pages[i]!.count || page.done !== b.pages[i]!.done)
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

/** Header fields by lower-case name. */
export function headersOf(headers: Headers | Record<string, string> | undefined | null): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  if (headers === undefined || headers === null) return fields;
  const entries = typeof headers.forEach === "function" ? [...(headers as Headers)] : Object.entries(headers as Record<string, string>);
  for (const [name, value] of entries) fields[name.toLowerCase()] = String(value);
  return fields;
}
