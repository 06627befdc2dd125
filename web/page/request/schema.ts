/** What may stand where in a DSMLv2 request, for completion while typing. Elements without a prefix only. */
import type { AttrSpec, ElementSpec } from "@codemirror/lang-xml";

const requests = [
  "authRequest",
  "searchRequest",
  "modifyRequest",
  "addRequest",
  "delRequest",
  "modDNRequest",
  "compareRequest",
  "abandonRequest",
  "extendedRequest",
];
const conditions = [
  "and",
  "or",
  "not",
  "equalityMatch",
  "substrings",
  "greaterOrEqual",
  "lessOrEqual",
  "present",
  "approxMatch",
  "extensibleMatch",
];

function request(name: string, own: string[], children: string[] = []): ElementSpec {
  return { name, attributes: ["requestID", ...own], children: ["control", ...children] };
}

export const elements: ElementSpec[] = [
  { name: "batchRequest", attributes: ["requestID", "processing", "responseOrder", "onError"], children: requests },
  request("authRequest", ["principal"]),
  request("searchRequest", ["dn", "scope", "derefAliases", "sizeLimit", "timeLimit", "typesOnly"], ["filter", "attributes"]),
  request("modifyRequest", ["dn"], ["modification"]),
  request("addRequest", ["dn"], ["attr"]),
  request("delRequest", ["dn"]),
  request("modDNRequest", ["dn", "newrdn", "deleteoldrdn", "newSuperior"]),
  request("compareRequest", ["dn"], ["assertion"]),
  request("abandonRequest", ["abandonID"]),
  request("extendedRequest", [], ["requestName", "requestValue"]),
  { name: "control", attributes: ["type", "criticality"], children: ["controlValue"] },
  { name: "controlValue", attributes: ["xsi:type"] },
  { name: "requestName" },
  { name: "requestValue", attributes: ["xsi:type"] },
  { name: "modification", attributes: ["name", "operation"], children: ["value"] },
  { name: "attr", attributes: ["name"], children: ["value"] },
  { name: "assertion", attributes: ["name"], children: ["value"] },
  { name: "value", attributes: ["xsi:type"] },
  { name: "attributes", children: ["attribute"] },
  { name: "attribute", attributes: ["name"] },
  { name: "filter", children: conditions },
  { name: "and", children: conditions },
  { name: "or", children: conditions },
  { name: "not", children: conditions },
  ...["equalityMatch", "greaterOrEqual", "lessOrEqual", "approxMatch"].map((name) => ({ name, attributes: ["name"], children: ["value"] })),
  { name: "substrings", attributes: ["name"], children: ["initial", "any", "final"] },
  { name: "present", attributes: ["name"] },
  { name: "extensibleMatch", attributes: ["name", "matchingRule", "dnAttributes"], children: ["value"] },
];

const booleans = ["true", "false"];

export const attributes: AttrSpec[] = [
  { name: "scope", values: ["baseObject", "singleLevel", "wholeSubtree"] },
  { name: "derefAliases", values: ["neverDerefAliases", "derefInSearching", "derefFindingBaseObj", "derefAlways"] },
  { name: "processing", values: ["sequential", "parallel"] },
  { name: "responseOrder", values: ["sequential", "unordered"] },
  { name: "onError", values: ["exit", "resume"] },
  { name: "operation", values: ["add", "delete", "replace"] },
  { name: "typesOnly", values: booleans },
  { name: "deleteoldrdn", values: booleans },
  { name: "criticality", values: booleans },
  { name: "dnAttributes", values: booleans },
  { name: "xsi:type", values: ["xsd:string", "xsd:base64Binary", "xsd:anyURI"] },
];
