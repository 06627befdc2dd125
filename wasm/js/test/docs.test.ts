// The examples of the guide, run as they stand, and the reference, held against
// the declarations.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Entry, load, type SearchRequest } from "dsmlkit";
import { makeEndpoint, people } from "./endpoint.js";
import { errorList, reference } from "./reference.js";
import { runFile } from "./samples.js";

const docs = join(process.env["DSMLKIT_ROOT"]!, "wasm/js/docs");
const installed = dirname(fileURLToPath(import.meta.resolve("dsmlkit/package.json")));
const guide = await readFile(join(docs, "guide.md"), "utf8");

/** Code of the guide by its name: ```js example=NAME or ```text output=NAME. */
function blocks(mark: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, code] of guide.matchAll(new RegExp(`^\`\`\`${mark}=(\\w+)\\n([\\s\\S]*?)^\`\`\``, "gm"))) {
    assert.ok(!found.has(name!), `there are two examples ${name}`);
    found.set(name!, code!);
  }
  return found;
}

const examples = blocks("js example");
const outputs = blocks("text output");

/** The directory of the guide's examples: large enough to page through. */
const many: Entry[] = Array.from({ length: 150 }, (_, i) => ({ dn: `cn=p${i},ou=people,dc=example,dc=org`, attrs: { cn: [`p${i}`] } }));
people.splice(0, people.length, ...many);
const endpoint = makeEndpoint(await load());
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = await endpoint.fetch(`http://127.0.0.1${request.url}`, {
    method: request.method!,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString(),
  });
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => {
  server.closeAllConnections();
  server.close();
});
const address = `http://127.0.0.1:${(server.address() as { port: number }).port}/dsml`;

test("every example has its output, and every task of the guide stands in its list", () => {
  assert.deepEqual([...examples.keys()], [...outputs.keys()]);
  const titles = [...guide.matchAll(/^## (.*)$/gm)].map(([, title]) => title!);
  const links = [...guide.matchAll(/^- \[(.*?)\]\(#(.*?)\)$/gm)];
  assert.deepEqual(links.map(([, title]) => title), titles);
  for (const [, title, anchor] of links) assert.equal(anchor, title!.toLowerCase().replaceAll(" ", "-"));
});

for (const [name, code] of examples) {
  test(`the guide's example "${name}" prints what the guide says`, async () => {
    const folder = await mkdtemp(join(process.env["DSMLKIT_TMP"]!, "guide-"));
    try {
      const script = join(folder, "example.mjs");
      // What the guide says once for all of them, and what a browser has.
      const before = `import { load } from "dsmlkit";
const kit = await load();
const endpoint = ${JSON.stringify(address)};
const kept = new Map();
const sessionStorage = { setItem: (key, value) => kept.set(key, value), getItem: (key) => kept.get(key) ?? null };
`;
      await writeFile(script, before + code);
      assert.equal((await runFile(script)).trimEnd(), outputs.get(name)!.trimEnd());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

test("the examples left no session open", () => {
  assert.equal(endpoint.open.size, 0);
  assert.ok(endpoint.seen.some(({ headers }) => headers["authorization"] === `Basic ${btoa("zoe:secret")}`));
  const paged = endpoint.seen.filter(({ step }) => step === "session").flatMap(({ batch }) => batch.requests as SearchRequest[]);
  assert.ok(paged.length >= 3);
});

/** Compares a file of the documentation with what it is made from; DSMLKIT_UPDATE=1 writes it anew. */
async function isCurrent(name: string, text: string): Promise<void> {
  const file = join(docs, name);
  if (process.env["DSMLKIT_UPDATE"] === "1") await writeFile(file, text);
  const old = await readFile(file, "utf8").catch(() => "");
  assert.ok(old === text, `wasm/js/docs/${name} is not what the types say: DSMLKIT_UPDATE=1 go run ./build test --only js writes it anew`);
}

async function declarations(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of await readdir(installed)) if (name.endsWith(".d.ts")) files[name] = await readFile(join(installed, name), "utf8");
  return files;
}

test("the reference is what the declarations say", async () => {
  await isCurrent("api.md", reference(await declarations()));
});

test("the list of codes is what the package says", async () => {
  const { errorCodes } = await import("dsmlkit");
  await isCurrent("errors.md", errorList(errorCodes));
});

test("the table of runtimes has the versions that are tested", async () => {
  const root = process.env["DSMLKIT_ROOT"]!;
  const readme = await readFile(join(installed, "README.md"), "utf8");
  const { devDependencies, optionalDependencies } = JSON.parse(await readFile(join(root, "build/runtimes/package.json"), "utf8")) as Record<string, Record<string, string>>;
  const { devDependencies: tools } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { devDependencies: Record<string, string> };
  // Deploys the edge; the package does not run in it.
  delete devDependencies!["wrangler"];
  const versions = [...Object.values(devDependencies!), ...Object.values(optionalDependencies!).map((text) => text.split("@").at(-1)!), tools["workerd"]!];
  for (const version of versions) {
    assert.match(version, /^\d[\d.]+$/, "a version is not exact");
    assert.ok(readme.includes(` ${version}`), `the README does not name ${version}`);
  }
  for (const [, file] of readme.matchAll(/\]\((docs\/[\w.]+)\)/g)) await readFile(join(installed, file!));
});

test("links between the documents lead somewhere", async () => {
  const anchors = new Map<string, Set<string>>();
  const texts = new Map<string, string>();
  for (const name of await readdir(docs)) {
    const text = await readFile(join(docs, name), "utf8");
    texts.set(name, text);
    anchors.set(name, new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-"))));
  }
  for (const [name, text] of texts) {
    for (const [, file, anchor] of text.matchAll(/\]\(([\w.-]*\.md)?(?:#([\w-]+))?\)/g)) {
      const target = anchors.get(file ?? name);
      assert.ok(target, `${name} links to ${file}`);
      if (anchor !== undefined) assert.ok(target.has(anchor), `${name} links to ${file ?? name}#${anchor}`);
    }
  }
});

test("the package carries the documents", async () => {
  // Those that were just written are in the next package.
  if (process.env["DSMLKIT_UPDATE"] === "1") return;
  for (const name of await readdir(docs)) assert.equal(await readFile(join(installed, "docs", name), "utf8"), await readFile(join(docs, name), "utf8"));
});
