/**
 * The short way from the events of a parser to entries, which all parsers that
 * give events share. Names are those of DSMLv2.
 */
export class Builder {
  entries = [];
  attrs = undefined;
  values = undefined;
  text = undefined;
  binary = false;

  entry(dn) {
    this.attrs = {};
    this.entries.push({ dn, attrs: this.attrs });
  }

  attr(name) {
    this.values = this.attrs[name] = [];
  }

  value(type) {
    this.text = "";
    this.binary = type === "xsd:base64Binary";
  }

  characters(text) {
    if (this.text !== undefined) this.text += text;
  }

  endValue() {
    this.values.push(this.binary ? fromBase64(this.text) : this.text);
    this.text = undefined;
  }
}

/** The fastest that the runtime has. */
export const fromBase64 =
  typeof Buffer === "function"
    ? (text) => Buffer.from(text, "base64")
    : typeof Uint8Array.fromBase64 === "function"
      ? (text) => Uint8Array.fromBase64(text)
      : (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
