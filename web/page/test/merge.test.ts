// A change of the form in a text that was written by hand.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type BatchRequest, load, type Toolkit } from "dsmlkit";
import { align, asides, merge } from "../request/merge.ts";

let kit: Toolkit;

before(async () => {
  kit = await load();
});

/** What `change` makes of the batch in a text by hand; the result has to say the same as the changed batch. */
function changed(byHand: string, change: (batch: BatchRequest) => void, whole?: boolean): string {
  const batch = kit.dsml.parse(byHand) as BatchRequest;
  const old = kit.dsml.build(batch, { indent: 2 });
  change(batch);
  const fresh = kit.dsml.build(batch, { indent: 2 });
  const merged = merge(byHand, old, fresh, whole);
  assert.ok(merged !== undefined, "the texts do not match");
  assert.deepEqual(kit.dsml.parse(merged), kit.dsml.parse(fresh), merged);
  return merged;
}

const search = (batch: BatchRequest, index = 0) => batch.requests[index] as Extract<BatchRequest["requests"][number], { kind: "searchRequest" }>;

const byHand = `<?xml version="1.0"?>
<!-- ticket 4711 -->
<s:Envelope
    xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>
\t<s:Header><w:Trace xmlns:w="urn:w">on</w:Trace></s:Header>
\t<s:Body>
\t\t<d:batchRequest xmlns:d="urn:oasis:names:tc:DSML:2:0:core"
\t\t                onError='resume'>
\t\t\t<!-- the people -->
\t\t\t<d:searchRequest scope="wholeSubtree" dn='ou=people' derefAliases="neverDerefAliases" sizeLimit="0">
\t\t\t\t<d:filter><!-- all of them --><d:present name="objectClass"/></d:filter>
\t\t\t\t<d:attributes>
\t\t\t\t\t<d:attribute name="cn"/><!-- needed -->
\t\t\t\t</d:attributes>
\t\t\t</d:searchRequest>
\t\t\t<d:delRequest dn="cn=&#x61;"/>
\t\t</d:batchRequest>
\t</s:Body>
</s:Envelope>
`;

