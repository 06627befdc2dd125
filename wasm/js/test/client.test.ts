import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { type BatchRequest, type Client, type ClientOptions, DsmlkitError, load, type SearchRequest, type SqlDocument } from "dsmlkit";
import { connect } from "dsmlkit/worker-client";
import { type Endpoint, fault, lost12, makeEndpoint, people } from "./endpoint.js";
import { emptyAnswer, fails, rejects, until } from "./samples.js";

const kit = await load();
const address = "https://directory.example/dsml";
const search: SearchRequest = {
  kind: "searchRequest",
  dn: "o=Example",
  scope: "wholeSubtree",
  derefAliases: "neverDerefAliases",
  filter: { kind: "present", name: "cn" },
};
const read: BatchRequest = { kind: "batchRequest", requests: [search, { kind: "compareRequest", dn: "", assertion: { name: "cn", value: "x" } }] };
const write: BatchRequest = { kind: "batchRequest", requests: [search, { kind: "delRequest", dn: "cn=p0" }] };

function setUp(options: Partial<ClientOptions> = {}): { client: Client; endpoint: Endpoint } {
  const endpoint = makeEndpoint(kit);
  return { client: kit.client({ endpoint: address, fetch: endpoint.fetch, ...options }), endpoint };
}

async function collect(entries: AsyncIterable<{ dn: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { dn } of entries) found.push(dn);
  return found;
}

const everybody = people.map(({ dn }) => dn);

test("begin, send and end: a session over fetch", async () => {
  const { client, endpoint } = setUp();
  assert.equal(client.session, undefined);
  await rejects("session-not-open", client.send(read));
  const begun = await client.begin();
  assert.deepEqual([begun.outcome, begun.status, client.session!.state, client.session!.id], ["opened", 200, "open", "s1"]);
  const reply = await client.send(read);
  assert.equal(reply.document!.responses.length, 2);
  await rejects("session-already-open", client.begin());
  assert.equal((await client.end()).outcome, "ended");
  assert.equal(client.session!.state, "closed");
  assert.equal(endpoint.steps(), "begin session end");
  assert.equal(endpoint.seen[0]!.init.method, "POST");
  assert.equal(endpoint.seen[0]!.url, address);
  // A client may open another one.
  await client.begin(read);
  assert.equal(client.session!.id, "s2");
});

test("what goes out beside the body: SOAP 1.1, SOAP 1.2, and nothing that was not asked for", async () => {
  for (const [soap, expected] of [
    ["1.1", { "content-type": "text/xml; charset=utf-8", soapaction: '"#batchRequest"' }],
    ["1.2", { "content-type": 'application/soap+xml; charset=utf-8; action="#batchRequest"' }],
  ] as const) {
    const { client, endpoint } = setUp({ soap });
    await client.begin();
    await client.send(read);
    await client.end();
    await client.request(read);
    await collect(client.searchAll(search));
    for (const { headers, init } of endpoint.seen) {
      assert.deepEqual(headers, expected);
      assert.equal(kit.soap.parse(init.body as string).version, soap);
      assert.deepEqual(Object.keys(init).sort(), ["body", "headers", "method", "signal"]);
    }
  }
  const { client, endpoint } = setUp({ credentials: "include", headers: { "X-Trace": "7" } });
  await client.request(read);
  assert.equal(endpoint.seen[0]!.init.credentials, "include");
  assert.equal(endpoint.seen[0]!.headers["x-trace"], "7");
});

test("request: outside of a session, from a document, its text or an envelope", async () => {
  const { client, endpoint } = setUp();
  const text = kit.dsml.build(read);
  const envelope = kit.soap.build({ version: "1.2", body: read });
  for (const body of [read, text, new TextEncoder().encode(text), envelope]) {
    assert.equal((await client.request(body)).responses.length, 2);
  }
  assert.equal(endpoint.steps(), "none none none none");
  assert.equal(endpoint.seen[3]!.init.body, envelope);
  assert.match(endpoint.seen[3]!.headers["content-type"]!, /^application\/soap\+xml/);
  for (const { batch } of endpoint.seen) assert.deepEqual(batch, read);
  assert.match((await rejects("argument", client.request({ kind: "batchResponse", responses: [] } as never))).message, /^body must be/);
});

