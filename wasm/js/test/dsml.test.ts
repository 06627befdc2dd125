import assert from "node:assert/strict";
import { test } from "node:test";
import { DsmlkitError, errorCodes, load, type BatchRequest, type BatchResponse } from "dsmlkit";
import { answer, badSession, dsmlNamespace, everyRequest, everyResponse, fails, place } from "./samples.js";

const kit = await load();

test("parse(build(d)) is d, for every request", () => {
  assert.deepEqual(kit.dsml.parse(kit.dsml.build(everyRequest)), everyRequest);
  for (const request of everyRequest.requests) {
    const batch: BatchRequest = { kind: "batchRequest", requests: [request] };
    assert.deepEqual(kit.dsml.parse(kit.dsml.build(batch, { indent: 2, declaration: true })), batch);
  }
});

test("parse(build(d)) is d, for every response", () => {
  assert.deepEqual(kit.dsml.parse(kit.dsml.build(everyResponse)), everyResponse);
  assert.deepEqual(kit.dsml.parse(kit.dsml.build(everyResponse, { indent: 4 })), everyResponse);
});

test("defaults are left out, whether they were written or not", () => {
  const text =
    `<batchRequest xmlns="${dsmlNamespace}" processing="sequential" responseOrder="sequential" onError="exit">` +
    `<searchRequest dn="" scope="baseObject" derefAliases="neverDerefAliases" sizeLimit="0" timeLimit="0" typesOnly="false">` +
    `<filter><extensibleMatch name="cn" dnAttributes="0"><value>x</value></extensibleMatch></filter><attributes/></searchRequest>` +
    `<modDNRequest dn="a=b" newrdn="c=d" deleteoldrdn="1"/></batchRequest>`;
  assert.deepEqual(kit.dsml.parse(text), {
    kind: "batchRequest",
    requests: [
      {
        kind: "searchRequest",
        dn: "",
        scope: "baseObject",
        derefAliases: "neverDerefAliases",
        filter: { kind: "extensibleMatch", name: "cn", value: "x" },
      },
      { kind: "modDNRequest", dn: "a=b", newrdn: "c=d" },
    ],
  });
});

test("bytes are read as UTF-8 and as UTF-16 with a byte order mark", () => {
  const text = kit.dsml.build(everyResponse);
  assert.deepEqual(kit.dsml.parse(new TextEncoder().encode(text)), everyResponse);
  const wide = new Uint16Array(text.length + 1);
  wide[0] = 0xfeff;
  for (let i = 0; i < text.length; i++) wide[i + 1] = text.charCodeAt(i);
  assert.deepEqual(kit.dsml.parse(new Uint8Array(wide.buffer)), everyResponse);
});

test("parse accepts a document inside an envelope of either version", () => {
  const bare = kit.dsml.build(everyRequest);
  for (const version of ["1.1", "1.2"] as const) {
    assert.deepEqual(kit.dsml.parse(kit.soap.build({ version, body: bare })), everyRequest);
  }
  assert.deepEqual(kit.dsml.parse(answer(kit.dsml.build(everyResponse), "x")), everyResponse);
});

test("a fault where a document is expected is said to be one", () => {
  const error = fails("soap-fault-received", () => kit.dsml.parse(badSession));
  assert.match(error.message, /SOAP Invalid Request/);
  assert.equal(error.detail, "SOAP:Client: Bad Session Request");
});

test("large documents are read in pieces, with the same result", () => {
  const many = <T>(list: T[], n: number): T[] => Array.from({ length: n }, () => list).flat();
  const response: BatchResponse = { ...everyResponse, responses: many(everyResponse.responses, 400) };
  const [search] = everyResponse.responses.filter((r) => r.kind === "searchResponse");
  response.responses.push({ ...search!, requestID: "large", entries: many(search!.entries, 2000) }, { kind: "searchResponse", entries: [], done: { resultCode: { code: 32, descr: "noSuchObject" } } });
  const text = kit.dsml.build(response, { indent: 1 });
  assert.ok(text.length > 1 << 20);
  assert.deepEqual(kit.dsml.parse(text), response);
  assert.deepEqual(kit.dsml.parse(new TextEncoder().encode(text)), response);
  assert.deepEqual(kit.dsml.parse(kit.soap.build({ body: text })), response);
  const [auth, ...rest] = everyRequest.requests;
  const request: BatchRequest = { ...everyRequest, requests: [auth!, ...many(rest, 500)] };
  assert.deepEqual(kit.dsml.parse(kit.dsml.build(request)), request);
  // Halves of a pair on both sides of a cut, and errors behind it.
  const wide = `<batchRequest xmlns="${dsmlNamespace}"><!--${"😀".repeat(200_000)}--><delRequest dn="😀"/><!--x${"😀".repeat(200_000)}--></batchRequest>`;
  assert.deepEqual(kit.dsml.parse(wide), { kind: "batchRequest", requests: [{ kind: "delRequest", dn: "😀" }] });
  const cut = fails("xml-syntax", () => kit.dsml.parse(text + "<"));
  assert.equal(cut.line, text.split("\n").length);
  assert.equal(fails("dsml-namespace", () => kit.dsml.parse(text.replace(dsmlNamespace, "urn:oasis:names:tc:DSML:2.0:core"), { strict: true })).statement, "D-03");
  fails("soap-fault-received", () => kit.dsml.parse(badSession.replace("<faultstring>", "<faultstring>" + " ".repeat(300_000))));
  assert.match(fails("argument", () => kit.dsml.parse(wide + "\uD83D")).message, /^input has half/);
});

