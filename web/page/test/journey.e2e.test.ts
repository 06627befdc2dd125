// The main job, and what else is done with exchanges, by accessible names only.
import assert from "node:assert/strict";
import { eventually, open, test } from "./browser.ts";
import { mainJob } from "./mainjob.ts";

const base = "dc=example,dc=org";

test("build, begin, send, page, look, replay, end", async (t) => mainJob(t, await open(t)));

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
  await eventually(async () => assert.match(await entry.innerText(), /00000000 {2}ff d8 ff/), "the text is there");
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
  await eventually(async () => assert.match(await face.session.innerText(), /500 of about [\d,]+ entries, page 1/), "the text is there");
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