describe("a change of the form in a text by hand", () => {
  test("an attribute of a request: nothing else is touched", () => {
    assert.equal(changed(byHand, (batch) => (search(batch).dn = "ou=a & b")), byHand.replace("'ou=people'", '"ou=a &amp; b"'));
  });

  test("an attribute that was not there, and one that goes", () => {
    const text = changed(byHand, (batch) => {
      search(batch).typesOnly = true;
      delete batch.onError;
    });
    assert.equal(text, byHand.replace('sizeLimit="0"', 'sizeLimit="0" typesOnly="true"').replace(/\s+onError='resume'/, ""));
  });

  test("the filter: comments beside it stay", () => {
    const text = changed(byHand, (batch) => (search(batch).filter = { kind: "and", filters: [{ kind: "present", name: "sn" }, { kind: "equalityMatch", name: "cn", value: "é<" }] }));
    assert.deepEqual(asides(text), asides(byHand));
    assert.match(text, /<d:filter><!-- all of them --><d:and><d:present name="sn"\/><d:equalityMatch name="cn"><d:value>é&lt;<\/d:value><\/d:equalityMatch><\/d:and><\/d:filter>/);
  });

  test("one more attribute comes on a line of its own, indented as its neighbour", () => {
    assert.equal(
      changed(byHand, (batch) => search(batch).attributes!.push("mail")),
      byHand.replace('<d:attribute name="cn"/>', '<d:attribute name="cn"/>\n\t\t\t\t\t<d:attribute name="mail"/>'),
    );
    const without = changed(byHand, (batch) => search(batch).attributes!.splice(0, 1, "sn", "mail"));
    assert.match(without, /\n\t{5}<d:attribute name="sn"\/>\n\t{5}<d:attribute name="mail"\/><!-- needed -->\n/);
  });

  test("requests come, go, and change places with all that is in them", () => {
    const added = changed(byHand, (batch) => batch.requests.splice(1, 0, { kind: "addRequest", dn: "cn=b", attrs: { jpegPhoto: [new Uint8Array([1])], cn: [" b\n "] } }));
    assert.match(
      added,
      /\n\t{3}<d:addRequest dn="cn=b">\n\t{4}<d:attr name="jpegPhoto">\n\t{5}<d:value xsi:type="xsd:base64Binary">AQ==<\/d:value>\n\t{4}<\/d:attr>\n\t{4}<d:attr name="cn">\n\t{5}<d:value> b\n <\/d:value>\n\t{4}<\/d:attr>\n\t{3}<\/d:addRequest>\n\t{3}<d:delRequest/,
    );
    assert.match(added, /onError='resume' xmlns:xsd="[^"]+" xmlns:xsi="[^"]+">/);
    assert.equal(changed(byHand, (batch) => batch.requests.pop()), byHand.replace('\n\t\t\t<d:delRequest dn="cn=&#x61;"/>', ""));
    const swapped = changed(byHand, (batch) => batch.requests.reverse());
    assert.deepEqual(asides(swapped), asides(byHand));
    assert.ok(swapped.indexOf('<d:delRequest dn="cn=&#x61;"/>') < swapped.indexOf("<!-- all of them -->"));
    const other = changed(byHand, (batch) => batch.requests.splice(0, 1, { kind: "compareRequest", dn: "cn=c", assertion: { name: "sn", value: "x" } }));
    assert.deepEqual(asides(other), ["<!-- ticket 4711 -->", "<!-- the people -->"]);
  });

  test("an empty batch, with one tag or two", () => {
    for (const empty of ['<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/>', '<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">\n</batchRequest>']) {
      const text = changed(empty, (batch) => batch.requests.push({ kind: "delRequest", dn: "cn=a" }, { kind: "delRequest", dn: "cn=b" }));
      assert.equal(text, '<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">\n  <delRequest dn="cn=a"/>\n  <delRequest dn="cn=b"/>\n</batchRequest>');
      assert.deepEqual((kit.dsml.parse(changed(text, (batch) => batch.requests.splice(0))) as BatchRequest).requests, []);
    }
  });

  test("all on one line stays on one line; line ends stay those of the text", () => {
    const line = '<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><delRequest dn="a"/></batchRequest>';
    assert.equal(changed(line, (batch) => batch.requests.push({ kind: "delRequest", dn: "b" })), line.replace("/></b", '/><delRequest dn="b"/></b'));
    const dos = line.replaceAll("><", ">\r\n <").replace(" </b", "</b");
    assert.equal(changed(dos, (batch) => batch.requests.push({ kind: "delRequest", dn: "b" })), dos.replace('dn="a"/>', 'dn="a"/>\r\n <delRequest dn="b"/>'));
  });

  test("a value, also where it was written in another way", () => {
    const text = byHand.replace('<d:delRequest dn="cn=&#x61;"/>', "<d:compareRequest dn='x'><d:assertion name='sn'><d:value><![CDATA[a]]></d:value></d:assertion></d:compareRequest>");
    const compared = changed(text, (batch) => ((batch.requests[1] as { assertion: { value: unknown } }).assertion.value = "]]>"));
    assert.match(compared, /<d:compareRequest dn='x'><d:assertion name='sn'><d:value>[^<]*<\/d:value><\/d:assertion>/);
  });

  test("what only looks like a tag is none", () => {
    const text = `<?pi <delRequest/> ?><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><!-- <delRequest dn="no"/> --><delRequest dn='a>"/>b' /><compareRequest dn = "c/"><assertion name="sn"><value><![CDATA[<delRequest/>]]></value></assertion></compareRequest ></batchRequest>`;
    assert.equal(changed(text, (batch) => ((batch.requests[1] as { dn: string }).dn = "d")), text.replace('"c/"', '"d"'));
    assert.equal(changed(text, (batch) => ((batch.requests[0] as { dn: string }).dn = "e>'")), text.replace(`'a>"/>b'`, `"e>'"`).replace(`"e>'"`, /dn=("[^"]*")/.exec(kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "delRequest", dn: "e>'" }] }))![1]!));
  });

  test("the request as a whole, where its parts are not to be matched", () => {
    const text = changed(byHand, (batch) => (search(batch).dn = "o=x"), true);
    assert.deepEqual(asides(text), ["<!-- ticket 4711 -->", "<!-- the people -->"]);
    assert.match(text, /\n\t{3}<d:searchRequest dn="o=x"[^>]*>\n\t{4}<d:filter>\n\t{5}<d:present/);
    assert.match(text, /cn=&#x61;/);
  });

  test("a text without a batch is not matched", () => {
    const batch = kit.dsml.build({ kind: "batchRequest", requests: [] });
    assert.equal(merge("<a/>", batch, batch), undefined);
    assert.equal(merge("", batch, batch), undefined);
  });
});

describe("alignment", () => {
  const steps = (old: string, fresh: string) => align([...old], [...fresh], () => true).map(({ i, j }) => `${i ?? "-"}${j ?? "-"}`).join(" ");
  test("what stayed is found, what changed is paired, the rest comes and goes", () => {
    assert.equal(steps("", ""), "");
    assert.equal(steps("ab", "ab"), "00 11");
    assert.equal(steps("abc", "ac"), "00 1- 21");
    assert.equal(steps("ac", "abc"), "00 -1 12");
    assert.equal(steps("abc", "axc"), "00 11 22");
    assert.equal(steps("abcd", "xbcdy"), "00 11 22 33 -4");
    assert.equal(steps("abc", ""), "0- 1- 2-");
  });
  test("every place comes once, in order", () => {
    for (const [old, fresh] of [["abcabba", "cbabac"], ["aaaa", "aa"], ["xyz", "zyx"], ["kitten", "sitting"]] as const) {
      const found = align([...old], [...fresh], (i, j) => (i + j) % 2 === 0);
      assert.deepEqual(found.filter(({ i }) => i !== undefined).map(({ i }) => i), [...old].map((_, i) => i));
      assert.deepEqual(found.filter(({ j }) => j !== undefined).map(({ j }) => j), [...fresh].map((_, j) => j));
    }
  });
});
