/**
 * What is being written, as it is kept over a reload: the text, the form where
 * it is ahead of the text, and what was put aside. Another version of the page
 * may have written it, or something may have damaged it: it is read with care,
 * and what cannot be read is told.
 */
import type { Filter } from "dsmlkit";
import type { RequestControl } from "./control-fields.ts";
import { type BatchDraft, type ControlDraft, fromBase64, type Kind, type RequestDraft, toBase64 } from "./draft.ts";

/** What somebody is writing. */
export interface Work {
  text: string;
  /** present when it says what the text does not: it is not ready, or not written yet */
  form?: BatchDraft;
  /** the session header is as the person wants it, or wants none */
  ownSession?: true;
}

/** Work that gave way to other work, and why. */
export interface Aside {
  work: Work;
  /** a sentence */
  words: string;
}

export interface Kept extends Work {
  aside: Aside[];
}

/** Longer than this it is not kept (UTF-16 units); browsers give a page about 5 million for all that it keeps. */
export const longestKept = 1_000_000;

const bytesKey = "$base64";

/** As text; undefined when it is too long. What was put aside longest ago is left out first. */
export function writeKept(kept: Kept): string | undefined {
  if (kept.text.length > longestKept) return undefined;
  for (let from = 0; from <= kept.aside.length; from++) {
    const text = JSON.stringify({ ...kept, aside: kept.aside.slice(from) }, (_, value: unknown) =>
      value instanceof Uint8Array ? { [bytesKey]: toBase64(value) } : value,
    );
    if (text.length <= longestKept) return text;
  }
  return undefined;
}

/** What was read, and whether there was something that could not be. */
export function readKept(stored: string): { kept?: Kept; damaged: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(stored, (_, part: unknown) => {
      const base64 = isRecord(part) && Object.keys(part).length === 1 ? part[bytesKey] : undefined;
      return typeof base64 === "string" ? (fromBase64(base64) ?? null) : part;
    });
  } catch {
    return { damaged: true };
  }
  // Earlier versions kept the text alone.
  if (typeof value === "string") return value === "" ? { damaged: false } : { kept: { text: value, aside: [] }, damaged: false };
  const damage = { found: false };
  const work = readWork(value, damage);
  if (!isRecord(value) || !work) return { damaged: true };
  const aside: Aside[] = [];
  for (const one of Array.isArray(value["aside"]) ? (value["aside"] as unknown[]) : [undefined]) {
    const old = isRecord(one) ? readWork(one["work"], damage) : undefined;
    if (isRecord(one) && old && typeof one["words"] === "string") aside.push({ work: old, words: one["words"] });
    else damage.found = true;
  }
  return { kept: { ...work, aside }, damaged: damage.found };
}

/** A form that cannot be read is left out; the text beside it can be. */
function readWork(value: unknown, damage: { found: boolean }): Work | undefined {
  if (!isRecord(value) || typeof value["text"] !== "string") return undefined;
  const { text, form, ownSession } = value;
  if (form !== undefined && !isForm(form)) damage.found = true;
  return { text: text as string, ...(isForm(form) ? { form } : {}), ...(ownSession === true ? { ownSession } : {}) };
}

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isFlag: Test = (value) => typeof value === "boolean";
const isNumber: Test = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isBytes: Test = (value) => value instanceof Uint8Array;
const optional = (test: Test): Test => (value) => value === undefined || test(value);
const oneOf = (...words: string[]): Test => (value) => words.includes(value as string);
const listOf = (test: Test): Test => (value) => Array.isArray(value) && value.every(test);
const shape = (tests: Record<string, Test>): Test => (value) => isRecord(value) && Object.entries(tests).every(([key, test]) => test(value[key]));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

const isValueDraft = shape({ form: oneOf("text", "base64", "uri"), text: isText });
const isValue: Test = (value) => isText(value) || isBytes(value) || shape({ anyURI: isText })(value);
const isAttribute = shape({ name: isText, operation: optional(oneOf("add", "delete", "replace", "increment")), values: listOf(isValueDraft) });

