/** Searches that a session has in pieces, and what a reload of the page leaves of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type BatchRequest, type BatchResponse, type Control, type SearchRequest, type SessionEvent } from "dsmlkit";
import { answer, badSession, emptyAnswer, fails } from "./samples.js";

const kit = await load();
const ping: BatchRequest = { kind: "batchRequest", requests: [] };

/** An open session with a clock of its own, which stands at 1000 s. */
function opened() {
  const clock = { now: 1_000_000 };
  const session = kit.session.dsml({ now: () => clock.now });
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  return { clock, session };
}

function page(cookie: Uint8Array, entries: number, estimate: number): string {
  return answer(
    kit.dsml.build({
      kind: "batchResponse",
      responses: [
        {
          kind: "searchResponse",
          entries: Array.from({ length: entries }, (_, i) => ({ dn: `cn=${i}`, attrs: {} })),
          done: {
            resultCode: { code: 0 },
            controls: [kit.dsml.control.encode({ type: "pagedResults", size: estimate, cookie })],
          },
        },
      ],
    }),
    "id-1",
  );
}

function search(cookie?: Uint8Array): BatchRequest {
  return {
    kind: "batchRequest",
    requests: [
      {
        kind: "searchRequest",
        dn: "o=Example",
        scope: "wholeSubtree",
        derefAliases: "neverDerefAliases",
        filter: { kind: "present", name: "objectClass" },
        controls: [kit.dsml.control.encode({ type: "pagedResults", size: 2, cookie, criticality: true })],
      },
    ],
  };
}

test("paged searches are followed by their cookies", () => {
  const { clock, session } = opened();
  assert.equal(session.pages.length, 0);
  session.send(search());
  clock.now += 10;
  session.receive(page(Uint8Array.of(1, 0), 2, 5));
  const [first] = session.pages;
  assert.deepEqual({ ...first!, key: "" }, { key: "", kind: "paged", cookie: Uint8Array.of(1, 0), size: 2, count: 2, pages: 1, estimate: 5, issuedAt: 1_000_010, done: false });
  assert.match(first!.key, /o=Example/);
  const events: SessionEvent[] = [];
  session.addEventListener("change", (event) => events.push(event));
  session.send(search(first!.cookie));
  session.receive(page(Uint8Array.of(2, 0), 0, 5)); // no entries, but another cookie
  assert.equal(events.length, 1);
  session.send(search(session.pages[0]!.cookie));
  session.receive(page(new Uint8Array(0), 1, 0));
  assert.equal(events.length, 2);
  const [last] = session.pages;
  assert.equal(last!.key, first!.key);
  assert.deepEqual([last!.count, last!.pages, last!.done, last!.cookie.length], [3, 3, true, 0]);
});

test("virtual list views and DirSync are followed like pages, and told apart", () => {
  const { session } = opened();
  const { controls: _, ...plain } = search().requests[0] as SearchRequest;
  const asked: BatchRequest = {
    kind: "batchRequest",
    requests: [
      { ...plain, controls: [kit.dsml.control.encode({ type: "sort", keys: [{ attribute: "cn" }] }), kit.dsml.control.encode({ type: "virtualListView", before: 0, after: 9, offset: 1 })] },
      { ...plain, dn: "o=Changes", controls: [kit.dsml.control.encode({ type: "dirSync", flags: 0, maxBytes: 4096 })] },
    ],
  };
  session.send(asked);
  const found = (control: Control): BatchResponse["responses"][number] => ({ kind: "searchResponse", entries: [{ dn: "cn=1", attrs: {} }], done: { resultCode: { code: 0 }, controls: [control] } });
  session.receive(
    answer(
      kit.dsml.build({
        kind: "batchResponse",
        responses: [
          found(kit.dsml.control.encode({ type: "virtualListViewResult", position: 1, contentCount: 500, code: 0, contextID: Uint8Array.of(4) })),
          found(kit.dsml.control.encode({ type: "dirSyncResult", moreResults: true, cookie: Uint8Array.of(5) })),
        ],
      }),
      "id-1",
    ),
  );
  const [vlv, dirSync] = session.pages;
  assert.deepEqual([vlv!.kind, vlv!.position, vlv!.estimate, vlv!.cookie, vlv!.done], ["vlv", 1, 500, Uint8Array.of(4), false]);
  assert.deepEqual([dirSync!.kind, dirSync!.position, dirSync!.size, dirSync!.cookie, dirSync!.done], ["dirSync", undefined, 4096, Uint8Array.of(5), false]);
  session.send(ping);
  session.receive(badSession, { status: 500 });
  assert.deepEqual(session.pages, []); // gone with the session
});

test("toJSON and restore: a session survives a reload", async () => {
  const { clock, session } = opened();
  session.send(search());
  session.receive(page(Uint8Array.of(7), 2, 0));
  const json = JSON.stringify(session);
  // Another page load is another toolkit.
  const again = (await load()).session.restore(json, { now: () => clock.now });
  assert.equal(again.state, "open");
  assert.equal(again.id, "id-1");
  assert.equal(again.expiresAt, session.expiresAt);
  assert.deepEqual(again.pages, session.pages);
  assert.equal(kit.soap.parse(again.send(search(again.pages[0]!.cookie)).body).session!.id, "id-1");
  assert.deepEqual(kit.session.restore(JSON.parse(json), { now: () => clock.now }).pages, session.pages);

  fails("argument", () => kit.session.restore("no json"));
  fails("argument", () => kit.session.restore({ version: 2 } as never));
  fails("argument", () => kit.session.restore({ version: 1, dialect: "dsml", data: "%" }));
  fails("session-snapshot", () => kit.session.restore({ version: 1, dialect: "dsml", data: "AAAA" }));
});
