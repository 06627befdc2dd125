// Uses that have to compile where only Node's types are there.
import { readFile } from "node:fs/promises";
import { MessageChannel, Worker } from "node:worker_threads";
import { load, type Client } from "dsmlkit";
import { connect, type AsyncToolkit } from "dsmlkit/worker-client";

const kit = await load({ wasm: await readFile("dsmlkit.wasm") });
const client: Client = kit.client({ endpoint: new URL("https://example.org/dsml"), credentials: "include", headers: new Headers() });
client satisfies object;
for await (const item of kit.dsml.stream((await fetch("https://example.org/dsml")).body!)) item.kind satisfies string;

const remote: AsyncToolkit = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))));
(await remote.with({ signal: AbortSignal.timeout(1000) }).dsml.parse("")).kind satisfies string;
await connect(new MessageChannel().port1, { wasm: new Uint8Array() });
// @ts-expect-error No worker, but its address.
await connect("worker.js");
