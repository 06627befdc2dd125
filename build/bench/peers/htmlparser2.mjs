import { Parser } from "htmlparser2";
import { Builder } from "../builder.mjs";

const decoder = new TextDecoder();

export async function open() {
  return (bytes) => {
    const builder = new Builder();
    const parser = new Parser(
      {
        onopentag(name, attributes) {
          if (name === "value") builder.value(attributes["xsi:type"]);
          else if (name === "attr") builder.attr(attributes.name);
          else if (name === "searchResultEntry") builder.entry(attributes.dn);
        },
        ontext: (text) => builder.characters(text),
        onclosetag(name) {
          if (name === "value") builder.endValue();
        },
        onerror(error) {
          throw error;
        },
      },
      { xmlMode: true, decodeEntities: true },
    );
    parser.end(decoder.decode(bytes));
    return builder.entries;
  };
}
