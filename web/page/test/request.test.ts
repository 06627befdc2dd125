import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { BatchRequest } from "dsmlkit";
import { difference, spanAt } from "../editor.ts";
import { blankControl, controlNames, type RequestControl } from "../request/control-fields.ts";
import { fromDocument, toDocument } from "../request/convert.ts";
import { type BatchDraft, blank, fromBase64, kinds, type SearchDraft, toBase64 } from "../request/draft.ts";
import { onOneLine, pieces } from "../request/filter-text.ts";
import { recast, regroup } from "../request/filter-tree.ts";
import { RequestModel } from "../request/model.ts";
import { withoutSessionHeader } from "../request/session-header.ts";
import type { AsyncToolkit } from "../types.ts";
import { asyncKit, openedSession } from "./kit.ts";

let kit: AsyncToolkit;

before(async () => {
  kit = await asyncKit();
});

const whole: BatchRequest = {
  kind: "batchRequest",
  requestID: "b 1",
  processing: "parallel",
  responseOrder: "unordered",
  onError: "resume",
  requests: [
    { kind: "authRequest", requestID: "0", principal: "dn:cn=Ada" },
    {
      kind: "searchRequest",
      requestID: "1",
      dn: "",
      scope: "singleLevel",
      derefAliases: "derefAlways",
      sizeLimit: 5,
      timeLimit: 6,
      typesOnly: true,
      filter: { kind: "and", filters: [{ kind: "present", name: "cn" }, { kind: "substrings", name: "sn", initial: "a", any: ["*"], final: "(" }] },
      attributes: ["cn", "*"],
    },
    {
      kind: "modifyRequest",
      requestID: "2",
      dn: "cn=Zo\u00eb",
      modifications: [
        { name: "mail", operation: "delete", values: [] },
        { name: "jpegPhoto", operation: "add", values: [new Uint8Array([0xff, 0xd8]), { anyURI: "https://example.com/a.jpg" }, ""] },
      ],
    },
    { kind: "addRequest", requestID: "3", dn: "cn=B", attrs: { objectClass: ["top", "person"], cn: ["B"] } },
    { kind: "delRequest", requestID: "4", dn: "cn=C", controls: [{ type: "1.2.840.113556.1.4.805", criticality: true }] },
    { kind: "modDNRequest", requestID: "5", dn: "cn=D", newrdn: "cn=E", deleteoldrdn: false, newSuperior: "ou=x" },
    { kind: "compareRequest", requestID: "6", dn: "cn=F", assertion: { name: "sn", value: " f " } },
    { kind: "extendedRequest", requestID: "7", requestName: "1.2.3", requestValue: new Uint8Array([1]) },
    { kind: "abandonRequest", requestID: "8", abandonID: "1" },
  ],
};

