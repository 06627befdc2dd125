import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { connect, DsmlkitError, type AsyncToolkit, type ResponseItem } from "dsmlkit/worker-client";
import { answer, badSession, dsmlNamespace, emptyAnswer, everyRequest, everyResponse, fails, rejects, until } from "./samples.js";

const script = new URL(import.meta.resolve("dsmlkit/worker"));

/** Runs a test with a worker of its own, as Node has them. */
async function withKit(run: (kit: AsyncToolkit) => Promise<void>): Promise<void> {
  const kit = await connect(new Worker(script));
  try {
    await run(kit);
  } finally {
    kit.close();
  }
}

test("every method gives a promise of the same result", () =>
  withKit(async (kit) => {
    const text = await kit.dsml.build(everyRequest, { indent: 2 });
    assert.deepEqual(await kit.dsml.parse(text), everyRequest);
    assert.deepEqual(await kit.dsml.parse(await kit.dsml.build(everyResponse)), everyResponse);
    assert.ok((await kit.dsml.validate(text)).every((problem) => problem.severity === "warning"));
    assert.equal(await kit.dsml.filter.format(await kit.dsml.filter.parse("(cn=ä*)")), "(cn=ä*)");
    assert.deepEqual(await kit.dsml.control.decode(await kit.dsml.control.encode({ type: "pagedResults", size: 3 })), { type: "pagedResults", size: 3 });
    assert.deepEqual(await kit.dsml.ldif.parse(await kit.dsml.ldif.format([{ dn: "a=b", attrs: { c: ["d"] } }])), [{ dn: "a=b", attrs: { c: ["d"] } }]);
    assert.equal(await kit.dsml.resultName(32), "noSuchObject");
    assert.equal((await kit.soap.parse(await kit.soap.build({ body: text }))).body.length, 1);
    assert.equal(await kit.soap.indent("<a><b/></a>"), "<a>\n  <b/>\n</a>");
  }));

test("errors cross whole", () =>
  withKit(async (kit) => {
    const error = await rejects("dsml-element", kit.dsml.parse(`<batchRequest xmlns="${dsmlNamespace}">\n<x/></batchRequest>`));
    assert.equal(error.line, 2);
    assert.ok(error.hint);
    assert.match((await rejects("argument", kit.dsml.build({ kind: "batchRequest", requests: [{}] } as never))).message, /^document\.requests\[0\]\.kind/);
    await rejects("argument", kit.dsml.build({ kind: "batchRequest", requests: [() => 0] } as never));
  }));

test("sessions: properties are up to date when the promise is fulfilled, and events come", () =>
  withKit(async (kit) => {
    const session = await kit.session.dsml({ timeout: 60 });
    const events: string[] = [];
    session.addEventListener("change", (event) => events.push(event.state));
    assert.equal(session.state, "none");
    assert.match((await session.begin()).body, /BeginSession/);
    assert.equal(session.state, "opening");
    const before = Date.now();
    const reply = await session.receive(answer(emptyAnswer, "id-1"), { status: 200, headers: new Headers({ "content-type": "text/xml" }) });
    assert.equal(reply.outcome, "opened");
    assert.deepEqual([session.state, session.id, session.timeout, session.timeoutGuessed], ["open", "id-1", 60, true]);
    const left = session.remaining()!;
    assert.ok(left >= 60_000 - (Date.now() - before) && left <= 60_000, String(left));
    assert.equal(session.remaining(session.expiresAt! - 5), 5);
    assert.equal(session.pages.length, 0);
    const copy = await kit.session.restore(JSON.stringify(session));
    assert.deepEqual([copy.state, copy.id, copy.expiresAt], ["open", "id-1", session.expiresAt]);
    await session.send(everyRequest);
    await session.receive(badSession, { status: 500 });
    assert.equal(session.state, "lost");
    const error = await rejects("session-not-open", session.send(""));
    assert.ok(error.hint);
    assert.deepEqual(events, ["opening", "open", "lost"]);
    await session.begin();
    await session.failed();
    assert.equal(session.state, "lost");
    await session.free();
    await rejects("session-freed", session.begin());
    assert.equal((await (await kit.session.sql()).begin()).headers["Content-Type"], "text/xml; charset=utf-8");
  }));

