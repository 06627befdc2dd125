// The suite in workerd, the runtime of Cloudflare Workers. It is bundled as
// their own tool does it: the condition "workerd" first, WebAssembly by import.
import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startWorkerd } from "../workerd.js";
import { appFolder, endpoint, esbuild, installed, report, writeSuite } from "./harness.js";
import type { Result } from "./suite.js";

const main = `
import * as dsmlkit from "dsmlkit";
import { runSuite } from "./suite.js";
export default {
  async fetch() {
    return Response.json(await runSuite({ dsmlkit, before: Reflect.ownKeys(globalThis), endpoint: ${JSON.stringify(endpoint)} }));
  },
};`;

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
  await writeFile(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .toolkit),
    (name = "internet", network = (allow = ["public", "private"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const toolkit :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs"), (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm")],
  compatibilityDate = "2025-01-01"
);
`,
  );
  const workerd = await startWorkerd(join(folder, "config.capnp"));
  t.after(() => workerd.stop());
  const response = await fetch(workerd.url);
  assert.equal(response.status, 200, workerd.said());
  return report(t, (await response.json()) as Result[]);
});