test("values of an attribute that occurs twice are joined", () => {
  const text =
    `<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="a=b">` +
    `<attr name="cn"><value>1</value></attr><attr name="sn"><value>2</value></attr><attr name="cn"><value>3</value><value>4</value></attr>` +
    `</searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`;
  const [response] = (kit.dsml.parse(text) as BatchResponse).responses;
  assert.ok(response?.kind === "searchResponse");
  assert.deepEqual(response.entries, [{ dn: "a=b", attrs: { cn: ["1", "3", "4"], sn: ["2"] } }]);
});

test("errors tell line, column and offset", () => {
  const text = `<batchRequest xmlns="${dsmlNamespace}">\n  <délRequest/>\n</batchRequest>`;
  const error = fails("dsml-element", () => kit.dsml.parse(text));
  assert.deepEqual(place(error), { code: "dsml-element", line: 2, column: 3, offset: text.indexOf("<dél") });
  assert.ok(error.hint);
  const cut = `<batchRequest xmlns="${dsmlNamespace}">\n\n<delRequest dn="é"/><`;
  // Columns count characters, offsets bytes of the UTF-8 text: é is two of them.
  const end = fails("xml-syntax", () => kit.dsml.parse(cut));
  assert.equal(end.line, 3);
  assert.equal(end.offset! - end.column!, new TextEncoder().encode(cut.slice(0, cut.lastIndexOf("\n") + 1)).length);
});

test("an error is an Error with a code, and has no more properties than it needs", () => {
  const error = fails("xml-syntax", () => kit.dsml.parse("<"));
  assert.ok(error instanceof Error && error instanceof DsmlkitError);
  assert.equal(error.name, "DsmlkitError");
  assert.match(String(error), /^DsmlkitError: /);
  assert.match(error.stack!, /dsml\.test/);
  const argument = fails("argument", () => kit.dsml.build(1 as never));
  assert.deepEqual(Object.keys(argument), ["code", "detail"]);
  assert.ok(Object.hasOwn(errorCodes, "argument") && Object.hasOwn(errorCodes, "xml-syntax"));
});

test("D-10 a document type declaration is refused", () => {
  fails("xml-dtd", () => kit.dsml.parse('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'));
});

test("strict refuses what is otherwise read all the same", () => {
  const text = `<batchRequest xmlns="urn:oasis:names:tc:DSML:2.0:core"><delRequest dn="a=b"/></batchRequest>`;
  assert.equal(kit.dsml.parse(text).kind, "batchRequest");
  assert.equal(fails("dsml-namespace", () => kit.dsml.parse(text, { strict: true })).statement, "D-03");
});

test("validate lists every problem, with place, hint and statement", () => {
  const text =
    `<batchRequest xmlns="${dsmlNamespace}">\n<searchRequest dn="" scope="base" derefAliases="neverDerefAliases"><filter><and/></filter></searchRequest>\n` +
    `<delRequest/><modDNRequest dn="" newrdn="a=b" deleteoldrdn=""/>\n</batchRequest>`;
  const problems = kit.dsml.validate(text);
  assert.deepEqual(
    problems.map((p) => [p.severity, p.line, p.statement]),
    [
      ["error", 2, "D-40"],
      ["error", 3, "D-55"],
      ["error", 3, "D-58"],
    ],
  );
  for (const problem of problems) {
    assert.ok(problem.message.length > 0 && problem.column > 0 && problem.offset > 0 && problem.code.startsWith("dsml-"));
  }
  assert.deepEqual(kit.dsml.validate(kit.dsml.build(everyResponse)), []);
});

