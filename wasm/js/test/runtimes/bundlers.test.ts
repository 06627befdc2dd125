// An application of three lines, and one with a worker, bundled by esbuild, Vite
// and webpack as they are without any configuration, opened in Chromium.
import assert from "node:assert/strict";
import { cp, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { appFolder, closeBrowser, esbuild, openPage, require, runtimes, serveFolder, title } from "./harness.js";

after(closeBrowser);

const three = `import { load } from "dsmlkit";
const show = (kit) => { document.title = kit.dsml.resultName(32); };
load().then(show);
`;

const withWorker = `import { connect } from "dsmlkit/worker-client";
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
connect(worker).then((kit) => kit.dsml.resultName(32)).then((name) => { document.title = name; });
`;

/** All that a worker's script needs to have in it. */
const worker = `import "dsmlkit/worker";\n`;

const page = (script: string, type = "module"): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"></head><body><script type="${type}" src="${script}"></script></body></html>`;

async function application(name: string, main: string): Promise<string> {
  const folder = await appFolder(name);
  await writeFile(join(folder, "main.js"), main);
  await writeFile(join(folder, "worker.js"), worker);
  return folder;
}

/** Opens what was built and waits for the toolkit's word. `spare` says whether the embedded copy may be asked for. */
async function works(t: TestContext, folder: string, spare: boolean): Promise<void> {
  const host = await serveFolder(t, folder);
  const { page, complaints } = await openPage(t, `${host.url}/`);
  assert.equal(await title(page, complaints), "noSuchObject", complaints.join("\n"));
  const missing = host.asked.filter(({ status }) => status !== 200).map(({ path }) => path);
  if (!spare) assert.deepEqual([missing, complaints], [[], []]);
}

async function size(folder: string, ending: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(folder, { recursive: true })) if (name.endsWith(ending)) total += (await stat(join(folder, name))).size;
  return total;
}

const minimal = 200_000;

test("esbuild, a plain script", async (t) => {
  const folder = await application("esbuild-script", three);
  const out = join(folder, "out");
  await esbuild.build({ entryPoints: [join(folder, "main.js")], bundle: true, outdir: out, logLevel: "error" });
  await writeFile(join(out, "index.html"), page("main.js", "text/javascript"));
  await works(t, out, true);
});

test("esbuild, modules in pieces", async (t) => {
  const folder = await application("esbuild-modules", three);
  const out = join(folder, "out");
  await esbuild.build({ entryPoints: [join(folder, "main.js")], bundle: true, splitting: true, minify: true, format: "esm", outdir: out, logLevel: "error" });
  await writeFile(join(out, "index.html"), page("main.js"));
  await works(t, out, true);
  // With the file beside it, that is what is taken.
  await cp(join(runtimes, "../../test/node_modules/dsmlkit/dsmlkit.wasm"), join(out, "dsmlkit.wasm"));
  await works(t, out, false);
  assert.ok((await stat(join(out, "main.js"))).size < minimal);
});

test("esbuild, with a worker", async (t) => {
  const folder = await application("esbuild-worker", withWorker);
  const out = join(folder, "out");
  await esbuild.build({ entryPoints: [join(folder, "main.js"), join(folder, "worker.js")], bundle: true, splitting: true, format: "esm", outdir: out, logLevel: "error" });
  await writeFile(join(out, "index.html"), page("main.js"));
  await works(t, out, true);
});

interface Vite {
  build(options: object): Promise<unknown>;
  createServer(options: object): Promise<{ listen(): Promise<unknown>; close(): Promise<void>; resolvedUrls: { local: string[] } | null }>;
}

const vite = (): Promise<Vite> => import(pathToFileURL(join(runtimes, "vite/dist/node/index.js")).href) as Promise<Vite>;

for (const [name, main] of [["Vite", three], ["Vite, with a worker", withWorker]] as const) {
  test(name, async (t) => {
    const folder = await application(name === "Vite" ? "vite" : "vite-worker", main);
    await writeFile(join(folder, "index.html"), page("./main.js"));
    await (await vite()).build({ root: folder, configFile: false, logLevel: "error" });
    await works(t, join(folder, "dist"), false);
    assert.ok((await size(join(folder, "dist"), ".wasm")) > 0, "the WebAssembly was not taken along");
  });
}

test("Vite's development server", async (t) => {
  const folder = await application("vite-development", three);
  await writeFile(join(folder, "index.html"), page("./main.js"));
  const server = await (await vite()).createServer({ root: folder, configFile: false, logLevel: "error", server: { host: "127.0.0.1", port: 0, ws: false } });
  t.after(() => server.close());
  await server.listen();
  const { page: opened, complaints } = await openPage(t, server.resolvedUrls!.local[0]!);
  assert.equal(await title(opened, complaints), "noSuchObject", complaints.join("\n"));
});

type Webpack = (options: object, done: (error: Error | null, stats?: { hasErrors(): boolean; toString(options: object): string }) => void) => { close(done: () => void): void };

for (const [name, main] of [["webpack", three], ["webpack, with a worker", withWorker]] as const) {
  test(name, async (t) => {
    const folder = await application(name === "webpack" ? "webpack" : "webpack-worker", main);
    const out = join(folder, "dist");
    const webpack = require("webpack") as Webpack;
    await new Promise<void>((resolve, reject) => {
      // What its command line sets when there is no configuration, entry apart.
      const compiler = webpack({ mode: "production", context: folder, entry: "./main.js", output: { path: out } }, (error, stats) => {
        compiler.close(() => {
          if (error) reject(error);
          else if (stats!.hasErrors()) reject(new Error(stats!.toString({ all: false, errors: true })));
          else resolve();
        });
      });
    });
    await writeFile(join(out, "index.html"), page("main.js", "text/javascript"));
    await works(t, out, false);
    assert.ok((await size(out, ".wasm")) > 0, "the WebAssembly was not taken along");
  });
}
