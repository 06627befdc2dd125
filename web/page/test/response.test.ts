import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BatchRequest, BatchResponse, Entry, Fault, Request, Response, SearchRequest } from "dsmlkit";
import { errorTypes, resultCodes } from "../response/codes.ts";
import { explain, explainFault } from "../response/explain.ts";
import { forest, splitDN, visible } from "../response/forest.ts";
import { headline } from "../response/headline.ts";
import { pair } from "../response/pair.ts";
import { breakLines } from "../response/lines.ts";
import { cell, columnsOf, columnsToShow, order, sharedTail, tsv } from "../response/rows.ts";
import { display, hexDump, kindOf, pictureURL } from "../response/values.ts";
import type { Exchange } from "../types.ts";

const search = (requestID?: string): SearchRequest => ({
  kind: "searchRequest", ...(requestID === undefined ? {} : { requestID }),
  dn: "ou=people,dc=example", scope: "wholeSubtree", derefAliases: "neverDerefAliases", filter: { kind: "present", name: "objectClass" },
});
const add: Request = { kind: "addRequest", dn: "cn=x,dc=example", attrs: {} };
const del = (requestID: string): Request => ({ kind: "delRequest", dn: "cn=x,dc=example", requestID });
const batch = (...requests: Request[]): BatchRequest => ({ kind: "batchRequest", requests });
const answer = (...responses: Response[]): BatchResponse => ({ kind: "batchResponse", responses });
const found = (code = 0, requestID?: string, entries: Entry[] = []): Response => ({
  kind: "searchResponse", ...(requestID === undefined ? {} : { requestID }), entries, done: { resultCode: { code } },
});
const added = (code = 0): Response => ({ kind: "addResponse", resultCode: { code } });
const error = (type: "notAttempted" | "malformedRequest", requestID?: string): Response => ({ kind: "errorResponse", type, ...(requestID === undefined ? {} : { requestID }) });

describe("pair", () => {
  test("D-20 the nth answer belongs to the nth request", () => {
    const pairs = pair(batch(search(), add), answer(found(), added()));
    assert.deepEqual(pairs.map(({ request, response }) => [request?.kind, response?.kind]), [["searchRequest", "searchResponse"], ["addRequest", "addResponse"]]);
  });
  test("D-19 answers out of order are matched by requestID", () => {
    const pairs = pair(batch(search("a"), del("b")), answer({ kind: "delResponse", requestID: "b", resultCode: { code: 32 } }, found(0, "a")));
    assert.deepEqual(pairs.map(({ response }) => response?.kind), ["searchResponse", "delResponse"]);
  });
  test("two requests with the same requestID are matched by place", () => {
    const pairs = pair(batch(search("a"), del("a")), answer(found(0, "a"), { kind: "delResponse", requestID: "a", resultCode: { code: 0 } }));
    assert.deepEqual(pairs.map(({ response }) => response?.kind), ["searchResponse", "delResponse"]);
  });
  test("D-28 requests after the failing one have no answer, and it is said why", () => {
    const pairs = pair(batch(search(), add, search()), answer(found(32)));
    assert.deepEqual(pairs.map(({ silence }) => silence), [undefined, "not attempted", "not attempted"]);
  });
  test("D-27 an errorResponse notAttempted stands for its request", () => {
    const pairs = pair(batch(search(), add), answer(found(32), error("notAttempted")));
    assert.equal(pairs[1]!.response?.kind, "errorResponse");
  });
  test("D-61 an abandonRequest takes no answer from the next request", () => {
    const pairs = pair(batch({ kind: "abandonRequest", abandonID: "a" }, add), answer(added()));
    assert.deepEqual(pairs.map(({ response, silence }) => [response?.kind, silence]), [[undefined, "no answer by design"], ["addResponse", undefined]]);
  });
  test("an authRequest that is not answered takes no answer from the next request", () => {
    const pairs = pair(batch({ kind: "authRequest", principal: "u:x" }, add), answer(added()));
    assert.equal(pairs[1]!.response?.kind, "addResponse");
  });
  test("without the request every answer stands alone", () => {
    assert.deepEqual(pair(undefined, answer(added())).map(({ index }) => index), [-1]);
  });
  test("answers too many are kept", () => {
    const pairs = pair(batch(add), answer(added(), added()));
    assert.deepEqual(pairs.map(({ index }) => index), [0, -1]);
  });
});

