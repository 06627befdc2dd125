// No edit in the page is thrown away: over a reload, at the press of Send, by
// another operation, by taking a request away.
import assert from "node:assert/strict";
import { answering, eventually, type Face, letIn, open, serve, test } from "./browser.ts";

const base = "dc=example,dc=org";

let damages = 0;

/** Reloads; between what the page keeps when it goes and what it reads when it comes, `damage` is done in the browser. */
async function reloadWith(face: Face, damage: () => void): Promise<void> {
  const mark = `test.${++damages}`;
  await face.page.evaluate((name) => sessionStorage.setItem(name, "due"), mark);
  await face.page.addInitScript(`if (sessionStorage.getItem("${mark}")) { sessionStorage.removeItem("${mark}"); (${damage.toString()})(); }`);
  await face.reload();
}

test("a form that is not ready comes back after a reload, whatever the request; also what was typed at the last moment", async (t) => {
  const face = await open(t);
  const { page } = face;
  const fill = (name: string, value: string) => face.box(name).fill(value);
  const operation = page.getByLabel("Operation", { exact: true });
  const controls = () => page.getByText("Controls", { exact: true }).click();
  const problem = face.request.locator(".form-problem");
  // Each is begun and lacks something, or holds what is no value.
  const kinds: [string, () => Promise<void>, [name: string, value: string][]][] = [
    ["Search", async () => { await fill("Base DN", "ou=s"); await fill("Filter", "(cn="); await fill("Page size", "ten"); }, [["Base DN", "ou=s"], ["Filter", "(cn="], ["Page size", "ten"]]],
    ["Modify", async () => { await fill("DN", "cn=m"); await fill("Value 1 of modification 1", "m@x"); }, [["DN", "cn=m"], ["Name of modification 1", ""], ["Value 1 of modification 1", "m@x"]]],
    ["Add", async () => { await fill("DN", "cn=a"); await page.getByLabel("Form of value 1 of attribute 1").selectOption("Base64"); await fill("Value 1 of attribute 1", "no base64"); }, [["Value 1 of attribute 1", "no base64"]]],
    ["Delete", async () => { await fill("DN", "cn=d"); await controls(); await page.getByLabel("Add a control").selectOption("Security descriptor flags"); await fill("Flags", "seven"); }, [["DN", "cn=d"], ["Flags", "seven"]]],
    ["Rename or move", async () => { await fill("DN", "cn=r"); await fill("New parent", "ou=t"); }, [["DN", "cn=r"], ["New RDN", ""], ["New parent", "ou=t"]]],
    ["Compare", async () => { await fill("Value to compare with", " v"); await controls(); await page.getByLabel("Add a control").selectOption("Assertion"); await fill("Must match", "(a"); }, [["Value to compare with", " v"], ["Must match", "(a"]]],
    ["Extended", () => fill("Operation OID", "who am i"), [["Operation OID", "who am i"]]],
    ["Abandon", () => fill("Abandon", ""), [["Abandon", ""]]],
    ["Authorize as", () => fill("Principal", "u:x"), [["Principal", "u:x"]]],
  ];
  for (const [index, [kind, type]] of kinds.entries()) {
    if (index > 0) await face.press("+ Add to batch");
    await operation.selectOption(kind);
    await type();
  }
  await problem.waitFor();
  // The last letters, and a name that is no chip yet; nothing waits for them to be kept.
  await face.request.getByRole("button", { name: /^1 ?Search/ }).click();
  await page.getByLabel("Attributes to return").fill("telephoneNumber");
  await face.reload();

  for (const [index, [kind, , fields]] of kinds.entries()) {
    await face.request.locator(`li.request[data-index="${index}"] .request-choose`).click();
    assert.equal(await operation.locator("option:checked").textContent(), kind);
    for (const [name, value] of fields) assert.equal(await face.box(name).inputValue(), value, `${kind}: ${name}`);
  }
  await face.request.locator('li.request[data-index="0"] .request-choose').click();
  await face.button("Remove telephoneNumber").waitFor();
  // It is still not ready, and says why.
  await problem.waitFor();
  await face.press("Send");
  assert.equal(await face.rows.count(), 0);
});

test("what was typed last before a reload is there after it, though nothing waited", async (t) => {
  const face = await open(t);
  await face.box("Filter").fill("(uid=last)");
  await face.reload();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=last)"), "it is there");
  await face.type("<not-yet");
  await face.reload();
  await eventually(async () => assert.match(await face.envelope(), /^<not-yet$/), "a text that does not parse is there too");
});

test("two tabs keep what is written in each", async (t) => {
  const face = await open(t);
  const other = await face.context.newPage();
  await other.goto(face.page.url());
  const filters = [face.page, other].map((page) => page.getByRole("textbox", { name: "Filter", exact: true }));
  await filters[0]!.fill("(uid=one)");
  await filters[1]!.fill("(uid=two)");
  await other.reload();
  await face.page.reload();
  await eventually(async () => assert.deepEqual(await Promise.all(filters.map((filter) => filter.inputValue())), ["(uid=one)", "(uid=two)"]), "each has its own");
});

