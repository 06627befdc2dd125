/** The worker's side: a toolkit that answers messages. */
import { Decoder } from "./decoder.js";
import { DsmlkitError } from "./errors.js";
import { compile } from "./find-wasm.js";
import { Kit } from "./kit.js";
import { TrackedSession } from "./session.js";
import { freed, type SessionView } from "./session-view.js";
import { makeToolkit } from "./toolkit.js";
import type { Toolkit } from "./types.js";
import { type Answer, type Method, listen, pack, type Port, type Request } from "./worker-protocol.js";

/** Answers the messages that come through a port. */
export function serve(port: Port): void {
  new Server(port);
}

type Work = Exclude<Request, { type: "open" | "abort" }>;

class Server {
  private kit: Kit | undefined;
  private toolkit: Toolkit | undefined;
  private readonly sessions = new Map<number, TrackedSession>();
  private readonly streams = new Map<number, Decoder<unknown>>();
  /** errors behind items of a chunk, for the next call of the stream */
  private readonly failures = new Map<number, unknown>();
  private last = 0;

  private readonly queue: Work[] = [];
  private readonly turns = new MessageChannel();

  constructor(private readonly port: Port) {
    // One call a turn: what arrives meanwhile, an abort above all, is seen
    // before the next call begins.
    this.turns.port1.onmessage = () => this.turn();
    listen(
      port,
      (data) => this.take(data as Request),
      () => {},
    );
    // In Node an idle worker thread would otherwise live for ever on this port.
    (this.turns.port1 as { unref?: () => void }).unref?.();
  }

  private answer(answer: Answer): void {
    this.port.postMessage(answer);
  }

  private take(request: Request): void {
    switch (request.type) {
      case "open":
        void this.open(request.wasm);
        return;
      case "abort": {
        const at = this.queue.findIndex((work) => work.id === request.id);
        if (at >= 0) this.queue.splice(at, 1);
        return;
      }
      default:
        this.queue.push(request);
        this.turns.port2.postMessage(0);
    }
  }

  private async open(wasm: (Request & { type: "open" })["wasm"]): Promise<void> {
    try {
      this.kit = await Kit.start(await compile(wasm, () => import("./embedded.js")));
      this.toolkit = makeToolkit(this.kit);
      this.answer({ type: "ready" });
    } catch (error) {
      this.answer({ type: "refused", error: pack(error) });
    }
  }

  private turn(): void {
    const work = this.queue.shift();
    if (work === undefined) return;
    const { id } = work;
    const number = work.type === "session" ? work.session : undefined;
    const session = number === undefined ? undefined : this.sessions.get(number);
    try {
      const { value, view } = this.run(work, session);
      this.answer({ type: "result", id, value, session: number, view });
    } catch (error) {
      this.answer({ type: "error", id, error: pack(error), session: number, view: viewOf(session) });
    }
  }

  private run(work: Work, session: TrackedSession | undefined): { value: unknown; view?: SessionView } {
    const { args } = work;
    switch (work.type) {
      case "call":
        return this.call(work.method, args);
      case "session": {
        if (session === undefined) {
          throw freed();
        }
        if (work.method === "free") {
          this.sessions.delete(work.session);
          session.free();
          return { value: undefined };
        }
        if (work.method === "look") return { value: undefined, view: session.view() };
        const method = session[work.method] as (...args: unknown[]) => unknown;
        const value = method.apply(session, args);
        return { value, view: session.view() };
      }
      case "stream": {
        const stream = this.streams.get(work.stream);
        if (work.method === "free") {
          this.streams.delete(work.stream);
          this.failures.delete(work.stream);
          stream?.free();
          return { value: undefined };
        }
        if (stream === undefined) {
          throw new DsmlkitError({ code: "internal", message: "the worker does not know this stream" });
        }
        if (this.failures.has(work.stream)) throw this.failures.get(work.stream);
        if (work.method === "close") return { value: stream.close() };
        const items: unknown[] = [];
        try {
          for (const batch of stream.feed(args[0] as Uint8Array)) items.push(...batch);
        } catch (error) {
          if (items.length === 0) throw error;
          this.failures.set(work.stream, error);
        }
        return { value: items };
      }
    }
  }

  private call(name: Method, args: unknown[]): { value: unknown; view?: SessionView } {
    const { kit, toolkit } = this;
    if (kit === undefined || toolkit === undefined) {
      throw new DsmlkitError({ code: "closed", message: "the worker has no toolkit" });
    }
    if (name === "stream.open" || name === "sql.open") {
      this.streams.set(++this.last, new Decoder(kit, name === "sql.open" ? "sql" : "stream", args[0] as { strict?: boolean } | undefined));
      return { value: this.last };
    }
    if (name === "session.dsml" || name === "session.sql" || name === "session.restore") {
      const session =
        name === "session.restore"
          ? TrackedSession.restore(kit, args[0] as never)
          : TrackedSession.open(kit, name === "session.sql" ? "sql" : "dsml", args[0] as never);
      this.sessions.set(++this.last, session);
      return { value: this.last, view: session.view() };
    }
    let at: unknown = toolkit;
    for (const step of name.split(".")) at = (at as Record<string, unknown>)[step];
    return { value: (at as (...args: unknown[]) => unknown)(...args) };
  }
}

function viewOf(session: TrackedSession | undefined): SessionView | undefined {
  try {
    return session?.view();
  } catch {
    return undefined;
  }
}
