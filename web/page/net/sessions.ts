// The sessions of this page, one for each endpoint: trackers in the worker, the
// paged searches that can be gone on with, and a copy of it all in
// sessionStorage, so that a reload of the page loses no session.
import type { BatchRequest, BatchResponse, PagedSearch, SearchRequest, SessionState } from "dsmlkit";
import type { AsyncSession, AsyncToolkit } from "../types.ts";
import { type Continued, follow, isPaged } from "./paging.ts";
import { anyEndpoint, readSessions, type Saved, sessionUnread } from "./stored.ts";

/** A session with what the page keeps beside the tracker. */
export interface Held {
  /** stands for this session on this page */
  key: string;
  /** absolute URL */
  endpoint: string;
  session: AsyncSession;
  /** paged searches with a next page, the one sent last at the end */
  searches: Continued[];
  /** the paged search that was answered last, finished or not: the tracker's key of it, and its base */
  paging?: { key: string; base: string };
  /** how it came to be in a state, a sentence */
  note?: { state: SessionState; text: string };
}

const storageKey = "dsmlkit.sessions";

export class Sessions {
  readonly #kit: AsyncToolkit;
  readonly #held = new Map<string, Held>();
  readonly #changed: () => void;
  /** by endpoint: what could not be read back */
  #unread = new Map<string, string>();

  constructor(kit: AsyncToolkit, changed: () => void) {
    this.#kit = kit;
    this.#changed = changed;
  }

  get(endpoint: string): Held | undefined {
    return this.#held.get(endpoint);
  }

  /** What of the endpoint's session could not be read back after a reload, a sentence. */
  unread(endpoint: string): string | undefined {
    return this.#unread.get(endpoint) ?? this.#unread.get(anyEndpoint);
  }

  /** Something was sent: what was before the reload is of no account any more. */
  goOn(endpoint: string): void {
    this.#unread.delete(endpoint);
    this.#unread.delete(anyEndpoint);
  }

  /** A new tracker for the endpoint, in place of one that is no longer of use. */
  async fresh(endpoint: string): Promise<Held> {
    const old = this.#held.get(endpoint);
    const held = this.#hold({ key: crypto.randomUUID(), endpoint, searches: [] }, await this.#kit.session.dsml());
    void old?.session.free();
    return held;
  }

  /** Brings back what the page held before it was reloaded. */
  async restore(): Promise<void> {
    const { saved, unread } = readSessions(stored());
    this.#unread = unread;
    for (const { snapshot, ...rest } of saved) {
      try {
        const session = await this.#kit.session.restore(snapshot);
        if (session.state === "opening" || session.state === "closing") {
          // The answer went to a page that is no more.
          await session.failed("The page was reloaded before the answer came.");
        }
        this.#hold(rest, session);
      } catch {
        // A snapshot of another version of the page.
        unread.set(rest.endpoint, sessionUnread);
      }
    }
  }

  save(): void {
    const saved = [...this.#held.values()]
      .filter(({ session }) => session.state !== "none")
      .map(({ session, ...rest }): Saved => ({ ...rest, snapshot: session.toJSON() }));
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(saved));
    } catch {
      // Storage is full or refused: the session lives as long as the page.
    }
  }

  #hold(rest: Omit<Held, "session">, session: AsyncSession): Held {
    const held: Held = { ...rest, session };
    this.#held.set(held.endpoint, held);
    session.addEventListener("change", () => {
      if (this.#held.get(held.endpoint) === held) this.#changed();
    });
    return held;
  }
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    // Storage is refused: nothing was kept.
    return null;
  }
}

/** An open session runs out by the clock, without anything being sent. */
export function stateOf({ session }: Held): SessionState {
  return session.state === "open" && session.remaining() === 0 ? "expired" : session.state;
}

/** Says how the session came to be in the state that it is in. */
export function noteOn(held: Held, text: string): void {
  held.note = { state: held.session.state, text };
}

/** Notes which of the searches of an answered batch have a next page, and gives the page that came last. */
export async function turnPages(kit: AsyncToolkit, held: Held, request: BatchRequest, response: BatchResponse): Promise<PagedSearch | undefined> {
  const { pages } = held.session;
  const followed = await follow(kit, request, response, pages);
  // A search sent anew, perhaps with another page size, takes the place of its earlier self.
  const stays = ({ key }: Continued) => pages.some((page) => page.key === key && !page.done) && !followed.some((one) => one.key === key);
  held.searches = [...held.searches.filter(stays), ...followed];
  const found = response.responses.some((one) => one.kind === "searchResponse" && one.done.resultCode.code === 0);
  if (!isPaged(request) || !found) return undefined;
  const last = followed.at(-1);
  const page = last ? pages.find(({ key }) => key === last.key) : newest(pages.filter(({ kind }) => kind === "paged"));
  const search = request.requests.find(({ kind }) => kind === "searchRequest") as SearchRequest | undefined;
  if (page) held.paging = { key: page.key, base: last?.base ?? search?.dn ?? "" };
  return page;
}

function newest(pages: readonly PagedSearch[]): PagedSearch | undefined {
  return pages.reduce<PagedSearch | undefined>((latest, page) => (latest && latest.issuedAt > page.issuedAt ? latest : page), undefined);
}
