/** The request pane in a real browser, against the embedded endpoint. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

const url = process.env["DSMLKIT_URL"]!;
let browser: Browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env["CHROMIUM"]!, args: ["--no-sandbox"] });
});

after(() => browser.close());

interface Desk {
  page: Page;
  request: Locator;
  envelope: Locator;
  filter: Locator;
  send: Locator;
  /** bodies of the POSTs so far */
  posted: string[];
  tab(name: "Form" | "XML" | "HTTP"): Promise<void>;
  /** the envelope as the XML tab shows it, when it says what is looked for */
  text(like: RegExp): Promise<string>;
}

/** Runs a test on a fresh page; anything that the page complains about fails it. */
async function desk(run: (desk: Desk) => Promise<void>, size = { width: 1280, height: 800 }): Promise<void> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  const posted: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A fault comes with status 500, which the console reports.
    if (message.type() === "error" && !/status of 500/.test(message.text())) complaints.push(message.text());
  });
  page.on("request", (sent) => {
    if (sent.method() === "POST") posted.push(sent.postData() ?? "");
  });
  try {
    await page.goto(url);
    const request = page.getByRole("region", { name: "Request" });
    const envelope = page.getByRole("textbox", { name: "Envelope" });
    await run({
      page,
      request,
      envelope,
      posted,
      filter: page.getByRole("textbox", { name: "Filter" }),
      send: page.getByRole("button", { name: "Send" }),
      tab: (name) => request.getByRole("tab", { name }).click(),
      text: async (like) => {
        await request.getByRole("tab", { name: "XML" }).click();
        await envelope.filter({ hasText: like }).waitFor();
        return (await envelope.locator(".cm-line").allTextContents()).join("\n");
      },
    });
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** Types over the first place in the envelope that reads so. */
async function change({ page, envelope, text }: Desk, from: string, to: string): Promise<void> {
  const shown = await text(/Envelope/);
  await envelope.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(shown.replace(from, to));
}

describe("form and envelope", () => {
  test("typing in the form writes the envelope", () =>
    desk(async ({ page, filter, text }) => {
      await page.getByRole("textbox", { name: "Base DN" }).fill("ou=people,dc=example,dc=org");
      await filter.fill("(&(cn=a*)(!(mail=*)))");
      await page.getByRole("textbox", { name: "Page size" }).fill("25");
      const envelope = await text(/1\.2\.840\.113556\.1\.4\.319/);
      assert.match(envelope, /<searchRequest dn="ou=people,dc=example,dc=org" scope="wholeSubtree"/);
      assert.match(envelope, /<not>\s*<present name="mail"\/>\s*<\/not>/);
    }));

  test("an edit that parses flows back into the form", () =>
    desk(async (it) => {
      await change(it, 'scope="wholeSubtree"', 'scope="singleLevel" sizeLimit="7"');
      await it.tab("Form");
      await it.page.getByText("7 entries at most").waitFor();
      assert.equal(await it.page.getByLabel("Scope").inputValue(), "singleLevel");
    }));

  test("an edit that does not parse is kept, shown with its place, and not sent unless asked for", () =>
    desk(async (it) => {
      const { page, request, envelope, send, posted } = it;
      await change(it, "</filter>", "</filtre>");
      const problem = request.getByRole("alert").filter({ hasText: /Line \d+, column \d+/ });
      await problem.waitFor();
      assert.ok((await envelope.locator(".cm-lintRange-error").count()) > 0, "the place is marked");
      await it.tab("Form");
      assert.equal(await page.locator(".form-panel").getAttribute("inert"), "");
      await send.click();
      assert.match(await it.text(/<\/filtre>/), /<\/filtre>/);
      assert.deepEqual(posted, []);

      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name: "Post anyway" }).click();
      await answered;
      assert.match(posted[0]!, /<\/filtre>/);

      await page.getByRole("button", { name: "Restore the last text that parsed" }).click();
      assert.match(await it.text(/<\/filter>/), /<\/filter>/);
      await problem.waitFor({ state: "detached" });
      assert.equal(await page.locator(".form-panel").getAttribute("inert"), null);
    }));

  test("header blocks typed by hand stay when the form is used", () =>
    desk(async (it) => {
      await change(it, "<soap:Body>", '<soap:Header><w:Trace xmlns:w="urn:w">é</w:Trace></soap:Header><soap:Body>');
      await it.tab("Form");
      await it.page.getByRole("textbox", { name: "Base DN" }).fill("ou=after");
      assert.match(await it.text(/ou=after/), /<w:Trace xmlns:w="urn:w">é<\/w:Trace>/);
    }));

  test("each of the nine requests has a form that comes back from its envelope", () =>
    desk(async ({ page, text, tab }) => {
      const fill = (name: string, value: string) => page.getByRole("textbox", { name, exact: true }).fill(value);
      const cases: [string, () => Promise<void>, RegExp][] = [
        ["Modify", async () => { await fill("DN", "cn=m"); await fill("Name of modification 1", "mail"); await fill("Value 1 of modification 1", "m@x"); }, /<modifyRequest dn="cn=m">\s*<modification name="mail" operation="replace">\s*<value>m@x</],
        ["Add", async () => { await fill("DN", "cn=a"); await fill("Value 1 of attribute 1", "person"); }, /<addRequest dn="cn=a">\s*<attr name="objectClass">\s*<value>person</],
        ["Delete", () => fill("DN", "cn=d"), /<delRequest dn="cn=d"\/>/],
        ["Rename or move", async () => { await fill("DN", "cn=r"); await fill("New RDN", "cn=s"); await fill("New parent", "ou=t"); }, /<modDNRequest dn="cn=r" newrdn="cn=s" newSuperior="ou=t"\/>/],
        ["Compare", async () => { await fill("DN", "cn=c"); await fill("Attribute", "sn"); await fill("Value to compare with", " v"); }, /<compareRequest dn="cn=c">\s*<assertion name="sn">\s*<value> v</],
        ["Extended", () => fill("Operation OID", "1.3.6.1.4.1.4203.1.11.3"), /<requestName>1\.3\.6\.1\.4\.1\.4203\.1\.11\.3</],
        ["Abandon", () => fill("Abandon", "7"), /<abandonRequest abandonID="7"\/>/],
        ["Authorize as", () => fill("Principal", "u:ada"), /<authRequest principal="u:ada"\/>/],
        ["Search", () => fill("Base DN", "ou=s"), /<searchRequest dn="ou=s"/],
      ];
      for (const [operation, type, written] of cases) {
        await tab("Form");
        await page.getByLabel("Operation", { exact: true }).selectOption(operation);
        await type();
        assert.match(await text(written), written, operation);
      }
    }));

  test("a photo comes from a file, and is kept as base64", () =>
    desk(async ({ page, text }) => {
      await page.getByLabel("Operation", { exact: true }).selectOption("Add");
      await page.getByRole("textbox", { name: "Name of attribute 1" }).fill("jpegPhoto");
      const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5000, 1)]);
      await page.locator("input[type=file]").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: bytes });
      await page.getByText("5,003 bytes, JPEG").waitFor();
      const envelope = await text(/base64Binary/);
      assert.ok(envelope.includes(`<value xsi:type="xsd:base64Binary">${bytes.toString("base64")}</value>`));
    }));
});

