// The page from the Worker of wasm/edge, which answers its requests too.
import assert from "node:assert/strict";
import { eventually, open, serve, test } from "./browser.ts";
import { mainJob } from "./mainjob.ts";

test("the page and its endpoint come from one Worker: build, begin, send, page, look, replay, end", async (t) => {
  const worker = await serve(t, "--edge");
  const face = await open(t, worker.address);
  await eventually(async () => assert.match(await face.page.locator(".endpoint").innerText(), /embedded sample directory/), "the text is there");
  await mainJob(t, face);
  assert.deepEqual(await face.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0, "there is an endpoint in the tab, too");

  const file = await fetch(new URL("page/main.js", worker.address));
  assert.match(file.headers.get("content-type") ?? "", /^text\/javascript/);
  assert.match(file.headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
  await file.text();
});

test("D-127 the Worker was restarted: its sessions are lost, and it is said", async (t) => {
  const worker = await serve(t, "--edge");
  const face = await open(t, worker.address);
  await face.search("dc=example,dc=org", { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await worker.stop();
  await worker.start("--edge");
  await face.press("Send");
  await face.state("lost");
  await face.press("Begin again");
  await face.state("open");
});
