// The time line of a session and its cookies, without a browser.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BatchRequest, BatchResponse, PagedSearch } from "dsmlkit";
import type { Entry } from "../exchanges/store.ts";
import { type Held, turnPages } from "../net/sessions.ts";
import { anyEndpoint, readSessions, searchesUnread, sessionUnread } from "../net/stored.ts";
import { cookieOf, timeLine } from "../session/timeline.ts";
import type { Step, Tone } from "../types.ts";

function entry(id: number, at: number, step: Step = "session", tone: Tone = "good"): Entry {
  return { id, at, endpoint: "", step, durationMs: 10, failed: false, summary: { request: "", outcome: "", tone }, size: 0 };
}

describe("time line", () => {
  test("nothing, one, many", () => {
    assert.equal(timeLine([]), undefined);
    assert.deepEqual(timeLine([entry(1, 1000, "begin")]), { begun: 1000, answered: 1010, marks: [{ place: 0, step: "begin", tone: "good", count: 1 }] });
    const line = timeLine([entry(1, 1000, "begin"), entry(2, 2000), entry(3, 3000, "end")])!;
    assert.deepEqual(line.marks.map(({ place, step }) => [place, step]), [[0, "begin"], [0.5, "session"], [1, "end"]]);
    assert.equal(line.answered, 3010);
  });

  test("what stands at one place is one mark, which hides no failure and neither begin nor end", () => {
    const line = timeLine([
      entry(1, 0, "begin"),
      entry(2, 1, "session", "bad"),
      entry(3, 2),
      entry(4, 50_000, "session", "warn"),
      entry(5, 99_999),
      entry(6, 100_000, "end"),
    ])!;
    assert.deepEqual(line.marks, [
      { place: 0, step: "begin", tone: "bad", count: 3 },
      { place: 0.5, step: "session", tone: "warn", count: 1 },
      { place: 1, step: "end", tone: "good", count: 2 },
    ]);
  });

  test("thousands of requests are no more marks than can be told apart; a clock set back leaves the line", () => {
    const many = Array.from({ length: 5000 }, (_, i) => entry(i, i * 10));
    const line = timeLine(many)!;
    assert.ok(line.marks.length <= 101);
    assert.equal(line.marks.reduce((sum, { count }) => sum + count, 0), 5000);
    for (const { place } of timeLine([entry(1, 5000, "begin"), entry(2, 100), entry(3, 6000)])!.marks) assert.ok(place >= 0 && place <= 1);
  });
});

function page(more: Partial<PagedSearch>): PagedSearch {
  return { key: "ou=people,dc=example?cn?sub?(sn=M*)", kind: "paged", cookie: Uint8Array.of(1, 2, 3, 4, 255), count: 200, pages: 2, issuedAt: 5, done: false, ...more };
}

describe("cookies", () => {
  test("in words", () => {
    assert.deepEqual(cookieOf(page({ estimate: 2001 })), {
      key: "ou=people,dc=example?cn?sub?(sn=M*)",
      search: "ou=people (sn=M*)",
      progress: "page 2, 200 of about 2,001 entries",
      cookie: "01020304… 5 bytes",
      base64: "AQIDBP8=",
      issuedAt: 5,
    });
    assert.equal(cookieOf(page({ done: true, pages: 1, cookie: new Uint8Array(0) })).progress, "all 200 entries, one page");
    assert.equal(cookieOf(page({ cookie: new Uint8Array(0) })).cookie, undefined);
    assert.equal(cookieOf(page({ kind: "vlv", position: 41, estimate: 5000 })).progress, "list at 41 of 5,000");
    assert.equal(cookieOf(page({ kind: "dirSync", count: 1 })).progress, "1 changed entry, more to come");
    assert.equal(cookieOf(page({ kind: "dirSync", done: true })).progress, "200 changed entries so far, up to date");
  });

  test("keys of all kinds are read", () => {
    assert.equal(cookieOf(page({ key: "?*?sub?(objectClass=*)" })).search, "root DSE");
    assert.equal(cookieOf(page({ key: "ou=50%25,o=x??base?(cn=%3f)" })).search, "ou=50% (cn=?)");
    assert.equal(cookieOf(page({ key: "ou=%zz" })).search, "ou=%zz");
  });
});

test("the next page is that of a paged search, though a list or a synchronisation was answered later", async () => {
  const search: BatchRequest["requests"][number] = {
    kind: "searchRequest",
    dn: "o=x",
    scope: "wholeSubtree",
    derefAliases: "neverDerefAliases",
    filter: { kind: "present", name: "objectClass" },
    controls: [{ type: "1.2.840.113556.1.4.319" }],
  };
  const answer: BatchResponse = { kind: "batchResponse", responses: [{ kind: "searchResponse", entries: [], done: { resultCode: { code: 0 } } }] };
  const pages = [page({ key: "last page", done: true }), page({ key: "list", kind: "vlv", issuedAt: 6 }), page({ key: "changes", kind: "dirSync", issuedAt: 7 })];
  const held = { key: "", endpoint: "", searches: [], session: { pages } } as unknown as Held;
  const turned = await turnPages(undefined as never, held, { kind: "batchRequest", requests: [search] }, answer);
  assert.equal(turned?.key, "last page");
  assert.equal(held.paging?.key, "last page");
});

describe("sessions that were stored", () => {
  const good = { key: "k", endpoint: "http://a.example/dsml", snapshot: { version: 1, dialect: "dsml", data: "" }, searches: [{ key: "s", text: "t", base: "b" }], paging: { key: "s", base: "b" }, note: { state: "open", text: "n" } };
  const read = (...all: unknown[]) => readSessions(JSON.stringify(all));

  test("come back as they were", () => {
    assert.deepEqual(read(good), { saved: [good], unread: new Map() });
    assert.deepEqual(readSessions(null), { saved: [], unread: new Map() });
  });

  test("without their searches, they come back and it is said", () => {
    const { searches: _, ...without } = good;
    for (const one of [without, { ...good, searches: null }, { ...good, searches: { length: 1 } }, { ...good, searches: [null] }, { ...good, searches: [{ key: "s", text: 7, base: "b" }] }]) {
      const { saved, unread } = read(one);
      assert.deepEqual(saved, [{ ...good, searches: [] }]);
      assert.deepEqual([...unread], [[good.endpoint, searchesUnread]]);
    }
    assert.deepEqual([...read({ ...good, paging: "s" }).unread], [[good.endpoint, searchesUnread]]);
    assert.equal(read({ ...good, paging: "s" }).saved[0]!.paging, undefined);
    assert.deepEqual(read({ ...good, note: 7 }), { saved: [{ ...good, note: undefined }].map(({ note: _, ...rest }) => rest), unread: new Map() });
  });

  test("what cannot be a session is said of its endpoint, or of all, and harms no other", () => {
    assert.deepEqual([...read({ ...good, snapshot: "?" }).unread], [[good.endpoint, sessionUnread]]);
    const { saved, unread } = read(null, 7, [], { ...good, key: 1 }, { ...good, endpoint: 1 }, good);
    assert.deepEqual(saved, [good]);
    assert.deepEqual([...unread], [[anyEndpoint, sessionUnread], [good.endpoint, sessionUnread]]);
    for (const stored of ["", "{", "null", "{}", "7"]) assert.deepEqual(readSessions(stored), { saved: [], unread: new Map([[anyEndpoint, sessionUnread]]) }, stored);
  });
});
