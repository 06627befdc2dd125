import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressSpace, asksPermission, needsAddressSpace } from "../net/address.ts";
import { corsSnippets } from "../net/cors.ts";
import { checkEndpoint, type Circumstances, diagnose } from "../net/diagnose.ts";
import { type Answer, diagnoseAnswer } from "../net/notdsml.ts";
import { headersFor, versionOf } from "../net/outside.ts";

const page = "http://tools.example/dsmlkit/";

describe("checkEndpoint", () => {
  const good: [string, string][] = [
    ["/dsml", "http://tools.example/dsml"],
    ["dsml", "http://tools.example/dsmlkit/dsml"],
    [" https://directory.example:8443/dsml ", "https://directory.example:8443/dsml"],
    ["//directory.example/dsml", "http://directory.example/dsml"],
  ];
  for (const [typed, url] of good) {
    test(JSON.stringify(typed), () => {
      const checked = checkEndpoint(typed, page);
      assert.ok("url" in checked);
      assert.equal(checked.url.href, url);
    });
  }
  const wrong: [string, RegExp][] = [
    ["", /no endpoint address/],
    ["   ", /no endpoint address/],
    ["ldap://directory.example", /cannot speak LDAP/],
    ["ldaps://directory.example", /cannot speak LDAPS/],
    ["directory.example:8080/dsml", /no scheme/],
    ["localhost:8080", /no scheme/],
    ["ftp://directory.example/dsml", /ftp:/],
    ["javascript:alert(1)", /javascript:/],
    ["http://directory.example/my dsml", /space/],
    ["http://[::1/dsml", /cannot be read/],
    ["http://cn=admin:secret@directory.example/dsml", /name or password/],
  ];
  for (const [typed, message] of wrong) {
    test(`${JSON.stringify(typed)} is refused`, () => {
      const checked = checkEndpoint(typed, page);
      assert.ok("failure" in checked);
      assert.equal(checked.failure.code, "wrong-url");
      assert.match(checked.failure.message, message);
      assert.ok(checked.failure.hint);
    });
  }
  test("a relative address on a page without a server is refused", () => {
    assert.ok("failure" in checkEndpoint("/dsml", "file:///home/me/index.html"));
  });
});

test("addresses of this machine and of the local network are known by their text", () => {
  const known: Record<string, string> = {
    localhost: "loopback", "127.0.0.1": "loopback", "127.9.8.7": "loopback", "[::1]": "loopback", "dsml.localhost": "loopback",
    "10.1.2.3": "local", "172.16.0.1": "local", "172.31.255.255": "local", "192.168.1.1": "local", "169.254.0.1": "local", "[fd00::1]": "local",
    "[fe80::1]": "local", "printer.local": "local", intranet: "local",
    "172.32.0.1": "public", "8.8.8.8": "public", "[2001:db8::1]": "public", "directory.example": "unknown",
  };
  for (const [host, space] of Object.entries(known)) assert.equal(addressSpace(host), space, host);
});

test("a permission for the local network is asked for only on the way inwards", () => {
  assert.ok(asksPermission("https://tools.example/", "http://192.168.1.9/dsml"));
  assert.ok(asksPermission("https://tools.example/", "http://localhost:8080/dsml"));
  assert.ok(asksPermission("http://192.168.1.9/", "http://127.0.0.1:8080/dsml"));
  assert.ok(!asksPermission("http://127.0.0.1:8080/", "http://127.0.0.1:9090/dsml"));
  assert.ok(!asksPermission("http://192.168.1.9/", "/dsml"));
  assert.ok(!asksPermission("http://127.0.0.1:8080/", "https://directory.example/dsml"));
});

test("only an https page declares where a plain http address lies, and only where it is certain", () => {
  assert.equal(needsAddressSpace("https://tools.example/", "http://192.168.1.9/dsml"), "local");
  assert.equal(needsAddressSpace("https://tools.example/", "http://127.0.0.1:8080/dsml"), "loopback");
  assert.equal(needsAddressSpace("https://tools.example/", "http://intranet/dsml"), undefined);
  assert.equal(needsAddressSpace("https://tools.example/", "https://192.168.1.9/dsml"), undefined);
  assert.equal(needsAddressSpace("http://tools.example/", "http://192.168.1.9/dsml"), undefined);
});

