/**
 * The one suite that is run in every runtime. It imports no code: the package
 * is handed to it as the runtime found it.
 */
import type { BatchRequest, BatchResponse, DsmlkitError, ResponseItem, SearchRequest, Toolkit } from "dsmlkit";
import type { AsyncToolkit } from "dsmlkit/worker-client";
import { answer, dsmlNamespace, emptyAnswer, everyRequest, everyResponse } from "../documents.js";

/** What a runtime gives the suite. */
export interface Host {
  dsmlkit: typeof import("dsmlkit");
  /** starts a worker of the package; absent where the runtime has no workers */
  connect?: () => Promise<AsyncToolkit>;
  /** address of a DSML endpoint on the sample directory */
  endpoint: string;
  /** keys of the global object before the package was imported */
  before: PropertyKey[];
}

export interface Result {
  name: string;
  /** why it failed */
  error?: string;
}

type Case = (kit: Toolkit, host: Host) => void | Promise<void>;

const search: SearchRequest = {
  kind: "searchRequest",
  dn: "ou=people,dc=example,dc=org",
  scope: "wholeSubtree",
  derefAliases: "neverDerefAliases",
  filter: { kind: "present", name: "uid" },
  attributes: ["uid"],
};

const cases: Record<string, Case> = {
  "load finds its WebAssembly and leaves nothing behind": async (kit, { before }) => {
    equal(kit.dsml.resultName(32), "noSuchObject");
    equal(
      Reflect.ownKeys(globalThis).filter((key) => !before.includes(key) && /dsml|^go$|wasm/i.test(String(key))).map(String),
      [],
    );
  },

  "every request and response there and back": (kit) => {
    equal(kit.dsml.parse(kit.dsml.build(everyRequest)), everyRequest);
    equal(kit.dsml.parse(kit.soap.build({ body: everyRequest, version: "1.2" })), everyRequest);
    const bytes = new TextEncoder().encode(kit.dsml.build(everyResponse, { indent: 2, declaration: true }));
    equal(kit.dsml.parse(bytes), everyResponse);
  },

  "a document large enough to be read in pieces": (kit) => {
    const entries = Array.from({ length: 5000 }, (_, i) => ({ dn: `cn=${i},o=Example`, attrs: { cn: [String(i)], description: ["é".repeat(40)] } }));
    const document: BatchResponse = { kind: "batchResponse", responses: [{ kind: "searchResponse", entries, done: { resultCode: { code: 0, descr: "success" } } }] };
    equal(kit.dsml.parse(kit.dsml.build(document)), document);
  },

  "envelopes, white space and problems with their places": (kit) => {
    const envelope = kit.soap.parse(answer(emptyAnswer, "id-1"));
    equal([envelope.version, envelope.session?.dialect, envelope.body.length], ["1.1", "dsml", 1]);
    equal(kit.soap.indent("<a><b/></a>"), "<a>\n  <b/>\n</a>");
    const [problem] = kit.dsml.validate(`<batchRequest xmlns="${dsmlNamespace}">\n  <delRequest/></batchRequest>`);
    equal([problem?.severity, problem?.line, problem?.column], ["error", 2, 3]);
  },

  "filters, LDIF and controls": (kit) => {
    const text = "(&(cn=ä*)(!(mail=*)))";
    equal(kit.dsml.filter.format(kit.dsml.filter.parse(text)), text);
    equal(kit.dsml.ldif.parse("dn: a=b\nc: d\n"), [{ dn: "a=b", attrs: { c: ["d"] } }]);
    const control = kit.dsml.control.encode({ type: "pagedResults", size: 10, cookie: Uint8Array.of(1, 2) });
    equal(kit.dsml.control.decode(control), { type: "pagedResults", size: 10, cookie: Uint8Array.of(1, 2) });
  },

  "batches and answers of SQL": (kit) => {
    const batch = { kind: "sqlBatch" as const, commands: "SELECT 'ä'", parameters: [{ name: "p", value: "ö" }] };
    equal(kit.sql.parse(kit.sql.build(batch)), batch);
    equal(kit.session.sql().begin(batch).body.includes("sqlSession"), true);
  },

  "a stream of a response body, whole and left early": async (kit) => {
    const items: string[] = [];
    for await (const item of kit.dsml.stream(new Response(kit.dsml.build(everyResponse)).body!)) items.push(item.kind);
    equal(items.slice(0, 3), ["authResponse", "searchResultEntry", "searchResultEntry"]);
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><searchResponse>`)),
      pull: (controller) => controller.enqueue(new TextEncoder().encode('<searchResultEntry dn="a=b"/>')),
      cancel: () => void (cancelled = true),
    });
    const seen: ResponseItem[] = [];
    for await (const item of kit.dsml.stream(endless)) if (seen.push(item) === 5) break;
    for (let turns = 0; turns < 1000 && !cancelled; turns++) await new Promise((resolve) => setTimeout(resolve));
    equal([seen.length, cancelled], [5, true]);
  },

  "a session from begin to end, saved in between": (kit) => {
    const session = kit.session.dsml({ timeout: 60 });
    const states: string[] = [];
    session.addEventListener("change", ({ state }) => states.push(state));
    equal(session.begin().body.includes("BeginSession"), true);
    equal(session.receive(answer(emptyAnswer, "id-1"), { status: 200, headers: new Headers({ "content-type": "text/xml" }) }).outcome, "opened");
    const restored = kit.session.restore(JSON.stringify(session));
    equal([restored.state, restored.id, restored.expiresAt], ["open", "id-1", session.expiresAt]);
    session.end();
    session.receive(answer(emptyAnswer));
    equal(states, ["opening", "open", "closing", "closed"]);
    session.free();
    restored.free();
  },

  "errors of one class, with code, place and the name of an argument": (kit, { dsmlkit }) => {
    const syntax = fails(dsmlkit, "xml-syntax", () => kit.dsml.parse(`<batchRequest xmlns="${dsmlNamespace}">\n<`));
    equal([syntax.line, syntax.name, syntax instanceof Error], [2, "DsmlkitError", true]);
    const wrong = fails(dsmlkit, "argument", () => kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "delRequest", dn: 7 }] } as never));
    equal(wrong.message.startsWith("document.requests[0].dn must be"), true);
    equal(Object.keys(dsmlkit.errorCodes).includes(syntax.code), true);
  },

  "attributes named like parts of Object.prototype": (kit) => {
    const names = ["__proto__", "constructor", "toString"];
    const text = `<batchResponse xmlns="${dsmlNamespace}"><searchResponse><searchResultEntry dn="">${names.map((name) => `<attr name="${name}"><value>x</value></attr>`).join("")}</searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`;
    const [response] = (kit.dsml.parse(text) as BatchResponse).responses;
    if (response?.kind !== "searchResponse") throw new Error("no searchResponse");
    const { attrs } = response.entries[0]!;
    equal(Object.keys(attrs), names);
    equal(Object.getPrototypeOf(attrs) === Object.prototype, true);
    equal(kit.dsml.parse(kit.dsml.build({ kind: "batchResponse", responses: [response] })), kit.dsml.parse(text));
  },

  "halves of surrogate pairs, detached buffers, parts of buffers": (kit, { dsmlkit }) => {
    fails(dsmlkit, "argument", () => kit.dsml.filter.parse("(cn=\uD800)"));
    const bytes = new TextEncoder().encode(emptyAnswer);
    const around = new Uint8Array(bytes.length + 2);
    around.set(bytes, 1);
    equal(kit.dsml.parse(around.subarray(1, -1)).kind, "batchResponse");
    structuredClone(bytes, { transfer: [bytes.buffer] });
    equal(fails(dsmlkit, "argument", () => kit.dsml.parse(bytes)).message, "the buffer of input is detached");
  },

  "two toolkits share nothing": async (kit, { dsmlkit }) => {
    const other = await dsmlkit.load();
    const session = kit.session.dsml();
    session.begin();
    equal([session.state, other.session.dsml().state], ["opening", "none"]);
    equal(other.dsml.parse(kit.dsml.build(everyRequest)), everyRequest);
  },

  "the client against a server: a session, and a search page by page": async (kit, { endpoint }) => {
    const client = kit.client({ endpoint, timeout: 120_000 });
    await client.begin();
    equal(client.session!.state, "open");
    const batch: BatchRequest = { kind: "batchRequest", requests: [{ ...search, sizeLimit: 3 }] };
    const reply = await client.send(batch);
    equal(reply.document!.responses[0]!.kind, "searchResponse");
    await client.end();
    const names: string[] = [];
    for await (const entry of client.searchAll(search, { pageSize: 100 })) names.push(entry.dn);
    equal(names.length > 200, true);
    equal(new Set(names).size, names.length);
    let n = 0;
    for await (const _ of client.searchAll(search, { pageSize: 2 })) if (++n === 5) break;
    equal(n, 5);
  },

  "the toolkit in a worker": async (_, { dsmlkit, connect, endpoint }) => {
    if (connect === undefined) return;
    const kit = await connect();
    try {
      equal(await kit.dsml.parse(await kit.dsml.build(everyRequest)), everyRequest);
      const session = await kit.session.dsml();
      await session.begin();
      equal((await session.receive(answer(emptyAnswer, "id-1"))).state, "open");
      equal(session.id, "id-1");
      const bytes = new TextEncoder().encode(emptyAnswer);
      await kit.with({ transfer: true }).dsml.parse(bytes);
      equal(bytes.length, 0);
      const reason = new Error("enough");
      try {
        await kit.with({ signal: AbortSignal.abort(reason) }).dsml.resultName(0);
        throw new Error("the abort was passed over");
      } catch (error) {
        equal(error === reason, true);
      }
      const items: string[] = [];
      for await (const item of kit.dsml.stream(new Response(await kit.dsml.build(everyResponse)).body!)) items.push(item.kind);
      equal(items.length, 12);
      let n = 0;
      for await (const _ of kit.client({ endpoint }).searchAll(search, { pageSize: 50 })) if (++n === 60) break;
      equal(n, 60);
    } finally {
      kit.close();
    }
    try {
      await kit.dsml.resultName(0);
    } catch (error) {
      equal((error as DsmlkitError).code, "closed");
      return;
    }
    throw new Error(`a closed worker answered (${Object.keys(dsmlkit).length})`);
  },
};

/** Runs all cases and says how each went. */
export async function runSuite(host: Host): Promise<Result[]> {
  const results: Result[] = [];
  const kit = await host.dsmlkit.load();
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run(kit, host);
      results.push({ name });
    } catch (error) {
      results.push({ name, error: error instanceof Error ? (error.stack ?? String(error)) : String(error) });
    }
  }
  return results;
}

/** How many cases there are: a runtime that ran fewer is told. */
export const count = Object.keys(cases).length;

function fails({ DsmlkitError: type }: Host["dsmlkit"], code: string, call: () => unknown): DsmlkitError {
  try {
    call();
  } catch (error) {
    if (!(error instanceof type)) throw new Error(`not a DsmlkitError: ${String(error)}`);
    equal(error.code, code);
    return error;
  }
  throw new Error(`expected the error ${code}`);
}

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [canonical(actual), canonical(expected)];
  if (a !== b) throw new Error(`expected ${b.slice(0, 2000)}\n     got ${a.slice(0, 2000)}`);
}

/** A text that two values have in common only when they are equal. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return { bytes: [...inner] };
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.entries(inner).filter(([, property]) => property !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).flat();
  }) ?? "undefined";
}
