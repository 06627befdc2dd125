/** Documents for the tests; nothing here needs any particular runtime. */
import type { BatchRequest, BatchResponse } from "dsmlkit";

export const dsmlNamespace = "urn:oasis:names:tc:DSML:2:0:core";
export const soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
export const soap12 = "http://www.w3.org/2003/05/soap-envelope";
export const sessionNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2";

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** An answer in an envelope, with the session header when there is an id. */
export function answer(payload: string, id?: string): string {
  const header = id === undefined ? "" : `<s:Header><ad:Session xmlns:ad="${sessionNamespace}" ad:SessionID="${escape(id)}"/></s:Header>`;
  return `<s:Envelope xmlns:s="${soap11}">${header}<s:Body>${payload}</s:Body></s:Envelope>`;
}

export const emptyAnswer = `<batchResponse xmlns="${dsmlNamespace}"/>`;

/** A fault of the session extension, word for word. */
export const badSession =
  `<SOAP:Envelope xmlns:SOAP="${soap11}"><SOAP:Body><SOAP:Fault><faultcode>SOAP:Client</faultcode>` +
  `<faultstring>SOAP Invalid Request</faultstring><detail>Bad Session Request</detail></SOAP:Fault></SOAP:Body></SOAP:Envelope>`;

/** One request of each kind, with everything that it can have. */
export const everyRequest: BatchRequest = {
  kind: "batchRequest",
  requestID: "batch [1]",
  processing: "parallel",
  onError: "resume",
  requests: [
    { kind: "authRequest", requestID: "0", principal: "dn:cn=Boss,o=Example" },
    {
      kind: "searchRequest",
      requestID: "1",
      controls: [{ type: "1.2.840.113556.1.4.319", criticality: true, controlValue: Uint8Array.of(48, 5, 2, 1, 5, 4, 0) }],
      dn: "ou=Läden,o=Example \"&\" <Söhne>",
      scope: "singleLevel",
      derefAliases: "derefFindingBaseObj",
      sizeLimit: 10,
      timeLimit: 2147483647,
      typesOnly: true,
      filter: {
        kind: "and",
        filters: [
          { kind: "or", filters: [] },
          { kind: "not", filter: { kind: "present", name: "mail" } },
          { kind: "equalityMatch", name: "cn", value: " two  spaces " },
          { kind: "greaterOrEqual", name: "uidNumber", value: "7" },
          { kind: "lessOrEqual", name: "uidNumber", value: "9" },
          { kind: "approxMatch", name: "sn", value: "Meyer" },
          { kind: "substrings", name: "cn", initial: "a", any: ["b", Uint8Array.of(0, 255)], final: "c" },
          { kind: "substrings", name: "cn", final: "z" },
          { kind: "extensibleMatch", name: "cn", matchingRule: "2.5.13.5", dnAttributes: true, value: "x" },
          { kind: "extensibleMatch", matchingRule: "2.5.13.5", value: "" },
        ],
      },
      attributes: ["cn", "1.1", "*", "+", "jpegPhoto;binary"],
    },
    {
      kind: "modifyRequest",
      requestID: "2",
      dn: "cn=a",
      modifications: [
        { name: "mail", operation: "add", values: ["a@example.org", "b@example.org"] },
        { name: "fax", operation: "delete", values: [] },
        { name: "photo", operation: "replace", values: [Uint8Array.of(1, 2, 3), new Uint8Array(0)] },
      ],
    },
    {
      kind: "addRequest",
      requestID: "3",
      dn: "cn=new,o=Example",
      attrs: { objectClass: ["top", "person"], description: ["", "line\r\nbreak\ttab"], seeAlso: [{ anyURI: "http://example.org/a?b=c&d" }] },
    },
    { kind: "delRequest", requestID: "4", dn: "" },
    { kind: "modDNRequest", requestID: "5", dn: "cn=a,o=b", newrdn: "cn=c", deleteoldrdn: false, newSuperior: "" },
    { kind: "compareRequest", requestID: "6", dn: "cn=a", assertion: { name: "cn", value: "*" } },
    { kind: "abandonRequest", requestID: "7", abandonID: "1" },
    { kind: "extendedRequest", requestID: "8", requestName: "1.3.6.1.4.1.4203.1.11.3", requestValue: Uint8Array.of(4, 0) },
  ],
};

/** One response of each kind. */
export const everyResponse: BatchResponse = {
  kind: "batchResponse",
  requestID: "batch [1]",
  responses: [
    { kind: "authResponse", requestID: "0", resultCode: { code: 0, descr: "success" } },
    {
      kind: "searchResponse",
      requestID: "1",
      entries: [
        { dn: "cn=Zoë 😀,o=Example", attrs: { cn: ["Zoë 😀", "Zoe"], jpegPhoto: [Uint8Array.of(255, 216, 0)], empty: [] } },
        { dn: "", attrs: {}, requestID: "1", controls: [{ type: "1.2.3" }] },
      ],
      references: [{ refs: ["ldap://other.example.org/o=Example", "ldap://third.example.org/"] }],
      done: {
        controls: [{ type: "1.2.840.113556.1.4.319", controlValue: Uint8Array.of(48, 5, 2, 1, 0, 4, 0) }],
        matchedDN: "o=Example",
        resultCode: { code: 4, descr: "sizeLimitExceeded" },
        errorMessage: "only <2> & no more",
        referrals: ["ldap://a/", "ldap://b/"],
      },
    },
    { kind: "modifyResponse", requestID: "2", resultCode: { code: 36, descr: "aliasDerefencingProblem" } },
    { kind: "addResponse", requestID: "3", resultCode: { code: 68, descr: "entryAlreadyExists" } },
    { kind: "delResponse", requestID: "4", resultCode: { code: 50, descr: "insufficientAccessRights" } },
    { kind: "modDNResponse", requestID: "5", resultCode: { code: 4096 } },
    { kind: "compareResponse", requestID: "6", resultCode: { code: 6, descr: "compareTrue" } },
    {
      kind: "extendedResponse",
      requestID: "8",
      resultCode: { code: 0, descr: "success" },
      responseName: "1.3.6.1.4.1.4203.1.11.3",
      response: "u:boss",
    },
    { kind: "errorResponse", requestID: "9", type: "malformedRequest", message: "no scope" },
  ],
};
