import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type ControlValue } from "dsmlkit";
import { fails } from "./samples.js";

const kit = await load();
const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

test("controls: encode and decode are inverse", () => {
  const values: ControlValue[] = [
    { type: "pagedResults", size: 500 },
    { type: "pagedResults", size: 2147483647, cookie: Uint8Array.of(0, 1, 255), criticality: true },
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

test("controls: what is wrong is refused", () => {
  fails("dsml-control", () => kit.dsml.control.decode({ type: "1.2.840.113556.1.4.319", controlValue: Uint8Array.of(48, 200) }));
  fails("dsml-control", () => kit.dsml.control.decode({ type: "1.2.840.113556.1.4.319" }));
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "pagedResults" } as never)).message, /^value\.size/);
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "pagedResults", size: -1 })).message, /^value\.size/);
  assert.match(fails("argument", () => kit.dsml.control.encode({ type: "paged" } as never)).message, /^value\.type/);
});
