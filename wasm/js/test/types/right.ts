// Uses that have to compile, against the declarations that are published.
import { DsmlkitError, errorCodes, load, type BatchRequest, type BatchResponse, type Client, type ClientReply, type Entry, type Session, type Toolkit, type Value } from "dsmlkit";
import { connect, type AsyncSession, type AsyncToolkit } from "dsmlkit/worker-client";
import "dsmlkit/worker";

const kit: Toolkit = await load();
await load({ wasm: new URL("https://example.org/dsmlkit.wasm") });
await load({ wasm: fetch("dsmlkit.wasm") });

const batch: BatchRequest = {
  kind: "batchRequest",
  requests: [{ kind: "searchRequest", dn: "", scope: "baseObject", derefAliases: "neverDerefAliases", filter: kit.dsml.filter.parse("(cn=*)") }],
};
const text: string = kit.dsml.build(batch, { indent: 2 });

const document = kit.dsml.parse(text);
if (document.kind === "batchResponse") {
  for (const response of document.responses) {
    switch (response.kind) {
      case "searchResponse": {
        const values: Value[] | undefined = response.entries[0]?.attrs["cn"];
        values?.map((value) => (typeof value === "string" ? value : value instanceof Uint8Array ? value.length : value.anyURI));
        break;
      }
      case "errorResponse":
        response.type satisfies string;
        break;
      default:
        response.resultCode.code satisfies number;
    }
  }
}

for await (const item of kit.dsml.stream(new Response(text).body!)) if (item.kind === "searchResultEntry") item.dn satisfies string;

const session: Session = kit.session.dsml({ timeout: 60, soap: "1.2" });
const remaining: number | undefined = session.remaining();
kit.session.restore(JSON.stringify(session)).addEventListener("change", ({ state }) => state satisfies string);

const client: Client = kit.client({ endpoint: new URL("https://example.org/"), auth: { username: "a", password: "b" }, fetch, credentials: "include", timeout: 1000, retries: 2 });
const reply: ClientReply = await client.begin();
for await (const entry of client.searchAll({ kind: "searchRequest", dn: "", scope: "wholeSubtree", derefAliases: "derefAlways", filter: { kind: "present", name: "cn" } }, { pageSize: 10, signal: new AbortController().signal })) {
  entry satisfies Entry;
}

const remote: AsyncToolkit = await connect(new Worker("worker.js", { type: "module" }));
const remoteSession: AsyncSession = await remote.session.sql();
(await remote.client({ endpoint: "/dsml", session: remoteSession }).request(batch)) satisfies BatchResponse;
const found: BatchRequest | BatchResponse = await remote.with({ transfer: true }).dsml.parse(new Uint8Array());

try {
  kit.soap.parse("");
} catch (error) {
  if (error instanceof DsmlkitError) {
    const meaning: string | undefined = errorCodes[error.code];
    error.line satisfies number | undefined;
    error.reply?.fault?.reason satisfies string | undefined;
    console.log(meaning);
  }
}

console.log(remaining, reply.status, found.kind);