describe("explain", () => {
  test("every result code and error type has a name and a sentence, and every bad one something to try", () => {
    for (const [code, { name, sentence, tone, tries }] of [...resultCodes, ...Object.entries(errorTypes)]) {
      assert.ok(name && sentence.endsWith("."), `${code}`);
      if (tone === "bad" && Number(code) < 118) assert.ok(tries.length > 0, `${name} has nothing to try`);
    }
    assert.equal(resultCodes.size, 50);
    assert.equal(Object.keys(errorTypes).length, 8);
  });
  test("noSuchObject names the deepest entry that exists", () => {
    const explanation = explain({ index: 0, request: search(), response: { kind: "searchResponse", entries: [], done: { matchedDN: "ou=people,dc=example", resultCode: { code: 32 } } } });
    assert.equal(explanation.title, "noSuchObject (32)");
    assert.match(explanation.sentence, /deepest .* exists is ou=people,dc=example/);
  });
  test("D-98 the meaning comes from the code, whatever descr says", () => {
    assert.equal(explain({ index: 0, response: { kind: "delResponse", resultCode: { code: 32, descr: "success" } } }).title, "noSuchObject (32)");
  });
  test("a code without a name is shown as a number", () => {
    assert.equal(explain({ index: 0, response: { kind: "delResponse", resultCode: { code: 4097, descr: "mine" } } }).title, "result code 4097 (mine)");
  });
  test("D-32 notAttempted for the first request: the batch was refused as a whole", () => {
    assert.match(explain({ index: 0, request: add, response: error("notAttempted") }).sentence, /as a whole/);
    assert.match(explain({ index: 1, request: add, response: error("notAttempted") }).tries[0]!, /request before it/);
  });
  test("the server's own words are kept", () => {
    assert.equal(explain({ index: 0, response: { kind: "delResponse", resultCode: { code: 53 }, errorMessage: "not on Sundays" } }).quote, "not on Sundays");
  });
  test("D-144 a paged search outside of a session: the session is what is missing", () => {
    const paged: SearchRequest = { ...search(), controls: [{ type: "1.2.840.113556.1.4.319", criticality: true, controlValue: new Uint8Array() }] };
    for (const response of [found(53), found(12), error("malformedRequest"), error("notAttempted")]) {
      const explanation = explain({ index: 0, request: paged, response }, "none");
      assert.equal(explanation.needsSession, true, JSON.stringify(response));
      assert.equal(explanation.statement, "D-144");
      assert.equal(explain({ index: 0, request: paged, response }, "session").needsSession, undefined);
    }
    assert.equal(explain({ index: 0, request: paged, response: found(0) }, "none").needsSession, undefined);
  });
  const fault = (detailText: string, code = "Client"): Fault => ({ version: "1.1", code, codeText: `SOAP:${code}`, reason: "SOAP Invalid Request", detailText });
  test("D-127 D-128 the same fault means different things to begin and to the rest", () => {
    assert.match(explainFault(fault("Bad Session Request"), "begin").sentence, /did not begin/);
    assert.match(explainFault(fault("Bad Session Request"), "session").sentence, /does not know this session/);
  });
  test("D-118 a server that cannot do sessions", () => {
    const explanation = explainFault({ ...fault(""), code: "MustUnderstand", codeText: "SOAP:MustUnderstand" }, "begin");
    assert.match(explanation.tries[0]!, /cannot do sessions/);
  });
  test("D-141 the other two faults", () => {
    assert.match(explainFault(fault("Bad Request"), "none").sentence, /request at fault/);
    assert.match(explainFault(fault("Internal DSML Server Error", "Server"), "none").sentence, /inside the server/);
  });
});

