// Answers in words: what came back, what it means, what to try. Pure.
import type { ErrorResponse, Fault, LDAPResult, Request } from "dsmlkit";
import { pagedControl } from "../net/paging.ts";
import { shortDN } from "../net/summary.ts";
import type { Step } from "../types.ts";
import { errorTypes, resultCodes, type Tone } from "./codes.ts";
import type { Pair } from "./pair.ts";

export interface Explanation {
  tone: Tone;
  /** "noSuchObject (32)" */
  title: string;
  /** what happened */
  sentence: string;
  /** what the server itself says */
  quote?: string;
  /** what to try */
  tries: string[];
  /** number of the protocol statement behind it */
  statement?: string;
  /** a paged search went out without a session: one could be begun */
  needsSession?: boolean;
}

/** What one response of a batch, or its absence, means. */
export function explain({ index, request, response, silence }: Pair, step: Step = "none"): Explanation {
  if (!response) return silent(silence);
  if (response.kind === "errorResponse") {
    // With nothing before it, it is not the failure of another request that ended the batch.
    return response.type === "notAttempted" && index <= 0 && !outsideSession(request, step) ? refusedWhole(response) : explainError(response, request, step);
  }
  return explainResult(response.kind === "searchResponse" ? response.done : response, request, step);
}

export function explainResult(result: LDAPResult, request?: Request, step: Step = "none"): Explanation {
  const { code, descr } = result.resultCode;
  const meaning = resultCodes.get(code);
  const title = meaning ? `${meaning.name} (${code})` : `result code ${code}${descr ? ` (${descr})` : ""}`;
  const explanation: Explanation = meaning
    ? { tone: meaning.tone, title, sentence: meaning.sentence, tries: [...meaning.tries] }
    : {
        tone: "bad",
        title,
        sentence: code >= 4096 ? "This code is the directory's own, not one of the standard." : "This code has no name in the standard.",
        tries: ["The error message, if there is one, says more."],
      };
  if (result.errorMessage) explanation.quote = result.errorMessage;
  if (code === 32) {
    explanation.sentence = result.matchedDN
      ? `There is no such entry; the deepest one on the way to it that exists is ${result.matchedDN}.`
      : "There is no entry of that name, nor any above it that this directory holds.";
  } else if (code === 10 && result.referrals?.length) {
    explanation.sentence = `This directory does not hold that part of the tree; it refers to ${result.referrals.join(", ")}.`;
  } else if (code === 0 && request?.kind !== "searchRequest") {
    explanation.sentence = successOf(request);
  } else if (code === 68 && request?.kind === "addRequest") {
    explanation.sentence = `There is an entry ${request.dn} already.`;
  } else if (code === 12 && outsideSession(request, step)) {
    return { ...needsSession(explanation), title };
  }
  return code !== 0 && outsideSession(request, step) && explanation.tone === "bad" && code !== 32 && code !== 34 ? needsSession(explanation) : explanation;
}

export function explainError(response: ErrorResponse, request?: Request, step: Step = "none"): Explanation {
  const meaning = errorTypes[response.type];
  const explanation: Explanation = {
    tone: meaning?.tone ?? "bad",
    title: response.type,
    sentence: meaning?.sentence ?? "The endpoint reports an error of a type that the standard does not know.",
    tries: [...(meaning?.tries ?? [])],
  };
  if (response.message) explanation.quote = response.message;
  if (response.type === "notAttempted") explanation.statement = "D-27";
  return outsideSession(request, step) && response.type !== "authenticationFailed" && response.type !== "couldNotConnect"
    ? needsSession(explanation)
    : explanation;
}

function refusedWhole(response: ErrorResponse): Explanation {
  return {
    tone: "bad",
    title: response.type,
    sentence: "The server refused the message as a whole and tried nothing of it.",
    ...(response.message ? { quote: response.message } : {}),
    tries: ["If it is too large, or has too many requests, split the batch into smaller ones."],
    statement: "D-32",
  };
}

