import { Parser } from "saxen";
import { Builder } from "../builder.mjs";

const decoder = new TextDecoder();

export async function open() {
  return (bytes) => {
    const builder = new Builder();
    const parser = new Parser();
    parser.ns({ "urn:oasis:names:tc:DSML:2:0:core": "dsml", "http://www.w3.org/2001/XMLSchema-instance": "xsi" });
    parser.on("openTag", (name, attributes, decode) => {
      if (name === "dsml:value") builder.value(attributes()["xsi:type"]);
      else if (name === "dsml:attr") builder.attr(decode(attributes().name));
      else if (name === "dsml:searchResultEntry") builder.entry(decode(attributes().dn));
    });
    parser.on("text", (text, decode) => builder.characters(decode(text)));
    parser.on("closeTag", (name) => {
      if (name === "dsml:value") builder.endValue();
    });
    parser.on("error", (error) => {
      throw error;
    });
    parser.parse(decoder.decode(bytes));
    return builder.entries;
  };
}
