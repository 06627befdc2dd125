// Where the requests of a session stand on its time line, and what its cookies
// say. Pure: entries, pages and the time are passed in.
import type { PagedSearch } from "dsmlkit";
import type { Entry } from "../exchanges/store.ts";
import { shortDN } from "../net/summary.ts";
import type { Step, Tone } from "../types.ts";

/** One or more requests that stand at the same place of the line. */
export interface Mark {
  /** from 0, where the session began, to 1, where its last answer came */
  place: number;
  step: Step;
  tone: Tone;
  count: number;
}

export interface TimeLine {
  /** epoch milliseconds of the first request and of the latest answer */
  begun: number;
  answered: number;
  marks: Mark[];
}

/** So many marks can be told apart at most. */
const slots = 100;

const tones: readonly Tone[] = ["quiet", "good", "warn", "bad"];

/** The line of a session's requests, oldest first; undefined when there are none. */
export function timeLine(entries: readonly Entry[]): TimeLine | undefined {
  const first = entries[0];
  if (!first) return undefined;
  const begun = first.at;
  const answered = Math.max(...entries.map((entry) => entry.at + entry.durationMs));
  const last = Math.max(...entries.map((entry) => entry.at));
  const marks: Mark[] = [];
  for (const { at, step, summary } of entries) {
    const place = last > begun ? Math.min(1, Math.max(0, Math.round(((at - begun) / (last - begun)) * slots) / slots)) : 0;
    const before = marks.at(-1);
    if (before?.place === place) {
      before.count++;
      // What went wrong must not hide behind what went well; a begin and an end keep their shapes.
      if (tones.indexOf(summary.tone) > tones.indexOf(before.tone)) before.tone = summary.tone;
      if (step === "end" || (step === "begin" && before.step !== "end")) before.step = step;
    } else {
      marks.push({ place, step, tone: summary.tone, count: 1 });
    }
  }
  return { begun, answered, marks };
}

/** What is shown of a search that is had in pieces. */
export interface Cookie {
  key: string;
  /** "ou=people (cn=a*)" */
  search: string;
  /** "page 2, 400 of about 2,000 entries" */
  progress: string;
  /** beginning and length of the cookie; undefined when nothing is left to ask for */
  cookie?: string;
  /** the whole cookie in base64 */
  base64: string;
  /** epoch milliseconds */
  issuedAt: number;
}

export function cookieOf(page: PagedSearch): Cookie {
  const [base = "", , , filter = ""] = page.key.split("?").map(decode);
  const hex = [...page.cookie.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const length = page.cookie.length;
  return {
    key: page.key,
    search: filter && filter !== "(objectClass=*)" ? `${shortDN(base)} ${filter}` : shortDN(base),
    progress: progress(page),
    ...(length > 0 ? { cookie: `${hex}${length > 4 ? "…" : ""} ${length === 1 ? "1 byte" : `${length} bytes`}` } : {}),
    base64: btoa(String.fromCharCode(...page.cookie)),
    issuedAt: page.issuedAt,
  };
}

function progress({ kind, pages, count, estimate, position, done }: PagedSearch): string {
  const number = new Intl.NumberFormat("en");
  const of = estimate && estimate >= count ? ` of about ${number.format(estimate)}` : "";
  const entries = `${number.format(count)}${done ? "" : of} ${count === 1 ? "entry" : "entries"}`;
  switch (kind) {
    case "paged":
      return done ? `all ${entries}, ${pages === 1 ? "one page" : `${pages} pages`}` : `page ${pages}, ${entries}`;
    case "vlv":
      return `list at ${number.format(position ?? 1)}${estimate ? ` of ${number.format(estimate)}` : ""}`;
    case "dirSync":
      return `${number.format(count)} changed ${count === 1 ? "entry" : "entries"}${done ? " so far, up to date" : ", more to come"}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
