/** The limit: what the runtime itself needs to make the same objects of JSON, in which bytes stay base64. */
import { fromBase64 } from "../builder.mjs";

export const input = "json";

const decoder = new TextDecoder();

export async function open() {
  return (bytes) => JSON.parse(decoder.decode(bytes));
}

/** For the digest only. */
export function complete(entries) {
  const binary = ["objectGUID", "userCertificate"];
  for (const { attrs } of entries) {
    for (const name of binary) {
      if (name in attrs) attrs[name] = attrs[name].map(fromBase64);
    }
  }
  return entries;
}