describe("headline", () => {
  const exchange = (over: Partial<Exchange> = {}): Exchange => ({
    id: 1, at: 0, endpoint: "/dsml", step: "none", request: { text: "", headers: {} }, durationMs: 31.4,
    response: { status: 200, headers: {}, bytes: new Uint8Array(84_000), text: "" }, summary: { request: "", outcome: "", tone: "good" }, ...over,
  });
  const text = (e: Exchange, request: BatchRequest | undefined, response: BatchResponse) => headline(e, { pairs: pair(request, response) });
  test("entries, result, time, size", () => {
    const entries = Array.from({ length: 200 }, (_, i) => ({ dn: `cn=${i}`, attrs: {} }));
    assert.deepEqual(text(exchange(), batch(search()), answer(found(0, undefined, entries))), { tone: "good", text: "200 entries, success, 31 ms, 84 KB" });
    assert.match(text(exchange(), batch(search()), answer(found(4, undefined, entries))).text, /^200 entries, sizeLimitExceeded \(4\)/);
  });
  test("several answers are counted by result", () => {
    const line = text(exchange(), batch(search(), add, add), answer(found(), added(68)));
    assert.equal(line.tone, "bad");
    assert.match(line.text, /^2 answers: 1 success, 1 entryAlreadyExists, 1 not attempted/);
  });
  test("an empty batch is a ping, a begun or ended session says so", () => {
    assert.match(text(exchange(), batch(), answer()).text, /endpoint is there/);
    assert.match(text(exchange({ step: "begin" }), batch(), answer()).text, /^The session is open/);
    assert.match(text(exchange({ step: "end" }), batch(), answer()).text, /^The session is ended/);
  });
});

const people: Entry[] = [
  { dn: "uid=b,ou=people,dc=example", attrs: { uid: ["b"], cn: ["Bodil", "Bo"], age: ["9"], objectClass: ["person"] } },
  { dn: "uid=a,ou=people,dc=example", attrs: { UID: ["a"], cn: ["Åse\tK"], age: ["10"], photo: [new Uint8Array([0xff, 0xd8, 0xff, 0xe0])] } },
  { dn: "uid=c,ou=people,dc=example", attrs: { uid: ["c"], note: ["=1+1"] } },
];

describe("rows", () => {
  test("columns in the order asked for, then as they come; names without regard to case", () => {
    assert.deepEqual(columnsOf(people).map(({ name, count }) => `${name} ${count}`), ["uid 3", "cn 2", "age 2", "objectClass 1", "photo 1", "note 1"]);
    assert.deepEqual(columnsToShow(columnsOf(people)), ["cn", "uid", "age", "photo", "note"], "what tells them apart comes first");
    const asked = { ...search(), attributes: ["mail", "cn"] };
    assert.deepEqual(columnsToShow(columnsOf(people, asked), asked), ["mail", "cn"]);
  });
  test("a cell shows all values, and what binary ones are", () => {
    assert.equal(cell(people[0]!, "cn"), "Bodil | Bo");
    assert.equal(cell(people[1]!, "uid"), "a");
    assert.equal(cell(people[1]!, "photo"), "JPEG, 4 bytes");
    assert.equal(cell(people[2]!, "cn"), "");
  });
  test("numbers are sorted as numbers, and what is missing comes last in both directions", () => {
    assert.deepEqual([...order(people, { column: "age", descending: false })], [0, 1, 2]);
    assert.deepEqual([...order(people, { column: "age", descending: true })], [1, 0, 2]);
    assert.deepEqual([...order(people, { column: "uid", descending: false })], [1, 0, 2]);
    assert.deepEqual([...order(people)], [0, 1, 2]);
  });
  test("the end that all DNs share is whole parts, and the base itself does not spoil it", () => {
    const named = (...dns: string[]) => sharedTail(dns.map((dn) => ({ dn, attrs: {} })));
    assert.equal(named("ou=people,dc=example", "uid=a,ou=people,dc=example", "uid=b,ou=people,dc=example"), ",ou=people,dc=example".length);
    assert.equal(named("uid=ab,dc=example", "uid=bb,dc=example"), ",dc=example".length);
    assert.equal(named("uid=a\\,x,dc=b", "uid=b\\,x,dc=b"), ",dc=b".length);
    assert.equal(named("dc=a", "dc=b"), 0);
    assert.equal(named("uid=a,dc=x"), 0);
  });
  test("TSV: tabs become spaces, binary base64, and no cell becomes a formula", () => {
    const lines = tsv(people, order(people), ["dn", "cn", "photo", "note"]).split("\n");
    assert.equal(lines[0], "dn\tcn\tphoto\tnote");
    assert.equal(lines[2], "uid=a,ou=people,dc=example\tÅse K\t/9j/4A==\t");
    assert.equal(lines[3], "uid=c,ou=people,dc=example\t\t\t'=1+1");
  });
  test("100,000 rows are sorted by what they are, each looked at once", () => {
    let looks = 0;
    const many = Array.from({ length: 100_000 }, (_, i) => ({
      dn: `uid=u${(i * 7919) % 100_000}`,
      get attrs() {
        looks++;
        return { n: [String((i * 7919) % 100_000)] };
      },
    }));
    assert.equal(many[order(many, { column: "dn", descending: false })[0]!]!.dn, "uid=u0");
    const places = order(many, { column: "n", descending: true });
    assert.deepEqual([many[places[0]!]!.dn, many[places.at(-1)!]!.dn], ["uid=u99999", "uid=u0"]);
    // Sorting compares some 1.7 million times; what is compared is fetched before.
    assert.ok(looks <= 2 * many.length, `${looks} looks`);
  });
});

