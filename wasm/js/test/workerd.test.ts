import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { dsmlNamespace } from "./samples.js";
import { startWorkerd } from "./workerd.js";

const script = `
  import wasm from "./dsmlkit.wasm";
  import { load } from "./index.js";
  let kit;
  export default {
    async fetch(request) {
      try {
        kit ??= await load({ wasm });
        const items = [];
        for await (const item of kit.dsml.stream(request.body)) items.push(item.kind);
        const session = kit.session.dsml();
        session.begin();
        return Response.json({ items, state: session.state });
      } catch (error) {
        return new Response(String(error), { status: 500 });
      }
    },
  };`;

test("the package in workerd, from a compiled module", async () => {
  const source = fileURLToPath(new URL(".", import.meta.resolve("dsmlkit")));
  const folder = await mkdtemp(join(process.env["DSMLKIT_TMP"] ?? tmpdir(), "workerd-"));
  const scripts = (await readdir(source)).filter((name) => name.endsWith(".js"));
  for (const name of [...scripts, "dsmlkit.wasm"]) await copyFile(join(source, name), join(folder, name));
  await writeFile(join(folder, "worker.mjs"), script);
  const modules = ["worker.mjs", ...scripts].map((name) => `(name = "${name}", esModule = embed "${name}")`);
  await writeFile(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .toolkit)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const toolkit :Workerd.Worker = (
  modules = [${modules.join(", ")}, (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm")],
  compatibilityDate = "2025-01-01"
);
`,
  );
  const workerd = await startWorkerd(join(folder, "config.capnp"));
  try {
    const body = `<batchResponse xmlns="${dsmlNamespace}"><delResponse><resultCode code="0"/></delResponse></batchResponse>`;
    // The first request starts Go, the second finds it running.
    for (let round = 0; round < 2; round++) {
      const response = await fetch(workerd.url, { method: "POST", body });
      assert.equal(await response.text(), JSON.stringify({ items: ["delResponse"], state: "opening" }), workerd.said());
    }
  } finally {
    await workerd.stop();
    await rm(folder, { recursive: true });
  }
});
