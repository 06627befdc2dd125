import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { dsmlNamespace } from "./samples.js";

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

test("the package in workerd, from a compiled module", async () => {
  const source = fileURLToPath(new URL(".", import.meta.resolve("dsmlkit")));
  const folder = await mkdtemp(join(process.env["DSMLKIT_TMP"] ?? tmpdir(), "workerd-"));
  const scripts = (await readdir(source)).filter((name) => name.endsWith(".js"));
  for (const name of [...scripts, "dsmlkit.wasm"]) await copyFile(join(source, name), join(folder, name));
  await writeFile(join(folder, "worker.mjs"), script);
  const port = await freePort();
  const modules = ["worker.mjs", ...scripts].map((name) => `(name = "${name}", esModule = embed "${name}")`);
  await writeFile(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .toolkit)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const toolkit :Workerd.Worker = (
  modules = [${modules.join(", ")}, (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm")],
  compatibilityDate = "2025-01-01"
);
`,
  );
  // The package's entry is its binary, whatever it is called for this machine.
  const require = createRequire(join(process.env["DSMLKIT_ROOT"] ?? process.cwd(), "package.json"));
  const binary = (require("workerd") as { default: string }).default;
  const workerd = spawn(binary, ["serve", join(folder, "config.capnp")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  workerd.stderr.on("data", (text) => (said += text));
  const ended = once(workerd, "exit");
  try {
    const body = `<batchResponse xmlns="${dsmlNamespace}"><delResponse><resultCode code="0"/></delResponse></batchResponse>`;
    // The first request starts Go, the second finds it running.
    for (let round = 0; round < 2; round++) {
      const response = await untilUp(`http://127.0.0.1:${port}/`, body, () => workerd.exitCode === null);
      assert.equal(await response.text(), JSON.stringify({ items: ["delResponse"], state: "opening" }), said);
    }
  } finally {
    workerd.kill();
    await ended;
    await rm(folder, { recursive: true });
  }
});

async function untilUp(url: string, body: string, running: () => boolean): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url, { method: "POST", body });
    } catch (error) {
      if (tries === 200 || !running()) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