test("searchAll pages in a session of its own and ends it", async () => {
  const { client, endpoint } = setUp();
  assert.deepEqual(await collect(client.searchAll(search, { pageSize: 3 })), everybody);
  assert.equal(endpoint.steps(), "begin session session session end");
  assert.equal(endpoint.open.size, 0);
  assert.equal(client.session, undefined);
  // All on one page, and exactly so.
  assert.deepEqual(await collect(client.searchAll(search, { pageSize: 7 })), everybody);
  assert.deepEqual(await collect(client.searchAll(search)), everybody);
  // Two at the same time do not disturb each other.
  const both = await Promise.all([collect(client.searchAll(search, { pageSize: 2 })), collect(client.searchAll(search, { pageSize: 1 }))]);
  assert.deepEqual(both, [everybody, everybody]);
  assert.equal(endpoint.open.size, 0);
});

test("searchAll asks for a page when the last one was taken, not before", async () => {
  const { client, endpoint } = setUp();
  const entries = client.searchAll(search, { pageSize: 3 });
  assert.equal(endpoint.seen.length, 0);
  for (let i = 0; i < 3; i++) await entries.next();
  assert.equal(endpoint.steps(), "begin session");
  await entries.next();
  assert.equal(endpoint.steps(), "begin session session");
  await entries.return();
  assert.equal(endpoint.steps(), "begin session session end");
});

test("searchAll ends the session when the loop is left, throws, is aborted or fails", async () => {
  const { client, endpoint } = setUp();
  for await (const entry of client.searchAll(search, { pageSize: 2 })) if (entry.dn === "cn=p2,o=Example") break;
  assert.equal(endpoint.steps(), "begin session session end");

  const own = new Error("mine");
  await assert.rejects(
    (async () => {
      for await (const entry of client.searchAll(search, { pageSize: 2 })) throw Object.assign(own, { entry });
    })(),
    (error) => error === own,
  );
  assert.equal(endpoint.open.size, 0);

  const controller = new AbortController();
  const reason = new Error("enough");
  const seen: string[] = [];
  await assert.rejects(
    (async () => {
      for await (const { dn } of client.searchAll(search, { pageSize: 2, signal: controller.signal })) {
        seen.push(dn);
        controller.abort(reason);
      }
    })(),
    (error) => error === reason,
  );
  assert.equal(seen.length, 1);
  await until("the session ends behind the abort", () => endpoint.open.size === 0);

  endpoint.interrupt = ({ step }) => (step === "session" ? fault("Server", "busy") : undefined);
  await rejects("soap-fault-received", collect(client.searchAll(search)));
  assert.equal(endpoint.open.size, 0);

  // An abort while a page is under way.
  const hanging = new AbortController();
  endpoint.interrupt = ({ step }) => (step === "session" ? new Promise(() => setTimeout(() => hanging.abort(reason), 5)) : undefined);
  await assert.rejects(collect(client.searchAll(search, { signal: hanging.signal })), (error) => error === reason);
  await until("the session ends behind the abort", () => endpoint.open.size === 0);
});

test("searchAll gives up where a server does not get on", async () => {
  const entry = (name: string) => ({ dn: `cn=${name}`, attrs: {} });
  const page = (names: string[], cookie: number): Response =>
    new Response(
      kit.dsml.build({
        kind: "batchResponse",
        responses: [
          {
            kind: "searchResponse",
            entries: names.map(entry),
            done: { resultCode: { code: 0 }, controls: [kit.dsml.control.encode({ type: "pagedResults", size: 0, cookie: cookie === 0 ? undefined : Uint8Array.of(cookie) })] },
          },
        ],
      }),
    );
  const find = async (pages: (number: number) => Response): Promise<string[]> => {
    const { client, endpoint } = setUp();
    endpoint.interrupt = (_, number) => pages(number);
    return collect(client.searchAll(search, { session: false }));
  };
  // The first page again, whatever the cookie.
  for (const cookie of [() => 7, (number: number) => (number % 200) + 1]) {
    const error = await rejects("paging", find((number) => page(["a", "b"], cookie(number))));
    assert.match(error.detail!, /same 2 entries/);
  }
  // Empty pages for ever, and an end after many of them.
  await rejects("paging", find(() => page([], 7)));
  assert.deepEqual(await find((number) => (number < 90 ? page([], 7) : page(["a"], 0))), ["cn=a"]);
  assert.deepEqual(await find((number) => (number < 150 ? page([], number) : page(["a"], 0))), ["cn=a"]);
  // A cookie that stays the same is no fault in itself.
  assert.deepEqual(await find((number) => page([`${number}`], number < 3 ? 7 : 0)), ["cn=1", "cn=2", "cn=3"]);
  // A session is ended all the same.
  const { client, endpoint } = setUp();
  const answered = new Set<string>();
  endpoint.interrupt = ({ batch }) => {
    const [request] = batch.requests;
    if (request?.kind === "searchRequest" && !answered.has("once")) return void answered.add("once");
    return request?.kind === "searchRequest" ? new Response(kit.soap.build({ headers: [`<a:Session xmlns:a="urn:schema-microsoft-com:activedirectory:dsmlv2" a:SessionID="s1"/>`], body: kit.dsml.build({ kind: "batchResponse", responses: [{ kind: "searchResponse", entries: people.slice(0, 2), done: { resultCode: { code: 0 }, controls: [kit.dsml.control.encode({ type: "pagedResults", size: 0, cookie: Uint8Array.of(2) })] } }] }) })) : undefined;
  };
  await rejects("paging", collect(client.searchAll(search, { pageSize: 2 })));
  assert.equal(endpoint.open.size, 0);
});

