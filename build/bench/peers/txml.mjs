import { parse } from "txml";
import { fromBase64 } from "../builder.mjs";

const decoder = new TextDecoder();

export async function open() {
  return (bytes) => {
    const document = parse(decoder.decode(bytes), { decodeEntities: true, skipXmlDeclaration: true });
    const response = document.find((node) => node.tagName === "batchResponse").children[0];
    const entries = [];
    for (const { tagName, attributes, children } of response.children) {
      if (tagName !== "searchResultEntry") continue;
      const attrs = {};
      for (const attr of children) {
        attrs[attr.attributes.name] = attr.children.map((value) => {
          const text = value.children.join("");
          return value.attributes["xsi:type"] === "xsd:base64Binary" ? fromBase64(text) : text;
        });
      }
      entries.push({ dn: attributes.dn, attrs });
    }
    return entries;
  };
}
