// What goes wrong, told apart: nothing is lost, and the page goes on.
import assert from "node:assert/strict";
import { answering, deadEnd, eventually, letIn, open, test } from "./browser.ts";

const base = "dc=example,dc=org";

test("an edited request that does not parse is marked, and kept as typed", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(uid=admin)" });
  const broken = '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\n<soap:Body>\n<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">\n<searchRequest dn="x"</batchRequest>\n</soap:Body></soap:Envelope>';
  await face.type(broken);
  await eventually(async () => assert.match(await face.request.innerText(), /line 4/i), "the place is named");
  const editor = face.box("Envelope");
  await face.requestView("Form");
  await face.requestView("XML");
  assert.equal((await editor.innerText()).replace(/\n+$/, ""), broken, "what was typed is not what stands there");
  await face.press("Send");
  // It leads to the place instead.
  await eventually(async () => assert.ok(await editor.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)), "the editor has the keyboard");
  assert.equal(await face.rows.count(), 0, "it was sent without being asked for");

  // Mended, it flows back into the form.
  await face.type(broken.replace('dn="x"', 'dn="ou=groups,dc=example,dc=org" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="cn"/></filter></searchRequest>'));
  await face.requestView("Form");
  await eventually(async () => assert.equal(await face.box("Base DN").inputValue(), "ou=groups,dc=example,dc=org"), "the form follows");
});

test("a text that is not XML can be sent as typed, and the answer is explained", async (t) => {
  const face = await open(t);
  await face.type("this is not XML");
  await face.button("Post anyway").click();
  await face.count(1);
  await face.headline(/^malformedRequest/);
  assert.match(await face.row(0), /text that is not DSML 200 malformedRequest/);
});

test("a body of 50 MB is refused by the server, and the page goes on", async (t) => {
  const face = await open(t);
  const start = '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><addRequest dn="cn=big,dc=example,dc=org"><attr name="description"><value>';
  const end = "</value></attr></addRequest></batchRequest></soap:Body></soap:Envelope>";
  await face.requestView("XML");
  await face.box("Envelope").click();
  await face.page.keyboard.press("ControlOrMeta+a");
  await face.box("Envelope").evaluate(
    (element, [head, tail]) => {
      const data = new DataTransfer();
      // Lines, as any such file has them: one line of 50 MB is more than an editor is for.
      data.setData("text/plain", head + `${"x".repeat(99)}\n`.repeat(500_000) + tail);
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    },
    [start, end] as const,
  );
  await eventually(async () => assert.match(await face.request.innerText(), /50\.0 MB|50,000,/), "the size is shown", 60_000);
  await face.button("Send").click({ timeout: 60_000 });
  await eventually(async () => assert.equal(await face.rows.count(), 1), "it is over", 60_000);
  await face.headline(/larger than the server takes|hung up while the request of 50\.0 MB|malformedRequest|notAttempted|finds the request at fault/);
  await face.type('<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/>');
  await eventually(async () => assert.match(await face.request.innerText(), /empty batch|0 requests|no request/i), "the editor goes on", 60_000);
  await face.press("Send");
  await eventually(async () => assert.equal(await face.rows.count(), 2), "the page goes on", 60_000);
  await face.headline(/endpoint is there/);
});

test("CORS: something answers, but not to this page; the headers to set are given", async (t) => {
  const server = await answering(t, (_, response) => response.end("hello"));
  const face = await open(t);
  await face.setEndpoint(`${server}/dsml`);
  await face.press("Send");
  await face.headline(/does not allow pages from .* \(CORS\)/);
  assert.match(await face.row(0), /— blocked \(CORS\)/);
  const origin = new URL(face.page.url()).origin;
  assert.match(await face.response.innerText(), new RegExp(`Access-Control-Allow-Origin: ${origin}`));
  await face.response.getByRole("combobox", { name: "Server" }).selectOption("nginx");
  await eventually(async () => assert.match(await face.response.innerText(), /add_header Access-Control-Allow-Origin/), "the text is there");
  await face.press("Begin session");
  await face.count(2);
  await face.state("none");
  await eventually(async () => assert.match(await face.session.innerText(), /does not allow pages .* No session was opened/), "the text is there");
});

test("refused: nothing listens; no session is opened", async (t) => {
  const face = await open(t);
  await face.setEndpoint(await deadEnd());
  await face.press("Begin session");
  await face.headline(/^Nothing answers at 127\.0\.0\.1:\d+/);
  await face.state("none");
});