test("name and password are kept nowhere, whether signed in with or only typed", async (t) => {
  const face = await open(t);
  await face.press("Sign in…");
  await face.page.getByLabel("User name").fill("cn=nobody");
  await face.page.getByLabel("Password").fill("secret-word");
  await face.page.getByLabel("Password").press("Enter");
  await face.press("As cn=nobody");
  await face.page.getByLabel("Password").fill("secret-typed");
  await face.page.keyboard.press("Escape");
  await face.box("Filter").fill("(cn=");
  await face.reload();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(cn="), "the form is there");
  const kept = await face.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.match(kept, /\(cn=/);
  assert.doesNotMatch(kept, /secret|nobody/);
  await face.button("Sign in…").waitFor();
});

test("what is too long to be kept: the browser asks before the page goes", async (t) => {
  const face = await open(t);
  await face.type(`<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><delRequest dn="${"x\n".repeat(600_000)}"/></batchRequest>`);
  await eventually(async () => assert.match(await face.request.innerText(), /1\.2 MB/), "it is there", 60_000);
  const asked = new Promise<string>((resolve) => {
    face.page.once("dialog", (dialog) => {
      resolve(dialog.type());
      void dialog.accept();
    });
  });
  await face.reload();
  assert.equal(await asked, "beforeunload");
});

test("what was kept and is damaged is said; the rest stands there", async (t) => {
  const face = await open(t);
  await face.box("Filter").fill("(uid=whole)");
  await face.shows(/>whole</);
  await face.requestView("Form");
  await reloadWith(face, () => {
    const kept = JSON.parse(sessionStorage.getItem("dsmlkit.draft")!) as object;
    sessionStorage.setItem("dsmlkit.draft", JSON.stringify({ ...kept, form: { requests: [{ kind: "searchRequest" }] } }));
  });
  await face.aside.getByText("could not be read").waitFor();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=whole)"), "the text is read");
  await face.aside.getByRole("button", { name: "Copy what was kept" }).click();
  await face.button("Copied").waitFor();
  await face.copied(/"kind":"searchRequest"/);
  await face.aside.getByRole("button", { name: "Dismiss" }).click();
  assert.equal(await face.aside.innerText(), "");
  // Another form of it altogether, and settings that are none.
  await reloadWith(face, () => {
    sessionStorage.setItem("dsmlkit.draft", "{]");
    for (const key of ["endpoints", "widths", "timeline", "theme"]) localStorage.setItem(`dsmlkit.${key}`, "null");
  });
  await face.aside.getByText("could not be read").waitFor();
  await face.search(base, { filter: "(objectClass=organization)" });
  await face.press("Send");
  await face.headline(/^1 entry, success/);
});

test("what is sent is what stood there when it was pressed, not what was typed right after", async (t) => {
  const face = await open(t);
  const bodies = face.posted();
  await face.search(base, { filter: "(uid=before)" });
  // All in one turn of the page: no person is as fast, but some are nearly.
  const typeAndPress = (press: "button" | "keys") =>
    face.page.evaluate((how) => {
      const filter = document.querySelector<HTMLTextAreaElement>("[data-key=filter]")!;
      const type = (text: string) => {
        filter.value = text;
        filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
      };
      const send = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Send")!;
      type("(uid=pressed)");
      if (how === "button") send.click();
      else filter.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }));
      type("(uid=after)");
      type("(uid=");
    }, press);
  for (const [index, press] of (["button", "keys"] as const).entries()) {
    await typeAndPress(press);
    await face.count(index + 1);
    assert.match(bodies[index]!, /<value>pressed</);
    assert.doesNotMatch(bodies[index]!, /after/);
    // And what came after stands there.
    assert.equal(await face.box("Filter").inputValue(), "(uid=");
  }
  // The other way round: not ready when it was pressed, so it is not sent, though it became ready.
  await face.page.evaluate(() => {
    const filter = document.querySelector<HTMLTextAreaElement>("[data-key=filter]")!;
    filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
    [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Send")!.click();
    filter.value = "(uid=ready)";
    filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await face.shows(/>ready</);
  await face.requestView("Form");
  await face.press("Send");
  await face.count(3);
  assert.deepEqual(bodies.map((body) => /<value>(\w*)/.exec(body)![1]), ["pressed", "pressed", "ready"]);
});

test("a change in the tree of conditions is sent, though its text is not there yet", async (t) => {
  const face = await open(t);
  const bodies = face.posted();
  await face.search(base, { filter: "(uid=a)" });
  await face.press("Tree");
  const value = face.box("Value of condition 1");
  await eventually(async () => assert.equal(await value.inputValue(), "a"), "the tree is there");
  await value.evaluate((box: HTMLInputElement) => {
    box.value = "b";
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Send")!.click();
  });
  await face.count(1);
  assert.match(bodies[0]!, /<value>b</);
});

test("another operation and back: what was filled in for the first one is there again", async (t) => {
  const face = await open(t);
  const operation = face.page.getByLabel("Operation", { exact: true });
  await face.search(base, { filter: "(&(cn=a*)(sn=b))", pageSize: 25 });
  await operation.selectOption("Modify");
  await face.box("Value 1 of modification 1").fill("kept");
  await face.box("DN").fill(`ou=other,${base}`);
  await operation.selectOption("Search");
  assert.equal(await face.box("Filter").inputValue(), "(&(cn=a*)(sn=b))");
  assert.equal(await face.box("Page size").inputValue(), "25");
  assert.equal(await face.box("Base DN").inputValue(), `ou=other,${base}`);
  await operation.selectOption("Modify");
  assert.equal(await face.box("Value 1 of modification 1").inputValue(), "kept");
});

test("a request that is removed from the batch can be brought back", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(uid=first)" });
  await face.press("+ Add to batch");
  await face.box("Filter").fill("(uid=");
  await face.press("Remove request 2");
  await face.aside.getByText("Request 2 (search) was removed.").waitFor();
  await face.aside.getByRole("button", { name: "Bring it back" }).click();
  const second = face.request.locator('li.request[data-index="1"] .request-choose');
  await second.click();
  assert.equal(await face.box("Filter").inputValue(), "(uid=");
  await face.request.locator(".form-problem").waitFor();
  await face.aside.getByRole("button", { name: "Forget it" }).click();
  // One that nobody has filled in goes without a word.
  await face.box("Filter").fill("(uid=second)");
  await face.press("+ Add to batch");
  await face.press("Remove request 3");
  await second.waitFor();
  assert.equal(await face.aside.innerText(), "");
});

