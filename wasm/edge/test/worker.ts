/**
 * The Worker in the runtime that it has at Cloudflare: one process of workerd
 * with a configuration of its own, on a free port of this machine.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorkerd, type Workerd } from "../../js/test/workerd.js";

/**
 * The Worker with a way to break it from inside, as a defect or the runtime
 * would: from outside there is none. "Break: go" makes Go panic, "Break: object"
 * ends the object, as a restart of the machine does.
 */
const breakable = `import worker, { Coordinator, Endpoint as Whole } from "./worker.js";
export default worker;
export { Coordinator };
export class Endpoint extends Whole {
  async fetch(request) {
    switch (request.headers.get("Break")) {
      case "go": (await this.go)?.bridge.serve(); break;
      case "object": this.state.abort("the test says so");
    }
    return super.fetch(request);
  }
}
`;

const configuration = (settings: Record<string, string>): string => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = "storage", writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "main.js", esModule = embed "main.js"),
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "edge.wasm", wasm = embed "edge.wasm"),
    (name = "tab.wasm", wasm = embed "tab.wasm"),
    (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm"),
  ],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["enable_request_signal", "request_signal_passthrough"],
  durableObjectNamespaces = [
    (className = "Endpoint", uniqueKey = "${crypto.randomUUID()}", enableSql = true),
    (className = "Coordinator", uniqueKey = "${crypto.randomUUID()}", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ENDPOINT", durableObjectNamespace = "Endpoint"),
    (name = "COORDINATOR", durableObjectNamespace = "Coordinator"),
${Object.entries(settings).map(([name, value]) => `    (name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)}),`).join("\n")}
  ],
);
`;

export class Worker {
  private constructor(
    private readonly workerd: Workerd,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(options: { breakable?: boolean; settings?: Record<string, string> } = {}): Promise<Worker> {
    const built = process.env["DSMLKIT_EDGE"];
    if (built === undefined) throw new Error("DSMLKIT_EDGE must name the folder of the built Worker: go run ./build test --only wasm");
    const folder = mkdtempSync(join(process.env["DSMLKIT_TMP"] ?? tmpdir(), "edge-"));
    try {
      mkdirSync(join(folder, "storage"));
      for (const name of ["worker.js", "edge.wasm", "tab.wasm", "dsmlkit.wasm"]) copyFileSync(join(built, name), join(folder, name));
      writeFileSync(join(folder, "main.js"), options.breakable ? breakable : `export { default, Coordinator, Endpoint } from "./worker.js";\n`);
      writeFileSync(join(folder, "config.capnp"), configuration(options.settings ?? {}));
      const workerd = await startWorkerd(join(folder, "config.capnp"));
      return new Worker(workerd, folder, `${workerd.url}dsml`);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.workerd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
