/**
 * dsmlkit: DSMLv2 documents and SOAP sessions.
 *
 * How this is bundled. Four entry points, ES modules, no external imports but
 * dsmlkit.wasm and embedded.js: index.ts -> index.js, workerd.ts -> workerd.js,
 * worker.ts -> worker.js, worker-client.ts -> worker-client.js (code splitting
 * may be on), format "esm", target es2022, platform "neutral"; dsmlkit.wasm
 * (GOOS=js GOARCH=wasm, ./wasm/toolkit, -trimpath -ldflags "-s -w") lies beside
 * them, and embedded.js, which holds the same as text. The one import that is not a
 * file, "go:wasm_exec", is supplied by a plugin: its text is
 *
 *     export default function goRuntime(globalThis, fs, crypto, performance, setTimeout, clearTimeout, console) {
 *       <$(go env GOROOT)/lib/wasm/wasm_exec.js, unchanged>
 *       return globalThis.Go;
 *     }
 *
 * `import.meta.url` must be left as it is.
 */
import { compile, wasmOf } from "./find-wasm.js";
import { Kit } from "./kit.js";
import { makeToolkit } from "./toolkit.js";
import type { LoadOptions, Toolkit } from "./types.js";

/**
 * Loads the WebAssembly and makes a toolkit of it. Each call makes a toolkit of
 * its own; they share nothing.
 */
export async function load(options?: LoadOptions): Promise<Toolkit> {
  return makeToolkit(await Kit.start(await compile(wasmOf(options), () => import("./embedded.js"))));
}

export { errorCodes } from "./error-codes.js";
export { DsmlkitError } from "./errors.js";
export type * from "./types.js";
