/** Documents and helpers for the tests of the package. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DsmlkitError, type ErrorDetails } from "dsmlkit";

export * from "./documents.js";

/** Milliseconds after which something will not come about any more, on whatever machine. */
const patience = 120_000;

/** Waits until something is so. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + patience; !holds(); ) {
    if (Date.now() > end) assert.fail(`it does not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Runs a script in a process of its own and gives what it prints. */
export async function runFile(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: patience });
  return stdout;
}

/** Runs a module in a process of its own and gives what it prints. */
export async function run(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    timeout: patience,
    cwd: fileURLToPath(new URL(".", import.meta.url)),
  });
  return stdout.trim();
}

/** Asserts that a call fails with a DsmlkitError of this code and gives the error. */
export function fails(code: string, call: () => unknown): DsmlkitError {
  try {
    call();
  } catch (error) {
    return isError(code, error);
  }
  assert.fail(`expected the error ${code}`);
}

export async function rejects(code: string, promise: Promise<unknown>): Promise<DsmlkitError> {
  try {
    await promise;
  } catch (error) {
    return isError(code, error);
  }
  assert.fail(`expected the error ${code}`);
}

function isError(code: string, error: unknown): DsmlkitError {
  assert.ok(error instanceof DsmlkitError, `not a DsmlkitError: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error;
}

/** Places and codes of an error, for comparison. */
export function place({ code, line, column, offset }: ErrorDetails): object {
  return { code, line, column, offset };
}