test("a document that changes after the call is not sent as it became", async () => {
  const busy = (): Response => new Response("", { status: 503, headers: { "retry-after": "0" } });
  const kinds = (endpoint: Endpoint): string[] => endpoint.seen.map(({ batch }) => batch.requests.map(({ kind }) => kind).join(" "));
  // A queue that is emptied once it is sent: what it held must not be taken for what only reads.
  {
    const { client, endpoint } = setUp({ retries: 2 });
    endpoint.interrupt = busy;
    const queue: BatchRequest["requests"] = [...write.requests];
    const sent = client.request({ kind: "batchRequest", requests: queue });
    queue.length = 0;
    await rejects("http-status", sent);
    assert.deepEqual(kinds(endpoint), ["searchRequest delRequest"]);
  }
  // One that is filled while a search waits to be sent again.
  for (const step of ["request", "send"] as const) {
    const { client, endpoint } = setUp({ retries: 2 });
    if (step === "send") await client.begin();
    const queue: BatchRequest["requests"] = [search];
    endpoint.seen.length = 0;
    endpoint.interrupt = () => {
      queue.push({ kind: "delRequest", dn: "cn=p0" });
      return busy();
    };
    await rejects("http-status", client[step]({ kind: "batchRequest", requests: queue }));
    assert.deepEqual(kinds(endpoint), Array(3).fill("searchRequest"), step);
  }
  // The first call of a client, and the pages of a search.
  const { client, endpoint } = setUp();
  const queue: BatchRequest["requests"] = [search];
  const begun = client.begin({ kind: "batchRequest", requests: queue });
  queue.length = 0;
  await begun;
  const own = { ...search };
  const found: string[] = [];
  for await (const { dn } of client.searchAll(own, { pageSize: 3 })) {
    own.dn = "o=Other";
    found.push(dn);
  }
  assert.deepEqual(found, everybody);
  assert.equal(kinds(endpoint)[0], "searchRequest");
  for (const { batch } of endpoint.seen) for (const request of batch.requests) assert.equal((request as SearchRequest).dn, search.dn);
});

test("searchAll does not end what is gone, and a failing end spoils nothing", async () => {
  const { client, endpoint } = setUp();
  endpoint.interrupt = ({ step }) => (step === "session" ? fault("Client", "SOAP Invalid Request", "Bad Session Request") : undefined);
  const lost = await rejects("session-lost", collect(client.searchAll(search)));
  assert.equal(lost.reply!.outcome, "lost");
  assert.equal(endpoint.steps(), "begin session");
  endpoint.interrupt = ({ step }) => {
    if (step === "end") throw new TypeError("connection reset");
    return undefined;
  };
  assert.deepEqual(await collect(client.searchAll(search)), everybody);
});

