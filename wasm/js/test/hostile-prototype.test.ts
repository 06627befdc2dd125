import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "dsmlkit";
import { everyRequest, everyResponse } from "./samples.js";

// A file of its own: what is done to Object.prototype here cannot be undone.
const kit = await load();
const request = kit.dsml.build(everyRequest);
const response = kit.dsml.build(everyResponse);

function works(): void {
  // Compared as text, for the assertions of Node look at prototypes themselves.
  const again = kit.dsml.parse(request);
  assert.equal(kit.dsml.build(again), request);
  assert.ok(Object.hasOwn(again, "kind") && Object.hasOwn(again, "requestID") && again.kind === "batchRequest");
  const back = kit.dsml.parse(response);
  assert.equal(kit.dsml.build(back), response);
  assert.ok(back.kind === "batchResponse");
  const search = back.responses[1]!;
  assert.ok(search.kind === "searchResponse");
  for (const [i, entry] of search.entries.entries()) assert.ok(Object.hasOwn(search.entries, i) && Object.hasOwn(entry, "dn"));
  const session = kit.session.dsml();
  assert.match(session.begin().body, /BeginSession/);
  assert.equal(session.state, "opening");
}

test("an Object.prototype with setters, values and indexes", () => {
  let trapped = "";
  const names = ["kind", "requestID", "dn", "attrs", "cn", "0", "requests", "processing"];
  for (const name of names.slice(0, -1)) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get: () => undefined,
      // An index is set all over JavaScript, by the platform too; what counts
      // is that no result misses it.
      set: () => {
        if (name !== "0") trapped = name;
      },
    });
  }
  Object.defineProperty(Object.prototype, "processing", { configurable: true, writable: true, enumerable: true, value: "parallel" });
  try {
    works();
  } finally {
    // The test runner could not live with these either.
    for (const name of names) delete (Object.prototype as Record<string, unknown>)[name];
  }
  assert.equal(trapped, "");
  works();
});

test("a frozen Object.prototype", async () => {
  Object.freeze(Object.prototype);
  Object.freeze(Array.prototype);
  works();
  assert.equal((await load()).dsml.resultName(0), "success");
});
