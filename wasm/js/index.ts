/**
 * dsmlkit: DSMLv2 documents and SOAP sessions.
 *
 * How this is bundled. Three entry points, ES modules, no external imports:
 * index.ts -> index.js, worker.ts -> worker.js, worker-client.ts ->
 * worker-client.js (code splitting may be on), format "esm", target es2022,
 * platform "neutral"; dsmlkit.wasm (GOOS=js GOARCH=wasm, ./wasm/toolkit,
 * -trimpath -ldflags "-s -w") lies beside them. The one import that is not a
 * file, "go:wasm_exec", is supplied by a plugin: its text is
 *
 *     export default function goRuntime(globalThis, fs, crypto, performance, setTimeout, clearTimeout, console) {
 *       <$(go env GOROOT)/lib/wasm/wasm_exec.js, unchanged>
 *       return globalThis.Go;
 *     }
 *
 * `import.meta.url` must be left as it is.
 */
export { DsmlkitError } from "./errors.js";
export type * from "./types.js";
