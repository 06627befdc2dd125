/** TCP for Go: the sockets of the runtime, by numbers that Go chose (wasm/edge/sockets.go). */

/** What is used of a Socket of `cloudflare:sockets`. */
export interface Socket {
  readonly opened: Promise<unknown>;
  readonly closed: Promise<unknown>;
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  close(): Promise<unknown>;
}

export type Connect = (address: { hostname: string; port: number }) => Socket;

/** What Go is told. An empty problem is none. */
export interface SocketEvents {
  opened(id: number, problem: string): void;
  /** No bytes and no problem: the other side has closed. */
  received(id: number, bytes: Uint8Array, problem: string): void;
  written(id: number, problem: string): void;
}

interface Open {
  socket: Socket;
  reader: ReadableStreamDefaultReader<Uint8Array>;
  writer: WritableStreamDefaultWriter<Uint8Array>;
}

const nothing = new Uint8Array();

export class Sockets {
  private readonly open = new Map<number, Open>();

  constructor(
    private readonly connect: Connect,
    private readonly events: SocketEvents,
  ) {}

  dial(id: number, hostname: string, port: number): void {
    let socket: Socket;
    try {
      socket = this.connect({ hostname, port });
      this.open.set(id, { socket, reader: socket.readable.getReader(), writer: socket.writable.getWriter() });
    } catch (error) {
      this.events.opened(id, text(error));
      return;
    }
    socket.closed.catch(() => {}); // whoever reads or writes hears of it
    socket.opened.then(
      () => this.events.opened(id, ""),
      (error: unknown) => this.events.opened(id, text(error)),
    );
  }

  /** Reads one piece; Go asks for the next when it has used that. */
  pull(id: number): void {
    const open = this.open.get(id);
    if (open === undefined) return;
    open.reader.read().then(
      ({ done, value }) => this.events.received(id, done ? nothing : value, ""),
      (error: unknown) => this.events.received(id, nothing, text(error)),
    );
  }

  push(id: number, bytes: Uint8Array): void {
    const open = this.open.get(id);
    if (open === undefined) return;
    open.writer.write(bytes).then(
      () => this.events.written(id, ""),
      (error: unknown) => this.events.written(id, text(error)),
    );
  }

  shut(id: number): void {
    const open = this.open.get(id);
    if (open === undefined) return;
    this.open.delete(id);
    open.reader.cancel().catch(() => {}); // what is closed cannot be cancelled, and need not be
    open.socket.close().catch(() => {});
  }

  /** Closes all of them, at the end of the program. */
  shutAll(): void {
    for (const id of [...this.open.keys()]) this.shut(id);
  }
}

/** Never empty: that would mean that all is well. */
function text(error: unknown): string {
  return (error instanceof Error && error.message) || String(error) || "the socket failed";
}
