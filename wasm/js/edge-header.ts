/**
 * The session header of a message, which is all that the front Worker reads of
 * it. The messages of a session mostly begin alike up to the body, and what such
 * a beginning says, it always says: it is read once and then remembered.
 */
import type { DsmlkitError } from "./errors.js";
import type { SessionHeader, Toolkit } from "./types.js";

/** How much is remembered: so many beginnings of at most so many bytes. */
const most = 500;
const longest = 4096;

/** Gives each byte a character of its own. */
const latin1 = new TextDecoder("latin1");

/** By beginning. */
const known = new Map<string, SessionHeader | undefined>();

/** Undefined: the message is in no session, or cannot be read; what is wrong with it, Go says. */
export function sessionHeader(kit: Toolkit, message: Uint8Array): SessionHeader | undefined {
  const end = beginningOf(message);
  if (end === 0) return read(kit, message)?.header;
  const beginning = latin1.decode(message.subarray(0, end));
  let header = known.get(beginning);
  if (header !== undefined || known.has(beginning)) return header;
  const found = read(kit, message.subarray(0, end));
  if (found === undefined) return read(kit, message)?.header;
  ({ header } = found);
  if (known.size >= most) known.delete(known.keys().next().value!);
  known.set(beginning, header);
  return header;
}

function read(kit: Toolkit, text: Uint8Array): { header: SessionHeader | undefined } | undefined {
  try {
    return { header: kit.soap.session(text) };
  } catch (error) {
    if (/^(xml|soap)-/.test((error as Partial<DsmlkitError>).code ?? "")) return undefined;
    throw error;
  }
}

/**
 * How many bytes there probably are up to the end of the tag of Body. 0 where
 * that is not seen: in another encoding, for one. A wrong guess is not remembered.
 */
function beginningOf(message: Uint8Array): number {
  for (let at = message.indexOf(B); at >= 0 && at < longest; at = message.indexOf(B, at + 1)) {
    if (message[at + 1] !== o || message[at + 2] !== d || message[at + 3] !== y) continue;
    const end = message.indexOf(greater, at) + 1;
    return end <= longest ? end : 0;
  }
  return 0;
}

const [B, o, d, y, greater] = new TextEncoder().encode("Body>") as unknown as [number, number, number, number, number];
