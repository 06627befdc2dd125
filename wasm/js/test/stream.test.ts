import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { load, type ResponseItem } from "dsmlkit";
import { answer, badSession, dsmlNamespace, everyRequest, everyResponse, rejects, until } from "./samples.js";

const kit = await load();

async function collect(source: Parameters<typeof kit.dsml.stream>[0]): Promise<ResponseItem[]> {
  const items: ResponseItem[] = [];
  for await (const item of kit.dsml.stream(source)) items.push(item);
  return items;
}

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const expected = everyResponse.responses.flatMap((response): unknown[] => {
  if (response.kind !== "searchResponse") return [response];
  return [
    ...response.entries.map((entry) => ({ kind: "searchResultEntry", ...entry })),
    ...response.references!.map((reference) => ({ kind: "searchResultReference", ...reference })),
    { kind: "searchResultDone", ...response.done },
  ];
});

test("the same items, wherever the text is cut", async () => {
  const text = answer(kit.dsml.build(everyResponse), "x");
  for (const size of [1, 2, 3, 7, 64, 100_000]) assert.deepEqual(await collect(inPieces(text, size)), expected, `pieces of ${size}`);
});

test("a ReadableStream as fetch gives it", async () => {
  const text = kit.dsml.build(everyResponse, { indent: 1 });
  assert.deepEqual(await collect(new Response(text).body!), expected);
});

test("items come as soon as they are complete, and the source is read no further than needed", async () => {
  let chunks = 0;
  let cancelled = false;
  const entry = (i: number): string => `<searchResultEntry dn="cn=${i}"/>`;
  const source = {
    async *[Symbol.asyncIterator]() {
      try {
        const encoder = new TextEncoder();
        yield encoder.encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse>`);
        for (;;) yield encoder.encode(entry(chunks++));
      } finally {
        cancelled = true;
      }
    },
  };
  const seen: string[] = [];
  for await (const item of kit.dsml.stream(source)) {
    assert.ok(item.kind === "searchResultEntry");
    seen.push(item.dn);
    assert.ok(chunks <= seen.length + 1, "the source runs ahead");
    if (seen.length === 10) break;
  }
  assert.equal(seen.at(-1), "cn=9");
  assert.equal(cancelled, true);
});

test("an abort ends the loop with its reason and cancels the source", async () => {
  let cancelled: unknown;
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="a=b"/>`));
    },
    cancel() {
      cancelled = true;
    },
  });
  const controller = new AbortController();
  const reason = new Error("enough");
  const seen: ResponseItem[] = [];
  await assert.rejects(
    async () => {
      for await (const item of kit.dsml.stream(source, { signal: controller.signal })) {
        seen.push(item);
        setTimeout(() => controller.abort(reason), 5);
      }
    },
    (error) => error === reason,
  );
  assert.equal(seen.length, 1);
  await until("the source is cancelled", () => cancelled === true);
});

test("items before an error are delivered, then the error with its place", async () => {
  const seen: string[] = [];
  const text = `<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="a=b"/>\n<searchResultEntry/>`;
  const error = await rejects(
    "dsml-attribute-missing",
    (async () => {
      for await (const item of kit.dsml.stream(inPieces(text, 1000))) seen.push(item.kind);
    })(),
  );
  assert.deepEqual(seen, ["searchResultEntry"]);
  assert.equal(error.line, 2);
});

test("a text that ends early, a fault and a request are errors", async () => {
  await rejects("xml-syntax", collect(inPieces(kit.dsml.build(everyResponse).slice(0, -20), 500)));
  await rejects("soap-fault-received", collect(inPieces(badSession, 10)));
  await rejects("dsml-root", collect(inPieces(kit.dsml.build(everyRequest), 10)));
});

test("an error of the source goes through, and a wrong source is refused", async () => {
  const broken = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("<batchResponse");
      throw new Error("connection reset");
    },
  };
  await assert.rejects(collect(broken), /connection reset/);
  await rejects("argument", collect("text" as never));
  await rejects("argument", collect(["text"] as never));
  await rejects("argument", collect(null as never));
});

test("many streams at once", async () => {
  const text = kit.dsml.build(everyResponse);
  const all = await Promise.all(Array.from({ length: 50 }, (_, i) => collect(inPieces(text, 5 + i))));
  for (const items of all) assert.deepEqual(items, expected);
});

