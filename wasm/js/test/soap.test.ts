import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type EnvelopeInit } from "dsmlkit";
import { answer, badSession, emptyAnswer, everyRequest, fails, sessionNamespace, soap11, soap12 } from "./samples.js";

const kit = await load();

test("soap.parse: headers, body and the session header", () => {
  const text =
    `<s:Envelope xmlns:s="${soap11}" xmlns:x="urn:x"><s:Header>` +
    `<x:trace s:mustUnderstand="1" s:actor="urn:somebody" x:n="1">a<x:b/>c</x:trace>` +
    `<ad:BeginSession xmlns:ad="${sessionNamespace}" s:mustUnderstand="1"/>` +
    `</s:Header><s:Body><x:payload/></s:Body></s:Envelope>`;
  const envelope = kit.soap.parse(text);
  assert.equal(envelope.version, "1.1");
  assert.deepEqual(envelope.session, { dialect: "dsml", step: "begin" });
  const [trace, begin] = envelope.headers;
  assert.equal(trace!.name, "trace");
  assert.equal(trace!.namespace, "urn:x");
  assert.equal(trace!.mustUnderstand, true);
  assert.equal(trace!.actor, "urn:somebody");
  assert.deepEqual(trace!.children, ["a", { name: "b", namespace: "urn:x", prefix: "x" }, "c"]);
  assert.ok(trace!.attributes!.some((a) => a.name === "n" && a.namespace === "urn:x" && a.value === "1"));
  // The text of a block stands for itself: its prefixes are declared on it.
  assert.equal(kit.soap.parse(answer(trace!.xml)).body[0]!.attributes!.length, 3);
  assert.equal(begin!.mustUnderstand, true);
  assert.equal(envelope.body[0]!.xml, '<x:payload xmlns:x="urn:x"/>');
  assert.equal("fault" in envelope, false);
});

test("soap.parse: faults of both versions", () => {
  const fault = kit.soap.parse(badSession).fault!;
  assert.equal(fault.version, "1.1");
  assert.equal(fault.code, "Client");
  assert.equal(fault.codeText, "SOAP:Client");
  assert.equal(fault.reason, "SOAP Invalid Request");
  assert.equal(fault.detailText, "Bad Session Request");
  assert.equal(fault.detail!.name, "detail");
  const twelve = kit.soap.parse(
    `<e:Envelope xmlns:e="${soap12}"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value xmlns:m="urn:m">m:Odd</e:Value></e:Subcode></e:Code>` +
      `<e:Reason><e:Text xml:lang="en">odd</e:Text></e:Reason><e:Role>urn:role</e:Role></e:Fault></e:Body></e:Envelope>`,
  );
  assert.equal(twelve.version, "1.2");
  assert.deepEqual([twelve.fault!.code, twelve.fault!.subcodes, twelve.fault!.reason, twelve.fault!.role], ["Sender", ["Odd"], "odd", "urn:role"]);
});

test("soap.build: what parse gives can be built again", () => {
  for (const text of [answer(emptyAnswer, 'a"<&'), badSession, kit.soap.build({ version: "1.2", body: everyRequest })]) {
    const envelope = kit.soap.parse(text);
    const again = kit.soap.parse(kit.soap.build(envelope));
    // The prefix of the fault's code is that of the envelope it stands in.
    if (again.fault) again.fault.codeText = envelope.fault!.codeText;
    assert.deepEqual(again, envelope);
  }
});

test("soap.build: payloads as document, element, text and list; headers as element and text", () => {
  const init: EnvelopeInit = {
    version: "1.2",
    headers: [
      { name: "h", namespace: "urn:h", mustUnderstand: true, actor: "urn:r", attributes: [{ name: "n", namespace: "", value: "<\"&" }] },
      '<k xmlns="urn:k"><!-- kept --></k>',
    ],
    body: [{ name: "p", namespace: "urn:p", children: ["x & y", { name: "q", namespace: "" }] }, "<r/>"],
  };
  const envelope = kit.soap.parse(kit.soap.build(init));
  assert.equal(envelope.version, "1.2");
  assert.equal(envelope.headers[0]!.mustUnderstand, true);
  assert.equal(envelope.headers[0]!.actor, "urn:r");
  assert.equal(envelope.headers[0]!.attributes!.find((a) => a.name === "n")!.value, '<"&');
  assert.match(envelope.headers[1]!.xml, /kept/);
  assert.deepEqual(envelope.body.map((e) => e.name), ["p", "r"]);
  assert.deepEqual(kit.dsml.parse(kit.soap.build({ body: everyRequest })), everyRequest);
  assert.equal(kit.soap.parse(kit.soap.build({ body: [] })).body.length, 0);
});

test("soap.build: faults", () => {
  for (const version of ["1.1", "1.2"] as const) {
    const detail = version === "1.1" ? "Bad Request" : { name: "why", namespace: "urn:w", children: ["Bad Request"] };
    const text = kit.soap.build({ version, fault: { code: version === "1.1" ? "Client" : "Sender", reason: "no & no", detail } });
    const fault = kit.soap.parse(text).fault!;
    assert.deepEqual([fault.code, fault.reason, fault.detailText], [version === "1.1" ? "Client" : "Sender", "no & no", "Bad Request"]);
  }
  const inside = kit.soap.build({ fault: { code: "Server", reason: "r", detail: { name: "why", namespace: "urn:w", children: ["because"] } } });
  assert.deepEqual(
    (kit.soap.parse(inside).fault!.detail!.children as { name: string }[]).map((c) => c.name),
    ["why"],
  );
});

test("soap.build: wrong arguments are refused with their names", () => {
  const wrong: [RegExp, EnvelopeInit][] = [
    [/^envelope must be/, "<x/>" as never],
    [/^envelope\.version must be/, { version: "1.3" as never }],
    [/^envelope\.headers\[0\]\.name must be a string/, { headers: [{ namespace: "" } as never] }],
    [/^envelope\.body\[1\] must be/, { body: ["<a/>", 7 as never] }],
    [/^envelope\.body must be left out/, { body: "<a/>", fault: { code: "Client", reason: "x" } }],
    [/^envelope\.fault\.reason must be/, { fault: { code: "Client" } as never }],
    [/^envelope\.fault\.detail must be an element/, { version: "1.2", fault: { code: "Sender", reason: "x", detail: "text" } }],
  ];
  for (const [message, init] of wrong) assert.match(fails("argument", () => kit.soap.build(init)).message, message);
  const error = fails("xml-syntax", () => kit.soap.build({ body: "<a>\n<b></a>" }));
  assert.equal(error.line, 2);
  assert.equal(error.detail, "in envelope.body");
  // Names that would break out of the markup cannot be written.
  fails("xml-syntax", () => kit.soap.build({ body: { name: "a><b", namespace: "" } }));
});

test("soap.indent changes white space between elements and nothing else", () => {
  const text = `<a><b>x <i>y</i></b><c xml:space="preserve"><d/></c><!-- k --><e><![CDATA[ <z> ]]></e></a>`;
  const indented = kit.soap.indent(text);
  assert.equal(
    indented,
    `<a>\n  <b>x <i>y</i></b>\n  <c xml:space="preserve"><d/></c>\n  <!-- k -->\n  <e><![CDATA[ <z> ]]></e>\n</a>`,
  );
  assert.equal(kit.soap.indent(indented, { indent: 4 }).split("\n")[1], "    <b>x <i>y</i></b>");
  assert.equal(kit.soap.indent(indented, { indent: 0 }), text);
  assert.equal(fails("xml-syntax", () => kit.soap.indent("<a>\n</b>")).line, 2);
});