describe("forest", () => {
  test("a comma behind a backslash or in quotes separates nothing", () => {
    assert.deepEqual(splitDN("cn=Doe\\, J, ou=x,dc=y"), ["cn=Doe\\, J", "ou=x", "dc=y"]);
    assert.deepEqual(splitDN('cn="a,b",dc=y'), ['cn="a,b"', "dc=y"]);
    assert.deepEqual(splitDN(""), []);
  });
  test("entries hang below their parents, and places above them are one node", () => {
    const roots = forest([...people, { dn: "ou=People, dc=example", attrs: {} }]);
    assert.equal(roots.length, 1);
    assert.equal(roots[0]!.rdn, "ou=people,dc=example");
    assert.equal(roots[0]!.entry?.dn, "ou=People, dc=example");
    assert.deepEqual(roots[0]!.children.map(({ rdn, depth }) => `${rdn} ${depth}`), ["uid=b 1", "uid=a 1", "uid=c 1"]);
    assert.equal(visible(roots, () => false).length, 1);
    assert.equal(visible(roots, () => true).length, 4);
  });
  test("two entries without a common parent are two trees, and the root DSE is one too", () => {
    assert.equal(forest([{ dn: "dc=a", attrs: {} }, { dn: "dc=b", attrs: {} }, { dn: "", attrs: {} }]).length, 3);
  });
});

describe("values", () => {
  test("bytes are known by their beginning", () => {
    assert.equal(kindOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]))?.name, "PNG");
    assert.equal(pictureURL(new Uint8Array([0xff, 0xd8, 0xff])), "data:image/jpeg;base64,/9j/");
    assert.equal(pictureURL(new Uint8Array([1, 2, 3])), undefined);
    assert.equal(pictureURL("text"), undefined);
  });
  test("short bytes in hex, long ones by their size, GUIDs and SIDs as they are written", () => {
    assert.equal(display(new Uint8Array([1, 0xab])), "01 ab");
    assert.equal(display(new Uint8Array(2000)), "binary, 2 KB");
    assert.equal(display(Uint8Array.from({ length: 16 }, (_, i) => i), "objectGUID"), "03020100-0504-0706-0809-0a0b0c0d0e0f");
    assert.equal(display(new Uint8Array([1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0]), "objectSid"), "S-1-5-32-544");
  });
  test("long lines go on in the next row, and nothing is lost", () => {
    assert.deepEqual(breakLines("abcde\r\n\nfg", 2).map(({ number, text }) => `${number}:${text}`), ["1:ab", ":cd", ":e", "2:", "3:fg"]);
  });
  test("hex dump", () => {
    assert.deepEqual(hexDump(new TextEncoder().encode("<batchResponse/>\n")), [
      "00000000  3c 62 61 74 63 68 52 65  73 70 6f 6e 73 65 2f 3e  <batchResponse/>",
      "00000010  0a                                                ·",
    ]);
  });
});
