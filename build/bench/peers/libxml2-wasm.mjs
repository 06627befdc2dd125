import { ParseOption, XmlDocument, XmlElement } from "libxml2-wasm";
import { fromBase64 } from "../builder.mjs";

export async function open() {
  return (bytes) => {
    const document = XmlDocument.fromBuffer(bytes, { option: ParseOption.XML_PARSE_HUGE });
    try {
      const entries = [];
      for (let found = document.root.firstChild.firstChild; found !== null; found = found.next) {
        if (!(found instanceof XmlElement) || found.name !== "searchResultEntry") continue;
        const attrs = {};
        for (let attr = found.firstChild; attr !== null; attr = attr.next) {
          const values = (attrs[attr.attr("name").value] = []);
          for (let value = attr.firstChild; value !== null; value = value.next) {
            const text = value.content;
            values.push(value.attr("type", "xsi")?.value === "xsd:base64Binary" ? fromBase64(text) : text);
          }
        }
        entries.push({ dn: found.attr("dn").value, attrs });
      }
      return entries;
    } finally {
      document.dispose();
    }
  };
}