test("wrong arguments are refused with their names", () => {
  const wrong: [RegExp, () => unknown][] = [
    [/^input must be a string or a Uint8Array$/, () => kit.dsml.parse(undefined as never)],
    [/^input must be/, () => kit.dsml.parse({} as never)],
    [/^input must be/, () => kit.dsml.validate(7 as never)],
    [/^options must be an object$/, () => kit.dsml.parse("<a/>", "strict" as never)],
    [/^options\.strict must be a boolean$/, () => kit.dsml.parse("<a/>", { strict: 1 } as never)],
    [/^options\.indent must be a whole number from 0 to 16$/, () => kit.dsml.build(everyRequest, { indent: 2.5 })],
    [/^document must be/, () => kit.dsml.build(null as never)],
    [/^document\.kind must be "batchRequest" or "batchResponse"$/, () => kit.dsml.build({ requests: [] } as never)],
    [/^document\.requests must be an array$/, () => kit.dsml.build({ kind: "batchRequest", requests: {} } as never)],
    [/^document\.requests\[1\] must be/, () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "delRequest", dn: "" }, 3] } as never)],
    [
      /^document\.requests\[0\]\.attrs\.cn must be an array of values$/,
      () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "addRequest", dn: "", attrs: { cn: "x" } }] } as never),
    ],
    [
      /^document\.requests\[0\]\.attrs\.cn\[0\] must be a string, a Uint8Array or/,
      () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "addRequest", dn: "", attrs: { cn: [5] } }] } as never),
    ],
    [
      /^document\.responses\[0\]\.done must be/,
      () => kit.dsml.build({ kind: "batchResponse", responses: [{ kind: "searchResponse", entries: [] }] } as never),
    ],
    [/^document\.requests\[0\] must not be a function$/, () => kit.dsml.build({ kind: "batchRequest", requests: [() => 0] } as never)],
    [/^document\.requests\[0\]\.dn must not be a bigint$/, () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "delRequest", dn: 1n }] } as never)],
    [/^code must be a whole number/, () => kit.dsml.resultName("0" as never)],
  ];
  for (const [message, call] of wrong) assert.match(fails("argument", call).message, message);
});

test("what DSML cannot say is refused with its statement", () => {
  const error = fails("dsml-order", () =>
    kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "delRequest", dn: "" }, { kind: "authRequest", principal: "u:x" }] }),
  );
  assert.equal(error.statement, "D-33");
});

test("text that XML cannot carry becomes binary", () => {
  const batch: BatchRequest = { kind: "batchRequest", requests: [{ kind: "addRequest", dn: "a=b", attrs: { x: ["a\u0000a"] } }] };
  const [request] = (kit.dsml.parse(kit.dsml.build(batch)) as BatchRequest).requests;
  assert.ok(request?.kind === "addRequest");
  assert.deepEqual(request.attrs, { x: [Uint8Array.of(97, 0, 97)] });
});

test("filters: RFC 4515 text and back", () => {
  for (const text of [
    "(cn=*)",
    "(cn=Babs Jensen)",
    "(!(cn=Tim Howes))",
    "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))",
    "(o=univ*of*mich*)",
    "(cn:caseExactMatch:=Fred Flintstone)",
    "(:dn:2.4.6.8.10:=Dino)",
    "(sn=Lu\\c4\\8di\\c4\\87)",
    "(a>=1)",
    "(a<=1)",
    "(a~=1)",
    "(&)",
    "(|)",
  ]) {
    const filter = kit.dsml.filter.parse(text);
    assert.deepEqual(kit.dsml.filter.parse(kit.dsml.filter.format(filter)), filter, text);
  }
  assert.deepEqual(kit.dsml.filter.parse("(cn=a\\2ab)"), { kind: "equalityMatch", name: "cn", value: "a*b" });
  assert.equal(kit.dsml.filter.format({ kind: "equalityMatch", name: "cn", value: "*()\\" }), "(cn=\\2a\\28\\29\\5c)");
  const error = fails("dsml-filter", () => kit.dsml.filter.parse("(&(cn=a)(sn=)"));
  assert.equal(error.line, 1);
  assert.ok(error.column! > 1);
});

test("D-81 filters are bounded in depth, not by the stack", () => {
  const deep = (n: number): string => "(!".repeat(n) + "(a=b)" + ")".repeat(n);
  assert.equal(kit.dsml.filter.format(kit.dsml.filter.parse(deep(127))), deep(127));
  fails("dsml-filter", () => kit.dsml.filter.parse(deep(100_000)));
  let filter: object = { kind: "present", name: "a" };
  for (let i = 0; i < 20_000; i++) filter = { kind: "not", filter };
  assert.match(fails("argument", () => kit.dsml.filter.format(filter as never)).message, /nested/);
});

test("result names", () => {
  assert.equal(kit.dsml.resultName(49), "invalidCredentials");
  assert.equal(kit.dsml.resultName(4096), undefined);
});