/** A source of one chunk with so many entries, and of nothing more until it is cancelled. */
function entriesAndSilence(count: number): { source: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let cancelled = false;
  const entries = Array.from({ length: count }, (_, i) => `<searchResultEntry dn="cn=${i}"/>`).join("");
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse>${entries}`));
    },
    cancel() {
      cancelled = true;
    },
  });
  return { source, cancelled: () => cancelled };
}

function iterate(source: Parameters<typeof kit.dsml.stream>[0], signal?: AbortSignal): AsyncGenerator<ResponseItem, unknown> {
  return kit.dsml.stream(source, { signal })[Symbol.asyncIterator]() as AsyncGenerator<ResponseItem, unknown>;
}

function dnOf({ value }: IteratorResult<ResponseItem, unknown>): string {
  const item = value as ResponseItem;
  assert.ok(item.kind === "searchResultEntry");
  return item.dn;
}

const over = { done: true, value: undefined };

test("the iterator of a stream is one like any other", () => {
  const { source } = entriesAndSilence(1);
  const items = iterate(source);
  const platform = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype)) as object;
  assert.ok(Object.prototype.isPrototypeOf.call(platform, items));
  assert.equal(items[Symbol.asyncIterator](), items);
});

test("items that are asked for all at once come in order, and after the last one nothing", async () => {
  for (const size of [3, 100_000]) {
    const items = iterate(inPieces(kit.dsml.build(everyResponse), size));
    const results = await Promise.all(Array.from({ length: expected.length + 3 }, () => items.next()));
    assert.deepEqual(results, [...expected.map((value) => ({ done: false, value })), over, over, over]);
    assert.deepEqual(await items.next(), over);
  }
});

test("return() between items of a chunk ends the stream and cancels the source", async () => {
  const { source, cancelled } = entriesAndSilence(3);
  const items = iterate(source);
  assert.equal(dnOf(await items.next()), "cn=0");
  const results = await Promise.all([items.next(), items.return("enough"), items.next(), items.return(Promise.resolve("more"))]);
  assert.equal(dnOf(results[0]), "cn=1");
  assert.deepEqual(results.slice(1), [{ done: true, value: "enough" }, over, { done: true, value: "more" }]);
  await until("the source is cancelled", cancelled);
});

test("return() before the first item leaves the source alone", async () => {
  const items = iterate(new Proxy({} as AsyncIterable<Uint8Array>, { get: (_, name) => (name === "locked" || name === "getReader" ? undefined : assert.fail("it was looked at")) }));
  assert.deepEqual(await items.return(1), { done: true, value: 1 });
  assert.deepEqual(await items.next(), over);
});

test("return() waits for the item that was asked for before", async () => {
  let more: ReadableStreamDefaultController<Uint8Array>;
  const source = new ReadableStream<Uint8Array>({ start: (controller) => void (more = controller) });
  const items = iterate(source);
  const answers: unknown[] = [];
  const first = items.next().then((result) => answers.push(dnOf(result)));
  const second = items.return("enough").then((result) => answers.push(result.value));
  more!.enqueue(new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="a=b"/><searchResultEntry dn="c=d"/>`));
  await Promise.all([first, second]);
  assert.deepEqual(answers, ["a=b", "enough"]);
});

test("throw() ends the stream with its error and cancels the source", async () => {
  const { source, cancelled } = entriesAndSilence(3);
  const items = iterate(source);
  assert.equal(dnOf(await items.next()), "cn=0");
  const reason = new Error("enough");
  await assert.rejects(items.throw(reason), (error) => error === reason);
  assert.deepEqual(await items.next(), over);
  await until("the source is cancelled", cancelled);
});

test("an abort between items of a chunk ends the stream with its reason and cancels the source", async () => {
  const { source, cancelled } = entriesAndSilence(3);
  const controller = new AbortController();
  const items = iterate(source, controller.signal);
  assert.equal(dnOf(await items.next()), "cn=0");
  const reason = new Error("enough");
  controller.abort(reason);
  const results = await Promise.allSettled([items.next(), items.next()]);
  assert.deepEqual(results, [{ status: "rejected", reason }, { status: "fulfilled", value: over }]);
  await until("the source is cancelled", cancelled);
});

test("an error ends the stream for all who wait", async () => {
  const items = iterate(inPieces(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="a=b"/><searchResultEntry/>`, 1000));
  const results = await Promise.allSettled([items.next(), items.next(), items.next()]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(results[2], { status: "fulfilled", value: over });
});

test("a chunk that is taken away while its items are read is an error, and none is lost in silence", async () => {
  const entry = `<searchResultEntry dn="cn=a"><attr name="cn"><value>a</value></attr></searchResultEntry>`;
  for (const items of [1, 700]) {
    const bytes = new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse>${entry.repeat(2000)}`);
    let seen = 0;
    await rejects("argument", (async () => {
      for await (const item of kit.dsml.stream((async function* () { yield bytes; })())) {
        if (item.kind && ++seen === items) structuredClone(bytes, { transfer: [bytes.buffer] });
      }
    })());
    assert.ok(seen >= items && seen < 2000, `${seen} items`);
  }
});

test("an item that was taken is held by nobody else, and a long chunk is read as its items are asked for", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const parts = Array.from({ length: 5000 }, (_, i) =>
    i % 10 === 0
      ? `<searchResultReference><ref>ldap://${i}.example.com/</ref></searchResultReference>`
      : `<searchResultEntry dn="cn=${i}"><attr name="cn"><value>${i}</value></attr></searchResultEntry>`,
  );
  const text = `<batchResponse xmlns="${dsmlNamespace}"><searchResponse>${parts.join("")}</nothing>`;
  const items = iterate(inPieces(text, text.length));
  const take = async (): Promise<WeakRef<ResponseItem>> => {
    const next = await items.next();
    assert.ok(!next.done);
    return new WeakRef(next.value);
  };
  const taken: WeakRef<ResponseItem>[] = [];
  for (let i = 0; i < 4001; i++) taken.push(await take());
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  // A reference is the last item, and the loop that gave it still has it at hand.
  assert.ok(taken.filter((item) => item.deref() !== undefined).length <= 1);
  for (let i = 4001; i < 5000; i++) await take();
  await assert.rejects(items.next(), { name: "DsmlkitError", code: "xml-syntax" });
});
