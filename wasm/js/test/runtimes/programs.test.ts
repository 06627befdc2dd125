// The suite in Node, Deno and Bun, from an application that has the package
// installed from its tarball.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import assert from "node:assert/strict";
import { appFolder, endpoint, mark, report, resultsIn, run, runtimes, writeSuite } from "./harness.js";

const main = (worker: string): string => `
const before = Reflect.ownKeys(globalThis);
const dsmlkit = await import("dsmlkit");
const { connect } = await import("dsmlkit/worker-client");
const { runSuite } = await import("./suite.js");
${worker}
const results = await runSuite({ dsmlkit, before, endpoint: ${JSON.stringify(endpoint)}, connect: () => connect(newWorker()) });
console.log(${JSON.stringify(mark)} + JSON.stringify(results));
`;

const ofNode = `
const { Worker: Thread } = await import("node:worker_threads");
const newWorker = () => new Thread(new URL(import.meta.resolve("dsmlkit/worker")));`;

const ofTheWeb = `
const newWorker = () => new Worker(import.meta.resolve("dsmlkit/worker"), { type: "module" });`;

const { platform, arch } = process;

/** The program for this machine: the npm packages of the runtimes hold one for each, in places of their own. */
function program(runtime: string, ...places: string[]): string {
  const found = places.map((place) => join(runtimes, place)).find(existsSync);
  assert.ok(found, `there is no ${runtime} for ${platform} on ${arch} among the packages that build/runtimes/package.json names`);
  return found;
}

for (const [runtime, args, worker, ...places] of [
  ["Node 20", [], ofNode, `node-oldest-${platform}-${arch}/bin/node`],
  ["the newest Node", [], ofNode, `node-newest-${platform}-${arch}/bin/node`],
  ["Deno", ["run", "--node-modules-dir=manual", "--no-lock", "--allow-all"], ofTheWeb, `@deno/${platform}-${arch}-glibc/deno`, `@deno/${platform}-${arch}/deno`],
  ["Bun", ["run"], ofTheWeb, `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}/bin/bun`],
] as [string, string[], string, ...string[]][]) {
  test(runtime, async (t) => {
    const folder = await appFolder(runtime.replaceAll(" ", "-").toLowerCase());
    await writeSuite(folder);
    await writeFile(join(folder, "main.mjs"), main(worker));
    await report(t, resultsIn(await run(program(runtime, ...places), [...args, "main.mjs"], folder)));
  });
}
