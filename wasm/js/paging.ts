/** Whether a search that is had page by page gets on. */
import { DsmlkitError } from "./errors.js";
import type { Entry, SearchResultReference } from "./types.js";

/** Pages without an entry in a row, with a cookie that stays the same: a server may need several to find the next one. */
const mostEmptyPages = 100;

/** Tells a server that does not get on with a search from one that is slow. */
export class Progress {
  #names: string[] | undefined;
  #cookie: Uint8Array | undefined;
  #empty = 0;

  /** Looks at the next page and at the cookie it was asked for with. */
  check(entries: Entry[], references: SearchResultReference[] | undefined, cookie: Uint8Array | undefined): void {
    const names = entries.map(({ dn }) => dn);
    const same = this.#names?.length === names.length && names.every((name, i) => name === this.#names![i]);
    const { length } = names;
    if (length > 0 && same) throw stuck(`it gave the same ${length === 1 ? "entry" : `${length} entries`} twice in a row`);
    this.#empty = length === 0 && references === undefined && equal(cookie, this.#cookie) ? this.#empty + 1 : 0;
    if (this.#empty >= mostEmptyPages) throw stuck(`it gave ${mostEmptyPages} pages without an entry and always the same cookie`);
    this.#names = names;
    this.#cookie = cookie;
  }
}

function stuck(how: string): DsmlkitError {
  return new DsmlkitError({
    code: "paging",
    message: "the server does not get on with the search",
    detail: how,
    hint: "does it page at all? A pageSize that holds all entries, or a request without searchAll, may do",
  });
}

function equal(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a?.length === b?.length && (a?.every((byte, i) => byte === b![i]) ?? true);
}
