// dist/site on a plain file server: pointed at an endpoint elsewhere, and with
// the endpoint that it brings along.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { answering, eventually, type Face, need, open, serve, test } from "./browser.ts";
import { mainJob } from "./mainjob.ts";

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
const root = need("DSMLKIT_ROOT");
const built = promisify(execFile)(need("DSMLKIT_SERVE"), ["dist"], { cwd: root });

interface Host {
  /** of the site, with a `/` at the end */
  address: string;
  /** method and path of what the host was asked for */
  asked: string[];
  /** the host has an endpoint from now on */
  endpoint: boolean;
}

/** A static host that has the site in a folder, and sends no header but the type. */
async function host(t: TestContext, folder: string): Promise<Host> {
  await built;
  const asked: string[] = [];
  const state = { address: "", asked, endpoint: false };
  const address = await answering(t, (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://x").pathname);
    asked.push(`${request.method} ${path}`);
    if (state.endpoint && path === "/dsml") {
      response.writeHead(204, { allow: "POST, OPTIONS" }).end();
      return;
    }
    const inside = path.startsWith(folder) ? normalize(path.slice(folder.length - 1)) : "";
    const file = inside.endsWith("/") ? `${inside}index.html` : inside;
    if (request.method !== "GET") {
      response.writeHead(405).end("files can only be read");
      return;
    }
    readFile(join(root, "dist/site", file)).then(
      (content) => response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(content),
      () => response.writeHead(404).end("no such file"),
    );
  });
  state.address = address + folder;
  return state;
}

/** Two pages of the sample, in a session. */
async function pageThrough(face: Face): Promise<void> {
  await face.search("dc=example,dc=org", { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries, success/);
  await face.press("Next page");
  await eventually(async () => assert.match(await face.session.innerText(), /200 of about/), "the next page came");
}

test("the static site works from a folder of any static host", async (t) => {
  const { address, asked } = await host(t, "/tools/dsmlkit/");
  const endpoint = await serve(t, "--allow-origin", new URL(address).origin);
  const face = await open(t, address);
  await face.setEndpoint(`${endpoint.address}dsml`);
  await pageThrough(face);
  await face.press("End session");
  await face.state("closed");
  // It does look whether its host has an endpoint too.
  const outside = asked.filter((what) => !what.startsWith("GET /tools/dsmlkit/") && what !== "OPTIONS /dsml");
  assert.deepEqual(outside, [], "it asks for files outside of its folder");
});

for (const folder of ["/", "/tools/dsmlkit/"]) {
  test(`the site brings an endpoint along that answers inside the browser, at ${folder}`, async (t) => {
    const { address, asked } = await host(t, folder);
    const face = await open(t, address);
    assert.equal(await face.box("Endpoint").inputValue(), `${folder}dsml`);
    await eventually(async () => assert.match(await face.page.locator(".endpoint").innerText(), /inside this browser, which forgets it, sessions and all/), "the text is there");
    const size = face.page.viewportSize()!;
    await face.page.setViewportSize({ width: 390, height: 800 });
    assert.ok(await face.page.getByText("which forgets it").isVisible(), "on a narrow screen it is not said that all is forgotten");
    await face.page.setViewportSize(size);
    assert.equal(await face.box("Base DN").inputValue(), "dc=example,dc=org", "the sample is not suggested");
    await pageThrough(face);
    await face.press("End session");
    await face.state("closed");
    assert.deepEqual(asked.filter((what) => !what.startsWith("GET ") && what !== "OPTIONS /dsml"), [], "the host was sent a request");

    // With the page loaded again the worker is the same, and so is the directory.
    await face.press("Begin session");
    await face.state("open");
    await face.page.reload();
    await face.state("open");
    await face.press("Send");
    await face.headline(/^100 entries, success/);
    await face.press("End session");
    await face.state("closed");
  });
}

test("the main job with the endpoint inside the browser", async (t) => mainJob(t, await open(t, (await host(t, "/")).address)));

test("D-127 the endpoint inside the browser is ended by the browser: its session is lost, not begun anew in silence", async (t) => {
  const { address } = await host(t, "/tools/dsmlkit/");
  const face = await open(t, address);
  await pageThrough(face);
  const protocol = await face.context.newCDPSession(face.page);
  await protocol.send("ServiceWorker.enable");
  await protocol.send("ServiceWorker.stopAllWorkers");
  await face.press("Next page");
  await face.state("lost");
  await eventually(async () => assert.match(await face.session.innerText(), /does not know/), "the text is there");
  await face.headline(/does not know this session/);
  await face.press("Begin again");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries, success/);
});

test("the endpoint inside the browser is spoken to while the page is open: browsers end a worker that hears nothing for half a minute", async (t) => {
  const { address } = await host(t, "/");
  const face = await open(t, address);
  await face.page.addInitScript(() => {
    const { postMessage } = ServiceWorker.prototype;
    Object.assign(window, { words: 0 });
    ServiceWorker.prototype.postMessage = function (...args: unknown[]) {
      (window as unknown as { words: number }).words++;
      Reflect.apply(postMessage, this, args);
    };
  });
  await face.page.clock.install();
  await face.page.reload();
  await eventually(async () => assert.match(await face.page.locator(".endpoint").innerText(), /inside this browser/), "the worker is there");
  const words = () => face.page.evaluate(() => (window as unknown as { words: number }).words);
  const before = await words();
  await face.page.clock.runFor("02:00");
  assert.ok((await words()) - before >= 5, "it is left alone for longer than 24 seconds");
});

test("a host that has an endpoint of its own by now is asked, and the one inside the browser goes", async (t) => {
  const site = await host(t, "/");
  const face = await open(t, site.address);
  const workers = () => face.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  assert.equal(await workers(), 1);
  site.endpoint = true;
  await face.page.reload();
  await face.session.waitFor();
  await eventually(async () => assert.equal(await workers(), 0), "the worker is gone");
  await face.page.reload();
  await face.session.waitFor();
  await eventually(async () => assert.match(await face.page.locator(".endpoint").innerText(), /embedded sample directory/), "the text is there");
  await face.press("Begin session");
  await eventually(async () => assert.ok(site.asked.includes("POST /dsml")), "the host was asked");
});