test("an address that cannot be one is said before anything is sent", async (t) => {
  const face = await open(t);
  let requests = 0;
  face.page.on("request", (request) => {
    if (request.method() === "POST") requests++;
  });
  await face.setEndpoint("ldap://directory.example");
  await face.press("Send");
  await face.headline(/cannot speak LDAP/);
  assert.equal(requests, 0);
});

const strange: [name: string, status: number, type: string, body: string, expected: RegExp][] = [
  ["HTML instead of XML", 200, "text/html", "<!doctype html><title>Sign in</title>", /^A web page came instead of XML \(HTTP 200\), titled “Sign in”/],
  ["404", 404, "text/plain", "not here", /nothing at this address/],
  ["401", 401, "text/plain", "who?", /wants to know who you are/],
  ["415", 415, "text/plain", "no", /does not take this kind of content/],
  ["500 without SOAP", 500, "text/plain", "oops", /reports an error \(HTTP 500\)/],
  ["nothing at all", 200, "text/xml", "", /has no content/],
  ["other XML", 200, "text/xml", "<hello/>", /XML, but not a DSML response/],
  ["truncated XML", 200, "text/xml", '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResp', /XML, but not a DSML response/],
  ["a DTD", 200, "text/xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /XML, but not a DSML response/],
  [
    "a fault that says SOAP versions differ",
    500,
    "text/xml",
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:VersionMismatch</faultcode><faultstring>wrong version</faultstring></s:Fault></s:Body></s:Envelope>',
    /speaks another version of SOAP/,
  ],
  [
    "a server that cannot do sessions",
    500,
    "text/xml",
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:MustUnderstand</faultcode><faultstring>BeginSession</faultstring></s:Fault></s:Body></s:Envelope>',
    /does not know a header that it was told it must understand/,
  ],
];

test("answers that are none are told apart", async (t) => {
  let answer: (typeof strange)[number] = strange[0]!;
  const server = await answering(t, (request, response) => {
    if (request.method !== "POST") return void response.writeHead(204, letIn).end();
    response.writeHead(answer[1], { ...letIn, "content-type": answer[2] });
    response.end(answer[3]);
  });
  const face = await open(t);
  await face.setEndpoint(`${server}/dsml`);
  let count = 0;
  for (const one of strange) {
    await t.test(one[0], async () => {
      answer = one;
      await face.press("Send");
      await face.count(++count);
      await face.headline(one[4]);
    });
  }
});

test("a slow answer shows that it is under way, counts what has come, and can be stopped", async (t) => {
  const server = await answering(t, (request, response) => {
    response.writeHead(200, { ...letIn, "content-type": "text/xml" });
    if (request.method !== "POST") return void response.end();
    const more = setInterval(() => response.write("<!-- ".padEnd(100_000, "x") + " -->"), 50);
    response.on("close", () => clearInterval(more));
  });
  const face = await open(t);
  await face.setEndpoint(`${server}/dsml`);
  await face.press("Send");
  await eventually(async () => assert.match(await face.session.innerText(), /\d\.\d MB received/), "the bytes are counted");
  await face.button("Stop").click();
  await face.headline(/^Stopped after [\d.]+ (KB|MB) of the answer/);
  assert.match(await face.row(0), /stopped/);
  await face.setEndpoint("/dsml");
  await face.search(base, { filter: "(objectClass=organization)" });
  await face.press("Send");
  await face.headline(/^1 entry, success/);
});

test("D-27 D-28 a batch: each answer to its request, what was not attempted is named", async (t) => {
  const face = await open(t);
  const search = (dn: string) => `<searchRequest dn="${dn}" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`;
  const batch = (attributes = "") => `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"${attributes}>${search(base)}${search(`ou=nowhere,${base}`)}<delRequest dn="uid=nobody,${base}"/></batchRequest>`;
  await face.type(batch());
  await face.press("Send");
  await face.headline(/1 success, 1 noSuchObject, 1 not ?[aA]ttempted/);
  const results = face.response.getByRole("list", { name: "Results" }).getByRole("listitem");
  assert.equal(await results.count(), 3);
  await eventually(async () => assert.match(await results.nth(1).innerText(), /ou=nowhere[^]*noSuchObject \(32\)/), "the text is there");
  await eventually(async () => assert.match(await results.nth(2).innerText(), /delete uid=nobody[^]*not ?[aA]ttempted/), "the text is there");
  await face.type(batch(' onError="resume"'));
  await face.press("Send");
  await face.headline(/^3 answers: 1 success, 2 noSuchObject/);
});
