/** What browsers have. */
import { walk } from "../dom.mjs";

const decoder = new TextDecoder();

export async function open() {
  const parser = new DOMParser();
  return (bytes) => walk(parser.parseFromString(decoder.decode(bytes), "text/xml"));
}
