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
  await eventually(async () => assert.match(await face.session.innerText(), /ends in 1:[34]\d/), "the countdown warms");
  assert.match(await face.session.innerText(), /may end the session in 1:[34]\d/);
  await face.state("open");
  await face.page.clock.fastForward("01:45");
  await face.state("expired");
  assert.match(await face.session.innerText(), /idle time is over/);
  for (const name of ["Next page", "All pages", "End session"]) assert.ok(await face.button(name).isDisabled(), `${name} is possible in an expired session`);
  await face.press("Begin again");
  await face.state("open");
  assert.doesNotMatch(await face.session.innerText(), /idle time is over/);
});

test("D-131 ended by the server after its own idle time: the next request tells, and a session is begun again", async (t) => {
  const server = await serve(t, "--session-ttl", "1s");
  const face = await open(t, server.address);
  await face.search(base, { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries/);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await face.press("Next page");
  await eventually(async () => assert.match((await face.session.getByRole("status").textContent()) ?? "", /^(lost|expired)$/), "the session is gone");
  await face.headline(/does not know this session/);
  assert.match(await face.row(2), /500 .*fault: Bad Session Request/);
  assert.match(await face.response.innerText(), /D-127/);
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
  assert.match(await face.session.innerText(), /does not know the session any more/);
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
  assert.match(await face.session.innerText(), /makes no session/);
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
  assert.match(await face.session.innerText(), /250 of about/);
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