test("searchAll: results that are no success, references, and pages outside of a session", async () => {
  const { client, endpoint } = setUp();
  const answer = (responses: string): Response => new Response(emptyAnswer.replace("/>", `>${responses}</batchResponse>`), { headers: { "content-type": "text/xml" } });
  const found: string[] = [];
  endpoint.interrupt = ({ step }) =>
    step === "session" ? answer('<searchResponse><searchResultEntry dn="cn=p0"/><searchResultDone><resultCode code="4"/><errorMessage>too many</errorMessage></searchResultDone></searchResponse>') : undefined;
  const error = await rejects("ldap-result", (async () => { for await (const { dn } of client.searchAll(search)) found.push(dn); })());
  assert.deepEqual(found, ["cn=p0"]);
  assert.match(error.message, /result 4.*too many/);
  endpoint.interrupt = ({ step }) => (step === "session" ? answer('<errorResponse type="notAttempted"><message>not today</message></errorResponse>') : undefined);
  assert.match((await rejects("dsml-error-response", collect(client.searchAll(search)))).message, /not today/);
  endpoint.interrupt = ({ step }) => (step === "session" ? answer("") : undefined);
  await rejects("dsml-result", collect(client.searchAll(search)));
  const references: string[] = [];
  endpoint.interrupt = ({ step }) =>
    step === "session"
      ? answer("<searchResponse><searchResultReference><ref>ldap://b/</ref></searchResultReference><searchResultDone><resultCode code=\"0\"/></searchResultDone></searchResponse>")
      : undefined;
  await collect(client.searchAll(search, { onReference: ({ refs }) => references.push(...refs) }));
  assert.deepEqual(references, ["ldap://b/"]);
  assert.equal(endpoint.open.size, 0);

  endpoint.interrupt = undefined;
  endpoint.seen.length = 0;
  assert.deepEqual(await collect(client.searchAll(search, { session: false, pageSize: 4 })), everybody);
  assert.equal(endpoint.steps(), "none none");
});

test("a server that opens no session", async () => {
  const { client, endpoint } = setUp();
  endpoint.interrupt = () => new Response(emptyAnswer, { headers: { "content-type": "text/xml" } });
  const error = await rejects("session-refused", client.begin());
  assert.equal(error.reply!.state, "none");
  await rejects("session-refused", collect(client.searchAll(search)));
  endpoint.interrupt = () => fault("MustUnderstand", "what is BeginSession?");
  const refused = await rejects("soap-fault-received", client.begin());
  assert.match(refused.message, /what is BeginSession/);
  assert.equal(refused.reply!.fault!.code, "MustUnderstand");
  assert.equal(refused.status, 500);
});

test("SOAP 1.2: a fault with status 400 is a fault, and tells of the session what it tells with 500", async () => {
  const { client, endpoint } = setUp({ soap: "1.2" });
  await client.begin();
  endpoint.open.clear();
  const lost = await rejects("session-lost", client.send(read));
  assert.equal(lost.status, 400);
  assert.equal(lost.detail, "SOAP:Sender: Bad Session Request");
  assert.equal(lost.reply!.state, "lost");
  endpoint.interrupt = () => lost12();
  const refused = await rejects("soap-fault-received", client.begin());
  assert.deepEqual([refused.status, refused.reply!.outcome, refused.reply!.fault!.code, refused.reply!.fault!.detailText], [400, "refused", "Sender", "Bad Session Request"]);
  assert.equal((await rejects("soap-fault-received", client.request(read))).status, 400);
});

test("answers that are no message", async () => {
  const { client, endpoint } = setUp();
  const cases: [number, string, string, RegExp | undefined][] = [
    [401, "text/html", "<html><p>Login</html>", /options\.auth/],
    [404, "text/plain", "nothing here", /address/],
    [413, "text/plain", "", /split/],
    [500, "text/plain", "", undefined],
  ];
  for (const [status, type, body, hint] of cases) {
    endpoint.interrupt = () => new Response(body, { status, headers: { "content-type": type } });
    const error = await rejects("http-status", client.request(read));
    assert.equal(error.status, status);
    if (hint === undefined) assert.equal(error.hint, undefined);
    else assert.match(error.hint!, hint);
    assert.equal(error.detail, body);
  }
  endpoint.interrupt = () => new Response("<batchResponse", { headers: { "content-type": "text/xml" } });
  const error = await rejects("xml-syntax", client.request(read));
  assert.equal(error.line, 1);
  assert.match((await rejects("soap-fault-received", (endpoint.interrupt = () => fault("Server", "broken"), client.request(read)))).message, /broken/);
  assert.equal((await rejects("dsml-root", (endpoint.interrupt = () => new Response(kit.dsml.build(read)), client.request(read)))).status, 200);
});

