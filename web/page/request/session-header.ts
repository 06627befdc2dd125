/** The session header of an envelope as text, apart from its other headers. */
import type { Envelope } from "dsmlkit";

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
