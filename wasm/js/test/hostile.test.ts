import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type BatchRequest, type BatchResponse, type Entry } from "dsmlkit";
import { dsmlNamespace, everyRequest, fails, soap11 } from "./samples.js";

const kit = await load();

const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype"];
// Attribute names of the schema have no underscores; of these only some are
// legal there, and all of them in the field.
const response =
  `<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="a=b">` +
  names.map((name) => `<attr name="${name}"><value>${name}!</value></attr>`).join("") +
  `</searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`;

function entryOf(document: unknown): Entry {
  const [search] = (document as BatchResponse).responses;
  assert.ok(search?.kind === "searchResponse");
  return search.entries[0]!;
}

test("attributes named like parts of Object.prototype are ordinary attributes", async () => {
  const parsed = kit.dsml.parse(response);
  const { attrs } = entryOf(parsed);
  assert.deepEqual(Object.keys(attrs), names);
  assert.equal(Object.getPrototypeOf(attrs), Object.prototype);
  for (const name of names) assert.deepEqual(Object.getOwnPropertyDescriptor(attrs, name)!.value, [`${name}!`]);
  assert.equal(({} as { toString: unknown }).toString, Object.prototype.toString);
  assert.deepEqual(kit.dsml.parse(kit.dsml.build(parsed)), parsed);
  for await (const item of kit.dsml.stream(new Response(response).body!)) {
    if (item.kind === "searchResultEntry") assert.deepEqual(item.attrs, attrs);
  }
});

test("entries are plain objects, however many attributes they have", () => {
  const counts = [0, 1, 4, 5, 10, 11, 40, 3];
  const attrs = counts.map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`attr${count - i}`, [`${i}`]])));
  const document: BatchResponse = {
    kind: "batchResponse",
    responses: [{ kind: "searchResponse", entries: attrs.map((attrs) => ({ dn: "", attrs })), done: { resultCode: { code: 0 } } }],
  };
  const [search] = (kit.dsml.parse(kit.dsml.build(document)) as BatchResponse).responses;
  assert.ok(search?.kind === "searchResponse");
  assert.deepEqual(search.entries.map(({ attrs }) => attrs), attrs);
  for (const [i, entry] of search.entries.entries()) {
    assert.equal(Object.getPrototypeOf(entry.attrs), Object.prototype);
    assert.deepEqual(Object.keys(entry.attrs), Object.keys(attrs[i]!));
    for (const property of Object.values(Object.getOwnPropertyDescriptors(entry.attrs))) {
      assert.ok(property.writable && property.enumerable && property.configurable);
    }
    assert.deepEqual(structuredClone(entry), entry);
  }
});

test("what is inherited is not read from arguments", () => {
  const inherited = Object.create({ processing: "parallel" }) as BatchRequest;
  inherited.kind = "batchRequest";
  inherited.requests = [];
  assert.equal(kit.dsml.build(inherited), `<batchRequest xmlns="${dsmlNamespace}"/>`);
  assert.equal(kit.dsml.build(Object.assign(Object.create(null) as BatchRequest, everyRequest)), kit.dsml.build(everyRequest));
});

test("halves of surrogate pairs are refused with their place", () => {
  const lone = "a".repeat(600) + "\uD83D";
  assert.match(fails("argument", () => kit.dsml.parse(lone)).message, /^input has half of a surrogate pair at index 600$/);
  assert.match(
    fails("argument", () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "delRequest", dn: "\uDE00" }] })).message,
    /^document\.requests\[0\]\.dn has half/,
  );
  assert.match(
    fails("argument", () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "addRequest", dn: "", attrs: { "\uD800": [] } }] })).message,
    /has half of a surrogate pair/,
  );
  assert.equal(kit.dsml.filter.parse("(cn=\u{1F600})").kind, "equalityMatch");
});

test("detached buffers are refused with the argument's name", () => {
  const bytes = new TextEncoder().encode(response);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  const error = fails("argument", () => kit.dsml.parse(bytes));
  assert.match(error.message, /^the buffer of input is detached$/);
  assert.match(
    fails("argument", () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "addRequest", dn: "", attrs: { x: [bytes] } }] })).message,
    /document\.requests\[0\]\.attrs\.x\[0\] is detached/,
  );
  // An empty array is not a detached one.
  fails("xml-syntax", () => kit.dsml.parse(new Uint8Array(0)));
});

test("any view of a buffer counts with its own bounds", () => {
  const all = new Uint8Array(Buffer.from("xx" + response + "yy"));
  assert.equal(kit.dsml.parse(all.subarray(2, all.length - 2)).kind, "batchResponse");
  assert.equal(kit.dsml.parse(new DataView(all.buffer, 2, all.length - 4) as never).kind, "batchResponse");
  assert.equal(kit.dsml.parse(new TextEncoder().encode(response).buffer as never).kind, "batchResponse");
  const shared = new Uint8Array(new SharedArrayBuffer(all.length - 4));
  shared.set(all.subarray(2, all.length - 2));
  assert.equal(kit.dsml.parse(shared).kind, "batchResponse");
});