describe("drafts", () => {
  test("a document comes back from the form as it was", async () => {
    const { document, problems } = await toDocument(await fromDocument(whole, kit), kit);
    assert.deepEqual(problems, []);
    assert.deepEqual(document, whole);
  });

  test("every control the form knows comes back as it was", async () => {
    const controls = await Promise.all([
      kit.dsml.control.encode({ type: "pagedResults", size: 20, cookie: new Uint8Array([1, 2, 3]), criticality: true }),
      kit.dsml.control.encode({ type: "sort", keys: [{ attribute: "sn", reverse: true }, { attribute: "cn", matchingRule: "2.5.13.3" }] }),
      kit.dsml.control.encode({ type: "proxiedAuthorization", authzID: "u:ada", criticality: true }),
      kit.dsml.control.encode({ type: "virtualListView", before: 1, after: 9, value: "m", contextID: new Uint8Array([7]) }),
      kit.dsml.control.encode({ type: "assertion", filter: { kind: "present", name: "cn" } }),
      kit.dsml.control.encode({ type: "postRead", attributes: ["cn"] }),
      kit.dsml.control.encode({ type: "dirSync", flags: 1, maxBytes: 4096, cookie: new Uint8Array([9]) }),
      kit.dsml.control.encode({ type: "extendedDN", standard: true }),
      kit.dsml.control.encode({ type: "sdFlags", flags: 7 }),
      kit.dsml.control.encode({ type: "unknown", oid: "1.2.3.4", value: new Uint8Array([5]) }),
    ]);
    const [search] = whole.requests.filter((request) => request.kind === "searchRequest");
    const document: BatchRequest = { kind: "batchRequest", requests: [{ ...search!, controls }] };
    const draft = await fromDocument(document, kit);
    assert.equal((draft.requests[0] as SearchDraft).pageSize, "20");
    assert.deepEqual((await toDocument(draft, kit)).document, document);
  });

  test("a paged results control with a broken value is kept as it came", async () => {
    const control = { type: "1.2.840.113556.1.4.319", controlValue: new Uint8Array([0x30, 0x7f]) };
    const document: BatchRequest = { kind: "batchRequest", requests: [{ kind: "delRequest", dn: "cn=x", controls: [control] }] };
    assert.deepEqual((await toDocument(await fromDocument(document, kit), kit)).document, document);
  });

  test("what is missing is told by field", async () => {
    const search = { ...blank("searchRequest"), sizeLimit: "-1", timeLimit: "2147483648", pageSize: "0", filterText: "(cn=a" } as SearchDraft;
    search.controls.push({ type: "pagedResults", size: 0 });
    const draft: BatchDraft = { requests: [search, blank("authRequest"), blank("compareRequest"), { ...blank("extendedRequest"), requestName: "7" } as never] };
    const { document, problems } = await toDocument(draft, kit);
    assert.equal(document, undefined);
    assert.deepEqual(
      problems.map(({ request, field }) => `${request} ${field}`).sort(),
      ["0 filter", "0 pageSize", "0 sizeLimit", "0 timeLimit", "1 principal", "2 name", "3 requestName"],
    );
    assert.equal(problems.find(({ field }) => field === "filter")!.column, 6);
  });

  test("limits hold at their bounds", async () => {
    const search = { ...blank("searchRequest"), sizeLimit: "2147483647", timeLimit: "0", pageSize: "1", controls: [{ type: "pagedResults", size: 0 }] } as SearchDraft;
    const { problems } = await toDocument({ requests: [search] }, kit);
    assert.deepEqual(problems, []);
  });

  test("base64 that does not decode is a problem of its value", async () => {
    const draft: BatchDraft = { requests: [{ ...blank("addRequest"), attributes: [{ name: "photo", values: [{ form: "base64", text: "@" }] }] } as never] };
    assert.deepEqual((await toDocument(draft, kit)).problems.map(({ field }) => field), ["attributes.0.values.0"]);
  });

  test("a control can begin blank, and is written or says what is missing", async () => {
    for (const type of Object.keys(controlNames) as RequestControl[]) {
      const { document, problems } = await toDocument({ requests: [{ ...blank("delRequest"), controls: [blankControl(type)] } as never] }, kit);
      assert.ok(document || problems.every((problem) => problem.missing && problem.field.startsWith("controls.0")), `${type}: ${JSON.stringify(problems)}`);
    }
  });

  test("each kind of request can begin blank", () => {
    for (const { kind } of kinds) assert.equal(blank(kind).kind, kind);
    assert.equal((blank("delRequest", { ...blank("searchRequest"), dn: "ou=x" } as SearchDraft) as { dn: string }).dn, "ou=x");
  });

  test("base64 of every length, and white space in it", () => {
    for (const length of [0, 1, 2, 3, 70_000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 31);
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    }
    assert.deepEqual(fromBase64(" AQ\n== "), new Uint8Array([1]));
    assert.equal(fromBase64("A"), undefined);
  });
});

