// What sessionStorage holds of the sessions of this page. Another version of the
// page may have written it, or something may have damaged it: it is read with
// care, and what cannot be read is told in a sentence for its endpoint.
import type { SessionSnapshot } from "dsmlkit";
import type { Held } from "./sessions.ts";

export type Saved = Omit<Held, "session"> & { snapshot: SessionSnapshot };

/** Stands for all endpoints where it cannot be told which one it is. */
export const anyEndpoint = "";

export const sessionUnread =
  "A session that was open before the page was reloaded could not be read back: another version of the page had kept it, or it was damaged. This page knows no more of it; the server ends it when its idle time is over.";
export const searchesUnread = "Which searches of the session have a next page could not be read back after the reload. Search again to go on page by page.";

/** The sessions that can be read, and by endpoint what has to be said of the others. */
export function readSessions(stored: string | null): { saved: Saved[]; unread: Map<string, string> } {
  const saved: Saved[] = [];
  const unread = new Map<string, string>();
  let all: unknown;
  try {
    all = JSON.parse(stored ?? "[]");
  } catch {
    all = undefined;
  }
  for (const one of Array.isArray(all) ? (all as unknown[]) : [undefined]) {
    const { key, endpoint, snapshot, searches, paging, note } = isRecord(one) ? one : ({} as Record<string, unknown>);
    if (typeof key !== "string" || typeof endpoint !== "string" || !isRecord(snapshot)) {
      unread.set(typeof endpoint === "string" ? endpoint : anyEndpoint, sessionUnread);
      continue;
    }
    const known = Array.isArray(searches) ? searches.filter((search) => hasTexts(search, "key", "text", "base")) : [];
    if (!Array.isArray(searches) || known.length < searches.length || (paging !== undefined && !hasTexts(paging, "key", "base"))) unread.set(endpoint, searchesUnread);
    saved.push({
      key,
      endpoint,
      snapshot: snapshot as unknown as SessionSnapshot, // the toolkit looks into it
      searches: known as unknown as Saved["searches"],
      ...(hasTexts(paging, "key", "base") ? { paging: paging as unknown as NonNullable<Saved["paging"]> } : {}),
      ...(hasTexts(note, "state", "text") ? { note: note as unknown as NonNullable<Saved["note"]> } : {}),
    });
  }
  return { saved, unread };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasTexts(value: unknown, ...keys: string[]): value is Record<string, unknown> {
  return isRecord(value) && keys.every((key) => typeof value[key] === "string");
}