test("an abort rejects at once, drops what has not begun, and leaves the rest alone", () =>
  withKit(async (kit) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const calls = Array.from({ length: 10 }, () => kit.with({ signal: controller.signal }).dsml.validate(`<a>`.repeat(1000)));
    const other = kit.dsml.resultName(0);
    controller.abort(reason);
    const results = await Promise.allSettled(calls);
    for (const result of results) assert.ok(result.status === "rejected" && result.reason === reason);
    assert.equal(await other, "success");
    await assert.rejects(kit.with({ signal: AbortSignal.abort(reason) }).dsml.resultName(0), (error) => error === reason);
  }));

test("buffers are copied, or handed over when that is asked for", () =>
  withKit(async (kit) => {
    const bytes = new TextEncoder().encode(emptyAnswer);
    await kit.dsml.parse(bytes);
    assert.ok(bytes.length > 0);
    await kit.with({ transfer: true }).dsml.parse(bytes);
    assert.equal(bytes.length, 0);
  }));

test("a small view does not drag its large buffer along", () =>
  withKit(async (kit) => {
    const large = new Uint8Array(64 << 20);
    const text = new TextEncoder().encode(emptyAnswer);
    large.set(text, 1000);
    const view = large.subarray(1000, 1000 + text.length);
    const sent = await sizesOfPosted(async () => {
      assert.equal((await kit.dsml.parse(view)).kind, "batchResponse");
      assert.equal((await kit.with({ transfer: true }).dsml.parse(view)).kind, "batchResponse");
      // Inside a document, and as the chunk of a stream.
      const document = { kind: "batchRequest" as const, requests: [{ kind: "addRequest" as const, dn: "a=b", attrs: { x: [large.subarray(0, 3)] } }] };
      const built = await kit.dsml.build(document);
      assert.equal(built, `<batchRequest xmlns="${dsmlNamespace}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><addRequest dn="a=b"><attr name="x"><value xsi:type="xsd:base64Binary">AAAA</value></attr></addRequest></batchRequest>`);
      assert.equal(document.requests[0]!.attrs.x[0]!.buffer, large.buffer);
      for await (const item of kit.dsml.stream((async function* () { yield view; })())) assert.fail(item.kind);
    });
    assert.equal(large.length, 64 << 20, "the buffer was taken away");
    assert.ok(sent.length >= 4 && sent.every((size) => size <= 1000), `buffers of ${sent} bytes were posted`);
    // What lies in shared memory is read as it was at the call.
    const shared = new Uint8Array(new SharedArrayBuffer(text.length));
    shared.set(text);
    const parsed = kit.dsml.parse(shared);
    shared.fill(0);
    assert.equal((await parsed).kind, "batchResponse");
  }));

/** Bytes of all buffers behind views that are posted to a worker meanwhile. */
async function sizesOfPosted(run: () => Promise<void>): Promise<number[]> {
  const { prototype } = Worker;
  const { postMessage } = prototype;
  const sizes: number[] = [];
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) sizes.push(value.buffer.byteLength);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  prototype.postMessage = function (this: Worker, message: unknown, ...rest: never[]) {
    look(message);
    return postMessage.call(this, message, ...rest);
  };
  try {
    await run();
  } finally {
    prototype.postMessage = postMessage;
  }
  return sizes;
}

test("items in front of an error come first, however long the chunk is", () =>
  withKit(async (kit) => {
    const entries = Array.from({ length: 1000 }, (_, i) => `<searchResultEntry dn="cn=${i}"><attr name="cn"><value>${i}</value></attr></searchResultEntry>`);
    const response = `<batchResponse xmlns="${dsmlNamespace}"><searchResponse>${entries.join("")}</nothing>${" ".repeat(40_000)}`;
    let count = 0;
    await rejects("xml-syntax", (async () => { for await (const item of kit.dsml.stream(new Blob([response]).stream())) count += item.kind === "searchResultEntry" ? 1 : 0; })());
    assert.equal(count, 1000);
  }));

