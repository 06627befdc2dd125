import assert from "node:assert/strict";
import { after, test } from "node:test";
import { begin, endSession, envelope, inSession, people, peoplePage, post } from "./client.js";
import { Worker } from "./worker.js";

const worker = await Worker.start();
after(() => worker.stop());

const nothing = new Uint8Array();
/** The fault for an unknown session, word for word as the reference gives it. */
const badSession = "<faultcode>SOAP:Client</faultcode><faultstring>SOAP Invalid Request</faultstring><detail>Bad Session Request</detail>";

/** Each test is a client of its own: sessions are counted by address (D-129). */
let clients = 0;
const client = (): Record<string, string> => ({ "CF-Connecting-IP": `192.0.2.${++clients}` });

async function open(from: Record<string, string>): Promise<string> {
  const answer = await post(worker.url, envelope(begin, ""), from);
  assert.equal(answer.status, 200, answer.text);
  assert.notEqual(answer.id, "");
  return answer.id;
}

test("D-125 all 2,000 people come in pages over many requests of one session, which then ends", async () => {
  const from = client();
  const id = await open(from);
  const seen = new Set<string>();
  let cookie: Uint8Array = nothing;
  let requests = 0;
  do {
    const page = await post(worker.url, envelope(inSession(id), peoplePage(150, cookie)), from);
    assert.equal(page.status, 200, page.text);
    assert.deepEqual(page.codes, ["0"]);
    assert.equal(page.id, id);
    for (const dn of page.dns) seen.add(dn);
    cookie = page.cookie;
    requests++;
  } while (cookie.length > 0 && requests < 50);
  assert.equal(seen.size, 2000);
  assert.equal(requests, 14);
  assert.equal((await post(worker.url, envelope(endSession(id), ""), from)).status, 200);
  const late = await post(worker.url, envelope(inSession(id), peoplePage(150, nothing)), from);
  assert.equal(late.status, 500);
  assert.ok(late.text.includes(badSession), late.text);
});

test("D-127 an unknown SessionID gets the fault, and nothing is run", async () => {
  const from = client();
  const add = `<addRequest dn="cn=never,${people}"><attr name="objectClass"><value>device</value></attr></addRequest>`;
  for (const header of [inSession("nope"), endSession("nope"), inSession("f".repeat(64))]) {
    const answer = await post(worker.url, envelope(header, add), from);
    assert.equal(answer.status, 500);
    assert.ok(answer.text.includes(badSession), answer.text);
  }
  const search = `<searchRequest dn="cn=never,${people}" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`;
  assert.deepEqual((await post(worker.url, envelope("", search), from)).codes, ["32"]);
});

test("SOAP 1.2 part 2, table 20: the fault of a sender comes with status 400, its words in an element", async () => {
  const from = client();
  const as12 = (text: string): string => text.replaceAll("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");
  const id = await open(from);
  for (const [header, who] of [[inSession("nope"), from], [begin + begin, from], [inSession(id), client()]] as const) {
    const answer = await post(worker.url, as12(envelope(header, "")), who);
    assert.equal(answer.status, 400, answer.text);
    assert.ok(answer.text.includes("<SOAP:Value>SOAP:Sender</SOAP:Value>"), answer.text);
    assert.ok(answer.text.includes('type="notAttempted"><message>Bad Session Request</message></errorResponse></SOAP:Detail>'), answer.text);
  }
  const strange = await post(worker.url, as12(envelope('<x:T xmlns:x="urn:x" soap:mustUnderstand="1"/>', "")), from);
  assert.equal(strange.status, 500);
  assert.ok(strange.text.includes('<SOAP:NotUnderstood xmlns:q="urn:x" qname="q:T"/>'), strange.text);
});

test("D-147 two sessions do not see each other's cookies", async () => {
  const from = client();
  const [a, b] = [await open(from), await open(from)];
  assert.notEqual(a, b);
  const first = await post(worker.url, envelope(inSession(a), peoplePage(10, nothing)), from);
  assert.equal(first.dns.length, 10);
  const foreign = await post(worker.url, envelope(inSession(b), peoplePage(10, first.cookie)), from);
  assert.deepEqual(foreign.dns, []);
  assert.notDeepEqual(foreign.codes, ["0"]);
  const second = await post(worker.url, envelope(inSession(a), peoplePage(10, first.cookie)), from);
  assert.equal(second.dns.length, 10);
  assert.notDeepEqual(second.dns, first.dns);
});

