// Attribute values as people read them. Pure, but for the address of a picture.
import type { Entry, Value } from "dsmlkit";
import { base64 } from "../exchanges/format.ts";
import { size } from "./explain.ts";

/** What bytes are by their first few; undefined when they say nothing. */
export function kindOf(bytes: Uint8Array): { name: string; image?: string } | undefined {
  const starts = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return { name: "JPEG", image: "image/jpeg" };
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)) return { name: "PNG", image: "image/png" };
  if (starts(0x47, 0x49, 0x46, 0x38)) return { name: "GIF", image: "image/gif" };
  if (starts(0x25, 0x50, 0x44, 0x46)) return { name: "PDF" };
  if (starts(0x30, 0x82) && bytes.length > 100) return { name: "DER" };
  return undefined;
}

/** Attributes of Active Directory whose 16 bytes are a GUID. */
const guids = /^(objectguid|msexch.*guid|schemaidguid|attributesecurityguid)$/i;
const sids = /^(objectsid|sidhistory|tokengroups)$/i;

/** A value in one line. `name` is that of its attribute. */
export function display(value: Value, name = ""): string {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) return value.anyURI;
  if (value.length === 16 && guids.test(name)) return guid(value);
  if (value.length >= 8 && value[0] === 1 && sids.test(name)) return sid(value);
  if (value.length === 0) return "";
  const kind = kindOf(value)?.name;
  return kind || value.length > 24 ? `${kind ?? "binary"}, ${size(value.length)}` : hex(value);
}

/** A value as text that loses nothing: binary as base64. For copying. */
export function exact(value: Value): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? base64(value) : value.anyURI;
}

/** A data: address for a picture; undefined for what is none, or too large to be one inline. */
export function pictureURL(value: Value): string | undefined {
  if (!(value instanceof Uint8Array) || value.length > 2_000_000) return undefined;
  const kind = kindOf(value);
  return kind?.image ? `data:${kind.image};base64,${base64(value)}` : undefined;
}

/** The values of an attribute; its name is compared as LDAP does, without regard to case. */
export function valuesOf(entry: Entry, name: string): Value[] {
  const direct = entry.attrs[name];
  if (direct) return direct;
  const lower = name.toLowerCase();
  for (const [key, values] of Object.entries(entry.attrs)) {
    if (key.toLowerCase() === lower) return values;
  }
  return [];
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** The first three fields of a GUID are stored little-endian. */
function guid(b: Uint8Array): string {
  const text = (...at: number[]) => at.map((i) => b[i]!.toString(16).padStart(2, "0")).join("");
  return [text(3, 2, 1, 0), text(5, 4), text(7, 6), text(8, 9), text(10, 11, 12, 13, 14, 15)].join("-");
}

function sid(b: Uint8Array): string {
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4);
  const parts: number[] = [];
  for (let at = 8; at + 4 <= b.length && parts.length < b[1]!; at += 4) parts.push(view.getUint32(at, true));
  return `S-${b[0]}-${authority}${parts.map((part) => `-${part}`).join("")}`;
}

/** Bytes as a hex dump, 16 to a line: offset, bytes, characters. */
export function hexDump(bytes: Uint8Array, from = 0): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16);
    const cells = Array.from(line, (byte) => byte.toString(16).padStart(2, "0"));
    const left = cells.slice(0, 8).join(" ").padEnd(23);
    const right = cells.slice(8).join(" ").padEnd(23);
    const text = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${(from + at).toString(16).padStart(8, "0")}  ${left}  ${right}  ${text}`);
  }
  return lines;
}
