/** The session header of an envelope as text, apart from its other headers. */
import type { Envelope } from "dsmlkit";
import type { AsyncToolkit, Preview } from "../types.ts";

/** What a text says about the session that differs from the session that is open. */
export type SessionNote = "none" | "missing" | "other";

/** @param open id of the open session */
export function compare(envelope: Envelope | undefined, open: string | undefined): SessionNote {
  const named = envelope?.session;
  if (!named) return open && envelope ? "missing" : "none";
  if (named.dialect !== "dsml") return "other";
  if (named.step === "begin") return open ? "other" : "none";
  return named.id === open ? "none" : "other";
}

/** The text with the header of the open session, or without one when none is open. */
export async function adopted(kit: AsyncToolkit, text: string, envelope: Envelope | undefined, preview: Preview | undefined): Promise<string> {
  if (!envelope) return text;
  if (preview?.sessionID) return compare(envelope, preview.sessionID) === "none" ? text : (await preview.outgoing(text)).body;
  if (!envelope.session) return text;
  const without = withoutSessionHeader(text);
  const left = await kit.soap.parse(without).catch(() => envelope);
  return left.session ? text : without;
}

/** The header blocks that are not the session's, as text. */
export function otherHeaders(envelope: Envelope): string[] {
  return envelope.headers.filter((block) => !isSessionHeader(block.namespace, block.name)).map((block) => block.xml);
}

const sessionNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2";
const sessionNames = ["BeginSession", "Session", "EndSession"];

function isSessionHeader(namespace: string, name: string): boolean {
  return namespace === sessionNamespace && sessionNames.includes(name);
}

/**
 * Cuts the session header out of the text of an envelope and leaves all else
 * as it is. It goes by names alone; the caller looks whether it met the right one.
 */
export function withoutSessionHeader(text: string): string {
  const block = /[ \t]*<((?:[\w.-]+:)?(?:BeginSession|Session|EndSession))(?=[\s/>])[^>]*?(?:\/>|>[\s\S]*?<\/\1\s*>)[ \t]*(?:\r?\n)?/;
  const header = /[ \t]*<((?:[\w.-]+:)?Header)(?=[\s>])[^>]*>\s*<\/\1\s*>[ \t]*(?:\r?\n)?/;
  return text.replace(block, "").replace(header, "");
}
