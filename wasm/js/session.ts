/** The client side of a session, over a tracker kept in the module. */
import { DsmlkitError } from "./errors.js";
import type { Kit } from "./kit.js";
import { changed, freed, headersOf, Listeners, remaining, type SessionView } from "./session-view.js";
import type {
  FailedOptions,
  Outgoing,
  PagedSearch,
  Payload,
  ReceiveMeta,
  Reply,
  Session,
  SessionEvent,
  SessionOptions,
  SessionSnapshot,
  SessionState,
  Text,
} from "./types.js";

interface Answered<T> {
  result: T;
  view: SessionView;
}

interface Kept {
  kit: Kit;
  handle: number;
  epoch: number;
}

function release({ kit, handle, epoch }: Kept): void {
  if (kit.epoch === epoch) kit.call("session.free", { handle });
}

/**
 * Sessions that were forgotten without free() are freed with their object,
 * where the platform tells (workerd does so only of late).
 */
const forgotten = globalThis.FinalizationRegistry && new FinalizationRegistry<Kept>((kept) => {
  try {
    release(kept);
  } catch {
    // The instance is gone, and the session with it.
  }
});

function clockOf(options: Pick<SessionOptions, "now"> | undefined | null): () => number {
  const now = options?.now ?? Date.now;
  if (typeof now !== "function") {
    throw new DsmlkitError({ code: "argument", message: "options.now must be a function", detail: `options.now is a ${typeof now}` });
  }
  return () => {
    const at = now();
    if (!Number.isFinite(at)) {
      throw new DsmlkitError({ code: "argument", message: "options.now must return epoch milliseconds", detail: `options.now returned ${typeof at === "number" ? at : `a ${typeof at}`}` });
    }
    return at;
  };
}

export class TrackedSession implements Session {
  readonly #kit: Kit;
  readonly #now: () => number;
  readonly #listeners = new Listeners();
  #kept: Kept | undefined;
  #view: SessionView;

  private constructor(kit: Kit, now: () => number, opened: { handle: number; view: SessionView }) {
    this.#kit = kit;
    this.#now = now;
    this.#view = opened.view;
    this.#keep(opened.handle);
  }

  static open(kit: Kit, dialect: "dsml" | "sql", options: SessionOptions | undefined): TrackedSession {
    const now = clockOf(options);
    // A function cannot cross; the rest of the options can.
    const rest = typeof options === "object" && options !== null && !Array.isArray(options) ? { ...options, now: undefined } : options;
    return new TrackedSession(kit, now, kit.call(`session.${dialect}`, { options: rest, now: now() }));
  }

  static restore(kit: Kit, snapshot: SessionSnapshot | string, options?: Pick<SessionOptions, "now">): TrackedSession {
    const now = clockOf(options);
    let plain: unknown = snapshot;
    if (typeof snapshot === "string") {
      try {
        plain = JSON.parse(snapshot);
      } catch (error) {
        throw new DsmlkitError({ code: "argument", message: "snapshot must be what toJSON gave, or its JSON text", detail: String(error) });
      }
    }
    return new TrackedSession(kit, now, kit.call("session.restore", { snapshot: plain, now: now() }));
  }

  #keep(handle: number): void {
    if (this.#kept !== undefined) forgotten?.unregister(this);
    this.#kept = { kit: this.#kit, handle, epoch: this.#kit.epoch };
    forgotten?.register(this, this.#kept, this);
  }

  /** What is kept in the module; throws when it was let go. */
  #held(): Kept {
    if (this.#kept === undefined) throw freed();
    return this.#kept;
  }

  /** The tracker's handle; on a fresh instance the tracker is made again from the last snapshot. */
  #handle(): number {
    const kept = this.#held();
    this.#kit.revive();
    if (kept.epoch !== this.#kit.epoch) {
      this.#keep(this.#kit.call<{ handle: number }>("session.restore", { snapshot: this.#view.snapshot, now: this.#now() }).handle);
    }
    return this.#held().handle;
  }

  #call<T>(operation: string, args: Record<string, unknown>): T {
    const handle = this.#handle();
    const { result, view } = this.#kit.call<Answered<T>>(operation, { handle, now: this.#now(), ...args });
    this.#take(view);
    return result;
  }

  #take(view: SessionView): void {
    const before = this.#view;
    this.#view = view;
    if (changed(before, view)) this.#listeners.tell(view);
  }

  /** Looks again: the clock alone can change the state. */
  #look(): SessionView {
    if (this.#kept !== undefined) {
      const seen = this.#kit.call<Pick<SessionView, "state" | "expiresAt">>("session.look", { handle: this.#handle(), now: this.#now() });
      if (seen.state !== this.#view.state || seen.expiresAt !== this.#view.expiresAt) this.#call<undefined>("session.view", {});
    }
    return this.#view;
  }

  begin(body?: Payload): Outgoing {
    return this.#call("session.begin", { body });
  }

  send(body: Payload): Outgoing {
    return this.#call("session.send", { body });
  }

  end(body?: Payload): Outgoing {
    return this.#call("session.end", { body });
  }

  receive(response: Text, meta?: ReceiveMeta): Reply {
    const plain = typeof meta === "object" && meta !== null && !Array.isArray(meta) ? { ...meta, headers: headersOf(meta.headers) } : meta;
    return this.#call("session.receive", { response, meta: plain });
  }

  failed(reason?: string, options?: FailedOptions): void {
    this.#call<undefined>("session.failed", { reason, options });
  }

  insist(): void {
    this.#call<undefined>("session.insist", {});
  }

  get state(): SessionState {
    return this.#look().state;
  }

  get id(): string | undefined {
    return this.#view.id;
  }

  get timeout(): number | undefined {
    return this.#view.timeout;
  }

  get timeoutGuessed(): boolean {
    return this.#view.timeoutGuessed ?? false;
  }

  get expiresAt(): number | undefined {
    return this.#view.expiresAt;
  }

  remaining(now?: number): number | undefined {
    this.#held();
    return remaining(this.#look(), now ?? this.#now());
  }

  get endDue(): number | undefined {
    return this.#look().endDue;
  }

  get pages(): PagedSearch[] {
    return this.#look().pages;
  }

  /** What a copy on the other side of a worker needs. */
  view(): SessionView {
    return this.#look();
  }

  toJSON(): SessionSnapshot {
    this.#held();
    return this.#view.snapshot;
  }

  addEventListener(type: "change", listener: (event: SessionEvent) => void): void {
    this.#listeners.add(type, listener);
  }

  removeEventListener(type: "change", listener: (event: SessionEvent) => void): void {
    this.#listeners.remove(type, listener);
  }

  free(): void {
    if (this.#kept === undefined) return;
    const kept = this.#kept;
    this.#kept = undefined;
    forgotten?.unregister(this);
    release(kept);
  }
}
