// Uses that must not compile: each line that is marked has to be refused, and
// tsc fails where one is not.
import { DsmlkitError, load, type BatchRequest, type Filter, type Value } from "dsmlkit";
import { connect } from "dsmlkit/worker-client";

const kit = await load();

// @ts-expect-error there is no default export
import dsmlkit from "dsmlkit";

// @ts-expect-error the inside of the package is not for import
import { Kit } from "dsmlkit/kit";

// @ts-expect-error there is no such option
await load({ url: "dsmlkit.wasm" });

// @ts-expect-error a request needs its kind
const noKind: BatchRequest = { kind: "batchRequest", requests: [{ dn: "cn=a" }] };

// @ts-expect-error a search needs a scope of the four
const scope: BatchRequest = { kind: "batchRequest", requests: [{ kind: "searchRequest", dn: "", scope: "sub", derefAliases: "derefAlways", filter: { kind: "present", name: "a" } }] };

// @ts-expect-error names are those of the wire
const misspelt: BatchRequest = { kind: "batchRequest", requests: [{ kind: "delRequest", dn: "a=b", requestId: "1" }] };

// @ts-expect-error values are lists
kit.dsml.build({ kind: "batchRequest", requests: [{ kind: "addRequest", dn: "a=b", attrs: { cn: "a" } }] });

// @ts-expect-error numbers are no values
const value: Value = 7;

// @ts-expect-error "not" has one filter, not a list
const filter: Filter = { kind: "not", filters: [] };

// @ts-expect-error a document is text or bytes
kit.dsml.parse({});

// @ts-expect-error what is parsed may be a request: its kind has to be looked at first
kit.dsml.parse("").responses;

// @ts-expect-error stream gives an async iterable, not a list
kit.dsml.stream(new Response("").body!).length;

// @ts-expect-error the state is read only
kit.session.dsml().state = "open";

// @ts-expect-error a session sends batches of requests
kit.session.dsml().send({ kind: "batchResponse", responses: [] });

// @ts-expect-error a client needs an endpoint
kit.client({});

// @ts-expect-error name and password belong together
kit.client({ endpoint: "/", auth: { username: "a" } });

// @ts-expect-error there is one way to say who it is
kit.client({ endpoint: "/", password: "b" });

// @ts-expect-error pages are asked for by searches only
kit.client({ endpoint: "/" }).searchAll({ kind: "delRequest", dn: "" });

// @ts-expect-error a session of a worker belongs to the client of a worker
kit.client({ endpoint: "/", session: await (await connect(new Worker("")))["session"].dsml() });

// @ts-expect-error in a worker everything is a promise
(await connect(new Worker(""))).dsml.parse("").kind;

// @ts-expect-error functions do not cross
await (await connect(new Worker(""))).session.dsml({ now: Date.now });

// @ts-expect-error the properties of an error are read only
new DsmlkitError({ code: "argument", message: "" }).code = "limit";

console.log(dsmlkit, Kit, noKind, scope, misspelt, value, filter);
