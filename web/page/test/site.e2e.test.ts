// dist/site on a plain file server, pointed at an endpoint elsewhere.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { answering, eventually, need, open, serve, test } from "./browser.ts";

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

test("the static site works from a folder of any static host", async (t) => {
  const root = need("DSMLKIT_ROOT");
  await promisify(execFile)(need("DSMLKIT_SERVE"), ["dist"], { cwd: root });
  const asked: string[] = [];
  // Not at the top of its host, and without any header but the type.
  const host = await answering(t, (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://x").pathname);
    asked.push(path);
    const inside = path.startsWith("/tools/dsmlkit/") ? normalize(path.slice("/tools/dsmlkit".length)) : "";
    const file = inside.endsWith("/") ? `${inside}index.html` : inside;
    readFile(join(root, "dist/site", file)).then(
      (content) => response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(content),
      () => response.writeHead(404).end("no such file"),
    );
  });
  const endpoint = await serve(t, "--allow-origin", new URL(host).origin);
  const face = await open(t, `${host}/tools/dsmlkit/`);
  await face.setEndpoint(`${endpoint.address}dsml`);
  await face.search("dc=example,dc=org", { pageSize: 100 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^100 entries, success/);
  await face.press("Next page");
  await eventually(async () => assert.match(await face.session.innerText(), /200 of about/), "the next page came");
  await face.press("End session");
  await face.state("closed");
  // It does look whether its host has an endpoint too.
  assert.deepEqual(asked.filter((path) => !path.startsWith("/tools/dsmlkit/") && path !== "/dsml"), [], "it asks for files outside of its folder");
});
