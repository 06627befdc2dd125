/**
 * Relaying to another DSML endpoint by fetch, which reaches what a socket of a
 * Worker may not. The other endpoint's sessions are its own; nothing is kept
 * about them here, so they are neither watched nor limited as by the native
 * relay. One address can be reached, the configured one: a caller has no say in
 * it, and redirects are not followed. Headers and codes are those of the native
 * relay (web/relay/headers.go).
 */
import { readBody } from "./edge-go.js";
import type { Settings } from "./edge-settings.js";

/** Headers that pass; all others stay behind. */
const towards = ["accept", "accept-language", "content-type", "soapaction", "user-agent"];
const back = ["content-type", "content-language", "date", "retry-after", "www-authenticate"];

const status = "Dsmlkit-Upstream-Status";
const setCookie = "Dsmlkit-Upstream-Set-Cookie";
const server = "Dsmlkit-Upstream-Server";
const problem = "Dsmlkit-Error";
const exposed = `Content-Type, Date, Server, WWW-Authenticate, ${status}, ${setCookie}, ${server}, ${problem}, Retry-After`;

/** How long the other endpoint may take for the head of its answer, in milliseconds. */
const patience = 300_000;

/** Cookies of the other endpoint under a name of their own, apart from those of the page's host. */
const cookiePrefix = "dsmlkit-dsml-";

export async function relay(request: Request, settings: Settings): Promise<Response> {
  const cors = new Headers({ Vary: "Origin" });
  const origin = request.headers.get("Origin");
  if (origin !== null && origin !== new URL(request.url).origin) {
    // Refused, not only hidden from: what changes the directory must not run
    // because somebody opened a page.
    if (!settings.origins.includes("*") && !settings.origins.includes(origin)) {
      return plain(403, `The origin ${origin} may not call this endpoint. DSMLKIT_ALLOW_ORIGIN would have to name it.`, { Vary: "Origin" });
    }
    cors.set("Access-Control-Allow-Origin", origin);
    cors.set("Access-Control-Expose-Headers", exposed);
  }
  if (request.method === "OPTIONS") {
    cors.set("Allow", "POST, OPTIONS");
    cors.set("Access-Control-Allow-Methods", "POST, OPTIONS");
    cors.set("Access-Control-Allow-Headers", "Authorization, Content-Type, SOAPAction");
    cors.set("Access-Control-Max-Age", "600");
    return new Response(null, { status: 204, headers: cors });
  }
  if (request.method !== "POST") return plain(405, "A DSML endpoint takes POST.", { Allow: "POST, OPTIONS" });
  const body = await readBody(request, settings.maxBody);
  if (body.byteLength > settings.maxBody) return refuse(413, "relay-refused", `The message is longer than ${settings.maxBody} bytes.`, cors);

  const headers = new Headers();
  for (const name of towards) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const authorization = request.headers.get("Authorization");
  if (authorization !== null) {
    // NTLM and Negotiate authenticate a connection, and it is not the caller's own.
    if (!/^(basic|bearer) /i.test(authorization)) {
      return refuse(401, "relay-refused", "Only the schemes Basic and Bearer can be relayed.", cors);
    }
    headers.set("Authorization", authorization);
  }
  const cookies = (request.headers.get("Cookie") ?? "").split(/;\s*/).filter((one) => one.startsWith(cookiePrefix));
  if (cookies.length > 0) headers.set("Cookie", cookies.map((one) => one.slice(cookiePrefix.length)).join("; "));

  let answer: Response;
  try {
    answer = await fetch(settings.upstream, {
      method: "POST",
      headers,
      body: body as Uint8Array<ArrayBuffer>,
      redirect: "manual",
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]),
    });
  } catch (error) {
    console.error(`the other endpoint did not answer: ${String(error)}`);
    const late = error instanceof Error && error.name === "TimeoutError";
    return refuse(
      late ? 504 : 502,
      late ? "upstream-timeout" : "upstream-unreachable",
      "The DSML endpoint that this one relays to did not answer. Whether the request was carried out is not known.",
      cors,
    );
  }
  if (answer.status >= 300 && answer.status < 400) {
    await answer.body?.cancel();
    return refuse(502, "upstream-redirect", `The DSML endpoint that this one relays to answered with ${answer.status}, a redirect, which is not followed.`, cors);
  }
  for (const name of back) {
    const value = answer.headers.get(name);
    if (value !== null) cors.set(name, value);
  }
  cors.set(status, `${answer.status} ${answer.statusText}`.trim());
  const software = answer.headers.get("Server");
  if (software !== null) cors.set(server, software);
  for (const cookie of answer.headers.getSetCookie()) {
    cors.append(setCookie, cookie);
    cors.append("Set-Cookie", `${cookiePrefix}${cookie.replace(/;\s*(domain|path)=[^;]*/gi, "")}; Path=/dsml`);
  }
  return new Response(answer.body, { status: answer.status, headers: cors });
}

function refuse(httpStatus: number, code: string, text: string, cors: Headers): Response {
  return plain(httpStatus, text, { ...Object.fromEntries(cors), [problem]: code });
}

export function plain(httpStatus: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, { status: httpStatus, headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", ...headers } });
}
