import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = process.env["DSMLKIT_ROOT"]!;
const installed = dirname(fileURLToPath(import.meta.resolve("dsmlkit/package.json")));

/** Runs tsc on an application that has the package installed; gives what it complains of. */
async function compile(files: string[], options: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(process.env["DSMLKIT_TMP"]!, "types-"));
  try {
    for (const file of files) await cp(join(root, "wasm/js/test/types", file), join(folder, file));
    // Beside it as in any application, without what else is installed around it.
    await cp(installed, join(folder, "node_modules/dsmlkit"), { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [], strict: true, noEmit: true, skipLibCheck: false, ...options }, files }),
    );
    try {
      await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", folder]);
      return "";
    } catch (error) {
      return String((error as { stdout?: string }).stdout || error);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const [name, options] of Object.entries({
  "a bundler's": { module: "esnext", moduleResolution: "bundler" },
  "Node's": { module: "nodenext", moduleResolution: "nodenext" },
  "every check there is, and a bundler's": {
    module: "esnext",
    moduleResolution: "bundler",
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noImplicitOverride: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
  },
})) {
  test(`the declarations compile under strict, and so do right uses: ${name} way of finding them`, async () => {
    assert.equal(await compile(["right.ts"], options), "");
  });
}

test("the declarations compile in a project for Node, without the types of browsers", async () => {
  const options = { module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"], types: ["node"], typeRoots: [join(root, "node_modules/@types")] };
  assert.equal(await compile(["node.ts"], options), "");
});

test("wrong uses do not compile", async () => {
  assert.equal(await compile(["wrong.ts"], { module: "esnext", moduleResolution: "bundler" }), "");
  // The marks are what makes it pass: without them there is a complaint for each.
  const marks = (await readFile(join(root, "wasm/js/test/types/wrong.ts"), "utf8")).match(/@ts-expect-error/g)!.length;
  assert.ok(marks >= 20);
});

test("every public name and every method has a comment", async () => {
  const silent: string[] = [];
  for (const file of ["types.d.ts", "client-types.d.ts", "sql-types.d.ts", "worker-types.d.ts", "sql-types.d.ts", "index.d.ts", "worker-client.d.ts", "errors.d.ts", "error-codes.d.ts"]) {
    const lines = (await readFile(join(installed, file), "utf8")).split("\n");
    lines.forEach((line, i) => {
      const name = /^export (?:declare )?(?:interface|type|function|class|const) (\w+)/.exec(line)?.[1];
      if (name !== undefined && !lines[i - 1]!.trim().endsWith("*/")) silent.push(`${file}: ${name}`);
      // Methods always.
      const method = /^\s+(?:readonly )?(\w+)\([^)]*\)?.*[({;]$/.exec(line)?.[1];
      if (method !== undefined && /^ {4}(\s{4})?\w+\(/.test(line) && !lines[i - 1]!.trim().endsWith("*/") && !new RegExp(`^\\s+${method}\\(`).test(lines[i - 1]!)) silent.push(`${file}: ${method}()`);
    });
  }
  assert.deepEqual(silent, []);
});
