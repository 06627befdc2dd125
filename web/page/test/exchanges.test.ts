import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import type { BatchRequest, BatchResponse } from "dsmlkit";
import { curl, duration, har, harEntry } from "../exchanges/format.ts";
import { decode, type Entry, ExchangeStore } from "../exchanges/store.ts";
import { progressOf } from "../net/paging.ts";
import { shortDN, summarizeOutcome, summarizeRequest } from "../net/summary.ts";
import { countdown } from "../session/countdown.ts";
import type { Exchange } from "../types.ts";

const exchange: Exchange = {
  id: 7,
  at: Date.UTC(2026, 7, 1, 12),
  endpoint: "http://directory.example/dsml?x=1",
  step: "session",
  sessionKey: "k",
  request: { text: "<it's>\u00e9</it's>", headers: { "Content-Type": "text/xml", SOAPAction: '"#batchRequest"', Authorization: "(not kept)" } },
  response: { status: 200, headers: { "content-type": "text/xml" }, bytes: new TextEncoder().encode("<ok/>"), text: "<ok/>" },
  durationMs: 12,
  summary: { request: "search ou=people", outcome: "3 entries", tone: "good" },
};

describe("HAR", () => {
  test("an entry has what HAR 1.2 asks for, and no Authorization value", () => {
    const entry = harEntry(exchange) as { startedDateTime: string; request: { postData: { text: string }; queryString: unknown }; response: { content: { text: string; encoding?: string } } };
    assert.equal(entry.startedDateTime, "2026-08-01T12:00:00.000Z");
    assert.equal(entry.request.postData.text, exchange.request.text);
    assert.deepEqual(entry.request.queryString, [{ name: "x", value: "1" }]);
    assert.equal(entry.response.content.text, "<ok/>");
    assert.doesNotMatch(JSON.stringify(entry), /Basic /);
  });
  test("bytes that are not UTF-8 text go out as base64", () => {
    const bytes = new Uint8Array([0x3c, 0xff, 0xfe]);
    const entry = harEntry({ ...exchange, response: { ...exchange.response!, bytes } }) as { response: { content: { text: string; encoding?: string } } };
    assert.equal(entry.response.content.encoding, "base64");
    assert.deepEqual(Uint8Array.from(Buffer.from(entry.response.content.text, "base64")), bytes);
  });
  test("the file in pieces is one JSON document", async () => {
    let text = "";
    for await (const part of har((async function* () { yield exchange; yield { ...exchange, id: 8 }; })())) text += part;
    const file = JSON.parse(text) as { log: { version: string; entries: unknown[] } };
    assert.equal(file.log.version, "1.2");
    assert.equal(file.log.entries.length, 2);
  });
});

test("curl: a shell gives every argument through unchanged, and no password is written", () => {
  const command = curl(exchange);
  assert.match(command, /--user NAME/);
  assert.doesNotMatch(command, /not kept/);
  const printed = execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" }).split("\n");
  assert.ok(printed.includes(exchange.request.text));
  assert.ok(printed.includes('SOAPAction: "#batchRequest"'));
});

// Node has no IndexedDB: this is the store of a browser that refuses to store anything.
describe("store without storage", () => {
  const { id: _, ...record } = exchange;
  const sized = (bytes: number) => ({ ...record, request: { ...record.request, text: "" }, response: { status: 200, headers: {}, bytes: new Uint8Array(bytes), text: "" } });

  test("it says that nothing lasts, and gives back what it was given", async () => {
    const store = new ExchangeStore();
    const added = await store.add(record);
    assert.equal(store.lasting, false);
    const found = await store.get(added.id);
    assert.deepEqual(found?.response?.bytes, record.response!.bytes);
    assert.equal(found?.response?.text, "<ok/>");
    assert.equal(await store.get(99), undefined);
  });
  test("the list has no texts, is in order, and follows deletions", async () => {
    const store = new ExchangeStore();
    const told: string[] = [];
    store.addEventListener("added", ({ detail }) => told.push(`+${detail.id}`));
    store.addEventListener("removed", ({ detail }) => told.push(`-${detail.join(",")}`));
    for (let i = 0; i < 3; i++) await store.add(record);
    await store.remove(2);
    const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id);
    assert.deepEqual(ids(await store.list()), [1, 3]);
    assert.ok(!JSON.stringify(await store.list()).includes("it's"));
    await store.add(record);
    assert.deepEqual(ids(await store.list()), [1, 3, 4], "a number is never given twice");
    await store.clear();
    assert.deepEqual(await store.list(), []);
    assert.deepEqual(told, ["+1", "+2", "+3", "-2", "+4", "-1,3,4"]);
  });
  test("the oldest make room, by count and by bytes; the newest stays however large", async () => {
    const few = new ExchangeStore({ maxCount: 2 });
    for (let i = 0; i < 3; i++) await few.add(record);
    assert.deepEqual((await few.list()).map(({ id }) => id), [2, 3]);
    assert.equal(await few.get(1), undefined);
    const small = new ExchangeStore({ maxBytes: 25_000 });
    for (const bytes of [10_000, 10_000, 10_000]) await small.add(sized(bytes));
    assert.deepEqual((await small.list()).map(({ id }) => id), [2, 3]);
    await small.add(sized(1_000_000));
    assert.deepEqual((await small.list()).map(({ id }) => id), [4]);
  });
});

