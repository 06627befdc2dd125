import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type BatchRequest, type Entry } from "dsmlkit";
import { everyResponse, fails, place } from "./samples.js";

const kit = await load();

const changes = `version: 1
# a comment,
  folded
dn: cn=Fiona Jensen,ou=Marketing,dc=airius,dc=com
changetype: add
objectclass: top
objectclass: person
cn: Fiona Jensen
description: a long
  line
jpegphoto:: AP8B

dn: cn=Robert Jensen,dc=airius,dc=com
control: 1.2.840.113556.1.4.805 true
changetype: delete

dn:: Y249Wm/Dqw==
changetype: modrdn
newrdn: cn=Paula Jensen
deleteoldrdn: 1

dn: ou=PD Accountants,dc=airius,dc=com
changetype: moddn
newrdn: ou=PD
deleteoldrdn: 0
newsuperior: ou=Accounting,dc=airius,dc=com

dn: cn=Paula Jensen,dc=airius,dc=com
changetype: modify
add: postaladdress
postaladdress: 123 Anystreet
-
delete: description
-
replace: telephonenumber
telephonenumber: +1 408 555 1234
telephonenumber: +1 408 555 5678
-
`;

const batch: BatchRequest = {
  kind: "batchRequest",
  requests: [
    {
      kind: "addRequest",
      dn: "cn=Fiona Jensen,ou=Marketing,dc=airius,dc=com",
      attrs: { objectclass: ["top", "person"], cn: ["Fiona Jensen"], description: ["a long line"], jpegphoto: [Uint8Array.of(0, 255, 1)] },
    },
    { kind: "delRequest", dn: "cn=Robert Jensen,dc=airius,dc=com", controls: [{ type: "1.2.840.113556.1.4.805", criticality: true }] },
    { kind: "modDNRequest", dn: "cn=Zoë", newrdn: "cn=Paula Jensen" },
    {
      kind: "modDNRequest",
      dn: "ou=PD Accountants,dc=airius,dc=com",
      newrdn: "ou=PD",
      deleteoldrdn: false,
      newSuperior: "ou=Accounting,dc=airius,dc=com",
    },
    {
      kind: "modifyRequest",
      dn: "cn=Paula Jensen,dc=airius,dc=com",
      modifications: [
        { name: "postaladdress", operation: "add", values: ["123 Anystreet"] },
        { name: "description", operation: "delete", values: [] },
        { name: "telephonenumber", operation: "replace", values: ["+1 408 555 1234", "+1 408 555 5678"] },
      ],
    },
  ],
};

test("D-154 change records become requests, and back", () => {
  assert.deepEqual(kit.dsml.ldif.parse(changes), batch);
  assert.deepEqual(kit.dsml.ldif.parse(changes.replaceAll("\n", "\r\n")), batch);
  assert.deepEqual(kit.dsml.ldif.parse(new TextEncoder().encode(changes)), batch);
  assert.deepEqual(kit.dsml.ldif.parse(kit.dsml.ldif.format(batch)), batch);
});

test("content records become entries, and back", () => {
  const entries: Entry[] = [
    { dn: "cn=Zoë,o=Example", attrs: { cn: ["Zoe"], bytes: [Uint8Array.of(32, 0)], long: ["x".repeat(300)], empty: [""] } },
    { dn: "", attrs: { namingContexts: ["o=Example"] } },
  ];
  const text = kit.dsml.ldif.format(entries);
  assert.ok(text.split("\n").every((line) => line.length <= 76));
  assert.deepEqual(kit.dsml.ldif.parse(text), entries);
  assert.deepEqual(kit.dsml.ldif.parse(""), []);
});

test("a response gives the entries of its searches", () => {
  const text = kit.dsml.ldif.format(everyResponse);
  assert.deepEqual(
    (kit.dsml.ldif.parse(text) as Entry[]).map((entry) => entry.dn),
    ["cn=Zoë 😀,o=Example", ""],
  );
});

test("what LDIF cannot say, and what is never fetched, is refused", () => {
  const search = kit.dsml.parse(
    `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><compareRequest dn="a=b"><assertion name="c"><value/></assertion></compareRequest></batchRequest>`,
  );
  assert.match(fails("ldif-unsupported", () => kit.dsml.ldif.format(search)).message, /compareRequest/);
  const error = fails("ldif-url", () => kit.dsml.ldif.parse("dn: a=b\njpegPhoto:< file:///etc/passwd\n"));
  assert.deepEqual(place(error), { code: "ldif-url", line: 2, column: 13, offset: 20 });
  assert.equal(fails("ldif-syntax", () => kit.dsml.ldif.parse("dn: a=b\n\ncn: x\n")).line, 3);
  fails("ldif-base64", () => kit.dsml.ldif.parse("dn:: ?\n"));
  fails("ldif-version", () => kit.dsml.ldif.parse("version: 2\n"));
  fails("ldif-mixed", () => kit.dsml.ldif.parse("dn: a=b\ncn: c\n\ndn: a=b\nchangetype: delete\n"));
});
