/** An endpoint in this process, for the tests of the client: a directory of people, sessions and paging, behind a `fetch`. */
import type { BatchRequest, BatchResponse, Entry, Response as DSMLResponse, Toolkit } from "dsmlkit";
import { sessionNamespace, soap11, soap12 } from "./samples.js";

/** What came in, as the endpoint saw it. */
export interface Seen {
  url: string;
  init: RequestInit;
  headers: Record<string, string>;
  /** of the session header */
  step: "begin" | "session" | "end" | "none";
  batch: BatchRequest;
}

export interface Endpoint {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  seen: Seen[];
  /** ids of sessions that are open */
  open: Set<string>;
  /** is asked before each answer: a response of its own, an error thrown, or nothing */
  interrupt: ((seen: Seen, number: number) => Response | Promise<Response | undefined> | undefined) | undefined;
  steps(): string;
}

export const people: Entry[] = Array.from({ length: 7 }, (_, i) => ({ dn: `cn=p${i},o=Example`, attrs: { cn: [`p${i}`] } }));

export function makeEndpoint(kit: Toolkit): Endpoint {
  let last = 0;
  const endpoint: Endpoint = {
    seen: [],
    open: new Set(),
    interrupt: undefined,
    steps: () => endpoint.seen.map(({ step }) => step).join(" "),
    async fetch(url, init) {
      init.signal?.throwIfAborted();
      const envelope = kit.soap.parse(init.body as string);
      const step = envelope.session?.dialect === "dsml" ? envelope.session.step : "none";
      const seen: Seen = { url, init, headers: Object.fromEntries(new Headers(init.headers)), step, batch: kit.dsml.parse(init.body as string) as BatchRequest };
      endpoint.seen.push(seen);
      const instead = await endpoint.interrupt?.(seen, endpoint.seen.length);
      if (instead !== undefined) return instead;
      let id = envelope.session?.id;
      if (step === "begin") endpoint.open.add((id = `s${++last}`));
      else if (step !== "none" && !endpoint.open.has(id!)) return envelope.version === "1.2" ? lost12() : fault("Client", "SOAP Invalid Request", "Bad Session Request");
      if (step === "end") endpoint.open.delete(id!);
      const header = step === "begin" || step === "session" ? `<ad:Session xmlns:ad="${sessionNamespace}" ad:SessionID="${id}"/>` : undefined;
      const body: BatchResponse = { kind: "batchResponse", responses: seen.batch.requests.map((request) => respond(kit, request)) };
      const text = kit.soap.build({ version: envelope.version, headers: header === undefined ? [] : [header], body });
      return new Response(text, { headers: { "content-type": envelope.version === "1.1" ? "text/xml" : "application/soap+xml" } });
    },
  };
  return endpoint;
}

export function fault(code: string, reason: string, detail = ""): Response {
  const text = `<s:Envelope xmlns:s="${soap11}"><s:Body><s:Fault><faultcode>s:${code}</faultcode><faultstring>${reason}</faultstring>${detail === "" ? "" : `<detail>${detail}</detail>`}</s:Fault></s:Body></s:Envelope>`;
  return new Response(text, { status: 500, headers: { "content-type": "text/xml" } });
}

/** The fault for an unknown session as this project's servers write it in SOAP 1.2, with the status of its binding. */
export function lost12(): Response {
  const text = `<SOAP:Envelope xmlns:SOAP="${soap12}"><SOAP:Body><SOAP:Fault><SOAP:Code><SOAP:Value>SOAP:Sender</SOAP:Value></SOAP:Code><SOAP:Reason><SOAP:Text xml:lang="en">SOAP Invalid Request</SOAP:Text></SOAP:Reason><SOAP:Detail><errorResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" type="notAttempted"><message>Bad Session Request</message></errorResponse></SOAP:Detail></SOAP:Fault></SOAP:Body></SOAP:Envelope>`;
  return new Response(text, { status: 400, headers: { "content-type": "application/soap+xml; charset=utf-8" } });
}

function respond(kit: Toolkit, request: BatchRequest["requests"][number]): DSMLResponse {
  if (request.kind !== "searchRequest") return { kind: "delResponse", resultCode: { code: 0, descr: "success" } };
  const control = request.controls?.find(({ type }) => type === "1.2.840.113556.1.4.319");
  const paged = control && kit.dsml.control.decode(control);
  if (paged?.type !== "pagedResults") return { kind: "searchResponse", entries: people, done: { resultCode: { code: 0, descr: "success" } } };
  const from = paged.cookie === undefined ? 0 : paged.cookie[0]!;
  const to = Math.min(from + paged.size, people.length);
  const cookie = to < people.length ? Uint8Array.of(to) : undefined;
  return {
    kind: "searchResponse",
    entries: people.slice(from, to),
    done: { resultCode: { code: 0, descr: "success" }, controls: [kit.dsml.control.encode({ type: "pagedResults", size: people.length, cookie })] },
  };
}