test("bytes become text by their mark, declaration, header, or as UTF-8", () => {
  assert.equal(decode(new TextEncoder().encode("<é/>")), "<é/>");
  assert.equal(decode(new Uint8Array([0xff, 0xfe, 0x3c, 0x00])), "<");
  assert.equal(decode(new Uint8Array([...new TextEncoder().encode('<?xml version="1.0" encoding="ISO-8859-1"?><a>'), 0xe9])).at(-1), "é");
  assert.equal(decode(new Uint8Array([0xe9]), { "content-type": "text/plain; charset=iso-8859-1" }), "é");
  assert.equal(decode(new TextEncoder().encode('<?xml version="1.0" encoding="no-such"?><a/>')), '<?xml version="1.0" encoding="no-such"?><a/>');
});

describe("summaries", () => {
  const search: BatchRequest = { kind: "batchRequest", requests: [{ kind: "searchRequest", dn: "ou=people,dc=example", scope: "wholeSubtree", derefAliases: "neverDerefAliases", filter: { kind: "present", name: "cn" } }] };
  test("requests", () => {
    assert.equal(summarizeRequest("none", search), "search ou=people");
    assert.equal(summarizeRequest("begin", { kind: "batchRequest", requests: [] }), "begin session");
    assert.equal(summarizeRequest("none", undefined), "text that is not DSML");
    assert.equal(summarizeRequest("none", { kind: "batchRequest", requests: [...search.requests, { kind: "delRequest", dn: "cn=x" }] }), "2 requests: search, delete");
    assert.equal(shortDN(""), "root DSE");
    assert.equal(shortDN("cn=a\\,b,dc=c"), "cn=a\\,b");
  });
  test("outcomes: the worst answer speaks for the batch", () => {
    const answer = (...codes: number[]): BatchResponse => ({ kind: "batchResponse", responses: codes.map((code) => ({ kind: "delResponse", resultCode: { code } })) });
    assert.deepEqual(summarizeOutcome("none", { document: answer(0, 32, 0) }), { outcome: "noSuchObject, 3 answers", tone: "bad" });
    assert.deepEqual(summarizeOutcome("none", { document: answer(0, 6) }), { outcome: "2 answers, success", tone: "good" });
    assert.equal(summarizeOutcome("session", { document: answer(0), page: 3 }).outcome, "page 3: success");
    assert.deepEqual(summarizeOutcome("begin", { document: answer() }), { outcome: "opened", tone: "good" });
    assert.deepEqual(summarizeOutcome("none", { failure: { code: "cors", message: "" } }), { outcome: "blocked (CORS)", tone: "bad" });
    assert.deepEqual(summarizeOutcome("none", { failure: { code: "http", message: "(HTTP 500)" } }), { outcome: "HTTP 500", tone: "bad" });
    assert.equal(summarizeOutcome("session", { fault: { version: "1.1", code: "Client", codeText: "SOAP:Client", reason: "SOAP Invalid Request", detailText: "Bad Session Request" } }).outcome, "fault: Bad Session Request");
  });
});

test("progress of a paged search", () => {
  const page = { kind: "paged" as const, key: "k", cookie: new Uint8Array([1]), count: 400, pages: 2, issuedAt: 0, done: false };
  assert.deepEqual(progressOf({ ...page, estimate: 2000 }), { label: "400 of about 2,000 entries, page 2", fraction: 0.2 });
  assert.deepEqual(progressOf(page), { label: "400 entries, page 2" });
  assert.deepEqual(progressOf({ ...page, estimate: 100 }), { label: "400 entries, page 2" }, "an estimate below the count says nothing");
  assert.deepEqual(progressOf({ ...page, done: true }), { label: "all 400 entries, 2 pages", fraction: 1 });
});

describe("countdown", () => {
  test("calm, warm at a fifth, over", () => {
    assert.deepEqual([countdown(581_000, 600, false).clock, countdown(581_000, 600, false).tone], ["9:41", "calm"]);
    assert.equal(countdown(120_001, 600, false).tone, "calm");
    assert.equal(countdown(120_000, 600, false).tone, "warm");
    assert.match(countdown(118_000, 600, false).sentence, /ends the session in 1:58/);
    assert.deepEqual([countdown(-5, 600, false).tone, countdown(-5, 600, false).left], ["over", 0]);
    assert.equal(countdown(3_605_000, 7200, false).clock, "1:00:05");
  });
  test("a guess is called one", () => {
    assert.match(countdown(581_000, 600, true).sentence, /does not say/);
    assert.match(countdown(0, 600, true).sentence, /may have ended/);
    assert.match(countdown(0, 600, false).sentence, /has ended/);
  });
});

test("durations", () => {
  assert.equal(duration(31.4), "31 ms");
  assert.equal(duration(2449), "2.4 s");
});
