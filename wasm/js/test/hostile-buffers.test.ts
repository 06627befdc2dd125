import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type BatchRequest } from "dsmlkit";
import { connect } from "dsmlkit/worker-client";
import { Worker } from "node:worker_threads";
import { dsmlNamespace, fails, rejects } from "./samples.js";

const kit = await load();

const padding = " ".repeat(1000);
const text = (dn: string): Uint8Array => new TextEncoder().encode(`<batchRequest xmlns="${dsmlNamespace}">${padding}<delRequest dn="${dn}"/></batchRequest>`);

/** Options whose reading runs code of the page, in the middle of the call. */
const meanwhile = (act: () => void): object => ({
  get strict() {
    act();
    return false;
  },
});

function dnOf(document: unknown): string {
  const [request] = (document as BatchRequest).requests;
  assert.ok(request?.kind === "delRequest");
  return request.dn;
}

test("a buffer that is detached during the call is refused, and the toolkit goes on", () => {
  for (const size of [1, 100]) {
    const bytes = size === 1 ? text("cn=a") : new TextEncoder().encode(new TextDecoder().decode(text("cn=a")).replace(padding, padding.repeat(400)));
    const error = fails("argument", () => kit.dsml.parse(bytes, meanwhile(() => structuredClone(bytes, { transfer: [bytes.buffer] }))));
    assert.match(error.message, /input/);
    assert.equal(dnOf(kit.dsml.parse(text("cn=b"))), "cn=b");
  }
});

test("a buffer that shrinks during the call is refused, and the toolkit goes on", () => {
  const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer & { resize(length: number): void };
  const content = text("cn=a");
  const buffer = new Resizable(content.length, { maxByteLength: content.length * 2 });
  const bytes = new Uint8Array(buffer);
  bytes.set(content);
  const error = fails("argument", () => kit.dsml.parse(bytes, meanwhile(() => buffer.resize(10))));
  assert.match(error.message, /input/);
  // One that only can change size is as good as any.
  buffer.resize(content.length);
  bytes.set(content);
  assert.equal(dnOf(kit.dsml.parse(bytes)), "cn=a");
});

test("a buffer that is written to during the call: one text or the other, nothing in between", () => {
  const bytes = text("cn=a");
  const other = text("cn=b");
  const found = dnOf(kit.dsml.parse(bytes, meanwhile(() => bytes.set(other))));
  assert.ok(found === "cn=a" || found === "cn=b", found);
});

test("calls from within a call, with memory that grows", () => {
  const large = new TextEncoder().encode(new TextDecoder().decode(text("cn=large")).replace(padding, padding.repeat(3000)));
  const bytes = text("cn=a");
  assert.equal(dnOf(kit.dsml.parse(bytes, meanwhile(() => assert.equal(dnOf(kit.dsml.parse(large)), "cn=large")))), "cn=a");
});

test("a worker gets what was there at the call, or a refusal", async () => {
  const remote = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))) as never);
  try {
    const bytes = text("cn=a");
    const parsed = remote.dsml.parse(bytes);
    bytes.fill(0);
    assert.equal(dnOf(await parsed), "cn=a");
    structuredClone(bytes, { transfer: [bytes.buffer] });
    await rejects("argument", remote.dsml.parse(bytes));
    assert.equal(dnOf(await remote.dsml.parse(text("cn=b"))), "cn=b");
  } finally {
    remote.close();
  }
});
