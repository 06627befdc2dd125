// The pages of one paged search, put together again.
import type { BatchRequest, Control, Entry, LDAPResult, SearchRequest } from "dsmlkit";
import type { ExchangeStore } from "../exchanges/store.ts";
import { pagedControl } from "../net/paging.ts";
import type { AsyncToolkit, Exchange } from "../types.ts";
import { answerOf, requestOf } from "./answer.ts";

/** A search up to and with the page that an exchange brought. */
export interface Series {
  /** exchange with the last of the pages */
  id: number;
  pages: number;
  entries: Entry[];
  /** no page comes after */
  last: boolean;
  /** what is the same on every page */
  key: string;
  sessionKey: string;
}

/** Series put together lately: the next page is added to them, not read from the start. */
const kept: Series[] = [];
const keptAtMost = 4;

/** The pages up to this exchange; undefined when it is no page of a search, or the only one. */
export async function seriesOf(kit: AsyncToolkit, store: ExchangeStore, exchange: Exchange, request: BatchRequest | undefined): Promise<Series | undefined> {
  const { sessionKey } = exchange;
  const search = onlySearch(request);
  if (!search || sessionKey === undefined) return undefined;
  const whole = kept.find((series) => series.id === exchange.id);
  if (whole) return whole.pages > 1 ? whole : undefined;
  const key = keyOf(search);

  const parts: Entry[][] = [];
  let base: Series | undefined;
  let current: Exchange | undefined = exchange;
  let currentSearch: SearchRequest = search;
  const earlier = (await store.list()).filter((entry) => entry.sessionKey === sessionKey && entry.id < exchange.id).reverse();
  let at = 0;
  while (current) {
    parts.unshift(await entriesOf(kit, current));
    if (!(await hasCookie(kit, currentSearch))) break;
    current = undefined;
    // Other requests may have been sent between two pages.
    while (at < earlier.length && !current && !base) {
      const { id } = earlier[at++]!;
      base = kept.find((series) => series.id === id && series.key === key && series.sessionKey === sessionKey);
      if (base) break;
      const candidate = await store.get(id);
      const candidateSearch = candidate && !candidate.failure ? onlySearch(await requestOf(kit, candidate.request.text)) : undefined;
      if (candidate && candidateSearch && keyOf(candidateSearch) === key) {
        current = candidate;
        currentSearch = candidateSearch;
      }
    }
  }
  const series: Series = {
    id: exchange.id,
    pages: (base?.pages ?? 0) + parts.length,
    entries: [...(base?.entries ?? []), ...parts.flat()],
    last: !(await hasCookie(kit, await doneOf(kit, exchange))),
    key,
    sessionKey,
  };
  kept.unshift(series);
  kept.length = Math.min(kept.length, keptAtMost);
  return series.pages > 1 ? series : undefined;
}

function onlySearch(request: BatchRequest | undefined): SearchRequest | undefined {
  const [only, second] = request?.requests ?? [];
  return only?.kind === "searchRequest" && !second && pagedControl(only.controls) ? only : undefined;
}

/** A page is the same search as the first one, but for the cookie. */
function keyOf({ dn, scope, derefAliases, typesOnly, filter, attributes }: SearchRequest): string {
  return JSON.stringify([dn.toLowerCase(), scope, derefAliases, typesOnly ?? false, filter, attributes ?? []]);
}

async function hasCookie(kit: AsyncToolkit, message: { controls?: Control[] } | undefined): Promise<boolean> {
  const control = pagedControl(message?.controls);
  const value = control && (await kit.dsml.control.decode(control));
  return value?.type === "pagedResults" && (value.cookie?.length ?? 0) > 0;
}

async function doneOf(kit: AsyncToolkit, exchange: Exchange): Promise<LDAPResult | undefined> {
  const answer = await answerOf(kit, exchange);
  return answer?.document?.responses.find((response) => response.kind === "searchResponse")?.done;
}

async function entriesOf(kit: AsyncToolkit, exchange: Exchange): Promise<Entry[]> {
  const answer = await answerOf(kit, exchange);
  return answer?.document?.responses.flatMap((response) => (response.kind === "searchResponse" ? response.entries : [])) ?? [];
}
