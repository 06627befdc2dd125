/** The least of a DSML client: texts in, texts out, so that nothing of the kit tests itself. */
const sessions = "urn:schema-microsoft-com:activedirectory:dsmlv2";

export const begin = `<ad:BeginSession xmlns:ad="${sessions}" soap:mustUnderstand="1"/>`;
export const inSession = (id: string): string => `<ad:Session xmlns:ad="${sessions}" ad:SessionID="${id}" soap:mustUnderstand="1"/>`;
export const endSession = (id: string): string => `<ad:EndSession xmlns:ad="${sessions}" ad:SessionID="${id}" soap:mustUnderstand="1"/>`;

export const envelope = (header: string, requests: string): string =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${header}</soap:Header>` +
  `<soap:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">${requests}</batchRequest></soap:Body></soap:Envelope>`;

export const people = "ou=people,dc=example,dc=org";

/** A page of the people; the cookie of the answer before it leads on. */
export const peoplePage = (size: number, cookie: Uint8Array): string =>
  `<searchRequest dn="${people}" scope="singleLevel" derefAliases="neverDerefAliases">` +
  `<control type="1.2.840.113556.1.4.319" criticality="true"><controlValue xsi:type="xsd:base64Binary" ` +
  `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
  `${pagedValue(size, cookie).toString("base64")}</controlValue></control>` +
  `<filter><present name="objectClass"/></filter><attributes><attribute name="cn"/></attributes></searchRequest>`;

/** SEQUENCE { size INTEGER, cookie OCTET STRING } for sizes below 32768 and short cookies. */
function pagedValue(size: number, cookie: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from([2, 2, size >> 8, size & 255, 4, cookie.length]), cookie]);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

export interface Answer {
  status: number;
  text: string;
  id: string;
  dns: string[];
  codes: string[];
  cookie: Uint8Array;
}

export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    body,
    signal: AbortSignal.timeout(120_000), // an answer that never comes is a failure, not a wait
    headers: { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"', ...headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    id: /SessionID="([^"]*)"/.exec(text)?.[1] ?? "",
    dns: [...text.matchAll(/<searchResultEntry [^>]*dn="([^"]*)"/g)].map((found) => found[1]!),
    codes: [...text.matchAll(/<resultCode code="(\d+)"/g)].map((found) => found[1]!),
    cookie: readCookie(text),
  };
}

function readCookie(text: string): Uint8Array {
  const found = /<controlValue[^>]*>([^<]*)<\/controlValue>/.exec(text);
  if (found === null) return new Uint8Array();
  const value = Buffer.from(found[1]!, "base64");
  const at = 4 + value[3]!; // past the SEQUENCE's head and the INTEGER
  return value.subarray(at + 2, at + 2 + value[at + 1]!);
}
