import { SaxesParser } from "saxes";
import { Builder } from "../builder.mjs";

const decoder = new TextDecoder();

export async function open() {
  return (bytes) => {
    const { builder, parser } = start();
    parser.write(decoder.decode(bytes)).close();
    return builder.entries;
  };
}

/** A parser with namespaces, and without counting lines, that fills a builder. */
export function start() {
  const builder = new Builder();
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("opentag", (tag) => {
    switch (tag.local) {
      case "value":
        builder.value(tag.attributes["xsi:type"]?.value);
        break;
      case "attr":
        builder.attr(tag.attributes.name.value);
        break;
      case "searchResultEntry":
        builder.entry(tag.attributes.dn.value);
    }
  });
  parser.on("text", (text) => builder.characters(text));
  parser.on("closetag", (tag) => {
    if (tag.local === "value") builder.endValue();
  });
  parser.on("error", (error) => {
    throw error;
  });
  return { builder, parser };
}
