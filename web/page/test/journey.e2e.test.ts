// The main job, by accessible names only: build a request, hold a session,
// page through a search, look at what came, replay it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { eventually, open, test } from "./browser.ts";

const base = "dc=example,dc=org";

test("build, begin, send, page, look, replay, end", async (t) => {
  const face = await open(t);

  await t.test("build: form, filter and envelope are one thing", async () => {
    await face.search(base, { filter: "(&(objectClass=inetOrgPerson)(uid=*a*))", pageSize: 100 });
    await face.requestView("XML");
    const envelope = face.box("Envelope");
    await eventually(async () => assert.match(await envelope.innerText(), /<substrings name="uid">/), "the filter stands in the envelope");
    assert.match(await envelope.innerText(), /1\.2\.840\.113556\.1\.4\.319/);
    await face.requestView("Form");
  });

  await t.test("hold: the session is open, has an id and a countdown", async () => {
    await face.state("none");
    for (const name of ["End session", "Next page", "All pages"]) {
      assert.ok(await face.button(name).isDisabled(), `${name} is possible without a session`);
      assert.ok(await face.button(name).getAttribute("title"), `${name} does not say why it is not possible`);
    }
    await face.press("Begin session");
    await face.state("open");
    assert.ok(await face.button("Begin session").isDisabled());
    const clock = face.session.getByRole("timer");
    assert.match(await clock.innerText(), /\b(10:00|9:\d\d)\b/);
    const before = await clock.innerText();
    await eventually(async () => assert.notEqual(await clock.innerText(), before), "the countdown runs");
    await face.session.getByRole("button", { name: "Copy SessionID" }).click();
    await face.copied(/^\S{16,}$/);
  });

  await t.test("page: the first, the next, all", async () => {
    await face.press("Send");
    await face.headline(/^100 entries, success, \d+ ms, [\d.]+ [KM]B$/);
    assert.match(await face.session.innerText(), /100 of about [\d,]+ entries, page 1/);
    await face.press("Next page");
    await eventually(async () => assert.match(await face.session.innerText(), /200 of about [\d,]+ entries, page 2/), "the second page came");
    await face.press("All pages");
    await eventually(async () => assert.match(await face.session.innerText(), /all [\d,]+ entries, \d+ pages/), "all pages came");
    assert.ok(await face.button("Next page").isDisabled(), "there is a page after the last");
    const said = /all ([\d,]+) entries, (\d+) pages/.exec(await face.session.innerText())!;
    await face.headline(new RegExp(`^${said[1]} entries in ${said[2]} pages`));
    const total = Number(said[1]!.replace(",", ""));
    assert.ok(total > 300, `only ${total} entries`);
    assert.equal(await face.response.getByRole("grid").getAttribute("aria-rowcount"), String(total + 1), "the table does not have all of them");
    assert.equal(await face.rows.count(), 1 + Number(said[2]));
    assert.match(await face.row(2), /^search dc=example 200 page 2: 100 entries/);
  });

  await t.test("look: table, entry, tree, LDIF, XML, HTTP", async () => {
    const grid = face.response.getByRole("grid");
    await grid.getByRole("columnheader", { name: "uid" }).getByRole("button").click();
    await eventually(async () => assert.equal(await grid.getByRole("columnheader", { name: "uid" }).getAttribute("aria-sort"), "ascending"), "the table is sorted");
    const first = grid.getByRole("row").nth(1);
    const dn = await first.getByRole("gridcell").first().getAttribute("title");
    await first.click();
    const entry = face.response.getByRole("region", { name: "Entry" });
    assert.equal(await entry.getByRole("heading").innerText(), dn);
    assert.match(await entry.innerText(), /objectClass/);
    await face.response.getByRole("button", { name: "Copy as TSV" }).click();
    const copied = (await face.copied(/\t/)).trim().split("\n");
    assert.equal(copied.length, Number(await grid.getAttribute("aria-rowcount")), "not all rows were copied");
    assert.match(copied[0]!, /^dn\tcn\t/);

    await face.view("Tree");
    await face.response.getByRole("treeitem").first().waitFor();
    assert.match(await face.response.getByRole("tree").innerText(), /ou=people/);
    await face.view("LDIF");
    await eventually(async () => assert.match(await face.response.getByRole("group", { name: "LDIF" }).innerText(), /dn: uid=/), "LDIF is shown");
    await face.view("XML");
    await eventually(async () => assert.match(await face.response.getByRole("textbox", { name: "XML of the answer" }).innerText(), /\n\s+<searchResponse>/), "XML is shown formatted");
    await face.view("HTTP");
    assert.match(await face.response.innerText(), /200 OK/);
    assert.match(await face.response.getByRole("group", { name: "Body" }).innerText(), /searchResultEntry/);
    const download = face.page.waitForEvent("download");
    await face.response.getByRole("button", { name: "Save exact bytes" }).click();
    const saved = await readFile(await (await download).path(), "utf8");
    assert.match(saved, /^<soap:Envelope [^]*<\/soap:Envelope>\s*$/);
    const lastPage = /page \d+: (\d+) entries/.exec(await face.row((await face.rows.count()) - 1))![1];
    assert.equal(saved.split("<searchResultEntry ").length - 1, Number(lastPage), "the file is not the answer");
    await face.view("Table");
  });

  await t.test("replay: an earlier exchange is sent once more and gives the same", async () => {
    const count = await face.rows.count();
    await face.rows.nth(1).click();
    await face.headline(/^100 entries, success/);
    await face.press("Replay");
    await face.count(count + 1);
    await face.headline(/^100 entries, success/);
    assert.match(await face.row(count), /^search dc=example 200 page 1: 100 entries/);
    assert.equal(await face.rows.nth(count).getAttribute("aria-selected"), "true");
  });

  await t.test("end", async () => {
    await face.press("End session");
    await face.state("closed");
    await face.headline(/^The session is ended/);
    assert.ok(await face.button("End session").isDisabled());
  });
});

