/**
 * A checksum of `[{ dn, attrs: { name: [values] } }]`, the twin of the one in
 * build/benchdata.go, and the proof that these are plain objects: what is only
 * made when somebody looks at it does not count as made.
 */
export function digest(entries) {
  let a = 0x811c9dc5 | 0;
  let b = 0x9747b28c | 0;
  const add = (n) => {
    a = Math.imul(a ^ n, 0x01000193);
    b = (Math.imul(b ^ n, 0x85ebca6b) + 0x7f4a7c15) | 0;
    b ^= b >>> 15;
  };
  const text = (kind, s) => {
    add(kind);
    add(s.length);
    for (let i = 0; i < s.length; i++) add(s.charCodeAt(i));
  };
  entries.forEach((entry, index) => {
    text(1, own(entry, "dn", index));
    const attrs = own(entry, "attrs", index);
    const names = Object.keys(attrs);
    add(names.length);
    for (const name of names) {
      text(2, name);
      const values = own(attrs, name, index);
      if (!Array.isArray(values)) throw new Error(`${name} of entry ${index} is not an array`);
      add(values.length);
      for (const value of values) {
        if (typeof value === "string") {
          text(3, value);
        } else {
          add(4);
          add(value.length);
          for (const byte of value) add(byte);
        }
      }
    }
  });
  const hex = (n) => (n >>> 0).toString(16).padStart(8, "0");
  return hex(a) + hex(b);
}

function own(object, name, index) {
  const property = Object.getOwnPropertyDescriptor(object, name);
  if (property === undefined || !("value" in property)) throw new Error(`${name} of entry ${index} is no plain property`);
  return property.value;
}