test("an endpoint that was typed and not used yet is there after a reload, unless there is a name or password in it", async (t) => {
  const face = await open(t);
  await face.setEndpoint("https://directory.example/a/long/path");
  await face.reload();
  assert.equal(await face.box("Endpoint").inputValue(), "https://directory.example/a/long/path");
  await face.setEndpoint("https://ada:secret@directory.example/dsml");
  await face.reload();
  assert.equal(await face.box("Endpoint").inputValue(), "/dsml");
  assert.doesNotMatch(await face.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])), /secret/);
});

test("sessions that were stored and cannot be read are said, and the page goes on", async (t) => {
  // A session that the page has forgotten is not ended by it: the server is not the one of all tests.
  const server = await serve(t);
  const face = await open(t, server.address);
  await face.search(base, { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries/);
  await reloadWith(face, () => {
    const [held] = JSON.parse(sessionStorage.getItem("dsmlkit.sessions")!) as { searches?: unknown }[];
    delete held!.searches;
    sessionStorage.setItem("dsmlkit.sessions", JSON.stringify([held]));
  });
  await face.state("open");
  await face.session.getByText("Which searches of the session have a next page could not be read back").waitFor();
  await face.press("Send");
  await face.headline(/^100 entries/);
  await eventually(async () => assert.doesNotMatch(await face.session.innerText(), /could not be read back/), "the text is gone");
  await face.press("Next page");
  await face.count(4);
  assert.match(await face.row(3), /page 2/);
  await face.press("End session");
  await face.state("closed");

  await face.press("Begin session");
  await face.state("open");
  const id = await face.session.locator(".session-id code").getAttribute("title");
  await reloadWith(face, () => {
    const [held] = JSON.parse(sessionStorage.getItem("dsmlkit.sessions")!) as { snapshot: { version: number } }[];
    held!.snapshot.version = 99;
    sessionStorage.setItem("dsmlkit.sessions", JSON.stringify([held]));
  });
  await face.session.getByText("A session that was open before the page was reloaded could not be read back").waitFor();
  await face.state("none");
  await face.press("Begin session");
  await face.state("open");
  assert.notEqual(await face.session.locator(".session-id code").getAttribute("title"), id);
  await eventually(async () => assert.doesNotMatch(await face.session.innerText(), /could not be read back/), "the text is gone");
});

test("a request under way when the page is left: the form is kept, the answer is not waited for", async (t) => {
  const server = await answering(t, (request, response) => {
    if (request.method !== "POST") response.writeHead(204, letIn).end();
  });
  const face = await open(t);
  await face.setEndpoint(`${server}/dsml`);
  await face.search(base, { filter: "(uid=waiting)" });
  const sent = face.page.waitForRequest((request) => request.method() === "POST");
  await face.press("Send");
  await sent;
  await face.reload();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=waiting)"), "it is there");
});
