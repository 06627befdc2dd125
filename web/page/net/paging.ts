// Paged searches (simple paged results, RFC 2696) as the runner follows them:
// which searches of a batch are paged, how to ask for the next page, and what
// to show of how far it has got.
import type { BatchRequest, BatchResponse, Control, PagedSearch, SearchRequest } from "dsmlkit";
import type { AsyncToolkit } from "../types.ts";
import { pair } from "../response/pair.ts";

export const pagedResultsOID = "1.2.840.113556.1.4.319";

/** A paged search that can be gone on with. */
export interface Continued {
  /** the tracker's key of it */
  key: string;
  /** a batchRequest with the search as it was last sent, as text */
  text: string;
  /** for people: "ou=people" */
  base: string;
}

export function pagedControl(controls: Control[] | undefined): Control | undefined {
  return controls?.find((control) => control.type === pagedResultsOID);
}

/** Whether a batch asks for paged results. */
export function isPaged(document: BatchRequest | undefined): boolean {
  return document?.requests.some((request) => request.kind === "searchRequest" && pagedControl(request.controls)) ?? false;
}

/**
 * Ties the paged searches of a batch to the tracker's pages: the cookie that
 * the answer to a search carries is the one that the tracker keeps for it.
 */
export async function follow(
  kit: AsyncToolkit,
  request: BatchRequest,
  response: BatchResponse,
  pages: readonly PagedSearch[],
): Promise<Continued[]> {
  const found: Continued[] = [];
  for (const { request: search, response: answer } of pair(request, response)) {
    if (search?.kind !== "searchRequest" || answer?.kind !== "searchResponse" || !pagedControl(search.controls)) continue;
    const control = pagedControl(answer.done.controls);
    const value = control && (await kit.dsml.control.decode(control));
    if (value?.type !== "pagedResults" || !value.cookie?.length) continue;
    const page = pages.find((candidate) => sameBytes(candidate.cookie, value.cookie!));
    if (!page) continue;
    found.push({ key: page.key, text: await kit.dsml.build({ kind: "batchRequest", requests: [search] }), base: search.dn });
  }
  return found;
}

/** The request for the next page: the same search with the page's cookie. */
export async function nextPageOf(kit: AsyncToolkit, continued: Continued, page: PagedSearch): Promise<BatchRequest> {
  const batch = await kit.dsml.parse(continued.text);
  const search = batch.kind === "batchRequest" ? batch.requests[0] : undefined;
  if (search?.kind !== "searchRequest") throw new TypeError("a paged search is kept as a batch of one search");
  return { kind: "batchRequest", requests: [await withCookie(kit, search, page.cookie)] };
}

async function withCookie(kit: AsyncToolkit, search: SearchRequest, cookie: Uint8Array): Promise<SearchRequest> {
  const controls = await Promise.all(
    (search.controls ?? []).map(async (control) => {
      if (control.type !== pagedResultsOID) return control;
      const value = await kit.dsml.control.decode(control);
      return value.type === "pagedResults" ? kit.dsml.control.encode({ ...value, cookie }) : control;
    }),
  );
  return { ...search, controls };
}

/** "400 of about 2,000 entries, page 2" */
export function progressOf(page: PagedSearch): { label: string; fraction?: number } {
  const number = new Intl.NumberFormat("en");
  const estimate = page.estimate && page.estimate >= page.count ? page.estimate : undefined;
  if (page.done) return { label: `all ${number.format(page.count)} ${page.count === 1 ? "entry" : "entries"}, ${page.pages === 1 ? "one page" : `${page.pages} pages`}`, fraction: 1 };
  return {
    label: `${number.format(page.count)}${estimate ? ` of about ${number.format(estimate)}` : ""} entries, page ${page.pages}`,
    ...(estimate ? { fraction: page.count / estimate } : {}),
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
