/**
 * The Durable Object that counts sessions across all objects. A deployment has
 * one or several: a client belongs to one of them by its address, so the limit
 * of a client is exact (D-129). Of the limit in all each has an equal share, so
 * that the sum is never above it (D-128); with several, one may refuse while
 * another has room.
 *
 * A reservation that is not renewed runs out: a session's object may go without
 * a word, and must not count for ever.
 */
import { DurableObject } from "cloudflare:workers";
import { type Counting, type Environment, readSettings, type Row } from "./edge-settings.js";

/** How long a reservation holds without being renewed, in milliseconds. */
export const reservationLasts = 150_000;

interface Reservation {
  client: string;
  /** session_id of the view, which is not the id on the wire */
  number: number;
  /** epoch milliseconds */
  until: number;
  /** the session view's rows, a JSON array */
  rows: string;
}

interface State {
  storage: {
    get<T>(key: string): Promise<T | undefined>;
    put(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<boolean>;
    list<T>(options: { prefix: string }): Promise<Map<string, T>>;
  };
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
}

const prefix = "session:";
const lastNumber = "last number";

export class Coordinator extends DurableObject<Environment> implements Counting {
  private readonly held = new Map<string, Reservation>();
  private last = 0;

  constructor(private readonly state: State, environment: Environment) {
    super(state, environment);
    void state.blockConcurrencyWhile(async () => {
      for (const [key, one] of await state.storage.list<Reservation>({ prefix })) this.held.set(key.slice(prefix.length), one);
      this.last = (await state.storage.get<number>(lastNumber)) ?? 0;
    });
  }

  /** Whether the client may have another session; if so it counts from now on. `shard` is this coordinator's number. */
  async reserve(id: string, client: string, shard: number): Promise<boolean> {
    await this.sweep();
    const { max, maxPerClient, shards } = readSettings(this.env);
    const share = max < 0 ? Infinity : Math.floor(max / shards) + (shard < max % shards ? 1 : 0);
    let own = 0;
    for (const one of this.held.values()) if (one.client === client) own++;
    if (this.held.size >= share || (maxPerClient >= 0 && own >= maxPerClient)) return false;
    await this.keep(id, { client, number: await this.number(shard), until: Date.now() + reservationLasts, rows: "[]" });
    return true;
  }

  /**
   * A session that is alive says so, with its row of the view. It counts even
   * if its time was over: a clock that was set forward, or a machine that slept,
   * ends no session.
   */
  async renew(id: string, client: string, shard: number, rows: string): Promise<void> {
    const number = this.held.get(id)?.number ?? (await this.number(shard));
    await this.keep(id, { client, number, until: Date.now() + reservationLasts, rows });
  }

  async release(id: string): Promise<void> {
    this.held.delete(id);
    await this.state.storage.delete(prefix + id);
  }

  /** The rows of the sessions, as of their last request or renewal. */
  async list(): Promise<Row[]> {
    await this.sweep();
    return [...this.held.values()].flatMap((one) => (JSON.parse(one.rows) as Row[]).map((row) => ({ ...row, session_id: one.number })));
  }

  /** Shards count in turns, so that a number means one session among all. */
  private async number(shard: number): Promise<number> {
    const number = this.last++ * readSettings(this.env).shards + shard + 1;
    await this.state.storage.put(lastNumber, this.last);
    return number;
  }

  private async keep(id: string, one: Reservation): Promise<void> {
    this.held.set(id, one);
    await this.state.storage.put(prefix + id, one);
  }

  private async sweep(): Promise<void> {
    const now = Date.now();
    // A clock that was set back does not hold a place for longer.
    for (const one of this.held.values()) one.until = Math.min(one.until, now + reservationLasts);
    const over = [...this.held].filter(([, one]) => one.until < now).map(([id]) => id);
    for (const id of over) await this.release(id);
  }
}

/** Which coordinator a client belongs to, from 0 on. */
export function shardOf(client: string, shards: number): number {
  let hash = 0x811c9dc5; // FNV-1a, for spreading and for nothing else
  for (const c of client) hash = Math.imul(hash ^ c.codePointAt(0)!, 0x01000193);
  return (hash >>> 0) % shards;
}

/** How long a coordinator may take for an answer, in milliseconds. Mostly it takes a few. */
const patience = 10_000;

/** The coordinator of that number. Its calls fail rather than have a client wait for ever. */
export function coordinator(env: Environment, shard: number): Counting {
  const one = env.COORDINATOR.get(env.COORDINATOR.idFromName(`shard-${shard}`));
  return {
    reserve: (...what) => inTime(one.reserve(...what)),
    renew: (...what) => inTime(one.renew(...what)),
    release: (...what) => inTime(one.release(...what)),
    list: () => inTime(one.list()),
  };
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the coordinator did not answer within ${patience} ms`)), patience);
    void answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
