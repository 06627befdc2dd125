/**
 * The Worker that stands in front: it knows of no session, reads no more of a
 * message than its session header, and passes it to the object that it belongs
 * to.
 */
import { coordinator, Coordinator, shardOf } from "./edge-coordinator.js";
import { readBody } from "./edge-go.js";
import { sessionHeader } from "./edge-header.js";
import { Endpoint, internal } from "./edge-object.js";
import { plain, relay } from "./edge-relay.js";
import { type Environment, readSettings, type Settings, SettingError } from "./edge-settings.js";
import type { Toolkit } from "./types.js";
import { load } from "./workerd.js";

export { Coordinator, Endpoint };

/** Started by the first request: a Worker may not compute anything before. Its calls are synchronous, so requests may share it. */
let toolkit: Promise<Toolkit> | undefined;

export default {
  async fetch(request: Request, env: Environment): Promise<Response> {
    try {
      return await route(request, env, readSettings(env));
    } catch (error) {
      if (error instanceof SettingError) {
        console.error(error.message);
        return plain(500, "This endpoint is not set up right; its log says what is wrong.");
      }
      // The request may have been run: it is not sent a second time.
      console.error(`no answer from the object: ${String(error)}`);
      return plain(503, "The endpoint broke off before it answered. Sessions that were open may be lost; begin a new one.");
    }
  },
};

async function route(request: Request, env: Environment, settings: Settings): Promise<Response> {
  const pathname = pathOf(request.url);
  switch (pathname) {
    case "/dsml":
      return dsml(request, env, settings);
    case "/endpoints.json":
      return json({ endpoints: [{ name: "default", path: "/dsml", kind: settings.kind }] });
    case "/sessions":
      return view(request, env, settings);
    case "/healthz":
      return plain(200, "ok");
  }
  return env.ASSETS?.fetch(request) ?? plain(404, `There is nothing at ${pathname}; the DSMLv2 endpoint is at /dsml.`);
}

/** What a URL object would say, at a tenth of its price. The runtime has brought the address into its one form. */
function pathOf(url: string): string {
  const from = url.indexOf("/", url.indexOf("://") + 3);
  const path = url.slice(from);
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

async function dsml(request: Request, env: Environment, settings: Settings): Promise<Response> {
  // Cloudflare sets CF-Connecting-IP and lets no client set it.
  const client = request.headers.get("CF-Connecting-IP") ?? "";
  if (settings.kind === "memory") {
    return object(env, env.ENDPOINT.idFromName("directory"), forward(request, client, "directory", request.body));
  }
  if (settings.kind === "relay") return relay(request, settings);
  if (request.method !== "POST") {
    return object(env, poolId(env, settings), forward(request, client, "pool", null));
  }
  const body = await readBody(request, settings.maxBody);
  toolkit ??= load();
  const header = sessionHeader(await toolkit, body);
  if (header?.dialect === "dsml") {
    const answer = header.step === "begin" ? await begin(request, env, settings, client, body) : await inSession(request, env, header.id ?? "", client, body);
    if (answer !== undefined) return answer;
  }
  // The pool also answers for sessions that are not there and not allowed: it
  // has none, and the faults are those of every endpoint (D-127, D-128, D-141).
  return object(env, poolId(env, settings), forward(request, client, "pool", body));
}

/** Undefined: the client or the deployment has as many sessions as it may have. */
async function begin(request: Request, env: Environment, settings: Settings, client: string, body: Uint8Array): Promise<Response | undefined> {
  const id = env.ENDPOINT.newUniqueId();
  const shard = shardOf(client, settings.shards);
  if (!(await coordinator(env, shard).reserve(id.toString(), client, shard))) return undefined;
  try {
    return await object(env, id, forward(request, client, "begin", body));
  } catch (error) {
    await coordinator(env, shard).release(id.toString());
    throw error;
  }
}

/** Undefined: there is no such session. */
async function inSession(request: Request, env: Environment, id: string, client: string, body: Uint8Array): Promise<Response | undefined> {
  let known;
  try {
    known = env.ENDPOINT.idFromString(id);
  } catch {
    return undefined; // forged, or of another deployment
  }
  const answer = await object(env, known, forward(request, client, "session", body));
  return answer.status === 404 && answer.headers.has(internal.unknown) ? undefined : answer;
}

let turn = 0;

/** One of the objects for messages outside sessions, in turns. */
function poolId(env: Environment, settings: Settings) {
  return env.ENDPOINT.idFromName(`pool-${turn++ % settings.pool}`);
}

function object(env: Environment, id: ReturnType<Environment["ENDPOINT"]["idFromString"]>, request: Request): Promise<Response> {
  return env.ENDPOINT.get(id).fetch(request);
}

/** The same request for an object; what only the front Worker may say is said here and nowhere else. */
function forward(request: Request, client: string, role: string, body: BodyInit | Uint8Array | null): Request {
  const inner = new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: body as BodyInit | null,
    signal: request.signal,
  });
  inner.headers.set(internal.client, client);
  inner.headers.set(internal.role, role);
  return inner;
}

/** The session view, for who has the admin right: token as Bearer, or as the password of any name. */
async function view(request: Request, env: Environment, settings: Settings): Promise<Response> {
  if (settings.adminToken === "") return plain(404, "The session view is off: DSMLKIT_ADMIN_TOKEN is not set.");
  if (!(await same(shownToken(request), settings.adminToken))) {
    return plain(401, "The session view needs the admin token.", { "WWW-Authenticate": 'Basic realm="dsmlkit sessions"' });
  }
  const sessions =
    settings.kind === "memory"
      ? await (await object(env, env.ENDPOINT.idFromName("directory"), forward(new Request(request.url), "", "view", null))).json()
      : (await Promise.all(Array.from({ length: settings.shards }, (_, shard) => coordinator(env, shard).list()))).flat();
  return json({ endpoints: { 1: "default" }, sessions });
}

function json(content: object): Response {
  return new Response(JSON.stringify(content), {
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" },
  });
}

function shownToken(request: Request): string {
  const [scheme, value] = (request.headers.get("Authorization") ?? "").split(" ", 2);
  if (value === undefined) return "";
  if (/^bearer$/i.test(scheme!)) return value;
  try {
    return /^basic$/i.test(scheme!) ? atob(value).replace(/^[^:]*:/, "") : "";
  } catch {
    return "";
  }
}

/** Compares digests, so that the time it takes says nothing about the token. */
async function same(a: string, b: string): Promise<boolean> {
  const digest = async (text: string) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [x, y] = await Promise.all([digest(a), digest(b)]);
  return x.reduce((different, byte, i) => different | (byte ^ y[i]!), 0) === 0;
}
