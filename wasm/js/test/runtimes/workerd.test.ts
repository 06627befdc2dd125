// The suite in workerd, the runtime of Cloudflare Workers. It is bundled as
// their own tool does it: the condition "workerd" first, WebAssembly by import.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { appFolder, endpoint, esbuild, installed, need, report, writeSuite } from "./harness.js";
import type { Result } from "./suite.js";

const main = `
import * as dsmlkit from "dsmlkit";
import { runSuite } from "./suite.js";
export default {
  async fetch() {
    return Response.json(await runSuite({ dsmlkit, before: Reflect.ownKeys(globalThis), endpoint: ${JSON.stringify(endpoint)} }));
  },
};`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

test("workerd", async (t) => {
  const folder = await appFolder("workerd");
  await writeSuite(folder);
  await writeFile(join(folder, "main.js"), main);
  await esbuild.build({
    entryPoints: [join(folder, "main.js")],
    outfile: join(folder, "worker.mjs"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm"],
    logLevel: "error",
  });
  assert.ok((await readFile(join(folder, "worker.mjs"))).length < 300_000, "the embedded copy, which a Worker cannot use, was taken along");
  await copyFile(join(installed, "node_modules/dsmlkit/dsmlkit.wasm"), join(folder, "dsmlkit.wasm"));
  const port = await freePort();
  await writeFile(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .toolkit),
    (name = "internet", network = (allow = ["public", "private"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const toolkit :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs"), (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm")],
  compatibilityDate = "2025-01-01"
);
`,
  );
  const require = createRequire(join(need("DSMLKIT_ROOT"), "package.json"));
  const workerd = spawn((require("workerd") as { default: string }).default, ["serve", join(folder, "config.capnp")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  workerd.stderr.on("data", (text) => (said += text));
  const ended = once(workerd, "exit");
  t.after(async () => {
    workerd.kill();
    await ended;
  });
  for (let tries = 0; ; tries++) {
    let response: Response;
    try {
      response = await fetch(`http://127.0.0.1:${port}/`);
    } catch (error) {
      if (tries === 200 || workerd.exitCode !== null) throw new Error(said, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    assert.equal(response.status, 200, said);
    return report(t, (await response.json()) as Result[]);
  }
});
