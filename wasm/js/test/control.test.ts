import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type AnyControlValue, type ControlValue } from "dsmlkit";
import { fails } from "./samples.js";

const kit = await load();
const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

test("controls: encode and decode are inverse", () => {
  const values: ControlValue[] = [
    { type: "pagedResults", size: 500 },
    { type: "pagedResults", size: 2147483647, cookie: Uint8Array.of(0, 1, 255), criticality: true },
    { type: "sort", keys: [{ attribute: "sn" }, { attribute: "cn", matchingRule: "2.5.13.3", reverse: true }] },
    { type: "manageDsaIT", criticality: true },
    { type: "treeDelete" },
    { type: "showDeleted" },
    { type: "domainScope" },
    { type: "permissiveModify" },
    { type: "proxiedAuthorization", authzID: "dn:cn=Zoë", criticality: true },
    { type: "unknown", oid: "1.2.3.4", criticality: true, value: Uint8Array.of(1) },
    { type: "unknown", oid: "1.2.3.4", value: "text" },
    { type: "unknown", oid: "1.2.3.4" },
  ];
  for (const value of values) {
    assert.deepEqual(kit.dsml.control.decode(kit.dsml.control.encode(value)), value);
  }
});

test("paged results: the values of the specification", () => {
  assert.deepEqual(kit.dsml.control.encode({ type: "pagedResults", size: 5 }), {
    type: "1.2.840.113556.1.4.319",
    controlValue: base64("MAUCAQUEAA=="),
  });
  // D-149: lengths as .NET writes them.
  const control = { type: "1.2.840.113556.1.4.319", controlValue: base64("MIQAAAAFAgEFBAA=") };
  assert.deepEqual(kit.dsml.control.decode(control), { type: "pagedResults", size: 5 });
});

test("controls of every kind, when the direction is told", () => {
  const requests: AnyControlValue[] = [
    { type: "virtualListView", before: 0, after: 9, offset: 1, contentCount: 100 },
    { type: "virtualListView", before: 0, after: 9, value: "Mü", contextID: Uint8Array.of(1) },
    { type: "dirSync", flags: -2147483648, maxBytes: 65536, cookie: Uint8Array.of(1) },
    { type: "attributeScopedQuery", attribute: "member" },
    { type: "sdFlags", flags: 7, criticality: true },
    { type: "searchOptions", flags: 1 },
    { type: "extendedDN", standard: true },
    { type: "assertion", filter: { kind: "equalityMatch", name: "cn", value: "x" } },
    { type: "preRead", attributes: ["cn"] },
    { type: "postRead" },
    { type: "showRecycled" },
    { type: "lazyCommit" },
  ];
  for (const value of requests) assert.deepEqual(kit.dsml.control.decode(kit.dsml.control.encode(value), { direction: "request" }), value);
  const answers: AnyControlValue[] = [
    { type: "sortResult", code: 16, attribute: "sn" },
    { type: "virtualListViewResult", position: 7, contentCount: 100, code: 0 },
  ];
  for (const value of answers) assert.deepEqual(kit.dsml.control.decode(kit.dsml.control.encode(value), { direction: "response" }), value);
  const control = kit.dsml.control.encode({ type: "sdFlags", flags: 7 });
  assert.equal(kit.dsml.control.decode(control).type, "unknown");
});

test("controls with one OID for both directions", () => {
  const entry = kit.dsml.control.encode({ type: "dirSyncResult", moreResults: true, cookie: Uint8Array.of(5) });
  assert.deepEqual(kit.dsml.control.decode(entry, { direction: "response" }), { type: "dirSyncResult", moreResults: true, cookie: Uint8Array.of(5) });
  assert.deepEqual(kit.dsml.control.decode(entry, { direction: "request" }), { type: "dirSync", flags: 1, maxBytes: 0, cookie: Uint8Array.of(5) });
  // RFC 4527: the entry as it was, cn=x with one value.
  const read = { type: "1.3.6.1.1.13.1", controlValue: Uint8Array.from([0x64, 19, 4, 4, 99, 110, 61, 120, 48, 11, 48, 9, 4, 2, 99, 110, 49, 3, 4, 1, 120]) };
  assert.deepEqual(kit.dsml.control.decode(read, { direction: "response" }), { type: "preReadResult", entry: { dn: "cn=x", attrs: { cn: ["x"] } } });
});

test("controls: what is wrong is refused", () => {
  fails("dsml-control", () => kit.dsml.control.decode({ type: "1.2.840.113556.1.4.319", controlValue: Uint8Array.of(48, 200) }));
  fails("dsml-control", () => kit.dsml.control.decode({ type: "1.2.840.113556.1.4.319" }));
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "pagedResults" } as never)).message, /^value\.size/);
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "pagedResults", size: -1 })).message, /^value\.size/);
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "sort", keys: [] })).message, /^value\.keys/);
  assert.match(fails("argument", () => kit.dsml.control.decode({ type: "1.2" }, { direction: "both" as never })).message, /^options\.direction/);
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "paged" } as never)).message, /^value\.type/);
});
