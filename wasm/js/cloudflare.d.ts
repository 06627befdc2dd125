/** What is used of the modules of the Workers runtime. */
declare module "cloudflare:workers" {
  export class DurableObject<Env> {
    constructor(state: unknown, env: Env);
    protected readonly env: Env;
  }
}
declare module "cloudflare:sockets" {
  /** As `Connect` in edge-sockets.ts. */
  export function connect(address: { hostname: string; port: number }): {
    readonly opened: Promise<unknown>;
    readonly closed: Promise<unknown>;
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
    close(): Promise<unknown>;
  };
}