test("D-129 D-132 the client's address counts: for the limit and for whose session it is", async () => {
  const from = client();
  const ids = [];
  for (let i = 0; i < 5; i++) ids.push(await open(from));
  assert.equal((await post(worker.url, envelope(begin, ""), from)).status, 500);
  const other = client();
  assert.equal((await post(worker.url, envelope(inSession(ids[0]!), ""), other)).status, 500);
  await open(other);
});

test("D-122 a body over the limit is answered, whether its length is announced or not", async () => {
  const from = client();
  const long = envelope("", " ".repeat(11 << 20));
  const whole = await post(worker.url, long, from);
  assert.equal(whole.status, 413, whole.text.slice(0, 500));
  assert.match(whole.text, /10485760 bytes/);
  const pieces = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (let i = 0; i < 11; i++) controller.enqueue(new Uint8Array(1 << 20).fill(32));
      controller.close();
    },
  });
  const streamed = await fetch(worker.url, { method: "POST", body: pieces, duplex: "half", headers: from } as RequestInit);
  assert.equal(streamed.status, 413);
  await streamed.text();
  await open(from);
});

test("50 requests at the same time are each answered with their own answer", async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => {
      const search =
        `<searchRequest requestID="r${i}" dn="${people}" scope="singleLevel" derefAliases="neverDerefAliases" sizeLimit="${i + 1}">` +
        `<filter><present name="objectClass"/></filter></searchRequest>`;
      return post(worker.url, envelope("", search), { "CF-Connecting-IP": `198.51.100.${i}` });
    }),
  );
  answers.forEach((answer, i) => {
    assert.equal(answer.status, 200);
    assert.equal(answer.dns.length, i + 1);
    assert.match(answer.text, new RegExp(`<searchResponse requestID="r${i}"`));
  });
});

test("the whole directory comes as a stream, also to a client that reads slowly", async () => {
  const search = `<searchRequest dn="${people}" scope="singleLevel" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`;
  const response = await fetch(worker.url, { method: "POST", body: envelope("", search), headers: client() });
  let text = "";
  const utf8 = new TextDecoder();
  for await (const piece of response.body!) {
    text += utf8.decode(piece as Uint8Array, { stream: true });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.equal(text.match(/<searchResultEntry /g)?.length, 2000);
  assert.match(text, /<\/\w+:Envelope>\s*$/);
});

test("a client that goes away in the middle of its answer leaves the session usable", async () => {
  const from = client();
  const id = await open(from);
  const search = `<searchRequest dn="${people}" scope="singleLevel" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`;
  for (let i = 0; i < 3; i++) {
    const gone = new AbortController();
    const response = await fetch(worker.url, { method: "POST", body: envelope(inSession(id), search), headers: from, signal: gone.signal });
    await response.body!.getReader().read();
    gone.abort();
  }
  const page = await post(worker.url, envelope(inSession(id), peoplePage(10, nothing)), from);
  assert.equal(page.status, 200);
  assert.equal(page.dns.length, 10);
});

test("a header keeps its commas, and what is not the endpoint is said so", async () => {
  // An origin with a comma is refused as it was sent, not as a part of it.
  const refused = await fetch(worker.url, { method: "POST", body: "", headers: { Origin: "https://a.example,b" } });
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /https:\/\/a\.example,b /);
  const asked = await fetch(worker.url);
  assert.equal(asked.status, 405);
  assert.equal(asked.headers.get("Allow"), "POST, OPTIONS");
  await asked.text();
  const elsewhere = await fetch(new URL("/elsewhere", worker.url));
  assert.equal(elsewhere.status, 404);
  await elsewhere.text();
});

test("Go that comes to an end takes its sessions with it, which is said, and the next request finds a fresh one", async () => {
  const fragile = await Worker.start({ breakable: true });
  try {
    const from = client();
    const begun = await post(fragile.url, envelope(begin, ""), from);
    assert.equal((await post(fragile.url, envelope(inSession(begun.id), ""), from)).status, 200);
    const broken = await post(fragile.url, envelope(inSession(begun.id), ""), { ...from, Break: "go" });
    assert.equal(broken.status, 503);
    assert.match(broken.text, /may be lost/);
    const lost = await post(fragile.url, envelope(inSession(begun.id), ""), from);
    assert.equal(lost.status, 500);
    assert.ok(lost.text.includes(badSession), lost.text);
    assert.equal((await post(fragile.url, envelope(begin, ""), from)).status, 200);
  } finally {
    await fragile.stop();
  }
});