test("an exchange is opened, edited and sent again", async (t) => {
  const face = await open(t);
  await face.search(`ou=people,${base}`, { filter: "(uid=*a)" });
  await face.press("Send");
  await face.headline(/entries, success/);
  await face.search(base, { filter: "(objectClass=groupOfNames)" });
  await face.press("Send");
  await face.count(2);
  await face.rows.nth(0).click();
  await eventually(async () => assert.equal(await face.box("Base DN").inputValue(), `ou=people,${base}`), "the request stands in the form");
  await face.box("Base DN").fill(`ou=nowhere,${base}`);
  await face.press("Send");
  await face.headline(/^noSuchObject \(32\): .*deepest one .* is dc=example,dc=org/);
  await face.count(3);
  assert.match(await face.row(0), /^search ou=people/, "the old exchange is as it was");
});

test("what was just sent is chosen in the list, and choosing it once more opens it all the same", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(objectClass=groupOfNames)" });
  await face.press("Send");
  await face.headline(/entries, success/);
  assert.equal(await face.rows.nth(0).getAttribute("aria-selected"), "true");
  const filter = async (expected: string) => eventually(async () => assert.equal(await face.box("Filter").inputValue(), expected), `the filter is ${expected}`);
  await face.box("Filter").fill("(uid=mine)");
  await face.rows.nth(0).click();
  await filter("(objectClass=groupOfNames)");
  await face.press("Back to what I was writing");
  await filter("(uid=mine)");
  await face.rows.nth(0).press("Enter");
  await filter("(objectClass=groupOfNames)");
});

test("a paged search sent anew with another page size goes on with that size", async (t) => {
  const face = await open(t);
  await face.press("Begin session");
  await face.state("open");
  await face.search(base, { pageSize: 200 });
  await face.press("Send");
  await face.headline(/^200 entries/);
  await face.search(base, { pageSize: 20 });
  await face.press("Send");
  await face.headline(/^20 entries/);
  await face.press("Next page");
  await eventually(async () => assert.match(await face.session.innerText(), /\b40 of about [\d,]+ entries, page 2/), "the second page is of the new size");
  assert.match(await face.row(3), /page 2: 20 entries/);
});

test("binary values: a picture is shown, in the table and in the entry", async (t) => {
  const face = await open(t);
  await face.search(`ou=people,${base}`, { filter: "(&(jpegPhoto=*)(uid=al*))" });
  await face.press("Send");
  await face.headline(/entries, success/);
  await face.response.getByRole("button", { name: "Columns" }).click();
  await face.response.getByRole("checkbox", { name: /^jpegPhoto/ }).check();
  await face.page.keyboard.press("Escape");
  const drawn = (image: HTMLImageElement) => image.decode().then(() => image.naturalWidth);
  assert.ok((await face.response.getByRole("grid").locator("img").first().evaluate(drawn)) > 8);
  await face.response.getByRole("grid").getByRole("row").nth(1).click();
  const entry = face.response.getByRole("region", { name: "Entry" });
  assert.ok((await entry.getByRole("img", { name: /^jpegPhoto, JPEG/ }).evaluate(drawn)) > 8);
  await entry.getByRole("button", { name: "Bytes" }).click();
  assert.match(await entry.innerText(), /00000000 {2}ff d8 ff/);
});

test("exchanges, session and paging survive a reload of the page; the password does not", async (t) => {
  const face = await open(t);
  await face.search(base, { pageSize: 500 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^500 entries/);
  await face.page.reload();
  await face.state("open");
  await face.count(2);
  assert.match(await face.session.innerText(), /500 of about [\d,]+ entries, page 1/);
  await face.press("Next page");
  await eventually(async () => assert.match(await face.session.innerText(), /1,000 of about/), "paging goes on");
  await face.rows.nth(1).click();
  await face.headline(/^500 entries, success/);
  const kept = await face.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  assert.doesNotMatch(kept, /password|Basic /i);
});

test("name and password go out with the request, and are kept nowhere", async (t) => {
  const face = await open(t);
  const sent: (string | undefined)[] = [];
  face.page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.headers()["authorization"]);
  });
  await face.page.getByRole("button", { name: /^Sign in/ }).click();
  await face.box("User name").fill(`uid=reader,ou=services,${base}`);
  await face.page.getByLabel("Password", { exact: true }).fill("reader");
  await face.page.keyboard.press("Enter");
  await face.search(base, { filter: "(objectClass=organization)" });
  await face.press("Send");
  await face.headline(/^1 entry, success/);
  assert.match(sent[0] ?? "", /^Basic /);
  const kept = await face.page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => (indexedDB.open("dsmlkit").onsuccess = (event) => resolve((event.target as IDBOpenDBRequest).result)));
    const all = await new Promise((resolve) => (db.transaction("exchanges").objectStore("exchanges").getAll().onsuccess = (event) => resolve((event.target as IDBRequest).result)));
    db.close();
    return JSON.stringify([all, { ...sessionStorage }, { ...localStorage }]);
  });
  assert.match(kept, /searchRequest/);
  assert.ok(!kept.includes(sent[0]!.slice(6)), "the Authorization value is kept");
});
