import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type Toolkit } from "dsmlkit";
import { sessionHeader } from "../edge-header.js";
import { sessionNamespace, soap11 } from "./samples.js";

const kit = await load();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const message = (header: string, payload: string): string =>
  `<s:Envelope xmlns:s="${soap11}" xmlns:ad="${sessionNamespace}"><s:Header>${header}</s:Header><s:Body>${payload}</s:Body></s:Envelope>`;
const session = (id: string): string => `<ad:Session ad:SessionID="${id}" s:mustUnderstand="1"/>`;

/** The toolkit, with a count of what it is asked. */
function counting(): { kit: Toolkit; asked: () => number } {
  let n = 0;
  return { kit: { ...kit, soap: { ...kit.soap, session: (input) => (n++, kit.soap.session(input)) } }, asked: () => n };
}

test("sessionHeader finds what the toolkit finds, the first time and after", () => {
  for (const text of [
    message(session("a"), "<batchRequest/>"),
    message("<ad:BeginSession/>", "<batchRequest><searchRequest/></batchRequest>"),
    message(`<ad:EndSession ad:SessionID="ü"/>`, "<batchRequest/>"),
    message("", "<batchRequest/>"),
    message("", ""),
    `<!-- Body > > -->${message(session("b"), "<batchRequest/>")}`,
    message(`${" ".repeat(8000)}${session("c")}`, "<batchRequest/>"),
    message(session("a"), `<batchRequest requestID="x>y"/>`),
  ]) {
    for (let i = 0; i < 2; i++) assert.deepEqual(sessionHeader(kit, bytes(text)), kit.soap.session(text), text);
  }
});

test("sessionHeader of what cannot be read is none, also behind a beginning that could", () => {
  for (const text of ["", "Body", "<Body>", "not XML <Body> <x>", message(session("d"), "").split("<s:Body>")[0]!, "<x><Body><y/></Body></x>"]) {
    assert.equal(sessionHeader(kit, bytes(text)), undefined, text);
  }
});

test("sessionHeader of a message that goes wrong in its body is the one in front of that", () => {
  for (const payload of ["<batchRequest", "<batchRequest a='1' a='2'/>", "<p:batchRequest/>", "&nothing;", "<1/>"]) {
    const text = message(session("d"), payload);
    const wide = new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le"));
    for (const input of [bytes(text), wide, bytes(`<!--${" ".repeat(8000)}-->${text}`)]) {
      for (let i = 0; i < 2; i++) assert.equal(sessionHeader(kit, input)?.id, "d", payload);
    }
  }
});

test("sessionHeader is not that of a Body that is none", () => {
  const other = `<y:Body xmlns:y="urn:y"><y:z/></y:Body>`;
  for (const header of [`${other}${session("e")}`, `${session("e")}${other}`, `<!-- <s:Body> -->${session("e")}`, `<y:z xmlns:y="urn:y" a="Body>"/>${session("e")}`]) {
    const text = message(header, "<batchRequest/>");
    for (let i = 0; i < 2; i++) assert.equal(sessionHeader(kit, bytes(text))?.id, "e", text);
  }
});

test("sessionHeader reads the messages of a session once, and those of another by themselves", () => {
  const { kit: own, asked } = counting();
  for (let i = 0; i < 5; i++) {
    assert.equal(sessionHeader(own, bytes(message(session("once"), `<batchRequest><delRequest dn="cn=${i}"/></batchRequest>`)))?.id, "once");
  }
  assert.equal(asked(), 1);
  assert.equal(sessionHeader(own, bytes(message(session("twice"), "<batchRequest><delRequest/></batchRequest>")))?.id, "twice");
  assert.equal(asked(), 2);
});

test("sessionHeader forgets the oldest of very many", () => {
  const first = bytes(message(session("first"), "<batchRequest/>"));
  sessionHeader(kit, first);
  for (let i = 0; i < 600; i++) sessionHeader(kit, bytes(message(session(`many ${i}`), "<batchRequest/>")));
  const { kit: own, asked } = counting();
  assert.equal(sessionHeader(own, first)?.id, "first");
  assert.equal(sessionHeader(own, bytes(message(session("many 599"), "<batchRequest/>")))?.id, "many 599");
  assert.equal(asked(), 1);
});
