/** What a deployment sets: bindings, variables and secrets of the Worker. */

/** A Durable Object's id and the way to it. */
export interface ObjectId {
  toString(): string;
}
export interface Namespace<Stub> {
  newUniqueId(): ObjectId;
  idFromName(name: string): ObjectId;
  /** Throws for an id that is not of this namespace. */
  idFromString(text: string): ObjectId;
  get(id: ObjectId): Stub;
}
export interface Fetcher {
  fetch(request: Request): Promise<Response>;
}

/** The bindings of wrangler.jsonc. Variables and secrets are strings named DSMLKIT_... beside them. */
export interface Environment {
  /** Class Endpoint: sessions, the pool, the directory in memory. */
  ENDPOINT: Namespace<Fetcher>;
  /** Class Coordinator: how many sessions there are, and whose. */
  COORDINATOR: Namespace<Counting>;
  /** The page. */
  ASSETS?: Fetcher;
}

/** A row of the session view: columns of sys.dm_exec_sessions. */
export type Row = { session_id: number } & Record<string, unknown>;

/** What the coordinator can be asked; see edge-coordinator.ts. */
export interface Counting {
  reserve(id: string, client: string, shard: number): Promise<boolean>;
  renew(id: string, client: string, shard: number, rows: string): Promise<void>;
  release(id: string): Promise<void>;
  list(): Promise<Row[]>;
}

/** The settings of Go: every variable and secret whose name begins with DSMLKIT_. */
export function goSettings(env: object): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("DSMLKIT_") && typeof value === "string") found[name] = value;
  }
  return found;
}

/** Raised for a deployment that cannot work; the message says what to set. */
export class SettingError extends Error {}

function number(env: object, name: string, fallback: number, least: number): number {
  const value = (env as Record<string, unknown>)[name];
  if (value === undefined || value === "") return fallback;
  const n = Number(value);
  if (!Number.isInteger(n) || n < least) throw new SettingError(`${name} must be a whole number from ${least} on`);
  return n;
}

export type Kind = "memory" | "ldap" | "relay";

export interface Settings {
  kind: Kind;
  /** the DSML endpoint that is relayed to; with kind relay */
  upstream: string;
  adminToken: string;
  /** sessions in all and of one client; -1 is no limit (D-128, D-129) */
  max: number;
  maxPerClient: number;
  /** coordinator objects, and pool objects */
  shards: number;
  pool: number;
  /** bytes (D-122) */
  maxBody: number;
  /** web origins whose pages may call the endpoint, besides its own; "*" is any */
  origins: string[];
}

const units: Record<string, number> = { KiB: 1 << 10, MiB: 1 << 20, GiB: 1 << 30 };

/** They do not change while the Worker runs. */
const known = new WeakMap<object, Settings>();

export function readSettings(env: object): Settings {
  let settings = known.get(env);
  if (settings === undefined) known.set(env, (settings = read(env)));
  return settings;
}

function read(env: object): Settings {
  const text = (name: string): string => goSettings(env)[name] ?? "";
  const directory = text("DSMLKIT_DIRECTORY") || "memory";
  const kind: Kind = /^ldaps?:\/\//.test(directory) ? "ldap" : /^https?:\/\//.test(directory) ? "relay" : "memory";
  if (kind === "memory" && directory !== "memory") {
    throw new SettingError("DSMLKIT_DIRECTORY must be memory, ldap://HOST:PORT, ldaps://HOST:PORT or the https:// address of a DSML endpoint");
  }
  const size = /^(\d+)\s*(KiB|MiB|GiB)?$/.exec(text("DSMLKIT_MAX_BODY") || "10MiB");
  if (size === null) throw new SettingError("DSMLKIT_MAX_BODY must be a number of bytes, such as 65536, 64KiB or 10MiB");
  return {
    kind,
    upstream: kind === "relay" ? directory : "",
    adminToken: text("DSMLKIT_ADMIN_TOKEN"),
    max: number(env, "DSMLKIT_SESSIONS_MAX", 100, -1),
    maxPerClient: number(env, "DSMLKIT_SESSIONS_MAX_PER_CLIENT", 5, -1),
    shards: number(env, "DSMLKIT_EDGE_SHARDS", 1, 1),
    pool: number(env, "DSMLKIT_EDGE_POOL", 4, 1),
    maxBody: Number(size[1]) * (units[size[2] ?? ""] ?? 1),
    origins: text("DSMLKIT_ALLOW_ORIGIN").split(/[\s,]+/).filter((origin) => origin !== ""),
  };
}
