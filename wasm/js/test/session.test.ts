import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type BatchRequest, type SessionEvent } from "dsmlkit";
import { Worker } from "node:worker_threads";
import { connect } from "dsmlkit/worker-client";
import { answer, badSession, dsmlNamespace, emptyAnswer, fails, rejects, run } from "./samples.js";

const kit = await load();
const ping: BatchRequest = { kind: "batchRequest", requests: [] };

/** A session with a clock of its own, which stands at 1000 s. */
function started(timeout?: number) {
  const clock = { now: 1_000_000 };
  const session = kit.session.dsml({ now: () => clock.now, timeout });
  return { clock, session };
}

test("begin, send and end carry the three headers, and the states follow", () => {
  const { clock, session } = started();
  const events: SessionEvent[] = [];
  const listener = (event: SessionEvent): void => void events.push(event);
  session.addEventListener("change", listener);
  assert.equal(session.state, "none");
  assert.equal(session.id, undefined);
  assert.equal(session.expiresAt, undefined);

  const begin = session.begin();
  assert.deepEqual(begin.headers, { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' });
  assert.deepEqual(kit.soap.parse(begin.body).session, { dialect: "dsml", step: "begin" });
  assert.equal(session.state, "opening");

  clock.now += 500;
  const opened = session.receive(answer(emptyAnswer, "id-1"), { status: 200, headers: { "Content-Type": "text/xml" } });
  assert.equal(opened.outcome, "opened");
  assert.deepEqual(opened.document, { kind: "batchResponse", responses: [] });
  assert.equal(session.id, "id-1");
  assert.equal(session.timeout, 600);
  assert.equal(session.timeoutGuessed, true);
  assert.equal(session.expiresAt, 1_600_500);
  assert.equal(session.remaining(), 600_000);
  assert.equal(session.remaining(1_600_501), 0);

  const sent = session.send(ping);
  assert.deepEqual(kit.soap.parse(sent.body).session, { dialect: "dsml", step: "session", id: "id-1" });
  clock.now += 1000;
  assert.equal(session.receive(answer(emptyAnswer, "id-1"), { headers: new Headers({ "content-type": "text/xml" }) }).outcome, "answered");
  assert.equal(session.expiresAt, 1_601_500);

  const end = session.end();
  assert.equal(session.state, "closing");
  assert.deepEqual(kit.soap.parse(end.body).session, { dialect: "dsml", step: "end", id: "id-1" });
  assert.equal(session.receive(answer(emptyAnswer, "id-1")).outcome, "ended");
  assert.equal(session.state, "closed");
  assert.deepEqual(
    events.map((e) => e.state),
    ["opening", "open", "open", "closing", "closed"],
  );
  session.removeEventListener("change", listener);
  session.begin();
  assert.equal(events.length, 5);
});

test("an envelope of one's own keeps every byte around the session header", () => {
  const { session } = started();
  session.begin();
  session.receive(answer(emptyAnswer, "a&b"));
  const mine = answer(`<batchRequest xmlns="${dsmlNamespace}"><!-- mine --></batchRequest>`);
  const { body } = session.send(mine);
  assert.ok(body.includes("<!-- mine -->"));
  assert.equal(kit.soap.parse(body).session!.id, "a&b");
  assert.ok(session.send(new TextEncoder().encode(mine)).body.includes("<!-- mine -->"));
});

test("D-140 a lost session is said to be lost, and can be begun again", () => {
  const { session } = started();
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  session.send(ping);
  const reply = session.receive(badSession, { status: 500 });
  assert.equal(reply.outcome, "lost");
  assert.equal(reply.fault!.detailText, "Bad Session Request");
  assert.equal(session.state, "lost");
  assert.equal(session.id, undefined);
  fails("session-not-open", () => session.send(ping));
  session.begin();
  assert.equal(session.state, "opening");
});

test("an expired session is known without asking, and the clock alone makes it so", () => {
  const { clock, session } = started(60);
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  const states: string[] = [];
  session.addEventListener("change", (event) => states.push(event.state));
  clock.now += 59_999;
  assert.equal(session.state, "open");
  clock.now += 1;
  assert.equal(session.state, "expired");
  assert.deepEqual(states, ["expired"]);
  assert.equal(fails("session-expired", () => session.send(ping)).hint !== undefined, true);
});

test("D-147 cookies are gone with the session's time, whatever is asked first", () => {
  const { clock, session } = started(60);
  const filter = kit.dsml.filter.parse("(cn=a*)");
  session.begin({ kind: "batchRequest", requests: [{ kind: "searchRequest", dn: "", scope: "wholeSubtree", derefAliases: "neverDerefAliases", filter, controls: [kit.dsml.control.encode({ type: "pagedResults", size: 2 })] }] });
  const control = kit.dsml.control.encode({ type: "pagedResults", size: 9, cookie: new Uint8Array([1, 2]) });
  const page = kit.dsml.build({ kind: "batchResponse", responses: [{ kind: "searchResponse", entries: [], done: { resultCode: { code: 0 }, controls: [control] } }] });
  session.receive(answer(page, "id-1"));
  assert.equal(session.pages.length, 1);
  clock.now += 60_000;
  assert.deepEqual(session.pages, []);
});

test("a string has no encoding, whatever its declaration says; bytes have", () => {
  const { session } = started();
  session.begin();
  for (const encoding of ["utf-16", "iso-8859-1", "windows-1252"]) {
    const text = answer(`<batchResponse xmlns="${dsmlNamespace}" requestID="grün"/>`, "id-1");
    const declared = `<?xml version="1.0" encoding="${encoding}"?>${text}`;
    const reply = session.receive(declared);
    assert.equal(reply.error, undefined);
    assert.equal(reply.document!.requestID, "grün");
    const request = `<?xml version="1.0" encoding="${encoding}"?><batchRequest xmlns="${dsmlNamespace}" requestID="grün"/>`;
    assert.ok(session.send(request).body.includes('requestID="grün"'));
    assert.equal(kit.dsml.parse(request).requestID, "grün");
    assert.deepEqual(kit.dsml.validate(request), []);
    const indented = kit.soap.indent(declared);
    assert.ok(indented.startsWith(`<?xml version="1.0" encoding="${encoding}"?>`) && indented.includes("grün"), indented);
  }
  const latin = Uint8Array.from(Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?><batchRequest xmlns="${dsmlNamespace}" requestID="grün"/>`, "latin1"));
  assert.equal(kit.dsml.parse(latin).requestID, "grün");
});

test("a clock that tells no time, and a snapshot that contradicts itself, are refused", () => {
  const wrong = fails("argument", () => kit.session.dsml({ now: () => NaN }));
  assert.match(wrong.detail!, /NaN/);
  fails("argument", () => kit.session.dsml({ now: () => new Date() as unknown as number }));
  const { session } = started();
  const snapshot = session.toJSON();
  assert.equal(kit.session.restore(snapshot).state, "none");
  fails("argument", () => kit.session.restore({ ...snapshot, dialect: "sql" }));
});

test("no limit: timeout 0", () => {
  const { clock, session } = started(0);
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  clock.now += 1e12;
  assert.equal(session.state, "open");
  assert.equal(session.timeout, undefined);
  assert.equal(session.expiresAt, undefined);
  assert.equal(session.remaining(), undefined);
});

test("send without a session is refused", () => {
  const { session } = started();
  fails("session-not-open", () => session.send(ping));
  fails("session-not-open", () => session.end());
  session.begin();
  fails("session-already-open", () => session.begin());
});

test("an answer that cannot be read is told in the reply", () => {
  const { session } = started();
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  session.send(ping);
  const reply = session.receive("<html><body>Bad Gateway</body></html>", { status: 502 });
  assert.equal(reply.outcome, "failed");
  assert.equal(reply.document, undefined);
  assert.match(reply.explanation, /502/);
  assert.ok(reply.error!.code.length > 0 && reply.error!.line === 1);
  assert.equal(session.state, "open");
});

test("a request without an answer", () => {
  const { session } = started();
  session.begin();
  session.failed("The network is down.");
  assert.equal(session.state, "lost");
  session.begin();
  session.failed("It was never sent.", { unsent: true });
  assert.equal(session.state, "none");
});

test("SQL dialect: the sqlSession header", () => {
  const session = kit.session.sql({ timeout: 90 });
  const begin = session.begin();
  assert.match(begin.body, /sqlSession/);
  assert.equal(session.toJSON().dialect, "sql");
  assert.equal(kit.session.restore(session.toJSON()).state, "lost");
});

test("free lets go; what is used afterwards says so", () => {
  const { session } = started();
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  session.free();
  session.free();
  const uses: (() => unknown)[] = [
    () => session.begin(),
    () => session.send(ping),
    () => session.end(),
    () => session.receive(answer(emptyAnswer, "id-1")),
    () => session.failed(),
    () => session.insist(),
    () => session.remaining(),
    () => session.toJSON(),
    () => JSON.stringify(session),
  ];
  for (const use of uses) assert.match(fails("session-freed", use).message, /free/);
  assert.equal(session.state, "open"); // as it was
  assert.equal(session.id, "id-1");
});

test("an end that was not confirmed says when it is due again (S-59)", () => {
  const { clock, session } = started();
  const events: SessionEvent[] = [];
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  assert.equal(session.endDue, undefined);
  session.end();
  assert.equal(session.endDue, clock.now + 30_000);
  session.addEventListener("change", (event) => events.push(event));
  session.failed("The connection broke.");
  assert.equal(session.state, "open");
  assert.equal(session.endDue, clock.now + 1000);
  assert.equal(events.length, 1);
  clock.now += 1000;
  session.end();
  session.failed();
  assert.equal(session.endDue, clock.now + 2000);
  const again = kit.session.restore(JSON.stringify(session), { now: () => clock.now });
  assert.equal(again.endDue, clock.now + 2000);
  again.end();
  assert.equal(again.receive(badSession, { status: 500 }).outcome, "ended");
  assert.equal(again.state, "closed");
  assert.equal(again.endDue, undefined);
});

test("insist: an expired session is used all the same, and the server's word counts", () => {
  const { clock, session } = started(60);
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  session.insist();
  assert.equal(session.remaining(), undefined);
  session.send(ping);
  session.receive(answer(emptyAnswer, "id-1"));
  assert.equal(session.remaining(), 60_000);
  clock.now += 60_000;
  fails("session-expired", () => session.send(ping));
  session.insist();
  assert.equal(session.state, "open");
  assert.equal(session.expiresAt, undefined);
  session.send(ping);
  assert.equal(session.receive(answer(emptyAnswer, "id-1")).outcome, "answered");
  assert.equal(session.remaining(), 60_000);
  clock.now += 60_000;
  assert.equal(session.state, "expired");
  session.insist();
  session.send(ping);
  assert.equal(session.receive(badSession, { status: 500 }).outcome, "expired");
  fails("session-not-open", () => session.insist());
});

test("a clock that is set back takes the deadline along; one that sleeps does not", () => {
  const { clock, session } = started(60);
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  clock.now += 40_000;
  assert.equal(session.remaining(), 20_000);
  clock.now -= 86_400_000;
  assert.equal(session.remaining(), 20_000);
  assert.equal(session.expiresAt, clock.now + 20_000);
  assert.equal(session.remaining(clock.now - 1e9), 60_000); // never more than the whole
  clock.now += 8 * 3_600_000; // asleep
  assert.equal(session.remaining(), 0);
  fails("session-expired", () => session.send(ping));
  assert.equal(session.state, "expired");
});

test("a listener that throws does not disturb the call", async () => {
  const script = `
    import { load } from "dsmlkit";
    const session = (await load()).session.dsml();
    process.on("uncaughtException", (error) => console.log("reported:", error.message));
    session.addEventListener("change", () => { throw new Error("mine"); });
    session.addEventListener("change", (event) => console.log("second:", event.state));
    session.begin();
    console.log("begun");`;
  assert.deepEqual((await run(script)).split("\n"), ["second: opening", "begun", "reported: mine"]);
  const { session } = started();
  assert.match(fails("argument", () => session.addEventListener("change", {} as never)).message, /^listener/);
});

test("wrong arguments are refused with their names", () => {
  const { session } = started();
  const wrong: [RegExp, () => unknown][] = [
    [/^options\.soap must be/, () => kit.session.dsml({ soap: "2" as never })],
    [/^options\.timeout must be/, () => kit.session.dsml({ timeout: -1 })],
    [/^options\.timeout must be/, () => kit.session.dsml({ timeout: "60" as never })],
    [/^options\.now must be a function/, () => kit.session.dsml({ now: 5 as never })],
    [/^body must be/, () => session.begin(5 as never)],
    [/^body\.kind must be/, () => session.begin({ kind: "batchResponse", responses: [] } as never)],
    [/^response must be/, () => session.receive(undefined as never)],
    [/^meta\.status must be/, () => session.receive("", { status: "200" as never })],
    [/^meta\.headers must be/, () => session.receive("", { headers: new Uint16Array() as never })],
    [/^meta\.headers must be/, () => session.receive("", { headers: [["a", "b"]] as never })],
    [/^meta\.headers must be/, () => session.receive("", { headers: "a: b" as never })],
    [/^meta\.headers must be/, () => session.receive("", { headers: 5 as never })],
    [/^meta\.headers\["a"\] must be/, () => session.receive("", { headers: { a: {} } as never })],
    [/^meta\.headers\["a"\] must be/, () => session.receive("", { headers: { a: Symbol("b") } as never })],
  ];
  for (const [message, call] of wrong) assert.match(fails("argument", call).message, message);
  assert.equal(session.state, "none");
});

test("the same through a worker: insist, an end that is due, and what free() leaves", async () => {
  const kit = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))) as never);
  try {
    const session = await kit.session.dsml({ timeout: 60 });
    await session.begin();
    await session.receive(answer(emptyAnswer, "id-1"), { at: Date.now() - 61_000 });
    assert.equal(session.state, "expired");
    await session.insist();
    assert.deepEqual([session.state, session.expiresAt], ["open", undefined]);
    const before = Date.now();
    await session.end();
    await session.failed();
    assert.ok(session.endDue! >= before && session.endDue! < Date.now() + 10_000);
    assert.match((await rejects("argument", session.receive("", { headers: new Uint16Array() as never }))).message, /^meta\.headers must be/);
    await session.free();
    await session.free();
    fails("session-freed", () => session.remaining());
    fails("session-freed", () => session.toJSON());
    await rejects("session-freed", session.begin());
  } finally {
    kit.close();
  }
});