describe("the model of the request", () => {
  async function model(): Promise<RequestModel> {
    const made = new RequestModel(kit);
    made.formChanged();
    await made.settled();
    return made;
  }

  const opened = (id: string) => openedSession(kit, id);

  test("the form writes the text", async () => {
    const made = await model();
    (made.draft.requests[0] as SearchDraft).dn = 'cn="<&>"';
    made.formChanged();
    await made.settled();
    const parsed = (await kit.dsml.parse(made.text)) as BatchRequest;
    assert.equal((parsed.requests[0] as { dn: string }).dn, 'cn="<&>"');
    assert.deepEqual(parsed, made.document);
  });

  test("the text fills the form, and headers of others stay", async () => {
    const made = await model();
    const block = '<w:Security xmlns:w="urn:w" soap:mustUnderstand="1"><w:Token>t</w:Token></w:Security>';
    made.typed(made.text.replace("<soap:Body>", `<soap:Header>${block}</soap:Header><soap:Body>`).replace("wholeSubtree", "baseObject"));
    await made.settled();
    assert.equal((made.draft.requests[0] as SearchDraft).scope, "baseObject");
    (made.draft.requests[0] as SearchDraft).dn = "ou=new";
    made.formChanged();
    await made.settled();
    const envelope = await kit.soap.parse(made.text);
    assert.deepEqual(envelope.headers.map(({ name, namespace, mustUnderstand }) => [name, namespace, mustUnderstand]), [["Security", "urn:w", true]]);
    assert.match(made.text, /ou=new/);
  });

  test("a text that does not parse is kept, told with its place, and taken back", async () => {
    const made = await model();
    const good = made.text;
    const broken = good.replace("</filter>", "</filtre>");
    made.typed(broken);
    await made.settled();
    assert.equal(made.text, broken);
    assert.equal(made.document, undefined);
    const line = broken.split("\n").findIndex((text) => text.includes("</filtre>")) + 1;
    assert.equal(made.textProblem!.line, line);
    assert.ok(made.diagnostics.some((found) => found.severity === "error" && found.line === line));
    made.restore();
    await made.settled();
    assert.equal(made.text, good);
    assert.equal(made.textProblem, undefined);
    assert.notEqual(made.document, undefined);
  });

  test("a filter that does not parse leaves the text as it was", async () => {
    const made = await model();
    const before = made.text;
    const search = made.draft.requests[0] as SearchDraft;
    search.filterText = "(cn=a)(sn=b)";
    delete search.filter;
    made.formChanged();
    await made.settled();
    assert.equal(made.text, before);
    assert.deepEqual(made.formProblems.map(({ field }) => field), ["filter"]);
  });

  test("a batchResponse is not a request", async () => {
    const made = await model();
    made.typed('<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"/>');
    await made.settled();
    assert.match(made.textProblem!.message, /batchResponse/);
  });

  test("a bare batchRequest stays bare", async () => {
    const made = await model();
    made.typed('<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><delRequest dn="cn=a"/></batchRequest>');
    await made.settled();
    assert.equal(made.bare, true);
    (made.draft.requests[0] as { dn: string }).dn = "cn=b";
    made.formChanged();
    await made.settled();
    assert.match(made.text, /^<batchRequest[^>]*>\s*<delRequest dn="cn=b"\/>\s*<\/batchRequest>\s*$/);
  });

  test("the header of an open session comes into the text, and goes with the session", async () => {
    const made = await model();
    made.setPreview(await opened("s-1"));
    await made.settled();
    assert.deepEqual((await kit.soap.parse(made.text)).session, { dialect: "dsml", step: "session", id: "s-1" });
    // A text written by hand keeps all else: the comment is still there.
    made.typed(made.text.replace("<soap:Body>", "<!-- mine --><soap:Body>"));
    await made.settled();
    assert.equal(made.sessionNote, "none");
    made.setPreview(await opened("s-2"));
    await made.settled();
    assert.equal((await kit.soap.parse(made.text)).session!.id, "s-2");
    assert.match(made.text, /<!-- mine -->/);
    made.setPreview({ outgoing: async (body: string) => ({ body, headers: {} }) });
    await made.settled();
    assert.equal((await kit.soap.parse(made.text)).session, undefined);
    assert.match(made.text, /<!-- mine -->/);
  });

  test("a session header of another session is the person's wish", async () => {
    const made = await model();
    made.setPreview(await opened("s-1"));
    await made.settled();
    made.typed(made.text.replace("s-1", "s-x"));
    await made.settled();
    assert.equal(made.sessionNote, "other");
    assert.match((await made.outgoing()).body, /s-x/);
    made.useSession();
    await made.settled();
    assert.equal(made.sessionNote, "none");
    assert.match(made.text, /"s-1"/);
  });

  test("an earlier request comes into the session that is open now", async () => {
    const made = await model();
    made.setPreview(await opened("old"));
    await made.settled();
    const earlier = made.text;
    made.setPreview(await opened("new"));
    await made.settled();
    made.setText(earlier);
    await made.settled();
    assert.equal((await kit.soap.parse(made.text)).session!.id, "new");
    assert.equal(made.sessionNote, "none");
  });
});

