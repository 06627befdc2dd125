/** What the tests of the runtimes have in common. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import type { TestContext } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { count, type Result } from "./suite.js";

export function need(name: string): string {
  const value = process.env[name];
  assert.ok(value, `the environment variable ${name} is missing: run \`go run ./build test --only runtimes\``);
  return value;
}

export const installed = need("DSMLKIT_INSTALLED");
export const runtimes = join(need("DSMLKIT_RUNTIMES"), "node_modules");
export const endpoint = new URL("dsml", need("DSMLKIT_URL")).href;

/** Packages that are installed for these tests alone. */
export const require = createRequire(join(runtimes, "..", "package.json"));

/** A fresh folder of an application that has the package installed. */
export async function appFolder(name: string): Promise<string> {
  const folder = join(installed, "apps", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

interface Esbuild {
  build(options: object): Promise<{ outputFiles?: { text: string }[] }>;
}

export const esbuild = require("esbuild") as Esbuild;

/** Compiles the suite into a folder, as suite.js. */
export async function writeSuite(folder: string): Promise<void> {
  await esbuild.build({
    entryPoints: [join(need("DSMLKIT_ROOT"), "wasm/js/test/runtimes/suite.ts")],
    outfile: join(folder, "suite.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    packages: "external",
    tsconfigRaw: "{}",
    logLevel: "error",
  });
}

/** The results of a suite as tests of their own. */
export async function report(t: TestContext, results: Result[]): Promise<void> {
  for (const { name, error } of results) {
    await t.test(name, () => {
      if (error !== undefined) assert.fail(error);
    });
  }
  assert.equal(results.length, count, "not all of the suite was run");
}

/** Runs a program to its end and gives what it wrote. */
export function run(program: string, args: string[], cwd: string, environment: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, timeout: 300_000, maxBuffer: 64 << 20, env: { ...process.env, NO_COLOR: "1", DO_NOT_TRACK: "1", ...environment } }, (error, out, complaints) => {
      if (error) reject(new Error(`${program} failed: ${error.message}\n${out}\n${complaints}`));
      else resolve(out);
    });
  });
}

export const mark = "the results: ";

/** The results in what a program wrote. */
export function resultsIn(output: string): Result[] {
  const line = output.split("\n").find((text) => text.startsWith(mark));
  assert.ok(line, `there are no results in:\n${output}`);
  return JSON.parse(line.slice(mark.length)) as Result[];
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

export interface FileServer {
  /** without a slash at the end */
  url: string;
  /** paths that were asked for, with the status of the answer */
  asked: { path: string; status: number }[];
}

/** Serves a folder as a plain static host does; `instead` may answer first. */
export async function serveFolder(
  t: TestContext,
  folder: string,
  instead?: (path: string, request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<FileServer> {
  const asked: FileServer["asked"] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://x");
    response.on("finish", () => asked.push({ path: pathname, status: response.statusCode }));
    if (instead?.(pathname, request, response)) return;
    const file = join(folder, normalize(decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname)));
    readFile(file).then(
      (content) => response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(content),
      () => response.writeHead(404, { "content-type": "text/html" }).end("<p>There is nothing here."),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked };
}

let launched: Promise<Browser> | undefined;

/** Opens a page in Chromium; what goes wrong in it is said when the test fails. */
export async function openPage(t: TestContext, url: string): Promise<{ page: Page; complaints: string[] }> {
  launched ??= chromium.launch({ executablePath: need("CHROMIUM"), args: ["--no-sandbox"] });
  const page = await (await launched).newPage();
  page.setDefaultTimeout(120_000); // of a busy machine
  t.after(() => page.close());
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** To be called when all tests of a file are done. */
export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
}

/** Waits until the title of a page says that it is done. */
export async function title(page: Page, complaints: string[]): Promise<string> {
  try {
    await page.waitForFunction(() => document.title !== "", undefined, { timeout: 120_000 });
  } catch {
    assert.fail(`the page did not get ready:\n${complaints.join("\n")}`);
  }
  return page.title();
}
