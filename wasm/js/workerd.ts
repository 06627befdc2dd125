/**
 * The package as Workers see it (condition "workerd"): there WebAssembly is
 * compiled before the Worker starts and comes by import, and in no other way.
 */
import { load as loadFrom } from "./index.js";
import type { LoadOptions, Toolkit } from "./types.js";
import wasm from "./dsmlkit.wasm";

/** As in index.ts; the WebAssembly need not be named. */
export async function load(options?: LoadOptions): Promise<Toolkit> {
  return loadFrom({ ...options, wasm: options?.wasm ?? wasm });
}

export { DsmlkitError, errorCodes } from "./index.js";
export type * from "./types.js";
