// Entries as the rows of a table: which columns there are, the order, the text
// to copy. Pure.
import type { Entry, SearchRequest } from "dsmlkit";
import { display, exact, valuesOf } from "./values.ts";

export interface Column {
  /** attribute name as first seen; "dn" stands for the name of the entry */
  name: string;
  /** entries that have it */
  count: number;
}

/** At most this many attributes are shown until somebody chooses. */
const shownAtFirst = 6;

/** Attributes that say little in a table, unless they are asked for. */
const dull = new Set(["objectclass", "dn", "entrydn", "structuralobjectclass"]);

/** All attributes of the entries, in the order asked for, then as they first come. */
export function columnsOf(entries: readonly Entry[], request?: SearchRequest): Column[] {
  const found = new Map<string, Column>();
  for (const name of request?.attributes ?? []) {
    if (!/^[*+]$|^1\.1$/.test(name)) found.set(name.toLowerCase(), { name, count: 0 });
  }
  for (const entry of entries) {
    for (const name of Object.keys(entry.attrs)) {
      const lower = name.toLowerCase();
      const column = found.get(lower);
      if (column) column.count++;
      else found.set(lower, { name, count: 1 });
    }
  }
  return [...found.values()];
}

/** What tells entries apart at a glance comes first, where they have it. */
const telling = ["cn", "uid", "samaccountname", "mail", "userprincipalname", "title", "telephonenumber", "description", "member"];

/** The columns to begin with: what was asked for, or what most entries have. */
export function columnsToShow(columns: readonly Column[], request?: SearchRequest): string[] {
  const asked = (request?.attributes ?? []).filter((name) => columns.some((column) => column.name === name));
  if (asked.length > 0) return asked.slice(0, 12);
  const most = Math.max(0, ...columns.map((column) => column.count));
  const rank = ({ name }: Column) => {
    const at = telling.indexOf(name.toLowerCase());
    return at < 0 ? telling.length : at;
  };
  return columns
    .filter((column) => !dull.has(column.name.toLowerCase()) && column.count * 4 >= most)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, shownAtFirst)
    .map((column) => column.name);
}

/** Text of a cell: all values in a line. */
export function cell(entry: Entry, name: string): string {
  if (name === "dn") return entry.dn;
  const values = valuesOf(entry, name);
  return values.length === 1 ? display(values[0]!, name) : values.map((value) => display(value, name)).join(" | ");
}

/** Length of the end that the DNs of all entries share, from a comma on; 0 where there is none, or one entry only. */
export function sharedTail(entries: readonly Entry[]): number {
  if (entries.length < 2) return 0;
  const first = entries.reduce((longest, { dn }) => (dn.length > longest.length ? dn : longest), "");
  let tail = first.length;
  for (const { dn } of entries) {
    // The base of a search is among its answers, and is not to spoil it for the rest.
    if (dn.length < first.length && first.endsWith(`,${dn}`)) {
      tail = Math.min(tail, dn.length + 1);
      continue;
    }
    let same = 0;
    while (same < tail && same < dn.length && dn[dn.length - 1 - same] === first[first.length - 1 - same]) same++;
    tail = same;
  }
  // Only whole parts of a name: from a comma that is not part of a value.
  for (let at = first.length - tail; at < first.length; at++) {
    if (first[at] === "," && first[at - 1] !== "\\") return at === 0 ? 0 : first.length - at;
  }
  return 0;
}

export interface Order {
  column: string;
  descending: boolean;
}

/**
 * Places of the entries in a given order. Numbers are compared as numbers,
 * text without regard to case; entries without the attribute come last.
 */
export function order(entries: readonly Entry[], by?: Order): Uint32Array {
  const places = Uint32Array.from(entries, (_, i) => i);
  if (!by) return places;
  const keys = entries.map((entry) => cell(entry, by.column));
  const numbers = keys.map((key) => (key === "" ? NaN : Number(key)));
  const numeric = numbers.every((number, i) => !Number.isNaN(number) || keys[i] === "");
  const collator = entries.length < 20_000 ? new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }) : undefined;
  // The collator is right for every language, and too slow for very many rows.
  const folded = numeric || collator ? keys : keys.map((key) => key.toLowerCase());
  const sign = by.descending ? -1 : 1;
  return places.sort((a, b) => {
    const [left, right] = [folded[a]!, folded[b]!];
    if (left === "" || right === "") return left === right ? a - b : left === "" ? 1 : -1;
    const difference = numeric ? numbers[a]! - numbers[b]! : collator ? collator.compare(left, right) : left < right ? -1 : left > right ? 1 : 0;
    return difference === 0 ? a - b : sign * difference;
  });
}

/** Tab-separated text for a spreadsheet: one line an entry, several values separated by " | ", binary as base64. */
export function tsv(entries: readonly Entry[], places: Uint32Array, columns: readonly string[]): string {
  const lines = [columns.map(clean).join("\t")];
  for (const place of places) {
    const entry = entries[place]!;
    lines.push(columns.map((name) => clean(name === "dn" ? entry.dn : valuesOf(entry, name).map(exact).join(" | "))).join("\t"));
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Tabs and line ends would break the table; and what begins like a formula must
 * not become one in a spreadsheet.
 */
function clean(text: string): string {
  const line = text.replace(/[\t\r\n]+/g, " ");
  return /^[=@]|^[+-](?![\d .()-]*$)/.test(line) ? `'${line}` : line;
}
