import assert from "node:assert/strict";
import { test } from "node:test";
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
