import { XMLParser } from "fast-xml-parser";
import { fromBase64 } from "../builder.mjs";

const decoder = new TextDecoder();

export async function open() {
  const lists = new Set(["searchResultEntry", "attr", "value"]);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    trimValues: false,
    processEntities: true,
    htmlEntities: true, // without it &#x2013; stays as it is
    isArray: (name) => lists.has(name),
  });
  return (bytes) => {
    const found = parser.parse(decoder.decode(bytes)).batchResponse.searchResponse.searchResultEntry;
    return found.map(({ dn, attr }) => {
      const attrs = {};
      for (const { name, value } of attr) {
        attrs[name] = value.map((v) => {
          if (typeof v === "string") return v;
          return v["xsi:type"] === "xsd:base64Binary" ? fromBase64(v["#text"]) : v["#text"];
        });
      }
      return { dn, attrs };
    });
  };
}
