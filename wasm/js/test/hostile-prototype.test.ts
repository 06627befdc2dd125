import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { load, type SearchRequest } from "dsmlkit";
import { connect } from "dsmlkit/worker-client";
import { makeEndpoint, people } from "./endpoint.js";
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
  const names = ["kind", "requestID", "dn", "attrs", "cn", "0", "requests", "responses", "entries", "references", "processing"];
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

const search: SearchRequest = { kind: "searchRequest", dn: "", scope: "wholeSubtree", derefAliases: "neverDerefAliases", filter: { kind: "present", name: "cn" } };

test("what is on Object.prototype is no option of the client", async () => {
  const endpoint = makeEndpoint(kit);
  const evil: Record<string, unknown> = {
    headers: { "x-evil": "1" },
    auth: { username: "evil", password: "evil" },
    credentials: "include",
    soap: "1.2",
    session: false,
    timeout: 1,
    retries: 9,
    signal: AbortSignal.abort(),
    pageSize: 1,
    redirect: "error",
    mode: "no-cors",
  };
  for (const [name, value] of Object.entries(evil)) Object.defineProperty(Object.prototype, name, { configurable: true, writable: true, value });
  const found: string[] = [];
  const seen: [string, string[], unknown][] = [];
  try {
    // Looked at meanwhile, as a fetch would.
    const fetch = (url: string, init: RequestInit): Promise<Response> => {
      seen.push([init.method!, Object.keys(init.headers!), [init.credentials, init.redirect, init.mode]]);
      return endpoint.fetch(url, Object.assign(Object.create(null) as RequestInit, { body: init.body, signal: undefined }));
    };
    const client = kit.client(Object.assign(Object.create(null) as { endpoint: string }, { endpoint: "https://directory.example/", fetch, auth: undefined, headers: undefined, signal: undefined }));
    for await (const { dn } of client.searchAll(search)) found.push(dn);
  } finally {
    for (const name of Object.keys(evil)) delete (Object.prototype as Record<string, unknown>)[name];
  }
  assert.deepEqual(found, people.map(({ dn }) => dn));
  assert.deepEqual(seen, Array.from({ length: 3 }, () => ["POST", ["Content-Type", "SOAPAction"], [undefined, undefined, undefined]]));
});

test("a frozen Object.prototype", async () => {
  Object.freeze(Object.prototype);
  Object.freeze(Array.prototype);
  works();
  const other = await load();
  assert.equal(other.dsml.resultName(0), "success");
  const endpoint = makeEndpoint(other);
  const remote = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))) as never);
  for (const client of [other.client({ endpoint: "https://directory.example/", fetch: endpoint.fetch }), remote.client({ endpoint: "https://directory.example/", fetch: endpoint.fetch })]) {
    const found: string[] = [];
    for await (const { dn } of client.searchAll(search, { pageSize: 2 })) found.push(dn);
    assert.deepEqual(found, people.map(({ dn }) => dn));
  }
  assert.equal(await remote.dsml.build(await remote.dsml.parse(request)), request);
  remote.close();
});
