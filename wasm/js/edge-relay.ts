/**
 * Relaying to another DSML endpoint by fetch. Its sessions are its own: the
 * Worker keeps nothing about them. One address can be reached, the configured
 * one; a caller has no say in it, and redirects are not followed.
 */

/** Headers that pass, in either direction; all others stay behind. */
const towards = ["accept", "authorization", "content-type", "cookie", "soapaction"];
const back = ["content-type", "date", "retry-after", "www-authenticate"];

/** How long the other endpoint may take for the head of its answer, in milliseconds. */
const patience = 300_000;

/** Schemes that belong to a request. Others authenticate a connection, which is not the caller's own. */
const perRequest = /^(Basic|Bearer) /i;

export async function relay(request: Request, upstream: string, body: Uint8Array): Promise<Response> {
  const headers = new Headers();
  for (const name of towards) {
    const value = request.headers.get(name);
    if (value === null || (name === "authorization" && !perRequest.test(value))) continue;
    headers.set(name, value);
  }
  let answer: Response;
  try {
    answer = await fetch(upstream, {
      method: "POST",
      headers,
      body: body as Uint8Array<ArrayBuffer>,
      redirect: "manual",
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]),
    });
  } catch (error) {
    console.error(`the other endpoint did not answer: ${String(error)}`);
    return plain(502, "The DSML endpoint that this one relays to did not answer. Whether the request was carried out is not known.");
  }
  if (answer.status >= 300 && answer.status < 400) {
    return plain(502, `The DSML endpoint that this one relays to answered with ${answer.status}, a redirect, which is not followed.`);
  }
  const passed = new Headers();
  for (const name of back) {
    const value = answer.headers.get(name);
    if (value !== null) passed.set(name, value);
  }
  // Each cookie in a header of its own: they cannot be joined.
  for (const cookie of answer.headers.getSetCookie()) passed.append("set-cookie", cookie.replace(/;\s*(domain|path)=[^;]*/gi, "") + "; Path=/dsml");
  return new Response(answer.body, { status: answer.status, headers: passed });
}

export function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", ...headers } });
}
