// What becomes of a session: expired by the clock, unknown to the server, lost
// with it, refused at a limit; and what the page says and offers then.
import assert from "node:assert/strict";
import { eventually, open, serve, test } from "./browser.ts";

const base = "dc=example,dc=org";

test("expired: the countdown warms, runs out, is said plainly, and a session is begun again", async (t) => {
  const face = await open(t);
  await face.search(base, { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries/);
  // From here on the page's clock is ours; the server's is not.
  await face.page.clock.install({ time: Date.now() });
  await face.page.clock.fastForward("08:20");
  await eventually(async () => assert.match(await face.session.innerText(), /ends in 1:\d\d/), "the countdown warms");
  await eventually(async () => assert.match(await face.session.innerText(), /may end the session in 1:\d\d/), "the text is there");
  await face.state("open");
  await face.page.clock.fastForward("01:45");
  await face.state("expired");
  await eventually(async () => assert.match(await face.session.innerText(), /idle time is over/), "the text is there");
  for (const name of ["Next page", "All pages", "End session"]) assert.ok(await face.button(name).isDisabled(), `${name} is possible in an expired session`);
  await face.press("Begin again");
  await face.state("open");
  await eventually(async () => assert.doesNotMatch(await face.session.innerText(), /idle time is over/), "the text is gone");
});

test("expired by the guess alone: the session is used all the same, and the server had waited", async (t) => {
  const face = await open(t);
  await face.search(base, { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries/);
  await face.page.clock.install({ time: Date.now() });
  await face.page.clock.fastForward("11:00");
  await face.state("expired");
  await eventually(async () => assert.match(await face.session.innerText(), /does not say how long it waits/), "the text is there");
  await face.press("Time line");
  await eventually(async () => assert.match(await face.session.innerText(), /ran out at .*Of use only if the server still has the session/s), "the text is there");
  await face.press("Use it all the same");
  await face.state("open");
  await eventually(async () => assert.match(await face.session.innerText(), /past the 10 minutes that we reckoned with/), "the text is there");
  await eventually(async () => assert.doesNotMatch(await face.session.innerText(), /idle time is over|idle \d/), "the text is gone");
  await face.press("Next page");
  await face.count(3);
  assert.match(await face.row(2), /page 2: 100 entries/);
  await face.state("open");
  await eventually(async () => assert.match(await face.session.innerText(), /idle (10:00|9:\d\d)/), "the text is there");
});

test("D-131 ended by the server after its own idle time: the next request tells, and a session is begun again", async (t) => {
  // Long enough for a search on a busy machine; the server's own count tells when it is over.
  const server = await serve(t, "--session-ttl", "8s", "--admin-token", "the-token-of-this-test");
  const face = await open(t, server.address);
  await face.search(base, { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries/);
  await eventually(
    async () => {
      const metrics = await fetch(`${server.address}metrics`, { headers: { Authorization: "Bearer the-token-of-this-test" } });
      assert.match(await metrics.text(), /^dsmlkit_sessions_open(\{.*\})? 0$/m);
    },
    "the server has ended the session",
    60_000,
  );
  await face.press("Next page");
  await eventually(async () => assert.match((await face.session.getByRole("status").textContent()) ?? "", /^(lost|expired)$/), "the session is gone");
  // The server does not tell its idle time, so this is no more than likely, and said as such.
  await eventually(async () => assert.match(await face.session.innerText(), /Nothing had been sent in it for \d+ seconds?, and the server does not say how long it keeps one/), "the text is there");
  await face.headline(/does not know this session/);
  assert.match(await face.row(2), /500 .*fault: Bad Session Request/);
  await eventually(async () => assert.match(await face.response.innerText(), /D-127/), "the text is there");
  assert.ok(await face.button("Next page").isDisabled());
  await face.press("Begin again");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries/);
});

test("lost: the server was restarted", async (t) => {
  const server = await serve(t);
  const face = await open(t, server.address);
  await face.press("Begin session");
  await face.state("open");
  await server.stop();

  await face.press("Send");
  await face.headline(/server of this page does not answer/);
  await face.state("open");
  assert.match(await face.row(1), /no answer/);

  await server.start();
  await face.press("Send");
  await face.state("lost");
  await eventually(async () => assert.match(await face.session.innerText(), /does not know the session any more/), "the text is there");
  await face.press("Begin again");
  await face.state("open");
  await face.press("Send");
  await face.headline(/entr(y|ies), success|adminLimitExceeded|sizeLimitExceeded/);
});

test("D-128 a session that the server refuses is not opened, and the reason is told", async (t) => {
  const server = await serve(t, "--sessions-max", "0");
  const face = await open(t, server.address);
  await face.press("Begin session");
  await face.headline(/did not begin a session/);
  await face.state("none");
  await eventually(async () => assert.match(await face.session.innerText(), /makes no session/), "the text is there");
  assert.ok(await face.button("Begin session").isEnabled());
});

test("D-144 a paged search without a session: what it needs is said, and begun with one press", async (t) => {
  const face = await open(t);
  await face.search(base, { pageSize: 100 });
  await face.press("Send");
  await eventually(async () => assert.match(await face.response.innerText(), /only inside a session/), "the need is explained");
  await face.state("none");
  await face.press("Begin one and search again");
  await face.state("open");
  await face.headline(/^100 entries, success/);
});

test("clicks in quick succession are done one after another", async (t) => {
  const face = await open(t);
  await face.search(base, { pageSize: 50 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^50 entries/);
  // Faster than any answer: all in the same turn of the page.
  await face.button("Next page").evaluate((button: HTMLButtonElement) => {
    for (let i = 0; i < 4; i++) button.click();
  });
  await face.count(6);
  await eventually(async () => assert.match(await face.session.innerText(), /250 of about/), "the text is there");
  const outcomes = await Promise.all([2, 3, 4, 5].map((place) => face.row(place)));
  outcomes.forEach((row, i) => assert.match(row, new RegExp(`page ${i + 2}: 50 entries`)));
});

test("all pages can be stopped, and gone on with", async (t) => {
  const face = await open(t);
  await face.search(base, { pageSize: 10 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^10 entries/);
  await face.press("All pages");
  await face.button("Stop").click();
  await eventually(async () => assert.ok(await face.button("Next page").isEnabled()), "paging has stopped");
  const count = await face.rows.count();
  assert.ok(count < 150, "it was not stopped before the end");
  await face.press("Next page");
  await face.count(count + 1);
  assert.match(await face.session.innerText(), new RegExp(`page ${count}\\b`));
});

test("each endpoint has a session of its own", async (t) => {
  const server = await serve(t, "--allow-origin", "*");
  const face = await open(t);
  await face.press("Begin session");
  await face.state("open");
  await face.setEndpoint(`${server.address}dsml`);
  await face.state("none");
  await face.press("Begin session");
  await face.state("open");
  await face.press("End session");
  await face.state("closed");
  await face.setEndpoint("/dsml");
  await face.state("open");
});

test("the time line: requests in order, what is left of the idle time, cookies; nothing moves when they come", async (t) => {
  const face = await open(t);
  const toggle = face.button("Time line");
  assert.equal(await toggle.getAttribute("aria-expanded"), "false");
  const panel = face.session.getByRole("group", { name: "Time line" });
  const requests = panel.getByRole("list", { name: "Requests of the session, oldest first" }).getByRole("listitem");
  const cookies = panel.getByRole("list", { name: "Cookies of the session" }).getByRole("listitem");
  await toggle.click();
  assert.equal(await toggle.getAttribute("aria-expanded"), "true");
  await eventually(async () => assert.match(await panel.innerText(), /No session has been begun/), "the text is there");
  const place = async () => JSON.stringify([await panel.boundingBox(), await face.request.boundingBox()]);
  const before = await place();

  await face.search(`ou=people,${base}`, { pageSize: 10 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^10 entries/);
  for (let page = 2; page <= 8; page++) {
    await face.press("Next page");
    await eventually(async () => assert.equal(await requests.count(), page + 1), `page ${page}`);
  }
  assert.equal(await place(), before, "something moved");
  await eventually(async () => assert.match(await requests.nth(0).innerText(), /begin session\s+opened/), "the text is there");
  await eventually(async () => assert.match(await requests.nth(8).innerText(), /search ou=people\s+page 8: 10 entries\s+\d+ ms/), "the text is there");
  await eventually(async () => assert.match(await panel.innerText(), /begun at \d\d:\d\d:\d\d, 9 requests/), "the text is there");
  await eventually(async () => assert.match(await panel.innerText(), /(10:00|9:\d\d) left of 10 minutes, a guess; until \d\d:\d\d:\d\d/), "the text is there");
  assert.equal(await cookies.count(), 1);
  await eventually(async () => assert.match(await cookies.innerText(), /^ou=people\s+page 8, 80 of about [\d,]+ entries\s+[0-9a-f]{8}… \d+ bytes\s+issued \d\d:\d\d:\d\d/), "the text is there");
  // Marks on the line stand in order, and say nothing to a screen reader that the list does not.
  const marks = panel.locator("[aria-hidden=true] .axis-past .mark, .axis-past .mark");
  const places = await marks.evaluateAll((all) => all.map((mark) => Number(getComputedStyle(mark).getPropertyValue("--place"))));
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
  assert.deepEqual([places[0], places.at(-1)], [0, 1]);
  assert.equal(await marks.first().evaluate((mark) => mark.closest("[aria-hidden=true]") !== null), true);

  // A cookie is copied whole.
  await face.button("Copy cookie of ou=people in base64").click();
  const copied = await face.copied(/^[A-Za-z0-9+/]+=*$/);
  assert.equal(Buffer.from(copied, "base64").length, Number(/(\d+) bytes/.exec(await cookies.innerText())![1]));

  // With the keyboard: a request is opened from the list.
  await requests.nth(1).getByRole("button").focus();
  await face.page.keyboard.press("Enter");
  await eventually(async () => assert.match((await face.page.locator("[role=option][aria-selected=true]").innerText()) ?? "", /page 1: 10 entries/), "the request is chosen in the list of exchanges");

  // A reload finds it all again.
  await face.page.reload();
  await face.state("open");
  await eventually(async () => assert.equal(await requests.count(), 9), "the requests are there again");
  await eventually(async () => assert.match(await cookies.innerText(), /page 8/), "the text is there");

  await face.press("End session");
  await face.state("closed");
  await eventually(async () => assert.match(await requests.last().innerText(), /end session\s+ended/), "the end is listed");
  await eventually(async () => assert.match(await panel.innerText(), /ended at \d\d:\d\d:\d\d/), "the text is there");
  await eventually(async () => assert.match(await panel.innerText(), /Gone with the session/), "the text is there");
  assert.equal(await cookies.count(), 0);
  assert.equal(await place(), before, "something moved");
  await toggle.click();
  assert.ok(await panel.isHidden());
});

test("the time line in the dark and on a narrow screen: readable, and nothing runs over", async (t) => {
  const face = await open(t, undefined, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await face.press("Time line");
  await face.press("Begin session");
  await face.state("open");
  await eventually(async () => assert.match(await face.session.innerText(), /left of 10 minutes/), "the time is shown");
  assert.ok(await face.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
});

test("S-59 an end without an answer: the page says so, and asks again when told to", async (t) => {
  const face = await open(t);
  await face.press("Begin session");
  await face.state("open");
  await face.page.route("**/dsml", (route) => route.abort());
  await face.press("End session");
  await eventually(async () => assert.match(await face.session.innerText(), /has not confirmed the end of the session/), "it is said");
  await face.state("open");
  await face.page.unroute("**/dsml");
  await face.press("End session");
  await face.state("closed");
  await eventually(async () => assert.doesNotMatch(await face.session.innerText(), /has not confirmed/), "the text is gone");
});