describe("batch", () => {
  test("requests are added, duplicated, moved and removed", () =>
    desk(async ({ page, text, tab }) => {
      const add = page.getByRole("button", { name: "Add to batch" });
      await page.getByRole("textbox", { name: "Base DN" }).fill("ou=1");
      await add.click();
      await page.getByLabel("Operation", { exact: true }).selectOption("Delete");
      await page.getByRole("textbox", { name: "DN", exact: true }).fill("cn=2");
      await page.getByRole("button", { name: "Duplicate request 2" }).click();
      await page.getByRole("textbox", { name: "DN", exact: true }).fill("cn=3");
      await page.getByRole("button", { name: "Move request 3 up" }).click();
      await page.getByRole("button", { name: "Move request 2 up" }).click();
      const order = (envelope: string) => [...envelope.matchAll(/<\w+Request dn="(\w+=\d)"/g)].map((found) => found[1]);
      assert.deepEqual(order(await text(/cn=3[\s\S]*ou=1/)), ["cn=3", "ou=1", "cn=2"]);
      await tab("Form");
      await page.getByRole("button", { name: "Remove request 2" }).click();
      await page.getByText("Batch", { exact: true }).click();
      await page.getByLabel("On error").selectOption("resume");
      await page.getByLabel("Processing").selectOption("parallel");
      await page.getByLabel("Wrapped in").selectOption("SOAP 1.2 envelope");
      const envelope = await text(/onError="resume"/);
      assert.match(envelope, /http:\/\/www\.w3\.org\/2003\/05\/soap-envelope/);
      assert.deepEqual(order(envelope), ["cn=3", "cn=2"]);
      assert.match(envelope, /processing="parallel"/);
    }));
});

