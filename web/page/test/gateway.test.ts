/** What the page says of a gateway's own answers. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { diagnoseAnswer } from "../net/notdsml.ts";
import { explainRelay } from "../response/relay.ts";

test("every reason of the relay is explained", async () => {
  const source = await readFile(join(process.env["DSMLKIT_ROOT"] ?? ".", "web/relay/headers.go"), "utf8");
  const codes = [...source.matchAll(/^\tCode\w+\s+= "([a-z-]+)"/gm)].map(([, code]) => code!);
  assert.ok(codes.length >= 9, `codes of the relay: ${codes.join(", ")}`);
  const unknown = explainRelay({ "dsmlkit-error": "something-new" })!;
  for (const code of codes) {
    const explanation = explainRelay({ "dsmlkit-error": code })!;
    assert.notEqual(explanation.sentence, unknown.sentence, `${code} has a sentence of its own`);
    assert.ok(explanation.tries.length > 0 && explanation.tone === "bad", code);
  }
  assert.ok(unknown.tries.length > 0);
  assert.equal(explainRelay({ "content-type": "text/xml" }), undefined);
  assert.equal(explainRelay(undefined), undefined);
});

test("statuses of the gateway", () => {
  const base = { url: "http://gateway.example/dsml", redirected: false, contentType: "text/plain", size: 100, requestSOAP: "1.1" as const, signedIn: false };
  const busy = "The server answers as many messages as it may at once. Nothing was run; send this one again in a moment.";
  for (const [status, beginning, code] of [
    [503, busy, "busy"],
    [503, "<html>Service Unavailable", "http-503"],
    [421, "This server does not answer to the name x.example.", "http-421"],
    [408, "The request body did not come within 2m0s.", "http-408"],
  ] as const) {
    const failure = diagnoseAnswer({ ...base, status, beginning });
    assert.equal(failure.code, code);
    assert.ok(failure.hint);
  }
});
