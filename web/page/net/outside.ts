// A message that goes out without a session: an envelope as it is, or a bare
// batchRequest in an envelope of its own; and the headers that belong to it.
import type { Envelope, Outgoing } from "dsmlkit";
import type { AsyncToolkit, Step } from "../types.ts";

export const dsmlNamespace = "urn:oasis:names:tc:DSML:2:0:core";
const sessionNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2";
const soap12 = "http://www.w3.org/2003/05/soap-envelope";

/**
 * The message outside of a session. Text that is no readable XML goes out
 * exactly as it is: seeing what a server says to it may be just what is wanted.
 */
export async function outside(kit: AsyncToolkit, text: string): Promise<Outgoing> {
  const envelope = await envelopeOf(kit, text);
  if (envelope) return { body: text, headers: headersFor(envelope.version) };
  if (await isBatch(kit, text)) {
    return { body: await kit.soap.build({ body: text }), headers: headersFor("1.1") };
  }
  return { body: text, headers: headersFor(text.includes(soap12) ? "1.2" : "1.1") };
}

/** What a client of DSML sends beside the body (D-112, D-113, and SOAP 1.2's way of saying the same). */
export function headersFor(version: "1.1" | "1.2"): Record<string, string> {
  return version === "1.2"
    ? { "Content-Type": 'application/soap+xml; charset=utf-8; action="#batchRequest"' }
    : { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' };
}

/** The same message without a session header; the text itself when it has none. */
export async function withoutSession(kit: AsyncToolkit, text: string): Promise<string> {
  const envelope = await envelopeOf(kit, text);
  const kept = envelope?.headers.filter((block) => block.namespace !== sessionNamespace);
  if (!envelope || !kept || kept.length === envelope.headers.length) return text;
  return kit.soap.build({
    version: envelope.version,
    headers: kept.map((block) => block.xml),
    body: envelope.body.map((element) => element.xml),
  });
}

/** The session step that a message asks for by its own header. */
export async function stepOf(kit: AsyncToolkit, text: string): Promise<Step> {
  const session = (await envelopeOf(kit, text))?.session;
  return session?.dialect === "dsml" ? session.step : "none";
}

async function envelopeOf(kit: AsyncToolkit, text: string): Promise<Envelope | undefined> {
  try {
    return await kit.soap.parse(text);
  } catch {
    return undefined;
  }
}

async function isBatch(kit: AsyncToolkit, text: string): Promise<boolean> {
  if (!text.includes(dsmlNamespace) || /^<(?:[\w.-]+:)?Envelope[\s>]/.test(text.trimStart())) return false;
  try {
    return (await kit.dsml.parse(text)).kind === "batchRequest";
  } catch {
    return false;
  }
}