describe("filter", () => {
  test("text that does not parse stays as typed, marked at its place, and is not sent", () =>
    desk(async ({ filter, request, send, posted, page }) => {
      await filter.fill("(&(cn=a*)(sn>m))");
      await page.locator(".filter-colours .wrong").waitFor();
      assert.equal(await page.locator(".filter-colours .wrong").first().textContent(), ">m");
      await send.click();
      assert.equal(await filter.inputValue(), "(&(cn=a*)(sn>m))");
      assert.equal(await filter.getAttribute("aria-invalid"), "true");
      await request.getByRole("alert").filter({ hasText: "needs an =" }).waitFor();
      assert.deepEqual(posted, []);
    }));

  test("text and tree stay in step", () =>
    desk(async ({ page, filter }) => {
      const reads = async (text: string) => {
        await page.waitForFunction((expected) => document.querySelector<HTMLTextAreaElement>("[data-key=filter]")?.value === expected, text);
      };
      await filter.fill("(cn=a)");
      await page.getByRole("button", { name: "Tree" }).click();
      const name = page.getByRole("textbox", { name: "Attribute of condition 1", exact: true });
      assert.equal(await name.inputValue(), "cn");
      await name.fill("sn");
      await reads("(sn=a)");
      await page.getByLabel("Wrap condition 1", { exact: true }).selectOption("or");
      await reads("(|(sn=a))");
      await page.getByRole("button", { name: "Add a condition to 1" }).click();
      await page.getByRole("textbox", { name: "Attribute of condition 1.2" }).fill("mail");
      await page.getByLabel("Comparison of condition 1.2").selectOption("is present");
      await reads("(|(sn=a)(mail=*))");
      await page.getByLabel("Comparison of condition 1.1").selectOption("matches");
      await page.getByRole("textbox", { name: "Ends with, condition 1.1" }).fill("*(");
      await reads("(|(sn=a*\\2a\\28)(mail=*))");
      await page.getByLabel("Kind of condition 1", { exact: true }).selectOption("not");
      await reads("(!(&(sn=a*\\2a\\28)(mail=*)))");
      await page.getByRole("button", { name: "Remove condition 1.1.1" }).click();
      await reads("(!(&(mail=*)))");
      await filter.fill("(uid>=b)");
      await page.getByLabel("Comparison of condition 1", { exact: true }).waitFor();
      assert.equal(await page.getByLabel("Comparison of condition 1", { exact: true }).inputValue(), "greaterOrEqual");
    }));

  test("a filter pasted over several lines becomes one", () =>
    desk(async ({ page, filter }) => {
      await filter.focus();
      await page.keyboard.press("ControlOrMeta+a");
      await filter.evaluate((box) => {
        const data = new DataTransfer();
        data.setData("text/plain", "(&\n  (cn=a b)\n  (sn=c)\n)");
        box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      });
      assert.equal(await filter.inputValue(), "(&(cn=a b)(sn=c))");
    }));
});

describe("request and session", () => {
  test("the envelope shows the header of the open session, and a hand-made one goes out as typed", () =>
    desk(async (it) => {
      const { page, text, posted, send } = it;
      await page.getByRole("button", { name: "Begin session" }).click();
      const shown = await text(/ad:SessionID/);
      const id = /ad:SessionID="([^"]+)"/.exec(shown)![1]!;
      await it.tab("HTTP");
      await page.getByText("Content-Length").waitFor();
      await change(it, id, "no-such-session");
      await page.getByText("not that of the open session").waitFor();
      await send.click();
      await page.getByRole("region", { name: "Response" }).getByText(/Bad Session Request/).first().waitFor();
      assert.match(posted.at(-1)!, /no-such-session/);
      await page.getByRole("button", { name: "Use the open session" }).click();
      assert.match(await text(new RegExp(id)), new RegExp(id));
      await page.getByRole("button", { name: "End session" }).click();
      await page.getByRole("region", { name: "Session" }).getByRole("status").filter({ hasText: "closed" }).waitFor();
      await it.envelope.filter({ hasNotText: "SessionID" }).waitFor();
    }));

  test("what is shown is what is sent", () =>
    desk(async ({ page, filter, send, text, posted }) => {
      await page.getByRole("textbox", { name: "Base DN" }).fill("ou=people,dc=example,dc=org");
      await filter.fill("(uid=none)");
      await send.click();
      await page.getByRole("region", { name: "Response" }).getByText("success").first().waitFor();
      assert.equal(posted[0]!.trimEnd(), (await text(/uid/)).trimEnd());
    }));

  test("an earlier request opens, and what was being written comes back", () =>
    desk(async ({ page, filter, send, text, tab }) => {
      await filter.fill("(uid=first)");
      await send.click();
      await page.getByRole("region", { name: "Response" }).getByText("success").first().waitFor();
      await tab("Form");
      await filter.fill("(uid=second)");
      await send.click();
      await page.getByRole("region", { name: "Exchanges" }).getByRole("option").nth(1).waitFor();
      await filter.fill("(uid=third)");
      await text(/third/);
      await page.getByRole("region", { name: "Exchanges" }).getByRole("option").first().click();
      await text(/first/);
      await page.getByRole("button", { name: "Back to what I was writing" }).click();
      await text(/third/);
      await tab("Form");
      assert.equal(await filter.inputValue(), "(uid=third)");
    }));
});

