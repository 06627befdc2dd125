import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { rejects, run } from "./samples.js";

const wasm = new URL(import.meta.resolve("dsmlkit/dsmlkit.wasm"));
const before = new Set(Reflect.ownKeys(globalThis));
const { load } = await import("dsmlkit");

async function works(options?: Parameters<typeof load>[0]): Promise<void> {
  const kit = await load(options);
  assert.equal(kit.dsml.resultName(32), "noSuchObject");
}

test("load finds its own WebAssembly and leaves nothing on globalThis", async () => {
  await works();
  assert.deepEqual(
    Reflect.ownKeys(globalThis).filter((key) => !before.has(key)),
    [],
  );
});

test("load takes a URL, its text, bytes, a buffer and a module", async () => {
  const bytes = await readFile(wasm);
  await works({ wasm });
  await works({ wasm: wasm.href });
  await works({ wasm: new Uint8Array(bytes) });
  await works({ wasm: new Uint8Array(bytes).buffer });
  await works({ wasm: new WebAssembly.Module(bytes) });
});

test("load takes a Response, or a promise of one, whatever its media type", async () => {
  const bytes = await readFile(wasm);
  await works({ wasm: new Response(bytes, { headers: { "content-type": "application/wasm" } }) });
  await works({ wasm: new Response(bytes, { headers: { "content-type": "application/octet-stream" } }) });
  await works({ wasm: Promise.resolve(new Response(bytes)) });
});

test("load says what is wrong with what it was given", async () => {
  const missing = await rejects("load", load({ wasm: new URL("./missing.wasm", wasm) }));
  assert.match(missing.message, /missing\.wasm/);
  assert.match((await rejects("load", load({ wasm: new Response("gone", { status: 404 }) }))).message, /404/);
  await rejects("load", load({ wasm: Uint8Array.of(0, 97, 115, 109, 1, 0, 0) }));
  await rejects("load", load({ wasm: new TextEncoder().encode("no wasm") }));
  assert.match((await rejects("argument", load({ wasm: 42 as never }))).message, /options\.wasm/);
  // A page's policy that is in the way, in the words of three browsers.
  for (const words of [
    "WebAssembly.compile(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because 'unsafe-eval' is not an allowed source",
    "call to WebAssembly.compile() blocked by CSP",
    "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script",
  ]) {
    assert.match((await rejects("load", load({ wasm: Promise.reject(new WebAssembly.CompileError(words)) }))).hint!, /wasm-unsafe-eval/);
  }
  // Well-formed, but not ours.
  await rejects("load", load({ wasm: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) }));
});

test("several toolkits in one realm share nothing", async () => {
  const [one, two] = await Promise.all([load(), load()]);
  const first = one.session.dsml();
  const second = two.session.dsml();
  first.begin();
  assert.equal(first.state, "opening");
  assert.equal(second.state, "none");
  const document = one.dsml.filter.parse("(cn=Ä*)");
  assert.deepEqual(two.dsml.filter.parse(two.dsml.filter.format(document)), document);
});

test("the package does not keep Node running", async () => {
  const script = `import { load } from "dsmlkit"; const kit = await load(); console.log(kit.dsml.resultName(0));`;
  assert.equal(await run(script), "success");
});
