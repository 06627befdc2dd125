// What would be deployed, looked at by the tool that deploys it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { need, require, run, runtimes } from "./harness.js";

/** What a Worker may weigh on the plan that this one needs, compressed, in KiB. */
const most = 10 * 1024;

test("wrangler takes the Worker with its objects, its page and its settings", async () => {
  const root = need("DSMLKIT_ROOT");
  const node = join(runtimes, `node-newest-${process.platform}-${process.arch}`, "bin/node");
  const out = join(need("DSMLKIT_TMP"), "wrangler");
  const said = await run(node, [require.resolve("wrangler"), "deploy", "--dry-run", "--outdir", out], join(root, "wasm/edge"), {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG_PATH: out,
    CI: "true",
  });
  for (const expected of [/env\.ENDPOINT \(Endpoint\) +Durable Object/, /env\.COORDINATOR \(Coordinator\) +Durable Object/, /env\.ASSETS +Assets/, /env\.DSMLKIT_DIRECTORY \("memory"\)/]) {
    assert.match(said, expected);
  }
  assert.doesNotMatch(said, /WARNING|ERROR/);
  const weight = /gzip: ([\d.]+) KiB/.exec(said);
  assert.ok(weight, said);
  assert.ok(Number(weight[1]) < most, `the Worker weighs ${weight[1]} KiB`);
});
