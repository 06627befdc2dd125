/** From a DOM to entries, for every DOM there is. */
import { fromBase64 } from "./builder.mjs";

export function walk(document) {
  const entries = [];
  const response = document.documentElement.firstChild;
  for (let found = response.firstChild; found !== null; found = found.nextSibling) {
    if (found.localName !== "searchResultEntry") continue;
    const attrs = {};
    for (let attr = found.firstChild; attr !== null; attr = attr.nextSibling) {
      if (attr.localName !== "attr") continue;
      const values = (attrs[attr.getAttribute("name")] = []);
      for (let value = attr.firstChild; value !== null; value = value.nextSibling) {
        if (value.localName !== "value") continue;
        const text = value.textContent;
        values.push(value.getAttribute("xsi:type") === "xsd:base64Binary" ? fromBase64(text) : text);
      }
    }
    entries.push({ dn: found.getAttribute("dn"), attrs });
  }
  return entries;
}
