/**
 * The Durable Object that runs Go. What it is for, the front Worker decides by
 * the id that it is reached under: one session on an LDAP server, messages
 * outside sessions, or the whole directory in memory.
 *
 * An object of a session keeps two notes about it, one in its memory and one in
 * its storage. When the storage knows of a session and the memory does not, the
 * object was put away or restarted in between, and the directory connection with
 * all its state is gone: the session is lost, and never begun anew in silence.
 */
import { connect } from "cloudflare:sockets";
import { DurableObject } from "cloudflare:workers";
import { coordinator, shardOf } from "./edge-coordinator.js";
import { EdgeInstance } from "./edge-go.js";
import { type Environment, goSettings, readSettings } from "./edge-settings.js";
import ldapProgram from "./edge.wasm";
import memoryProgram from "./tab.wasm";

/** Headers between the front Worker and its objects; nobody else reaches them. */
export const internal = {
  /** address of the client */
  client: "dsmlkit-client",
  /** role of the object: directory, pool, begin, session or view */
  role: "dsmlkit-role",
  /** on an answer: there is no such session here */
  unknown: "dsmlkit-unknown",
};

/**
 * How often an object with a session wakes itself, in milliseconds. Without
 * that the runtime puts it away after 90 to 150 s, with its connection.
 */
const wakeEvery = 40_000;

/**
 * How old the coordinator's picture of a session in use may be, in milliseconds.
 * To report every request would halve how many there can be.
 */
const reportEvery = 5_000;

/** What an object needs of its DurableObjectState. */
interface State {
  id: { toString(): string };
  storage: {
    get<T>(key: string): Promise<T | undefined>;
    put(key: string, value: unknown): Promise<void>;
    deleteAll(): Promise<void>;
    setAlarm(at: number): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
  waitUntil(work: Promise<unknown>): void;
  abort(reason?: string): void;
}

export class Endpoint extends DurableObject<Environment> {
  private go: Promise<EdgeInstance> | undefined;
  /** epoch milliseconds */
  private reported = 0;
  /** whether the object that has the directory has seen to its next waking */
  private awake = false;

  constructor(private readonly state: State, environment: Environment) {
    super(state, environment);
  }

  async fetch(request: Request): Promise<Response> {
    const client = request.headers.get(internal.client) ?? "";
    switch (request.headers.get(internal.role)) {
      case "begin":
        return this.begin(request, client);
      case "session":
        return this.use(request, client);
      case "view":
        return new Response(this.go === undefined ? "[]" : (await this.go).view());
      case "directory":
        return this.directory(request, client);
      default:
        return (await this.start("pool")).fetch(request, client);
    }
  }

  /** The object keeps itself awake while it has a session, and clears up behind one that is gone. */
  async alarm(): Promise<void> {
    const go = await this.go;
    if (go !== undefined && go.sessions > 0) {
      await this.state.storage.setAlarm(Date.now() + wakeEvery);
      await this.report(go);
      return;
    }
    this.awake = false;
    if ((await this.sessionClient()) !== undefined) await this.over();
  }

  private async begin(request: Request, client: string): Promise<Response> {
    await this.state.storage.put("client", client);
    await this.state.storage.setAlarm(Date.now() + wakeEvery);
    let go: EdgeInstance;
    try {
      go = await this.start("session");
    } catch (error) {
      await this.cleared();
      throw error;
    }
    const response = await go.fetch(request, client);
    if (go.sessions === 0) await this.cleared(); // refused, or ended by its own batch
    else await this.report(go).catch((error: unknown) => console.error(`a session is not in the view yet: ${String(error)}`)); // its place it has
    return response;
  }

  private async use(request: Request, client: string): Promise<Response> {
    const go = await this.go;
    if (go !== undefined && go.sessions > 0) {
      const response = await go.fetch(request, client);
      if (Math.abs(Date.now() - this.reported) > reportEvery) this.state.waitUntil(this.report(go));
      return response;
    }
    if ((await this.sessionClient()) !== undefined) {
      console.error("a session is lost: its object was put away or restarted");
      await this.cleared();
    }
    return new Response(null, { status: 404, headers: { [internal.unknown]: "1" } });
  }

  private async directory(request: Request, client: string): Promise<Response> {
    const go = await this.start("directory");
    const response = await go.fetch(request, client);
    if (!this.awake && go.sessions > 0) {
      await this.state.storage.setAlarm(Date.now() + wakeEvery);
      this.awake = true;
    }
    return response;
  }

  /** Go runs from the first request to the end of the session or of the object. */
  private start(role: "session" | "pool" | "directory"): Promise<EdgeInstance> {
    this.go ??= this.launch(role);
    return this.go;
  }

  private async launch(role: "session" | "pool" | "directory"): Promise<EdgeInstance> {
    try {
      const env: Record<string, string> = { ...goSettings(this.env), DSMLKIT_EDGE_ROLE: role };
      if (role === "session") env["DSMLKIT_EDGE_SESSION"] = this.state.id.toString();
      const go = await EdgeInstance.start(role === "directory" ? memoryProgram : ldapProgram, {
        env,
        connect,
        sessionEnded: () => this.sessionEnded(role),
      });
      void go.ended.then(() => {
        // Not because it was told to: the next request makes a fresh object,
        // which knows none of the sessions and says so.
        if (!go.stopped) this.state.abort("the endpoint has come to an end");
      });
      return go;
    } catch (error) {
      this.go = undefined;
      throw error;
    }
  }

  private sessionEnded(role: string): Promise<void> {
    const cleared = role === "session" ? this.cleared() : Promise.resolve();
    this.state.waitUntil(cleared);
    return cleared;
  }

  /** over, for an answer that waits for it and comes all the same when it fails. */
  private cleared(): Promise<void> {
    return this.over().catch((error: unknown) => console.error(`a session is over, but it may count on for a while: ${String(error)}`));
  }

  /** The session is no more: nothing of it stays, in memory, storage or the coordinator's count. */
  private async over(): Promise<void> {
    const client = await this.sessionClient();
    const go = this.go;
    this.go = undefined;
    await this.state.storage.deleteAlarm();
    await this.state.storage.deleteAll();
    await go?.then((program) => program.stop()).catch(() => {}); // one that did not start need not be stopped
    if (client !== undefined) await this.counting(client).release(this.state.id.toString());
  }

  /** Address of the client whose session the storage knows of. */
  private sessionClient(): Promise<string | undefined> {
    return this.state.storage.get<string>("client");
  }

  private async report(go: EdgeInstance): Promise<void> {
    this.reported = Date.now();
    const client = await this.sessionClient();
    if (client !== undefined) await this.counting(client).renew(this.state.id.toString(), client, this.shard(client), go.view());
  }

  private counting(client: string) {
    return coordinator(this.env, this.shard(client));
  }

  private shard(client: string): number {
    return shardOf(client, readSettings(this.env).shards);
  }
}
