/**
 * What the form holds while it is being filled in. A draft can say what a
 * request cannot: numbers that are not numbers yet, base64 that does not
 * decode, an attribute without a name. Conversion to a request tells what is
 * missing and at which field.
 */
import type { AnyControlValue, DerefAliases, Filter, Modification, Scope, Value } from "dsmlkit";

/** The largest number in a request. */
export const maxInt = 2147483647;

export interface ValueDraft {
  form: "text" | "base64" | "uri";
  text: string;
}

/** An attribute with its values, of an add request; with an operation, of a modify request. */
export interface AttributeDraft {
  name: string;
  operation?: Modification["operation"];
  values: ValueDraft[];
}

/** A control, and by name of its field what was typed and is no value of it yet. */
export type ControlDraft = AnyControlValue & { typed?: Record<string, string | ValueDraft> };

interface Common {
  requestID?: string;
  controls: ControlDraft[];
}

export interface SearchDraft extends Common {
  kind: "searchRequest";
  dn: string;
  scope: Scope;
  derefAliases: DerefAliases;
  sizeLimit: string;
  timeLimit: string;
  typesOnly: boolean;
  filterText: string;
  /** what `filterText` means; undefined while it has not been parsed or does not parse */
  filter?: Filter;
  /** what was typed into the tree of conditions and is no value: the sentence that says so */
  filterProblem?: string;
  attributes: string[];
  /** size of the paged results control, as typed; "" when there is none */
  pageSize: string;
}

export interface ModifyDraft extends Common {
  kind: "modifyRequest";
  dn: string;
  attributes: AttributeDraft[];
}

export interface AddDraft extends Common {
  kind: "addRequest";
  dn: string;
  attributes: AttributeDraft[];
}

export interface DelDraft extends Common {
  kind: "delRequest";
  dn: string;
}

export interface ModDNDraft extends Common {
  kind: "modDNRequest";
  dn: string;
  newrdn: string;
  deleteoldrdn: boolean;
  newSuperior?: string;
}

export interface CompareDraft extends Common {
  kind: "compareRequest";
  dn: string;
  name: string;
  value: ValueDraft;
}

export interface AbandonDraft extends Common {
  kind: "abandonRequest";
  abandonID: string;
}

export interface ExtendedDraft extends Common {
  kind: "extendedRequest";
  requestName: string;
  value?: ValueDraft;
}

export interface AuthDraft extends Common {
  kind: "authRequest";
  principal: string;
}

export type RequestDraft =
  | SearchDraft
  | ModifyDraft
  | AddDraft
  | DelDraft
  | ModDNDraft
  | CompareDraft
  | AbandonDraft
  | ExtendedDraft
  | AuthDraft;

export type Kind = RequestDraft["kind"];

export interface BatchDraft {
  requestID?: string;
  processing?: "sequential" | "parallel";
  responseOrder?: "sequential" | "unordered";
  onError?: "exit" | "resume";
  requests: RequestDraft[];
}

/** Something in the form that keeps it from being a request. */
export interface FormProblem {
  /** index of the request */
  request: number;
  /** key of the field, such as "dn" or "attributes.0.name" */
  field: string;
  message: string;
  hint?: string;
  /** nothing was typed yet: to be said, but not in red */
  missing?: boolean;
  /** 1-based character, where the place within the field is known */
  column?: number;
}

/** Names of the requests as people say them; the order is that of the menu. */
export const kinds: readonly { kind: Kind; label: string }[] = [
  { kind: "searchRequest", label: "Search" },
  { kind: "modifyRequest", label: "Modify" },
  { kind: "addRequest", label: "Add" },
  { kind: "delRequest", label: "Delete" },
  { kind: "modDNRequest", label: "Rename or move" },
  { kind: "compareRequest", label: "Compare" },
  { kind: "extendedRequest", label: "Extended" },
  { kind: "abandonRequest", label: "Abandon" },
  { kind: "authRequest", label: "Authorize as" },
];

export function labelOf(kind: Kind): string {
  return kinds.find((k) => k.kind === kind)!.label;
}

/** A new request of a kind. What it shares with another one, such as the DN, is taken over. */
export function blank(kind: Kind, like?: RequestDraft): RequestDraft {
  const dn = like && "dn" in like ? like.dn : "";
  const requestID = like?.requestID;
  const common = { ...(requestID === undefined ? {} : { requestID }), controls: [] };
  switch (kind) {
    case "searchRequest":
      return {
        kind,
        ...common,
        dn,
        scope: "wholeSubtree",
        derefAliases: "neverDerefAliases",
        sizeLimit: "",
        timeLimit: "",
        typesOnly: false,
        filterText: "(objectClass=*)",
        attributes: [],
        pageSize: "",
      };
    case "modifyRequest":
      return { kind, ...common, dn, attributes: [{ name: "", operation: "replace", values: [textValue()] }] };
    case "addRequest":
      return { kind, ...common, dn, attributes: [{ name: "objectClass", values: [textValue()] }] };
    case "delRequest":
      return { kind, ...common, dn };
    case "modDNRequest":
      return { kind, ...common, dn, newrdn: "", deleteoldrdn: true };
    case "compareRequest":
      return { kind, ...common, dn, name: "", value: textValue() };
    case "abandonRequest":
      return { kind, ...common, abandonID: "" };
    case "extendedRequest":
      return { kind, ...common, requestName: "1.3.6.1.4.1.4203.1.11.3" };
    case "authRequest":
      return { kind, ...common, principal: "dn:" };
  }
}

/** Whether nobody has filled anything into it, but for what it took over from its neighbour. */
export function isBlank(draft: RequestDraft): boolean {
  const plain = (request: RequestDraft) => JSON.stringify({ ...request, dn: undefined, requestID: undefined, filter: undefined });
  return plain(draft) === plain(blank(draft.kind));
}

export function textValue(text = ""): ValueDraft {
  return { form: "text", text };
}

/** What stands for a request in a list: its operation and what it is about. */
export function summary(draft: RequestDraft): string {
  switch (draft.kind) {
    case "searchRequest":
      return `${draft.dn || "root DSE"} ${draft.filterText}`;
    case "abandonRequest":
      return draft.abandonID;
    case "extendedRequest":
      return draft.requestName;
    case "authRequest":
      return draft.principal;
    case "modDNRequest":
      return draft.newrdn ? `${draft.dn} → ${draft.newrdn}` : draft.dn;
    default:
      return draft.dn;
  }
}

export function fromValue(value: Value): ValueDraft {
  if (typeof value === "string") return { form: "text", text: value };
  if (value instanceof Uint8Array) return { form: "base64", text: toBase64(value) };
  return { form: "uri", text: value.anyURI };
}

/** The value, or the sentence that says why there is none. */
export function toValue(draft: ValueDraft): { value: Value } | { message: string } {
  switch (draft.form) {
    case "text":
      return { value: draft.text };
    case "uri":
      return { value: { anyURI: draft.text } };
    case "base64": {
      const value = fromBase64(draft.text);
      return value ? { value } : { message: "This is not base64: letters, digits, + and /, in groups of four, = only at the end." };
    }
  }
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** Undefined when the text is not base64. White space is ignored. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replace(/\s+/g, "")), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