test("the character set of the answer: its own word first, UTF-8 next, then the header's", async () => {
  const { client, endpoint } = setUp();
  const body = (declaration: string): string =>
    `${declaration}<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><delResponse><resultCode code="1"/><errorMessage>Grüße</errorMessage></delResponse></batchResponse>`;
  const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const cases: [Uint8Array<ArrayBuffer>, string][] = [
    [utf8(body("")), "text/xml"],
    [utf8(body("")), "text/xml; charset=ISO-8859-1"],
    [latin1(body("")), 'text/xml; charset="iso-8859-1"'],
    [latin1(body('<?xml version="1.0" encoding="ISO-8859-1"?>')), "text/xml; charset=windows-1250"],
  ];
  for (const [bytes, type] of cases) {
    endpoint.interrupt = () => new Response(bytes, { headers: { "content-type": type } });
    const [response] = (await client.request(write)).responses;
    assert.equal((response as { errorMessage?: string }).errorMessage, "Grüße", type);
  }
});

test("Basic authentication in UTF-8, and no way to see it afterwards", async () => {
  const password = "pässwörd-→-1";
  const { client, endpoint } = setUp({ auth: { username: "Zoë Müller", password } });
  await client.request(read);
  const value = endpoint.seen[0]!.headers["authorization"]!;
  assert.equal(Buffer.from(value.replace(/^Basic /, ""), "base64").toString(), `Zoë Müller:${password}`);
  await client.begin();
  const asHeaders = setUp({ headers: new Headers({ "X-Tenant": "7" }) });
  await asHeaders.client.request(read);
  assert.equal(asHeaders.endpoint.seen[0]!.headers["x-tenant"], "7");
  const secrets = [password, value.slice(6), "Zoë Müller"];
  const shown = [String(client), JSON.stringify(client), inspect(client, { depth: 9, showHidden: true }), JSON.stringify(client.session), JSON.stringify({ ...client })];
  endpoint.interrupt = ({ headers }) => {
    throw new TypeError(`cannot send ${JSON.stringify(headers)} for ${password} of Zoë Müller`);
  };
  const error = await rejects("http-unreachable", client.send(read));
  shown.push(String(error), JSON.stringify(error), inspect(error, { depth: 9, showHidden: true }), error.stack!, error.detail!);
  endpoint.interrupt = () => new Response("no", { status: 401 });
  const refused = await rejects("http-status", client.send(read));
  shown.push(inspect(refused, { depth: 9, showHidden: true }), JSON.stringify(refused.reply));
  for (const text of shown) for (const secret of secrets) assert.ok(!text?.includes(secret), text);
  // The same for a header of one's own, and for the query of the address.
  const other = setUp({ headers: { Authorization: "Bearer abcdef" }, endpoint: `${address}?key=topsecret` });
  other.endpoint.interrupt = ({ headers, url }) => {
    throw new TypeError(`${url} ${headers["authorization"]}`);
  };
  const hidden = await rejects("http-unreachable", other.client.request(read));
  assert.ok(!/abcdef|topsecret/.test(inspect(hidden, { showHidden: true })), hidden.detail);
});

test("a server that shows what it was sent does not make an error tell it", async () => {
  const { client, endpoint } = setUp({ auth: { username: "zoe", password: "open:sesame" }, headers: { "X-Api-Key": "k-1234567" } });
  const echo = (headers: Record<string, string>): string => `${headers["authorization"]} of zoe:open:sesame with ${headers["x-api-key"]}`;
  const answers: Record<string, (headers: Record<string, string>) => Response> = {
    "http-status": (headers) => new Response(`debug: ${echo(headers)}`, { status: 500, headers: { "content-type": "text/plain" } }),
    "soap-fault-received": (headers) => fault("Client", `who is ${echo(headers)}?`, echo(headers)),
    "dsml-element": (headers) => new Response(`<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><x>${echo(headers)}</x></batchResponse>`),
    "ldap-result": (headers) =>
      new Response(kit.dsml.build({ kind: "batchResponse", responses: [{ kind: "searchResponse", entries: [], done: { resultCode: { code: 49 }, errorMessage: echo(headers) } }] })),
    "dsml-error-response": (headers) => new Response(kit.dsml.build({ kind: "batchResponse", responses: [{ kind: "errorResponse", type: "other", message: echo(headers) }] })),
  };
  for (const [code, answer] of Object.entries(answers)) {
    endpoint.interrupt = ({ headers }) => answer(headers);
    const searching = code === "ldap-result" || code === "dsml-error-response";
    const error = await rejects(code, searching ? collect(client.searchAll(search, { session: false })) : client.request(read));
    const shown = inspect(error, { depth: 9 }) + JSON.stringify(error) + String(error.stack);
    assert.doesNotMatch(shown, /sesame|k-1234567|em9lOm9wZW4/, code);
    assert.match(shown, /…/, code);
  }
});