test("a page may replace Promise", () =>
  withKit(async (kit) => {
    const { Promise: native } = globalThis;
    globalThis.Promise = class<T> extends native<T> {};
    try {
      const items: ResponseItem[] = [];
      for await (const item of kit.dsml.stream(new Blob([answer(await kit.dsml.build(everyResponse), "x")]).stream())) items.push(item);
      assert.ok(items.length > 5 && items.every((item) => item.kind));
    } finally {
      globalThis.Promise = native;
    }
  }));

test("streams: decoded in the worker, read here", () =>
  withKit(async (kit) => {
    const text = await kit.dsml.build(everyResponse);
    const items: ResponseItem[] = [];
    for await (const item of kit.dsml.stream(new Response(text).body!)) items.push(item);
    assert.deepEqual(
      items.map((item) => item.kind).slice(0, 5),
      ["authResponse", "searchResultEntry", "searchResultEntry", "searchResultReference", "searchResultDone"],
    );
    let cancelled = false;
    const endless = {
      async *[Symbol.asyncIterator]() {
        try {
          yield new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse>`);
          for (let i = 0; ; i++) yield new TextEncoder().encode(`<searchResultEntry dn="cn=${i}"/>`);
        } finally {
          cancelled = true;
        }
      },
    };
    let n = 0;
    for await (const item of kit.dsml.stream(endless)) {
      assert.equal(item.kind, "searchResultEntry");
      if (++n === 20) break;
    }
    await until("the source is closed", () => cancelled);
    assert.equal((await rejects("xml-syntax", (async () => { for await (const item of kit.dsml.stream(new Response("<a").body!)) assert.fail(item.kind); })())).line, 1);
  }));

test("a closed worker, and one that cannot load", async () => {
  const kit = await connect(new Worker(script));
  const waiting = kit.dsml.validate("<a>".repeat(100_000));
  kit.close();
  await rejects("closed", waiting);
  await rejects("closed", kit.dsml.resultName(0));
  const worker = new Worker(script);
  const error = await rejects("load", connect(worker, { wasm: new URL("./missing.wasm", script) }));
  assert.match(error.message, /missing/);
  await worker.terminate();
  const broken = new Worker("throw new Error('broken script')", { eval: true });
  assert.ok((await rejects("closed", connect(broken))) instanceof DsmlkitError);
});

test("what is no worker and no signal is refused by name", async () => {
  for (const value of [undefined, null, 5, {}, "worker.js"]) assert.match((await rejects("argument", connect(value as never))).message, /^worker must be/);
  const kit = await connect(new Worker(script));
  try {
    const { port1 } = new MessageChannel();
    for (const signal of [5, {}, "now"] as never[]) {
      assert.match((await rejects("argument", connect(port1, { signal }))).message, /^options\.signal must be/);
      assert.match(fails("argument", () => kit.with({ signal })).message, /^options\.signal must be/);
    }
    assert.match((await rejects("argument", connect(port1, 5 as never))).message, /^options must be/);
    port1.close();
  } finally {
    kit.close();
  }
});

test("a session is let go of, whatever its signal says", async () => {
  const kit = await connect(new Worker(script));
  try {
    const abort = new AbortController();
    const session = await kit.with({ signal: abort.signal }).session.dsml();
    abort.abort();
    await session.free();
    await session.free();
  } finally {
    kit.close();
  }
});

test("two connections to one worker do not take each other's answers", async () => {
  const worker = new Worker(script);
  const [one, other] = [await connect(worker), await connect(worker)];
  try {
    const names = Array.from({ length: 40 }, (_, i) => `a${i}`);
    const filters = await Promise.all(names.map((name, i) => (i % 3 === 0 ? one : other).dsml.filter.parse(`(${name}=1)`)));
    assert.deepEqual(filters.map((filter) => "name" in filter && filter.name), names);
  } finally {
    one.close();
  }
});

test("a compiled module can be passed on to the worker", async () => {
  const { readFile } = await import("node:fs/promises");
  const module = await WebAssembly.compile(await readFile(new URL(import.meta.resolve("dsmlkit/dsmlkit.wasm"))));
  const kit = await connect(new Worker(script), { wasm: module });
  assert.equal(await kit.dsml.resultName(0), "success");
  kit.close();
});
