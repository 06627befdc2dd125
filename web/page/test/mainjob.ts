// The main job, by accessible names only: build a request, hold a session,
// page through a search, look at what came, replay it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { eventually, type Face } from "./browser.ts";

const base = "dc=example,dc=org";

/** Build, begin, send, page, look, replay, end, whatever answers. */
export async function mainJob(t: TestContext, face: Face): Promise<void> {

  await t.test("build: form, filter and envelope are one thing", async () => {
    await face.search(base, { filter: "(&(objectClass=inetOrgPerson)(uid=*a*))", pageSize: 100 });
    await face.requestView("XML");
    const envelope = face.box("Envelope");
    await eventually(async () => assert.match(await envelope.innerText(), /<substrings name="uid">/), "the filter stands in the envelope");
    await eventually(async () => assert.match(await envelope.innerText(), /1\.2\.840\.113556\.1\.4\.319/), "the text is there");
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
    await eventually(async () => assert.match(await clock.innerText(), /\b(10:00|9:\d\d)\b/), "the text is there");
    const before = await clock.innerText();
    await eventually(async () => assert.notEqual(await clock.innerText(), before), "the countdown runs");
    await face.session.getByRole("button", { name: "Copy SessionID" }).click();
    await face.copied(/^\S{16,}$/);
  });

  await t.test("page: the first, the next, all", async () => {
    await face.press("Send");
    await face.headline(/^100 entries, success, \d+ ms, [\d.]+ [KM]B$/);
    await eventually(async () => assert.match(await face.session.innerText(), /100 of about [\d,]+ entries, page 1/), "the text is there");
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
    await eventually(async () => assert.match(await entry.innerText(), /objectClass/), "the text is there");
    await face.response.getByRole("button", { name: "Copy as TSV" }).click();
    const copied = (await face.copied(/\t/)).trim().split("\n");
    assert.equal(copied.length, Number(await grid.getAttribute("aria-rowcount")), "not all rows were copied");
    assert.match(copied[0]!, /^dn\tcn\t/);

    await face.view("Tree");
    await face.response.getByRole("treeitem").first().waitFor();
    await eventually(async () => assert.match(await face.response.getByRole("tree").innerText(), /ou=people/), "the text is there");
    await face.view("LDIF");
    await eventually(async () => assert.match(await face.response.getByRole("group", { name: "LDIF" }).innerText(), /dn: uid=/), "LDIF is shown");
    await face.view("XML");
    await eventually(async () => assert.match(await face.response.getByRole("textbox", { name: "XML of the answer" }).innerText(), /\n\s+<searchResponse>/), "XML is shown formatted");
    await face.view("HTTP");
    await eventually(async () => assert.match(await face.response.innerText(), /200 OK/), "the text is there");
    await eventually(async () => assert.match(await face.response.getByRole("group", { name: "Body" }).innerText(), /searchResultEntry/), "the text is there");
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
}