test("results do not lie in memory that the next call writes to", () => {
  const text = `<batchRequest xmlns="${dsmlNamespace}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><addRequest dn="a=b"><attr name="x"><value xsi:type="xsd:base64Binary">AQID</value></attr></addRequest></batchRequest>`;
  const read = (): Uint8Array => {
    const [request] = (kit.dsml.parse(text) as BatchRequest).requests;
    assert.ok(request?.kind === "addRequest");
    return request.attrs["x"]![0] as Uint8Array;
  };
  const first = read();
  assert.equal(first.buffer.byteLength, 3);
  first.fill(9);
  assert.deepEqual(read(), Uint8Array.of(1, 2, 3));
  assert.deepEqual(first, Uint8Array.of(9, 9, 9));
});

test("objects that contain themselves, throw or call back in", () => {
  const loop: { kind: string; requests: unknown[] } = { kind: "batchRequest", requests: [] };
  loop.requests.push(loop);
  assert.match(fails("argument", () => kit.dsml.build(loop as never)).message, /nested/);
  const throwing = {
    get kind(): never {
      throw new Error("not today");
    },
  };
  assert.match(fails("argument", () => kit.dsml.build(throwing as never)).detail!, /not today/);
  const reentrant = {
    kind: "batchRequest",
    get requests() {
      assert.equal(kit.dsml.filter.format(kit.dsml.filter.parse("(a=ä)")), "(a=ä)");
      return [{ kind: "delRequest", dn: "a=b" }];
    },
  };
  assert.equal(kit.dsml.build(reentrant as never), `<batchRequest xmlns="${dsmlNamespace}"><delRequest dn="a=b"/></batchRequest>`);
});

test("attributes in no order at all are plain objects in the order of the document", () => {
  let seed = 7;
  const random = (n: number) => (seed = (seed * 48271) % 0x7fffffff) % n;
  const names = [...Array.from({ length: 12 }, (_, i) => `attr${i}`), "__proto__", "constructor"];
  const orders = Array.from({ length: 300 }, (_, i) => {
    const order = [...names];
    // The first and the last hundred are in order.
    for (let j = order.length - 1; j > 0 && i >= 100 && i < 200; j--) {
      const other = random(j + 1);
      [order[j], order[other]] = [order[other]!, order[j]!];
    }
    return order;
  });
  const entries = orders.map((order) => `<searchResultEntry dn="a=b">${order.map((name) => `<attr name="${name}"><value>${name}</value></attr>`).join("")}</searchResultEntry>`);
  const text = `<batchResponse xmlns="${dsmlNamespace}"><searchResponse>${entries.join("")}<searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`;
  for (let round = 0; round < 3; round++) {
    const response = kit.dsml.parse(text);
    assert.ok(response.kind === "batchResponse" && response.responses[0]!.kind === "searchResponse");
    response.responses[0].entries.forEach(({ attrs }, i) => {
      assert.deepEqual(Object.keys(attrs), orders[i]);
      assert.equal(Object.getPrototypeOf(attrs), Object.prototype);
      for (const name of names) {
        assert.deepEqual(Object.getOwnPropertyDescriptor(attrs, name), { value: [name], writable: true, enumerable: true, configurable: true });
      }
    });
  }
});

test("many attribute names do not pile up: those beyond the bound still arrive", () => {
  for (let round = 0; round < 3; round++) {
    const attrs = Array.from({ length: 3000 }, (_, i) => `<attr name="a${round}x${i}"><value>${i}</value></attr>`).join("");
    const text = `<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="">${attrs}</searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`;
    const entry = entryOf(kit.dsml.parse(text));
    assert.equal(Object.keys(entry.attrs).length, 3000);
    assert.deepEqual(entry.attrs[`a${round}x2999`], ["2999"]);
  }
});

test("deep and large inputs end in an error, and the toolkit goes on", () => {
  fails("xml-limit", () => kit.soap.parse(`<s:Envelope xmlns:s="${soap11}"><s:Body>` + "<a>".repeat(10_000)));
  fails("dsml-element", () => kit.dsml.parse(`<batchRequest xmlns="${dsmlNamespace}">` + "<delRequest dn='a=b'>".repeat(10_000)));
  fails("xml-limit", () => kit.soap.indent("<a>".repeat(10_000)));
  assert.ok(kit.dsml.validate("<a>".repeat(10_000)).length > 0);
  assert.equal(kit.dsml.resultName(0), "success");
});
