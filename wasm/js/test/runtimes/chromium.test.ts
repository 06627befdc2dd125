// The suite in Chromium, on the main thread and in a Web Worker, from plain
// module scripts without a bundler; and the ways in which the WebAssembly can
// come there.
import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { appFolder, closeBrowser, endpoint, type FileServer, installed, openPage, report, serveFolder, title, writeSuite } from "./harness.js";
import type { Result } from "./suite.js";

after(closeBrowser);

/** A site that has the package in a folder, as a static host would serve it. */
async function site(name: string, files: Record<string, string>): Promise<string> {
  const folder = await appFolder(name);
  await cp(join(installed, "node_modules/dsmlkit"), join(folder, "dsmlkit"), { recursive: true });
  await writeSuite(folder);
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  return folder;
}

const html = (script: string, head = ""): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">${head}</head><body><script type="module">${script}</script></body></html>`;

const importMap = `<script type="importmap">{"imports": {"dsmlkit": "./dsmlkit/index.js", "dsmlkit/worker-client": "./dsmlkit/worker-client.js"}}</script>`;

/** Runs the suite; \`where\` is what the package is called there. */
const suite = (where: string, done: string): string => `
const before = Reflect.ownKeys(globalThis);
const dsmlkit = await import("${where === "" ? "dsmlkit" : `${where}index.js`}");
const { connect } = await import("${where === "" ? "dsmlkit/worker-client" : `${where}worker-client.js`}");
const { runSuite } = await import("./suite.js");
const newWorker = () => new Worker(new URL("./dsmlkit/worker.js", location.href), { type: "module" });
const results = await runSuite({ dsmlkit, before, endpoint: ${JSON.stringify(endpoint)}, connect: () => connect(newWorker()) });
${done}`;

async function results(t: TestContext, url: string): Promise<Result[]> {
  const { page, complaints } = await openPage(t, url);
  assert.equal(await title(page, complaints), "done", complaints.join("\n"));
  assert.deepEqual(complaints, []);
  return page.evaluate(() => (globalThis as unknown as { results: Result[] }).results);
}

const done = `globalThis.results = results; document.title = "done";`;

test("Chromium, main thread", async (t) => {
  const folder = await site("main-thread", { "index.html": html(suite("", done), importMap) });
  const host = await serveFolder(t, folder);
  await report(t, await results(t, `${host.url}/`));
  assert.ok(!host.asked.some(({ path }) => path.endsWith("/embedded.js")), "the embedded copy was fetched in vain");
});

test("Chromium, Web Worker", async (t) => {
  const folder = await site("web-worker", {
    "index.html": html(`const worker = new Worker("./main.js", { type: "module" });
      worker.onmessage = ({ data }) => { globalThis.results = data; document.title = "done"; };
      worker.onerror = (event) => { document.title = event.message ?? "the worker did not start"; };`),
    "main.js": suite("./dsmlkit/", "postMessage(results);"),
  });
  await report(t, await results(t, `${(await serveFolder(t, folder)).url}/`));
});

const load = (how: string, extra = ""): string => `
import { load, DsmlkitError } from "./dsmlkit/index.js";
const streamed = [];
const { compileStreaming } = WebAssembly;
WebAssembly.compileStreaming = (...args) => (streamed.push("yes"), compileStreaming(...args));
try {
  const kit = await load(${how});
  ${extra}
  document.title = kit.dsml.resultName(32) + " " + (streamed[0] ?? "no");
} catch (error) {
  document.title = error instanceof DsmlkitError ? error.code + ": " + error.message : String(error);
}`;

/** What a page that loads the toolkit comes to, on a host that answers for the WebAssembly in its own way. */
async function loads(t: TestContext, script: string, serve?: Parameters<typeof serveFolder>[2], change?: (folder: string) => Promise<void>): Promise<{ title: string; host: FileServer }> {
  const folder = await site(`load-${++number}`, { "index.html": html(script) });
  await change?.(folder);
  const host = await serveFolder(t, folder, serve);
  const { page, complaints } = await openPage(t, `${host.url}/`);
  return { title: await title(page, complaints), host };
}
let number = 0;

test("the WebAssembly is compiled while it streams in, where the server sends its type", async (t) => {
  assert.equal((await loads(t, load(""))).title, "noSuchObject yes");
});

test("a server that sends the wrong type is no hindrance", async (t) => {
  for (const type of ["application/octet-stream", "text/plain; charset=utf-8", "text/html"]) {
    const wasm = await readFile(join(installed, "node_modules/dsmlkit/dsmlkit.wasm"));
    const { title } = await loads(t, load(""), (path, _, response) => {
      if (!path.endsWith(".wasm")) return false;
      response.writeHead(200, { "content-type": type }).end(wasm);
      return true;
    });
    assert.equal(title, "noSuchObject no", type);
  }
});

test("where the file was left behind, the copy in the package is used", async (t) => {
  const gone = (folder: string): Promise<void> => rm(join(folder, "dsmlkit/dsmlkit.wasm"));
  const { title, host } = await loads(t, load(""), undefined, gone);
  assert.equal(title, "noSuchObject no");
  assert.ok(host.asked.some(({ path }) => path.endsWith("/embedded.js")));
  // A host that answers everything with its page.
  const page = await loads(t, load(""), (path, _, response) => {
    if (!path.endsWith(".wasm")) return false;
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
    return true;
  });
  assert.equal(page.title, "noSuchObject no");
});

test("where a place is named, nothing else is tried", async (t) => {
  assert.equal((await loads(t, load(`{ wasm: new URL("./dsmlkit/dsmlkit.wasm", location.href) }`))).title, "noSuchObject yes");
  assert.equal((await loads(t, load(`{ wasm: "dsmlkit/dsmlkit.wasm" }`))).title, "noSuchObject yes");
  assert.equal((await loads(t, load(`{ wasm: fetch("./dsmlkit/dsmlkit.wasm") }`))).title, "noSuchObject yes");
  assert.match((await loads(t, load(`{ wasm: "./nowhere.wasm" }`))).title, /^load: .*404/);
  assert.match((await loads(t, load(`{ wasm: "./index.html" }`))).title, /^load: .*index\.html is no WebAssembly/);
});

test("a module from another realm is one as well", async (t) => {
  const frame = `(() => { const frame = document.createElement("iframe"); document.body.append(frame); return fetch("./dsmlkit/dsmlkit.wasm").then((r) => r.arrayBuffer()).then((bytes) => frame.contentWindow.WebAssembly.compile(bytes)); })()`;
  assert.equal((await loads(t, load(`{ wasm: await ${frame} }`))).title, "noSuchObject no");
});