/** A SOAP fault: the whole message was refused. `step` is the session step that was asked for. */
export function explainFault(fault: Fault, step: Step): Explanation {
  const detail = fault.detailText?.trim() ?? "";
  const base = { tone: "bad" as Tone, title: `SOAP fault: ${fault.codeText}`, quote: [fault.reason, detail].filter(Boolean).join(": ") };
  const nothing = "Nothing of the batch was done.";
  if (fault.code === "MustUnderstand") {
    return {
      ...base,
      sentence: `The server does not know a header that it was told it must understand. ${nothing}`,
      tries: [step === "none" ? "Look at the headers in the XML of the request." : "This server cannot do sessions: send the request outside of one."],
      statement: "D-118",
    };
  }
  if (fault.code === "VersionMismatch") {
    return {
      ...base,
      sentence: `The server speaks another version of SOAP than the request. ${nothing}`,
      tries: ["Use the other version of the SOAP envelope (1.1 or 1.2); the namespace of the Envelope element names it."],
    };
  }
  if (detail === "Bad Session Request" || /\bsession\b/i.test(detail)) {
    if (step === "begin") {
      return {
        ...base,
        sentence: `The server did not begin a session. ${nothing}`,
        tries: [
          "It may have as many sessions open as it allows, for everybody or for this computer. End one that is not needed, or wait until one has been idle too long, and begin again.",
          "It may not do sessions at all.",
        ],
        statement: "D-128",
      };
    }
    return {
      ...base,
      sentence: `The server does not know this session: it was ended, was idle too long, or belongs to another address or user. ${nothing}`,
      tries: ["Begin a session again. A paged search starts over, its old cookie works no more."],
      statement: "D-127",
    };
  }
  if (detail === "Bad Request" || fault.code === "Client" || fault.code === "Sender") {
    return {
      ...base,
      sentence: `The server finds the request at fault. ${nothing}`,
      tries: ["The XML tab of the request marks what dsmlkit finds wrong with it.", "There may be too many operations in the batch, or more than one session header."],
      statement: "D-141",
    };
  }
  return {
    ...base,
    sentence: "Something broke inside the server. Whether it did part of the batch is not known.",
    tries: ["Send it again. If it breaks again, its log tells its operator why."],
    ...(detail === "Internal DSML Server Error" ? { statement: "D-141" } : {}),
  };
}

function silent(silence: Pair["silence"]): Explanation {
  return silence === "no answer by design"
    ? { tone: "plain", title: "no answer", sentence: "An abandonRequest is never answered.", tries: [], statement: "D-61" }
    : {
        tone: "warn",
        title: "not attempted",
        sentence: "The server ended the batch before this request and gave no answer to it.",
        tries: ["The failure before it ended the batch (onError exit). With onError resume every request is tried."],
        statement: "D-28",
      };
}

function outsideSession(request: Request | undefined, step: Step): boolean {
  return step === "none" && request?.kind === "searchRequest" && pagedControl(request.controls) !== undefined;
}

function needsSession(explanation: Explanation): Explanation {
  return {
    ...explanation,
    sentence: "A page size was set, and this server gives pages only inside a session: the cookie for the next page lives in one.",
    tries: ["Begin a session and search again, or search without a page size."],
    statement: "D-144",
    needsSession: true,
  };
}

function successOf(request: Request | undefined): string {
  switch (request?.kind) {
    case "addRequest":
      return `${shortDN(request.dn)} was added.`;
    case "delRequest":
      return `${shortDN(request.dn)} was deleted.`;
    case "modifyRequest":
      return `${shortDN(request.dn)} was modified.`;
    case "modDNRequest":
      return `${shortDN(request.dn)} is now ${request.newrdn}.`;
    case "authRequest":
      return `The rest of the batch ran as ${request.principal}.`;
    default:
      return "The directory did what was asked.";
  }
}

/** "84 KB", "1.2 MB" */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
