/** Finds and compiles the WebAssembly, whatever the runtime. */
import { DsmlkitError } from "./errors.js";
import type { LoadOptions } from "./types.js";

/** Imports the copy of the WebAssembly that is a module. Each entry has its own, so that Workers, which cannot use it, do not carry it. */
export type Embedded = () => Promise<{ default: string }>;

/** The option of `load`. An address in place of the options would go unnoticed. */
export function wasmOf(options: LoadOptions | undefined | null): LoadOptions["wasm"] {
  if (options === undefined || options === null) return undefined;
  const tag = tagOf(options);
  if (typeof options !== "object" || (tag !== "Object" && !("wasm" in options))) {
    throw new DsmlkitError({ code: "argument", message: "options must be an object", detail: `it is of type ${tag}`, hint: "load({ wasm: ... })" });
  }
  return options.wasm;
}

/** Compiles what `load` was given, or else the file beside this module, or else the embedded copy. */
export async function compile(wasm: LoadOptions["wasm"], embedded: Embedded): Promise<WebAssembly.Module> {
  try {
    return await compileAny(wasm, embedded);
  } catch (error) {
    if (error instanceof DsmlkitError) throw error;
    throw new DsmlkitError({
      code: "load",
      message: "the WebAssembly could not be compiled",
      detail: String(error),
      hint: forbidden(error)
        ? "the page's content security policy does not allow it: script-src needs 'wasm-unsafe-eval'"
        : "was the file changed or cut short on its way?",
    });
  }
}

async function compileAny(wasm: LoadOptions["wasm"], embedded: Embedded): Promise<WebAssembly.Module> {
  const given = await wasm;
  // A module of another realm, such as that of a page's frame, is one as well.
  if (given instanceof WebAssembly.Module || tagOf(given) === "WebAssembly.Module") return given as WebAssembly.Module;
  if (ArrayBuffer.isView(given) || given instanceof ArrayBuffer) return WebAssembly.compile(given as BufferSource);
  // Told by its tag: in Node, naming Response would load fetch, which leaves a
  // global behind.
  if (tagOf(given) === "Response") return compileResponse(given as Response);
  if (given === undefined || given === null) return compileOwn(embedded);
  if (typeof given === "string" || given instanceof URL) return compileURL(resolve(given));
  throw new DsmlkitError({
    code: "argument",
    message: "options.wasm must be a URL, a Response, a buffer or a WebAssembly.Module",
    detail: `it is of type ${tagOf(given)}`,
  });
}

/** What every WebAssembly begins with; a server that answers everything with its page sends other bytes. */
const magic = [0, 0x61, 0x73, 0x6d];

/**
 * The file beside this module, or else the copy inside the package: not every
 * bundler takes the file along, and some leave no trace of where a module was.
 */
async function compileOwn(embedded: Embedded): Promise<WebAssembly.Module> {
  let own: URL;
  try {
    // Bundlers that take files along look for these very words.
    own = new URL("./dsmlkit.wasm", import.meta.url);
  } catch (error) {
    return compileEmbedded(embedded, error);
  }
  try {
    return await compileURL(own);
  } catch (error) {
    // Then the copy is forbidden as well, and not worth its way.
    if (forbidden(error)) throw error;
    return compileEmbedded(embedded, error);
  }
}

/** Whether the page's policy was in the way of compiling. Each browser says so in its own words. */
function forbidden(error: unknown): boolean {
  return !(error instanceof DsmlkitError) && /unsafe-eval|content.security|\bCSP\b/i.test(String(error));
}

async function compileEmbedded(embedded: Embedded, why: unknown): Promise<WebAssembly.Module> {
  let text: string;
  try {
    text = (await embedded()).default;
  } catch {
    throw why;
  }
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const unpacked = new Response(packed).body!.pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** A relative address counts from the page, or else from this module. */
function resolve(address: string | URL): URL {
  const base = (globalThis as { document?: { baseURI: string } }).document?.baseURI ?? import.meta.url;
  return new URL(address, base);
}

async function compileURL(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === "file:") {
    const bytes = await readFile(url);
    if (bytes !== undefined) return WebAssembly.compile(bytes as BufferSource);
  }
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new DsmlkitError({
      code: "load",
      message: `the WebAssembly could not be fetched from ${url}`,
      detail: String(error),
      hint: "pass its place as load({ wasm: url }), or the compiled module itself",
    });
  }
  return compileResponse(response);
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new DsmlkitError({
      code: "load",
      message: `the WebAssembly could not be fetched: status ${response.status}`,
      detail: response.url,
      hint: "pass its place as load({ wasm: url }), or the compiled module itself",
    });
  }
  // Streaming compilation insists on the media type; many servers send another.
  const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    return WebAssembly.compileStreaming(response);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (magic.some((byte, i) => bytes[i] !== byte)) {
    throw new DsmlkitError({
      code: "load",
      message: `what came from ${response.url || "the response"} is no WebAssembly`,
      detail: `its type is ${type || "not given"}`,
      hint: "is dsmlkit.wasm there? Servers often answer with a page where there is no file",
    });
  }
  return WebAssembly.compile(bytes);
}

/** Reads a file where there is a file system; undefined elsewhere. */
async function readFile(url: URL): Promise<Uint8Array | undefined> {
  const process = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown; versions?: object } }).process;
  if (process?.versions === undefined) return undefined;
  // The name is not written as a literal import, so that bundlers for the
  // browser do not look for it.
  const name = "node:fs/promises";
  const fs = (process.getBuiltinModule?.(name) ?? (await import(/* @vite-ignore */ /* webpackIgnore: true */ name))) as {
    readFile(url: URL): Promise<Uint8Array>;
  };
  try {
    return await fs.readFile(url);
  } catch (error) {
    throw new DsmlkitError({
      code: "load",
      message: `the WebAssembly could not be read from ${url}`,
      detail: String(error),
      hint: "pass its place as load({ wasm: url }), or its bytes",
    });
  }
}
