// On a narrow screen, by keyboard alone, and with very many rows.
import assert from "node:assert/strict";
import { answering, eventually, letIn, open, test } from "./browser.ts";

const base = "dc=example,dc=org";

test("narrow: one pane at a time, the session stays, nothing is wider than the screen", async (t) => {
  const face = await open(t, undefined, { viewport: { width: 390, height: 780 } });
  const fits = async () => assert.ok(await face.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  await fits();
  assert.ok(await face.request.isVisible());
  assert.ok(!(await face.exchanges.isVisible()));
  await face.search(base, { pageSize: 50 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^50 entries, success/);
  assert.ok(await face.response.isVisible(), "the answer is not brought to the front");
  await face.press("Next page");
  await eventually(async () => assert.match(await face.session.innerText(), /100 of about/), "the next page came");
  await fits();
  await face.page.getByRole("tablist", { name: "Panes" }).getByRole("tab", { name: "Exchanges" }).click();
  assert.ok(await face.exchanges.isVisible());
  assert.ok(!(await face.response.isVisible()));
  await face.press("Replay");
  await face.count(4);
  await fits();
});

test("keyboard alone: begin, fill in, send, next page, look at rows and exchanges, end", async (t) => {
  const face = await open(t);
  const { keyboard } = face.page;
  await keyboard.press("Alt+b");
  await face.state("open");
  await face.box("Base DN").focus();
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type(base);
  await face.box("Page size").focus();
  await keyboard.type("50");
  await keyboard.press("Control+Enter");
  await face.headline(/^50 entries, success/);
  await keyboard.press("Alt+n");
  await eventually(async () => assert.match(await face.session.innerText(), /100 of about/), "Alt+N brings the next page");
  await face.response.getByRole("button", { name: "Page 2: 50 entries" }).waitFor();

  await face.response.getByRole("grid").focus();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  const entry = face.response.getByRole("region", { name: "Entry" });
  const second = await entry.getByRole("heading").innerText();
  const active = await face.response.getByRole("grid").getAttribute("aria-activedescendant");
  assert.equal(await face.page.locator(`[id="${active}"]`).getByRole("gridcell").first().getAttribute("title"), second);
  await keyboard.press("End");
  await eventually(async () => assert.notEqual(await entry.getByRole("heading").innerText(), second), "End goes to the last row");
  await keyboard.press("Escape");
  await eventually(async () => assert.ok(!(await entry.isVisible())), "Escape closes the entry");

  await keyboard.press("Alt+1");
  await eventually(async () => assert.equal(await face.page.evaluate(() => document.activeElement?.getAttribute("role")), "option"), "Alt+1 goes to the exchanges");
  await keyboard.press("ArrowUp");
  await face.headline(/^50 entries, success/);
  assert.equal(await face.rows.nth(1).getAttribute("aria-selected"), "true");
  await keyboard.press("Home");
  await face.headline(/^The session is open/);
  await keyboard.press("Alt+e");
  await face.state("closed");
});

test("the focus is never lost on a button that can no longer be pressed", async (t) => {
  const face = await open(t);
  await face.button("Begin session").focus();
  await face.page.keyboard.press("Enter");
  await face.state("open");
  assert.equal(await face.page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Session");
});

test("the focus stays where it was when keys send the request, and goes along where the pane is hidden", async (t) => {
  const face = await open(t);
  const { keyboard } = face.page;
  const where = () => face.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.getAttribute("data-key") ?? document.activeElement?.textContent);
  await face.search(base, { filter: "(uid=none)" });
  await keyboard.press("Control+Enter");
  await face.count(1);
  assert.equal(await where(), "filter");
  // A name that is no chip yet becomes one, and the next one can be typed.
  await face.page.getByLabel("Attributes to return").focus();
  await keyboard.type("mail");
  await keyboard.press("Control+Enter");
  await face.count(2);
  await face.button("Remove mail").waitFor();
  assert.equal(await where(), "Attributes to return");
  // In the text, too.
  await face.requestView("XML");
  await face.box("Envelope").focus();
  await keyboard.press("Control+Enter");
  await face.count(3);
  assert.equal(await face.box("Envelope").evaluate((editor) => (editor.getRootNode() as ShadowRoot).activeElement === editor), true);
  await keyboard.press("Escape");
  await keyboard.press("Alt+3");
  assert.equal(await where(), "Table");
  await keyboard.press("Alt+2");
  assert.equal(await where(), "Request");

  await face.page.setViewportSize({ width: 390, height: 780 });
  await face.button("Send").focus();
  await keyboard.press("Enter");
  await face.count(4);
  await eventually(async () => assert.equal(await where(), "Response"), "the focus goes along to the answer");
});

test("the last request but one of a batch is removed: the focus goes to the operation", async (t) => {
  const face = await open(t);
  await face.press("+ Add to batch");
  await face.button("Remove request 2").focus();
  await face.page.keyboard.press("Enter");
  assert.equal(await face.page.evaluate(() => document.activeElement?.id), "operation");
});

test("a low and narrow window, as at 200 % and 400 %: all of it can be reached, nothing is cut off or wider than the screen", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(&(cn=a*)(sn=" });
  await face.request.locator(".form-problem").waitFor();
  await face.type('<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><delRequest dn="a"/></batchRequest>');
  // With two notes over the button there is least room.
  await face.button("Bring it back").waitFor();
  await face.button("Put it in an envelope").waitFor();
  for (const size of [{ width: 640, height: 450 }, { width: 320, height: 256 }, { width: 1280, height: 360 }]) {
    await face.page.setViewportSize(size);
    const inSight = async (what: ReturnType<typeof face.button>, least: number) => {
      await what.scrollIntoViewIfNeeded();
      const seen = await what.evaluate(
        (element) =>
          new Promise<number>((resolve) => {
            new IntersectionObserver(([entry], observer) => {
              observer.disconnect();
              resolve(entry!.intersectionRect.height);
            }).observe(element);
          }),
      );
      assert.ok(seen >= least, `${seen} pixels of it are in sight at ${size.width} × ${size.height}`);
    };
    await inSight(face.button("Send"), 20);
    await inSight(face.button("Bring it back"), 20);
    await inSight(face.request.locator(".xml-panel"), 100);
    assert.ok(await face.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `wider than ${size.width}`);
  }
});

test("a filter that does not parse leaves the tree readable, and it says what it is", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(uid=a)" });
  await face.press("Tree");
  const tree = face.page.getByRole("group", { name: "Conditions" });
  await eventually(async () => assert.equal(await face.box("Value of condition 1").inputValue(), "a"), "the tree follows");
  await eventually(async () => assert.doesNotMatch(await tree.innerText(), /last text that could be read/), "the text is gone");
  await face.box("Filter").fill("(uid=b");
  await tree.getByText("The conditions of the last text that could be read.").waitFor();
  assert.equal(await tree.evaluate((element) => getComputedStyle(element).opacity), "1");
  await face.box("Value of condition 1").fill("c");
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=c)"), "the tree takes the place of the text");
  await tree.getByText("The conditions of the last text that could be read.").waitFor({ state: "hidden" });
  // The text is not lost for that.
  await face.aside.getByText("The filter text that did not parse is put aside.").waitFor();
  await face.button("Bring it back").click();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=b"), "the text is back");
});

test("delete one, find, clear all", async (t) => {
  const face = await open(t);
  for (const [i, filter] of ["(objectClass=organization)", "(uid=admin)", "(cn=never-there)"].entries()) {
    await face.search(base, { filter });
    await face.press("Send");
    // The headline alone may still be that of the search before.
    await face.count(i + 1);
    await face.headline(/entr(y|ies), success/);
  }
  const find = face.exchanges.getByRole("searchbox", { name: "Find in exchanges" });
  await find.fill("never-there");
  await eventually(async () => assert.equal(await face.rows.filter({ visible: true }).count(), 1), "the text of requests is searched");
  await find.fill("");
  await eventually(async () => assert.equal(await face.rows.filter({ visible: true }).count(), 3), "all are shown again");
  await face.rows.nth(1).click();
  await face.page.keyboard.press("Delete");
  await face.count(2);
  await face.button("More for exchanges").click();
  await face.button("Copy as curl").click();
  await face.copied(/^curl 'http[^]*never-there/);
  await face.button("More for exchanges").click();
  const download = face.page.waitForEvent("download");
  await face.button("Export all (HAR)").click();
  assert.match((await download).suggestedFilename(), /\.har$/);
  await face.button("More for exchanges").click();
  await face.button("Clear all").click();
  await face.button("Clear all 2: sure?").click();
  await face.count(0);
  await face.page.reload();
  await face.session.waitFor();
  await face.exchanges.getByText("Nothing was sent yet.").waitFor();
});

test("100,000 entries: all there, drawn only where one looks, and scrolling draws no more than what comes into sight", async (t) => {
  const count = 100_000;
  const server = await answering(t, (request, response) => {
    response.writeHead(200, { ...letIn, "content-type": "text/xml" });
    if (request.method !== "POST") return void response.end();
    response.write('<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse>');
    for (let i = 0; i < count; i++) {
      response.write(`<searchResultEntry dn="uid=u${i},dc=example"><attr name="uid"><value>u${i}</value></attr><attr name="mail"><value>u${i}@example.org</value></attr></searchResultEntry>`);
    }
    response.end('<searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>');
  });
  const face = await open(t);
  await face.setEndpoint(`${server}/dsml`);
  await face.press("Send");
  await eventually(async () => assert.match((await face.response.locator(".headline").textContent()) ?? "", /^100,000 entries, success/), "all entries are there", 60_000);
  const grid = face.response.getByRole("grid");
  assert.equal(await grid.getAttribute("aria-rowcount"), String(count + 1));
  assert.ok((await grid.getByRole("row").count()) < 100, "rows out of sight are drawn");
  const steps = 60;
  const work = await grid.evaluate(async (element, times) => {
    let put = 0;
    let most = 0;
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) put += addedNodes.length;
    });
    observer.observe(element.querySelector(".virtual")!, { childList: true });
    for (let i = 0; i < times; i++) {
      element.scrollTop += 5000;
      // The row that is in the middle now is drawn, however many frames that takes.
      const { top, left, width, height } = element.getBoundingClientRect();
      while (!document.elementFromPoint(left + width / 4, top + height / 2)?.closest("[role=row]")) await new Promise(requestAnimationFrame);
      most = Math.max(most, element.querySelectorAll("[role=row]").length);
    }
    observer.disconnect();
    return { put, most };
  }, steps);
  assert.ok(work.most < 100, `${work.most} rows at a time`);
  // What a step costs does not grow with the list: what it brings into sight, drawn twice at the most.
  assert.ok(work.put > 0 && work.put < steps * 200, `${work.put} rows were drawn`);
  await grid.focus();
  await face.page.keyboard.press("End");
  await eventually(async () => assert.match(await grid.innerText(), /u99999@example\.org/), "the last row is reached");
});