test("time limits count to the end of the answer", async () => {
  const { client, endpoint } = setUp({ timeout: 30 });
  endpoint.interrupt = () => new Promise(() => {});
  const error = await rejects("http-timeout", client.request(read));
  assert.match(error.message, /30 milliseconds/);
  // The head comes, the rest does not.
  endpoint.interrupt = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("<batch")) }));
  await rejects("http-timeout", client.request(read));
  let signal: AbortSignal | undefined;
  endpoint.interrupt = ({ init }) => ((signal = init.signal!), new Promise(() => {}));
  await rejects("http-timeout", client.request(read, { timeout: 10 }));
  assert.equal(signal!.aborted, true);
  // A begin without an answer: nobody knows of the session.
  await rejects("http-timeout", client.begin());
  assert.equal(client.session!.state, "lost");
});

test("an abort rejects with its reason, before and while it is sent", async () => {
  const { client, endpoint } = setUp();
  const reason = new Error("enough");
  await assert.rejects(client.request(read, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  await assert.rejects(client.begin(undefined, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  assert.equal(endpoint.seen.length, 0);
  await client.begin();
  const controller = new AbortController();
  endpoint.interrupt = () => new Promise(() => setTimeout(() => controller.abort(reason)));
  await assert.rejects(client.send(read, { signal: controller.signal }), (error) => error === reason);
  assert.equal(client.session!.state, "open");
  endpoint.interrupt = undefined;
  await client.send(read);
});

test("sent again: only what reads, and only when asked to", async () => {
  const failing = (times: number, how: () => Response = () => { throw new TypeError("connection reset"); }) => {
    let left = times;
    return () => (left-- > 0 ? how() : undefined);
  };
  {
    const { client, endpoint } = setUp();
    endpoint.interrupt = failing(1);
    await rejects("http-unreachable", client.request(read));
    assert.equal(endpoint.seen.length, 1);
  }
  const { client, endpoint } = setUp({ retries: 2 });
  const count = async (expected: number, call: () => Promise<unknown>, code?: string): Promise<void> => {
    const before = endpoint.seen.length;
    if (code === undefined) await call();
    else await rejects(code, call());
    assert.equal(endpoint.seen.length - before, expected);
    endpoint.interrupt = undefined;
  };
  endpoint.interrupt = failing(1);
  await count(2, () => client.request(read));
  endpoint.interrupt = failing(9);
  await count(3, () => client.request(read), "http-unreachable");
  for (const status of [429, 502, 503, 504]) {
    endpoint.interrupt = failing(1, () => new Response("wait", { status, headers: { "retry-after": "0" } }));
    await count(2, () => client.request(read));
  }
  endpoint.interrupt = failing(1, () => new Response("wait", { status: 503, headers: { "retry-after": "3600" } }));
  await count(1, () => client.request(read), "http-status");
  endpoint.interrupt = failing(1, () => fault("Server", "busy"));
  await count(1, () => client.request(read), "soap-fault-received");
  for (const body of [write, kit.dsml.build(read)]) {
    endpoint.interrupt = failing(1);
    await count(1, () => client.request(body), "http-unreachable");
  }
  endpoint.interrupt = failing(1, () => new Response("", { status: 503, headers: { "retry-after": "0" } }));
  await count(1, () => client.request(write), "http-status");
  // In a session the same, but for its first and its last message.
  endpoint.interrupt = failing(1);
  await count(1, () => client.begin(), "http-unreachable");
  await count(1, () => client.begin());
  endpoint.interrupt = failing(1);
  await count(2, () => client.send(read));
  endpoint.interrupt = failing(1);
  await count(1, () => client.send(write), "http-unreachable");
  assert.equal(client.session!.state, "open");
  endpoint.interrupt = failing(1);
  await count(1, () => client.end(), "http-unreachable");
  await count(1, () => client.end());
  // The first page has no cookie yet; a later one is never asked for twice.
  const broken = new Set([2, 5]);
  let number = 0;
  endpoint.interrupt = () => {
    if (broken.has(++number)) throw new TypeError("connection reset");
    return undefined;
  };
  const before = endpoint.seen.length;
  const found: string[] = [];
  await rejects("http-unreachable", (async () => { for await (const { dn } of client.searchAll(search, { pageSize: 2 })) found.push(dn); })());
  assert.deepEqual(found, everybody.slice(0, 4));
  assert.deepEqual(endpoint.seen.slice(before).map(({ step }) => step), ["begin", "session", "session", "session", "session", "end"]);
});

test("wrong arguments are refused by name", async () => {
  const wrong = (options: unknown, message: RegExp): void => {
    assert.match(fails("argument", () => kit.client(options as ClientOptions)).message, message);
  };
  wrong(undefined, /^options must be/);
  wrong({}, /^options\.endpoint must be/);
  wrong({ endpoint: 7 }, /^options\.endpoint must be/);
  wrong({ endpoint: "/dsml" }, /^options\.endpoint is no address/);
  wrong({ endpoint: address, fetch: {} }, /^options\.fetch must be a function/);
  wrong({ endpoint: address, credentials: "always" }, /^options\.credentials must be/);
  wrong({ endpoint: address, auth: "me" }, /^options\.auth must be/);
  wrong({ endpoint: address, auth: { username: "me" } }, /^options\.auth\.password must be/);
  wrong({ endpoint: address, auth: { username: "a:b", password: "" } }, /colon/);
  wrong({ endpoint: address, auth: { username: "a", password: "\n" } }, /^options\.auth\.password has a control/);
  wrong({ endpoint: address, auth: { username: "a", password: "\uD800" } }, /^options\.auth\.password has half/);
  wrong({ endpoint: address, auth: { username: "a", password: "b" }, headers: { authorization: "x" } }, /both given/);
  wrong({ endpoint: address, headers: ["x"] }, /^options\.headers must be/);
  wrong({ endpoint: address, headers: { a: 1 } }, /^options\.headers\.a must be/);
  wrong({ endpoint: address, headers: { "content-Type": "x" } }, /content-type/);
  wrong({ endpoint: address, headers: new Map([["a", "b"]]) }, /^options\.headers must be/);
  wrong({ endpoint: address, headers: [["a", "b"]] }, /^options\.headers must be/);
  wrong({ endpoint: address, headers: { "a b": "c" } }, /"a b", which is no name/);
  wrong({ endpoint: address, headers: { a: "b\r\nc: d" } }, /^options\.headers\.a has a character/);
  wrong({ endpoint: address, headers: { a: "\u2603" } }, /^options\.headers\.a has a character/);
  wrong({ endpoint: address, soap: "1.0" }, /^options\.soap must be/);
  wrong({ endpoint: address, session: {} }, /^options\.session must be/);
  wrong({ endpoint: address, timeout: -1 }, /^options\.timeout must be/);
  wrong({ endpoint: address, retries: 0.5 }, /^options\.retries must be/);
  const secret = fails("argument", () => kit.client({ endpoint: "https://me:pass@directory.example/" }));
  assert.ok(!inspect(secret, { showHidden: true }).includes("me:pass"));
  assert.ok(!inspect(fails("argument", () => kit.client({ endpoint: "https://me:pass@:/" }))).includes("me:pass"));
  const { client } = setUp();
  const refused = (call: () => unknown, message: RegExp): void => assert.match(fails("argument", call).message, message);
  refused(() => client.searchAll({ kind: "delRequest" } as never), /^search must be/);
  refused(() => client.searchAll(search, { pageSize: 0 }), /^options\.pageSize must be/);
  refused(() => client.searchAll(search, { session: 1 as never }), /^options\.session must be/);
  refused(() => client.searchAll(search, { onReference: 1 as never }), /^options\.onReference must be/);
  refused(() => client.searchAll({ ...search, controls: [{ type: "1.2.840.113556.1.4.319" }] }), /^search\.controls must not/);
  assert.match((await rejects("argument", client.send(read, { signal: {} as never }))).message, /^options\.signal must be/);
  assert.match((await rejects("argument", client.request(read, { timeout: NaN }))).message, /^options\.timeout must be/);
});

test("a session of one's own: restored after a reload", async () => {
  const { client, endpoint } = setUp();
  await client.begin();
  const saved = JSON.stringify(client.session);
  const again = kit.client({ endpoint: address, fetch: endpoint.fetch, session: kit.session.restore(saved) });
  assert.equal(again.session!.id, client.session!.id);
  await again.send(read);
  await again.end();
  assert.equal(endpoint.open.size, 0);
});

test("a session of SQL", async () => {
  const bodies: string[] = [];
  const fetch = async (_: string, init: RequestInit): Promise<Response> => {
    bodies.push(init.body as string);
    const answers: SqlDocument[] = [
      { kind: "sqlBatchResponse", headers: { sqlSession: { sessionId: "AAECAw==", timeout: 30 } }, results: [] },
      { kind: "sqlBatchResponse", headers: { sqlSession: { sessionId: "AAECAw==" } }, results: [{ kind: "rowCount", count: 3 }] },
      { kind: "sqlEmpty", headers: { sqlSession: { sessionId: "AAECAw==", terminate: true } } },
    ];
    return new Response(kit.sql.build(answers[bodies.length - 1]!), { headers: { "content-type": "text/xml" } });
  };
  const client = kit.client({ endpoint: address, fetch, retries: 3, session: kit.session.sql({ timeout: 60 }) });
  await client.begin();
  assert.equal(client.session!.id, "AAECAw==");
  const reply = await client.send({ kind: "sqlBatch", commands: "DELETE FROM Orders" });
  assert.equal(reply.sql?.kind, "sqlBatchResponse");
  await client.end();
  assert.equal(client.session!.state, "closed");
  assert.match(bodies[0]!, /initiate="true"/);
  assert.match(bodies[1]!, /DELETE FROM Orders/);
  // A batch of SQL is never sent a second time.
  let sent = 0;
  const broken = kit.client({ endpoint: address, retries: 3, session: kit.session.sql(), fetch: async () => { sent++; throw new TypeError("connection reset"); } });
  await rejects("http-unreachable", broken.begin({ kind: "sqlBatch", commands: "SELECT 1" }));
  assert.equal(sent, 1);
});

test("the same client over a worker", async () => {
  const endpoint = makeEndpoint(kit);
  const remote = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))) as never);
  try {
    const client = remote.client({ endpoint: address, fetch: endpoint.fetch, auth: { username: "me", password: "secret" } });
    await client.begin();
    assert.equal(client.session!.id, "s1");
    assert.equal((await client.send(read)).document!.responses.length, 2);
    await client.end();
    assert.equal((await client.request(read)).responses.length, 2);
    assert.deepEqual(await collect(client.searchAll(search, { pageSize: 3 })), everybody);
    for await (const entry of client.searchAll(search, { pageSize: 2 })) if (entry.dn === "cn=p2,o=Example") break;
    assert.equal(endpoint.open.size, 0);
    endpoint.interrupt = () => fault("Server", "broken");
    const error = await rejects("soap-fault-received", client.request(read));
    assert.ok(error instanceof DsmlkitError && error.reply!.fault!.reason === "broken");
    endpoint.interrupt = undefined;
    // Options of with() hold for the client too.
    const reason = new Error("enough");
    const aborted = remote.with({ signal: AbortSignal.abort(reason) }).client({ endpoint: address, fetch: endpoint.fetch });
    await assert.rejects(aborted.request(read), (error) => error === reason);
    // One that comes in the midst of a search ends the session at the server, too.
    const abort = new AbortController();
    const searching = collect(
      remote.with({ signal: abort.signal }).client({
        endpoint: address,
        fetch: async (url, init) => {
          const answer = await endpoint.fetch(url, init);
          if (endpoint.seen.at(-1)!.batch.requests.length > 0) abort.abort(reason);
          return answer;
        },
      }).searchAll(search, { pageSize: 2 }),
    );
    await assert.rejects(searching, (error) => error === reason);
    await until("the session ends behind the abort", () => endpoint.open.size === 0);
    assert.equal(endpoint.seen.at(-1)!.step, "end");
    await rejects("argument", (async () => remote.client({ endpoint: 1 as never }))());
  } finally {
    remote.close();
  }
});