describe("session header out of a text", () => {
  const envelope = (header: string) => `<s:Envelope xmlns:s="u">\n  <s:Header>${header}</s:Header>\n  <s:Body/>\n</s:Envelope>`;
  test("empty header goes too", () => {
    assert.equal(withoutSessionHeader(envelope('\n    <ad:Session xmlns:ad="x" ad:SessionID="1"/>\n  ')), '<s:Envelope xmlns:s="u">\n  <s:Body/>\n</s:Envelope>');
  });
  test("other blocks stay", () => {
    assert.equal(withoutSessionHeader(envelope("<a/><EndSession x='1'></EndSession><b/>")), envelope("<a/><b/>"));
  });
  test("names that only begin alike stay", () => {
    const text = envelope("<Sessions/>");
    assert.equal(withoutSessionHeader(text), text);
  });
});

describe("filter text", () => {
  const kindsOf = (text: string) => pieces(text).map(({ kind, text: part }) => `${kind}:${part}`);
  test("nothing is lost, whatever it is", () => {
    for (const text of ["", "(", ")(", "(&(cn=a*)(!(x:dn:=\\2a)))", "(cn=a\\zz)", "(a=b=c)", "&|!", "\\", "(sn~=\u00e9\ud83d\ude00)", "(cn>5)"]) {
      assert.equal(pieces(text).map((piece) => piece.text).join(""), text);
    }
  });
  test("operators, names, values, wildcards, escapes", () => {
    assert.deepEqual(kindsOf("(&(cn>=a)(sn=*\\2a))"), [
      "paren:(", "operator:&", "paren:(", "name:cn", "operator:>=", "value:a", "paren:)",
      "paren:(", "name:sn", "operator:=", "wildcard:*", "escape:\\2a", "paren:)", "paren:)",
    ]);
  });
  test("pasted lines become one, and spaces inside a value stay", () => {
    assert.equal(onOneLine("(&\n  (cn=a b)\r\n\t(sn=c)\n)"), "(&(cn=a b)(sn=c))");
  });
});

describe("filter tree", () => {
  const cn = { kind: "equalityMatch", name: "cn", value: "a" } as const;
  test("several conditions under not are joined by and", () => {
    assert.deepEqual(regroup([cn, cn], "not"), { kind: "not", filter: { kind: "and", filters: [cn, cn] } });
    assert.deepEqual(regroup([cn], "not"), { kind: "not", filter: cn });
  });
  test("another comparison keeps attribute and value", () => {
    assert.deepEqual(recast(cn, "substrings"), { kind: "substrings", name: "cn", initial: "a" });
    assert.deepEqual(recast({ kind: "substrings", name: "cn", any: ["b"] }, "greaterOrEqual"), { kind: "greaterOrEqual", name: "cn", value: "b" });
    assert.deepEqual(recast(cn, "present"), { kind: "present", name: "cn" });
    assert.deepEqual(recast({ kind: "extensibleMatch", value: "x" }, "equalityMatch"), { kind: "equalityMatch", name: "", value: "x" });
  });
});

describe("editor", () => {
  test("only what differs is replaced", () => {
    assert.deepEqual(difference("abcdef", "abXdef"), [2, 3, 3]);
    assert.deepEqual(difference("aa", "aaa"), [2, 2, 3]);
    assert.deepEqual(difference("abc", ""), [0, 3, 0]);
    assert.deepEqual(difference("", ""), [0, 0, 0]);
  });
  test("a mark covers the tag or the word", () => {
    assert.equal(spanAt("</filtre> x"), 8);
    assert.equal(spanAt("name=x"), 4);
    assert.equal(spanAt("> x"), 1);
    assert.equal(spanAt(""), 0);
  });
});
