// An exchange in a few words, for the list: what was asked, and what came of it.
import type { BatchRequest, BatchResponse, Fault, Request, Response } from "dsmlkit";
import { errorTypes, resultCodes } from "../response/codes.ts";
import type { Failure, Step, Tone } from "../types.ts";

const verbs: Record<Request["kind"], string> = {
  authRequest: "authenticate as",
  searchRequest: "search",
  modifyRequest: "modify",
  addRequest: "add",
  delRequest: "delete",
  modDNRequest: "rename",
  compareRequest: "compare",
  abandonRequest: "abandon",
  extendedRequest: "extended",
};

/** "search ou=people", "3 requests: search, add, modify", "begin session" */
export function summarizeRequest(step: Step, document: BatchRequest | undefined): string {
  const requests = document?.requests ?? [];
  const what = requests.length === 1 ? one(requests[0]!) : many(requests);
  if (step === "begin") return requests.length ? `begin session, ${what}` : "begin session";
  if (step === "end") return requests.length ? `end session, ${what}` : "end session";
  if (!document) return "text that is not DSML";
  return requests.length ? what : "empty batch";
}

function one(request: Request): string {
  const verb = verbs[request.kind];
  switch (request.kind) {
    case "authRequest":
      return `${verb} ${request.principal}`;
    case "abandonRequest":
      return `${verb} ${request.abandonID}`;
    case "extendedRequest":
      return `${verb} ${request.requestName}`;
    default:
      return `${verb} ${shortDN(request.dn)}`;
  }
}

function many(requests: Request[]): string {
  const kinds = [...new Set(requests.map((request) => verbs[request.kind].split(" ")[0]!))];
  return `${requests.length} requests: ${kinds.slice(0, 3).join(", ")}${kinds.length > 3 ? ", ..." : ""}`;
}

/** The first part of a DN; the root DSE has none. */
export function shortDN(dn: string): string {
  if (dn.trim() === "") return "root DSE";
  return /^(?:\\.|[^,\\])*/.exec(dn)![0].trim() || dn;
}

/** Name of a result code, with its number where it has no name. */
export function resultName(code: number): string {
  return resultCodes.get(code)?.name ?? `result code ${code}`;
}

/** What came of it, in a word or two, and how that is to be taken. */
export function summarizeOutcome(
  step: Step,
  answer: { document?: BatchResponse | undefined; fault?: Fault | undefined; failure?: Failure | undefined; page?: number | undefined },
): { outcome: string; tone: Tone } {
  if (answer.failure) return failureInAWord(answer.failure);
  if (answer.fault) return { outcome: `fault: ${answer.fault.detailText ?? answer.fault.reason}`, tone: "bad" };
  const responses = answer.document?.responses ?? [];
  if (responses.length === 0) {
    return { outcome: step === "begin" ? "opened" : step === "end" ? "ended" : "empty answer", tone: "good" };
  }
  const worst = responses.map(outcomeOf).reduce((a, b) => (rank[b.tone] > rank[a.tone] ? b : a));
  if (responses.length === 1) return answer.page ? { ...worst, outcome: `page ${answer.page}: ${worst.outcome}` } : worst;
  if (rank[worst.tone] < rank.warn) return { outcome: `${responses.length} answers, success`, tone: "good" };
  return { outcome: `${worst.outcome}, ${responses.length} answers`, tone: worst.tone };
}

const rank: Record<Tone, number> = { good: 0, quiet: 0, warn: 1, bad: 2 };

function outcomeOf(response: Response): { outcome: string; tone: Tone } {
  if (response.kind === "errorResponse") {
    return { outcome: response.type, tone: toneOf(errorTypes[response.type]?.tone ?? "bad") };
  }
  const result = response.kind === "searchResponse" ? response.done : response;
  const { code } = result.resultCode;
  const tone = toneOf(resultCodes.get(code)?.tone ?? "bad");
  const name = resultName(code);
  if (response.kind !== "searchResponse") return { outcome: name, tone };
  const count = entries(response.entries.length);
  if (code === 0) return { outcome: count, tone };
  return { outcome: response.entries.length ? `${count}, ${name}` : name, tone };
}

/** "1 entry", "2,000 entries" */
export function entries(count: number): string {
  return `${new Intl.NumberFormat("en").format(count)} ${count === 1 ? "entry" : "entries"}`;
}

function toneOf(tone: "good" | "plain" | "warn" | "bad"): Tone {
  return tone === "plain" ? "quiet" : tone;
}

const words: Record<string, string> = {
  aborted: "stopped",
  cors: "blocked (CORS)",
  "mixed-content": "blocked (mixed content)",
  "local-network": "blocked (local network)",
  policy: "blocked (page's policy)",
  refused: "no answer",
  "certificate-or-refused": "no answer",
  timeout: "timeout",
  offline: "offline",
  "cut-short": "connection broke",
  "body-refused": "body refused",
  unreadable: "unreadable (CORS)",
  "wrong-url": "wrong address",
  html: "web page, not XML",
  empty: "empty body",
  "not-xml": "not XML",
  "not-dsml": "not DSML",
};

function failureInAWord({ code, message }: Failure): { outcome: string; tone: Tone } {
  if (code === "aborted") return { outcome: "stopped", tone: "quiet" };
  const status = /^http-(\d+)$/.exec(code)?.[1] ?? /HTTP (\d+)/.exec(message)?.[1];
  return { outcome: words[code] ?? (status ? `HTTP ${status}` : "failed"), tone: "bad" };
}