describe("the page", () => {
  test("keys: / to the filter, Ctrl+Enter sends, ? helps, Escape gives back", () =>
    desk(async ({ page, filter, posted, tab }) => {
      await tab("XML");
      await page.locator("body").press("/");
      await filter.waitFor();
      assert.equal(await filter.evaluate((box) => box === document.activeElement), true);
      await page.keyboard.type("(uid=x)");
      assert.equal(await filter.inputValue(), "(uid=x)");
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await page.keyboard.press("ControlOrMeta+Enter");
      await answered;
      assert.match(posted[0]!, /<value>x<\/value>/);
      await filter.focus();
      await page.keyboard.press("Escape");
      assert.equal(await filter.evaluate((box) => box === document.activeElement), false);
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Help" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: "Help" }).waitFor({ state: "hidden" });
    }));

  test("the fixed names are there once each", () =>
    desk(async ({ page, send }) => {
      await send.waitFor();
      for (const name of ["Begin session", "Send", "Next page", "All pages", "End session", "Replay"]) {
        assert.equal(await page.getByRole("button", { name }).count(), 1, name);
      }
      for (const name of ["Endpoint", "Base DN", "Filter", "Page size"]) {
        assert.equal(await page.getByRole("textbox", { name }).count(), 1, name);
      }
      for (const name of ["Session", "Request", "Response", "Exchanges"]) {
        assert.equal(await page.getByRole("region", { name }).count(), 1, name);
      }
      assert.equal(await page.getByRole("region", { name: "Session" }).getByRole("status").count(), 1);
    }));

  test("the panes change their width by keyboard, and keep it", () =>
    desk(async ({ page, request }) => {
      const width = async () => (await request.boundingBox())!.width;
      const before = await width();
      const splitter = page.getByRole("separator", { name: "Width of the request pane" });
      await splitter.focus();
      await page.keyboard.press("Shift+ArrowRight");
      const wider = await width();
      assert.ok(wider > before + 40, `${before} -> ${wider}`);
      await page.reload();
      await splitter.waitFor();
      assert.ok(Math.abs((await width()) - wider) < 2);
    }));

  test("light and dark by a switch, kept over a reload", () =>
    desk(async ({ page }) => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.getByRole("button", { name: "Colours as the system says" }).click();
      await page.getByRole("button", { name: "Light colours" }).click();
      const dark = await background();
      assert.notEqual(dark, light);
      await page.reload();
      await page.getByRole("button", { name: "Dark colours" }).waitFor();
      assert.equal(await background(), dark);
    }));

  test("on a narrow screen the panes are tabs, and the session stays", () =>
    desk(
      async ({ page, send, filter }) => {
        await filter.fill("(uid=none)");
        await send.click();
        const response = page.getByRole("region", { name: "Response" });
        await response.getByText("success").first().waitFor();
        assert.equal(await send.isVisible(), false);
        await page.getByRole("tab", { name: "Request" }).click();
        assert.equal(await send.isVisible(), true);
        assert.equal(await response.isVisible(), false);
        assert.equal(await page.getByRole("region", { name: "Session" }).isVisible(), true);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 480);
      },
      { width: 480, height: 800 },
    ));

  test("an unsent request comes back after a reload", () =>
    desk(async ({ page, filter }) => {
      await filter.fill("(uid=kept)");
      await page.waitForFunction(() => localStorage.getItem("dsmlkit.draft")?.includes("kept"));
      await page.reload();
      await filter.waitFor();
      await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>("[data-key=filter]")?.value === "(uid=kept)");
    }));

  test("name and password go with the request, and are kept nowhere", () =>
    desk(async ({ page, send, filter }) => {
      await filter.fill("(uid=none)");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("User name").fill("cn=nobody");
      await page.getByLabel("Password").fill("secret-word");
      const posted = page.waitForRequest((sent) => sent.method() === "POST");
      await page.getByLabel("Password").press("Enter");
      await send.click();
      assert.equal((await posted).headers()["authorization"], `Basic ${Buffer.from("cn=nobody:secret-word").toString("base64")}`);
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      assert.doesNotMatch(kept, /secret-word/);
    }));
});
