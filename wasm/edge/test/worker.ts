/**
 * The Worker in the runtime that it has at Cloudflare: one process of workerd
 * with a configuration of its own, on a free port of this machine.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import workerd from "workerd";

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

const configuration = (port: number, settings: Record<string, string>): string => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = "storage", writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
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
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    private readonly said: () => string,
  ) {}

  static async start(options: { breakable?: boolean; settings?: Record<string, string> } = {}): Promise<Worker> {
    const built = process.env["DSMLKIT_EDGE"];
    if (built === undefined) throw new Error("DSMLKIT_EDGE must name the folder of the built Worker: go run ./build test --only wasm");
    const folder = mkdtempSync(join(process.env["DSMLKIT_TMP"] ?? tmpdir(), "edge-"));
    mkdirSync(join(folder, "storage"));
    for (const name of ["worker.js", "edge.wasm", "tab.wasm", "dsmlkit.wasm"]) copyFileSync(join(built, name), join(folder, name));
    writeFileSync(join(folder, "main.js"), options.breakable ? breakable : `export { default, Coordinator, Endpoint } from "./worker.js";\n`);
    const port = await freePort();
    writeFileSync(join(folder, "config.capnp"), configuration(port, options.settings ?? {}));
    const child = spawn(workerd.default, ["serve", join(folder, "config.capnp")], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    process.once("exit", () => child.kill("SIGKILL")); // tests that were broken off leave nothing behind
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
    const worker = new Worker(child, folder, `http://127.0.0.1:${port}/dsml`, () => said);
    try {
      await worker.listening();
    } catch (error) {
      await worker.stop();
      throw error;
    }
    return worker;
  }

  private async listening(): Promise<void> {
    const patience = Date.now() + 60_000;
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`workerd ended:\n${this.said()}`);
      const status = await fetch(new URL("/", this.url)).then((r) => r.status, () => 0);
      if (status === 404) return;
      if (Date.now() > patience) throw new Error(`workerd does not answer (${status}):\n${this.said()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const over = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      const hard = setTimeout(() => this.process.kill("SIGKILL"), 5_000);
      await over;
      clearTimeout(hard);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
