import { DOMParser } from "@xmldom/xmldom";
import { walk } from "../dom.mjs";

const decoder = new TextDecoder();

export async function open() {
  const parser = new DOMParser({ locator: false });
  return (bytes) => walk(parser.parseFromString(decoder.decode(bytes), "text/xml"));
}