describe("diagnose", () => {
  const base: Circumstances = { page, endpoint: "http://directory.example/dsml", error: { name: "TypeError", message: "Failed to fetch" }, probe: "silent", durationMs: 40, requestSize: 500, online: true };
  const cases: [string, Partial<Circumstances>, string, RegExp?][] = [
    ["stopped by a person", { stopped: "person" }, "aborted"],
    ["stopped half-way", { stopped: "person", partial: 2_000_000 }, "aborted", /2\.0 MB/],
    ["nobody answers in time", { stopped: "timeout", durationMs: 120_000 }, "timeout", /120 seconds/],
    ["the connection breaks in the middle", { partial: 1000 }, "cut-short"],
    ["the page's own policy", { blockedByPolicy: true }, "policy"],
    ["https page, http endpoint", { page: "https://tools.example/" }, "mixed-content"],
    ["https page, http endpoint on this machine: not mixed content", { page: "https://tools.example/", endpoint: "http://localhost:8080/dsml" }, "refused"],
    ["permission denied", { endpoint: "http://192.168.1.9/dsml", permission: "denied" }, "local-network", /local network/],
    ["permission denied, this machine", { endpoint: "http://127.0.0.1:99/dsml", permission: "denied" }, "local-network", /on this computer/],
    ["permission not given yet", { endpoint: "http://192.168.1.9/dsml", permission: "prompt" }, "local-network", /has not been allowed/],
    ["no network", { online: false }, "offline"],
    ["no network matters not for this machine", { online: false, endpoint: "http://127.0.0.1:99/dsml" }, "refused"],
    ["something answers, but not to this page", { probe: "answered" }, "cors", /http:\/\/tools\.example/],
    ["it has let this page in before, so an error page without CORS headers is more likely", { probe: "answered", answeredBefore: true }, "unreadable"],
    ["same origin is never CORS", { probe: "answered", endpoint: "/dsml" }, "cut-short"],
    ["a large body makes the server hang up", { probe: "answered", endpoint: "/dsml", requestSize: 50_000_000 }, "body-refused", /50\.0 MB/],
    ["nobody answers for long", { durationMs: 75_000 }, "timeout", /75 seconds/],
    ["https, silence", { endpoint: "https://directory.example/dsml" }, "certificate-or-refused"],
    ["http, silence", {}, "refused", /directory\.example/],
    ["own server gone", { endpoint: "/dsml" }, "refused", /server of this page/],
  ];
  for (const [name, circumstances, code, message] of cases) {
    test(name, () => {
      const failure = diagnose({ ...base, ...circumstances });
      assert.equal(failure.code, code);
      if (message) assert.match(failure.message, message);
      assert.ok(failure.hint, "says what to do");
    });
  }
});

describe("diagnoseAnswer", () => {
  const base: Answer = { url: "http://directory.example/dsml", redirected: false, status: 200, contentType: "text/xml", size: 100, beginning: "<x/>", requestSOAP: "1.1", signedIn: false };
  const cases: [string, Partial<Answer>, string, RegExp?][] = [
    ["a redirect lost the body", { redirected: true, status: 405, url: "https://directory.example/dsml/" }, "redirect", /https:\/\/directory\.example\/dsml\//],
    ["401 without a name", { status: 401 }, "http-401", /who you are/],
    ["401 with a name", { status: 401, signedIn: true }, "http-401", /did not accept/],
    ["403", { status: 403 }, "http-403"],
    ["404", { status: 404, beginning: "<html>" }, "http-404"],
    ["405", { status: 405 }, "http-405"],
    ["413", { status: 413 }, "http-413"],
    ["415 to SOAP 1.2", { status: 415, requestSOAP: "1.2" }, "http-415", /SOAP 1\.2/],
    ["502", { status: 502 }, "http-502"],
    ["an empty body", { size: 0, beginning: "" }, "empty"],
    ["a sign-in page", { contentType: "text/html", beginning: "<!DOCTYPE html><html><head><title>Sign in</title>" }, "html", /“Sign in”/],
    ["XHTML", { beginning: '<?xml version="1.0"?><!DOCTYPE html><html>' }, "html"],
    ["HTML with 500", { status: 500, contentType: "text/html", beginning: "<html><h1>Error" }, "html"],
    ["500 in plain text", { status: 500, contentType: "text/plain", beginning: "oops" }, "http", /HTTP 500/],
    ["WSDL", { beginning: '<?xml version="1.0"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">' }, "wsdl"],
    ["JSON", { contentType: "application/json", beginning: '{"ok":true}' }, "not-xml", /JSON/],
    ["text", { contentType: "text/plain", beginning: "hello" }, "not-xml"],
    ["other XML", { parseError: "unknown element" }, "not-dsml", /unknown element/],
  ];
  for (const [name, answer, code, message] of cases) {
    test(name, () => {
      const failure = diagnoseAnswer({ ...base, ...answer });
      assert.equal(failure.code, code);
      if (message) assert.match(failure.message, message);
      assert.ok(failure.hint, "says what to do");
    });
  }
});

test("CORS snippets name the page's origin and the three headers for every server", () => {
  const snippets = corsSnippets("https://tools.example");
  assert.ok(snippets.length >= 4);
  for (const { server, text } of snippets) {
    assert.match(text, /https:\/\/tools\.example/, server);
    for (const header of ["Authorization", "Content-Type", "SOAPAction"]) assert.match(text, new RegExp(header), server);
  }
});

test("D-112 D-113 headers outside of a session, by SOAP version", () => {
  assert.deepEqual(headersFor("1.1"), { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' });
  assert.match(headersFor("1.2")["Content-Type"]!, /^application\/soap\+xml;.*action="#batchRequest"/);
  assert.equal(headersFor("1.2")["SOAPAction"], undefined);
});

test("the SOAP version of a text is seen without parsing it", () => {
  assert.equal(versionOf('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"/>'), "1.1");
  assert.equal(versionOf('\uFEFF<?xml version="1.0"?>\n<!-- hello -->\n<e:Envelope\n xmlns:e="http://www.w3.org/2003/05/soap-envelope">'), "1.2");
  assert.equal(versionOf('<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/>'), undefined);
  assert.equal(versionOf("not XML"), undefined);
});