const comparison = shape({ name: isText, value: isValue });
const filters: Record<Filter["kind"], Test> = {
  and: shape({ filters: (value) => listOf(isFilter)(value) }),
  or: shape({ filters: (value) => listOf(isFilter)(value) }),
  not: shape({ filter: (value) => isFilter(value) }),
  equalityMatch: comparison,
  greaterOrEqual: comparison,
  lessOrEqual: comparison,
  approxMatch: comparison,
  present: shape({ name: isText }),
  substrings: shape({ name: isText, initial: optional(isValue), any: optional(listOf(isValue)), final: optional(isValue) }),
  extensibleMatch: shape({ name: optional(isText), matchingRule: optional(isText), dnAttributes: optional(isFlag), value: isValue }),
};

function isFilter(value: unknown): value is Filter {
  return isRecord(value) && isText(value["kind"]) && Object.hasOwn(filters, value["kind"] as string) && filters[value["kind"] as Filter["kind"]](value);
}

/** What a control of each type has to have. */
const controls: Record<RequestControl, Record<string, Test>> = {
  pagedResults: { size: isNumber, cookie: optional(isBytes) },
  sort: { keys: listOf(shape({ attribute: isText, matchingRule: optional(isText), reverse: optional(isFlag) })) },
  virtualListView: {
    before: isNumber,
    after: isNumber,
    offset: optional(isNumber),
    contentCount: optional(isNumber),
    value: optional(isText),
    contextID: optional(isBytes),
  },
  manageDsaIT: {},
  proxiedAuthorization: { authzID: isText },
  assertion: { filter: isFilter },
  preRead: { attributes: optional(listOf(isText)) },
  postRead: { attributes: optional(listOf(isText)) },
  treeDelete: {},
  permissiveModify: {},
  lazyCommit: {},
  showDeleted: {},
  showRecycled: {},
  domainScope: {},
  searchOptions: { flags: isNumber },
  sdFlags: { flags: isNumber },
  extendedDN: { standard: optional(isFlag) },
  attributeScopedQuery: { attribute: isText },
  dirSync: { flags: isNumber, maxBytes: isNumber, cookie: optional(isBytes) },
  unknown: { oid: isText, value: optional(isValue) },
};

function isControl(value: unknown): value is ControlDraft {
  if (!isRecord(value) || !Object.hasOwn(controls, String(value["type"]))) return false;
  const type = value["type"] as RequestControl;
  if (type === "virtualListView" && (value["value"] === undefined) === (value["offset"] === undefined)) return false;
  const isTyped: Test = (typed) => isRecord(typed) && Object.values(typed).every((one) => isText(one) || isValueDraft(one));
  return shape({ ...controls[type], criticality: optional(isFlag), typed: optional(isTyped) })(value);
}

/** What a request of each kind has to have. */
const requests: Record<Kind, Record<string, Test>> = {
  searchRequest: {
    dn: isText,
    scope: oneOf("baseObject", "singleLevel", "wholeSubtree"),
    derefAliases: oneOf("neverDerefAliases", "derefInSearching", "derefFindingBaseObj", "derefAlways"),
    sizeLimit: isText,
    timeLimit: isText,
    typesOnly: isFlag,
    filterText: isText,
    filter: optional(isFilter),
    filterProblem: optional(isText),
    attributes: listOf(isText),
    pageSize: isText,
  },
  modifyRequest: { dn: isText, attributes: listOf(isAttribute) },
  addRequest: { dn: isText, attributes: listOf(isAttribute) },
  delRequest: { dn: isText },
  modDNRequest: { dn: isText, newrdn: isText, deleteoldrdn: isFlag, newSuperior: optional(isText) },
  compareRequest: { dn: isText, name: isText, value: isValueDraft },
  extendedRequest: { requestName: isText, value: optional(isValueDraft) },
  abandonRequest: { abandonID: isText },
  authRequest: { principal: isText },
};

function isRequest(value: unknown): value is RequestDraft {
  if (!isRecord(value) || !Object.hasOwn(requests, String(value["kind"]))) return false;
  return shape({ requestID: optional(isText), controls: listOf(isControl), ...requests[value["kind"] as Kind] })(value);
}

const isBatch = shape({
  requestID: optional(isText),
  processing: optional(oneOf("sequential", "parallel")),
  responseOrder: optional(oneOf("sequential", "unordered")),
  onError: optional(oneOf("exit", "resume")),
  requests: listOf(isRequest),
});

function isForm(value: unknown): value is BatchDraft {
  return isBatch(value);
}
