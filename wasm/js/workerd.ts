/**
 * The package as Workers see it (condition "workerd"): there WebAssembly is
 * compiled before the Worker starts and comes by import, and in no other way.
 */
import { DsmlkitError } from "./errors.js";
import { compile, wasmOf } from "./find-wasm.js";
import { Kit } from "./kit.js";
import { makeToolkit } from "./toolkit.js";
import type { LoadOptions, Toolkit } from "./types.js";
import wasm from "./dsmlkit.wasm";

/** As in index.ts; the WebAssembly need not be named. */
export async function load(options?: LoadOptions): Promise<Toolkit> {
  const module = await compile(wasmOf(options) ?? wasm, () => {
    throw new DsmlkitError({ code: "load", message: "a Worker can compile no WebAssembly", hint: "pass the module that an import gives" });
  });
  return makeToolkit(await Kit.start(module));
}

export { errorCodes } from "./error-codes.js";
export { DsmlkitError } from "./errors.js";
export type * from "./types.js";
