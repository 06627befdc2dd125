// A message that goes out without a session: an envelope as it is, or a bare
// batchRequest in an envelope of its own; and the headers that belong to it.
import type { AsyncToolkit, Step } from "../types.ts";

const dsmlNamespace = "urn:oasis:names:tc:DSML:2:0:core";
const sessionNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2";
const soap12 = "http://www.w3.org/2003/05/soap-envelope";

/** What goes to fetch. */
export interface Plain {
  body: string;
  headers: Record<string, string>;
}

/** How much of a message is looked at to see what it is: its root and its SOAP header lie within. */
const head = 100_000;

/**
 * The message outside of a session. Text that is no readable XML goes out
 * exactly as it is: seeing what a server says to it may be just what is wanted.
 */
export async function outside(kit: AsyncToolkit, text: string): Promise<Plain> {
  const version = versionOf(text);
  if (!version && text.slice(0, head).includes(dsmlNamespace)) {
    try {
      return { body: await kit.soap.build({ body: text }), headers: headersFor("1.1") };
    } catch {
      // It does not stand alone as an element: it goes out as it is.
    }
  }
  return { body: text, headers: headersFor(version ?? "1.1") };
}

/** SOAP version of an envelope by its namespace; undefined for what is no envelope. */
export function versionOf(text: string): "1.1" | "1.2" | undefined {
  const tag = /^(?:\uFEFF)?(?:\s*<[?!][^>]*>)*\s*<(?:[\w.-]+:)?Envelope\b[^>]*>/.exec(text.slice(0, head))?.[0];
  return tag === undefined ? undefined : tag.includes(soap12) ? "1.2" : "1.1";
}

/** What a client of DSML sends beside the body (D-112, D-113, and SOAP 1.2's way of saying the same). */
export function headersFor(version: "1.1" | "1.2"): Record<string, string> {
  return version === "1.2"
    ? { "Content-Type": 'application/soap+xml; charset=utf-8; action="#batchRequest"' }
    : { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' };
}

/** The session step that a message asks for by its own header. */
export async function stepOf(kit: AsyncToolkit, text: string): Promise<Step> {
  if (!text.slice(0, head).includes(sessionNamespace)) return "none";
  try {
    const { session } = await kit.soap.parse(text);
    return session?.dialect === "dsml" ? session.step : "none";
  } catch {
    return "none";
  }
}

/** The same message without a session header; the text itself when it has none. */
export async function withoutSession(kit: AsyncToolkit, text: string): Promise<string> {
  if (!text.slice(0, head).includes(sessionNamespace)) return text;
  try {
    const { version, headers, body } = await kit.soap.parse(text);
    const kept = headers.filter((block) => block.namespace !== sessionNamespace);
    if (kept.length === headers.length) return text;
    return await kit.soap.build({ version, headers: kept.map((block) => block.xml), body: body.map((element) => element.xml) });
  } catch {
    return text;
  }
}
